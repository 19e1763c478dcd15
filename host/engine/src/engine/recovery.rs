//! Runs come back into memory: after a start, and when they are due that sleep outside of it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use sandgate_flow::event::RunId;
use tokio::sync::Semaphore;

use super::{Engine, Inner, LEFT, follow};
use crate::clock::Clock;
use crate::journal;
use crate::journal::sqlite::Unended;
use crate::run::{self, Anchor, Bound, Core, Directory, Drove, Flows, Lost, Outside, Recalled, Run};

impl Engine {
    /// Brings back the runs that had not ended when the journal was closed: those that sleep when they are due, the others now.
    /// To be called once, before any run is started.
    pub fn recover(&self, flows: Arc<dyn Flows>, unended: &[Unended]) {
        if self.0.flows.set(flows).is_err() {
            return;
        }
        for Unended { run, asleep_until } in unended {
            self.0.directory.lie(*run, asleep_until.unwrap_or_default());
        }
        let (directory, clock) = (Arc::clone(&self.0.directory), Arc::clone(&self.0.clock));
        self.spawn(wake_whoever_is_due(Arc::downgrade(&self.0), directory, clock));
    }

    /// Wakes those who are due by now.
    async fn wake_due(self, at_once: &Arc<Semaphore>) {
        while let Some(run) = self.0.directory.due(self.0.clock.now()) {
            let Ok(permit) = Arc::clone(at_once).acquire_owned().await else { return };
            let engine = self.clone();
            self.spawn(async move {
                drop(engine.wake(run).await);
                drop(permit);
            });
        }
    }

    /// Brings a run back into memory. What cannot be had now is tried again; what is damaged is named, and left.
    /// Whoever gets the handle finds it there: without one it may be asleep again at once.
    pub(super) async fn wake(&self, run: RunId) -> Option<Run> {
        match self.recall(run).await {
            Ok((anchor, task)) => {
                let handle = anchor.run();
                self.0.directory.woke(anchor);
                self.spawn(follow(Arc::clone(&self.0.directory), run, task));
                Some(handle)
            }
            Err(lost) => {
                self.lose(run, lost).await;
                None
            }
        }
    }

    async fn lose(&self, run: RunId, lost: Lost) {
        const AGAIN_AFTER: Duration = Duration::from_secs(1);
        match lost {
            Lost::Journal(journal::Error::Reading(_) | journal::Error::Storing(_)) => {
                tracing::warn!("run {run} cannot be brought back now, and is tried again: {lost}");
                self.0.directory.lie(run, self.0.clock.now() + AGAIN_AFTER);
            }
            lost => {
                tracing::error!("run {run} cannot go on: {lost}");
                self.0.directory.remove(run);
            }
        }
    }

    async fn recall(&self, run: RunId) -> Result<(Anchor, impl Future<Output = Drove> + Send + use<>), Lost> {
        let journal = self.0.durable.clone().ok_or(Lost::Unknown)?;
        let flows = self.0.flows.get().ok_or(Lost::Unknown)?;
        let (summary, log) = run::read(journal.as_ref(), run).await?;
        let loaded = flows.load(&summary.flow, summary.version).await.map_err(Lost::Flow)?;
        let bound = Bound::new(&loaded.plan, &loaded.components)?;
        let Recalled { state, events, effects, pasts } = run::recall(journal.as_ref(), run, &loaded.plan, log).await?;
        let place = self.0.room.take_anyway(&state.data().input, &state.data().message);
        let outside = Outside {
            limits: Arc::clone(&self.0.limits),
            clock: Arc::clone(&self.0.clock),
            journal,
            progress: self.0.progress.clone(),
            outbox: flows.outbox(run, &loaded.plan, summary.caller.as_ref()),
        };
        let has_left = flows.has_left(&loaded.plan, summary.caller.as_ref());
        let core = Arc::new(Core::recalled(Arc::clone(&loaded.plan), summary.clone(), state, events, outside));
        let anchor = Anchor::new(&summary, core.ended());
        if has_left {
            anchor.run().cancel(LEFT);
        }
        let task = self.task(core, bound, pasts, effects, place, &anchor);
        Ok((anchor, task))
    }
}

/// Wakes runs as they fall due, for as long as there is an engine.
async fn wake_whoever_is_due(engine: Weak<Inner>, directory: Arc<Directory>, clock: Arc<dyn Clock>) {
    let Some(wakes_max) = engine.upgrade().map(|engine| engine.limits.wakes_max) else { return };
    let at_once = Arc::new(Semaphore::new(wakes_max.max(1)));
    while let Some(engine) = engine.upgrade() {
        Engine(engine).wake_due(&at_once).await;
        let due = directory.next_due();
        let sleep = async {
            match due {
                Some(due) => clock.sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = sleep => {}
            () = directory.earlier() => {}
        }
    }
}
