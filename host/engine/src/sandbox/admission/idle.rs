//! Instances that wait for their run's next activation.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::super::Instance;
use crate::registry::ComponentId;

/// The idle instances of one run. To take one, or to keep one more, is to lock what is the run's own.
#[derive(Default)]
pub(crate) struct Idle(Mutex<OfRun>);

#[derive(Default)]
struct OfRun {
    instances: Vec<(ComponentId, Instance)>,
    /// Its turn among the [`Keepers`], if it is there.
    turn: Option<u64>,
}

impl Idle {
    /// Takes an instance of this component, if one is idle.
    pub(super) fn take(&self, component: ComponentId) -> Option<Instance> {
        let instances = &mut self.lock().instances;
        let at = instances.iter().position(|(of, _)| *of == component)?;
        Some(instances.swap_remove(at).1)
    }

    fn lock(&self) -> MutexGuard<'_, OfRun> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The runs that may have idle instances, for whoever needs room. Of these two locks, the run's is taken first.
#[derive(Default)]
pub(super) struct Keepers(Mutex<Turns>);

#[derive(Default)]
struct Turns {
    by_turn: BTreeMap<u64, Weak<Idle>>,
    next: u64,
}

impl Keepers {
    /// Keeps an instance for its run.
    pub(super) fn keep(&self, idle: &Arc<Idle>, component: ComponentId, instance: Instance) {
        let mut of_run = idle.lock();
        of_run.instances.push((component, instance));
        if of_run.turn.is_none() {
            of_run.turn = Some(self.lock().add(Arc::downgrade(idle)));
        }
    }

    /// Takes an instance of any run: of the one that has had some for longest.
    pub(super) fn any(&self) -> Option<Instance> {
        loop {
            let (_, oldest) = self.lock().by_turn.pop_first()?;
            let Some(idle) = oldest.upgrade() else { continue };
            let mut of_run = idle.lock();
            let taken = of_run.instances.pop();
            of_run.turn = taken.is_some().then(|| self.lock().add(oldest));
            drop(of_run);
            if let Some((_, instance)) = taken {
                return Some(instance);
            }
        }
    }

    /// Drops what is idle of a run, which is to keep no more.
    pub(super) fn forget(&self, idle: &Idle) {
        let OfRun { instances, turn } = std::mem::take(&mut *idle.lock());
        if let Some(turn) = turn {
            self.lock().by_turn.remove(&turn);
        }
        drop(instances);
    }

    fn lock(&self) -> MutexGuard<'_, Turns> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turns {
    fn add(&mut self, idle: Weak<Idle>) -> u64 {
        self.next += 1;
        self.by_turn.insert(self.next, idle);
        self.next
    }
}
