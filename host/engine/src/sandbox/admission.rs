//! Who may have an instance: a permit each, first come, first served.
//!
//! Where there is none, instances that are idle are dropped first, then those of activations that sleep, the one that is due
//! last first; then whoever wants one waits. Whoever waits for a permit holds no other, so that there is no deadlock.

mod idle;
mod sleepers;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(crate) use idle::Idle;
use idle::Keepers;
pub(crate) use sleepers::Sleepers;

use super::Instance;
use crate::clock::Clock;
use crate::limits::{Limits, Reached};
use crate::registry::ComponentId;

/// The permits, and who could give one back.
pub(crate) struct Admission {
    permits: Arc<Semaphore>,
    keepers: Keepers,
    sleepers: Arc<Sleepers>,
    instances_live_max: usize,
    permit_wait_ms_max: u64,
}

/// What an activation is let in with.
pub(crate) enum Admitted {
    /// An instance that its run has used before.
    Kept(Instance),
    /// Room for a new one.
    Permit(Permit),
}

/// Room for an instance, which keeps it for as long as it lives.
pub(crate) struct Permit {
    /// Among whom its activation is while it sleeps.
    pub(super) sleepers: Arc<Sleepers>,
    _place: OwnedSemaphorePermit,
}

impl Admission {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(limits.instances_live_max)),
            keepers: Keepers::default(),
            sleepers: Arc::default(),
            instances_live_max: limits.instances_live_max,
            permit_wait_ms_max: limits.permit_wait_ms_max,
        }
    }

    /// How many instances are alive, those among them that are idle.
    pub(crate) fn live(&self) -> usize {
        self.instances_live_max.saturating_sub(self.permits.available_permits())
    }

    /// Lets an activation in if that takes no room from others: with an idle instance of its run, else with a permit.
    pub(crate) fn admit_now(&self, idle: &Idle, component: ComponentId) -> Option<Admitted> {
        if let Some(kept) = idle.take(component) {
            return Some(Admitted::Kept(kept));
        }
        let place = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        Some(Admitted::Permit(self.permit(place)))
    }

    /// Lets an activation in. If there is no room, somebody who can do without is made to give some.
    ///
    /// # Errors
    ///
    /// There was none in time.
    pub(crate) async fn admit(
        &self,
        idle: &Idle,
        component: ComponentId,
        clock: &dyn Clock,
    ) -> Result<Admitted, Reached> {
        if let Some(admitted) = self.admit_now(idle, component) {
            return Ok(admitted);
        }
        // Before anybody is looked for: who comes to rest later sees that room is wanted.
        let _waiting = self.sleepers.wait_for_room();
        match self.keepers.any() {
            Some(instance) => drop(instance),
            None => self.sleepers.wake_last(),
        }
        let place = Arc::clone(&self.permits).acquire_owned();
        let waited = clock.now() + Duration::from_millis(self.permit_wait_ms_max);
        tokio::select! {
            biased;
            Ok(place) = place => Ok(Admitted::Permit(self.permit(place))),
            () = clock.sleep_until(waited) => Err(Reached {
                limit: "permit_wait_ms_max",
                value: self.permit_wait_ms_max,
                message: "is busy: no instance became free in time".to_owned(),
            }),
        }
    }

    /// Keeps an instance for the next activation of its run, unless somebody waits for its room: then one is dropped.
    pub(crate) fn keep(&self, idle: &Arc<Idle>, component: ComponentId, instance: Instance) {
        self.keepers.keep(idle, component, instance);
        if self.sleepers.is_room_wanted() {
            drop(self.keepers.any());
        }
    }

    /// Drops what is idle of a run that has ended.
    pub(crate) fn forget(&self, idle: &Idle) {
        self.keepers.forget(idle);
    }

    fn permit(&self, place: OwnedSemaphorePermit) -> Permit {
        Permit { sleepers: Arc::clone(&self.sleepers), _place: place }
    }
}
