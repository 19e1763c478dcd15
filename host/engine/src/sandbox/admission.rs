//! Who may have an instance: a permit each, first come, first served.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sandgate_flow::event::RunId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Instance;
use crate::clock::System;
use crate::limits::{Limits, Reached};
use crate::registry::ComponentId;

/// The permits, and the instances that wait for their run's next activation. An instance keeps its permit for as long as
/// it lives. Whoever waits for a permit holds no other, so that there is no deadlock.
pub(crate) struct Admission {
    permits: Arc<Semaphore>,
    /// No list is empty.
    idle: Mutex<HashMap<RunId, Vec<Idle>>>,
    instances_live_max: usize,
    permit_wait_ms_max: u64,
}

struct Idle {
    component: ComponentId,
    instance: Instance,
}

/// What an activation is let in with.
pub(crate) enum Admitted {
    /// An instance that its run has used before.
    Kept(Instance),
    /// Room for a new one.
    Permit(OwnedSemaphorePermit),
}

impl Admission {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(limits.instances_live_max)),
            idle: Mutex::default(),
            instances_live_max: limits.instances_live_max,
            permit_wait_ms_max: limits.permit_wait_ms_max,
        }
    }

    /// How many instances are alive, those among them that are idle.
    pub(crate) fn live(&self) -> usize {
        self.instances_live_max.saturating_sub(self.permits.available_permits())
    }

    /// Lets an activation in: with an idle instance of its run, else with a permit, for which an instance that is idle
    /// is dropped if need be.
    ///
    /// # Errors
    ///
    /// None became free in time.
    pub(crate) async fn admit(&self, run: RunId, component: ComponentId, clock: &System) -> Result<Admitted, Reached> {
        if let Some(kept) = self.take_idle(run, component) {
            return Ok(Admitted::Kept(kept));
        }
        loop {
            if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
                return Ok(Admitted::Permit(permit));
            }
            let Some(idle) = self.any_idle() else { break };
            drop(idle);
        }
        let permit = Arc::clone(&self.permits).acquire_owned();
        tokio::select! {
            Ok(permit) = permit => Ok(Admitted::Permit(permit)),
            () = clock.sleep(Duration::from_millis(self.permit_wait_ms_max)) => Err(Reached {
                limit: "permit_wait_ms_max",
                value: self.permit_wait_ms_max,
                message: "is busy: no instance became free in time".to_owned(),
            }),
        }
    }

    /// Keeps an instance for the next activation of its run. If there is no room left, one that is idle is dropped
    /// instead: somebody may wait for its permit.
    pub(crate) fn keep(&self, run: RunId, component: ComponentId, instance: Instance) {
        self.lock().entry(run).or_default().push(Idle { component, instance });
        // Looked at only now: who has found nothing idle before waits, and has left no permit.
        if self.permits.available_permits() == 0 {
            drop(self.any_idle());
        }
    }

    /// Drops what is idle of a run that has ended.
    pub(crate) fn forget(&self, run: RunId) {
        let gone = self.lock().remove(&run);
        drop(gone);
    }

    fn take_idle(&self, run: RunId, component: ComponentId) -> Option<Instance> {
        let mut idle = self.lock();
        let of_run = idle.get_mut(&run)?;
        let at = of_run.iter().position(|it| it.component == component)?;
        let kept = of_run.swap_remove(at).instance;
        if of_run.is_empty() {
            idle.remove(&run);
        }
        Some(kept)
    }

    fn any_idle(&self) -> Option<Idle> {
        let mut idle = self.lock();
        let run = *idle.keys().next()?;
        let of_run = idle.get_mut(&run)?;
        let dropped = of_run.pop();
        if of_run.is_empty() {
            idle.remove(&run);
        }
        dropped
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RunId, Vec<Idle>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
