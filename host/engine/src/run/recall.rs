//! Runs come back into memory: their logs are folded, and what was outstanding is issued again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use sandgate_flow::effect::Effect;
use sandgate_flow::event::{ActivationId, Caller, Recorded, RunId};
use sandgate_flow::step::{self, Impossible, step};
use sandgate_flow::{Plan, State};

use super::Refused;
use crate::capability::Past;
use crate::journal::{self, Journal, Log, Summary};
use crate::outbox::Outbox;
use crate::registry::Components;

/// Where the flows are found that runs began with, and what is outside of these runs: whoever started them may have left.
pub trait Flows: Send + Sync {
    /// A version of a flow, with its components.
    ///
    /// # Errors
    ///
    /// It cannot be had; the run fails with this reason.
    fn load(&self, flow: &str, version: u64) -> BoxFuture<'static, Result<Loaded, String>>;

    /// Whether nobody is there any more for a run that ends when its caller leaves.
    fn has_left(&self, plan: &Plan, caller: Option<&Caller>) -> bool;

    /// The outside of a run that is recalled.
    fn outbox(&self, run: RunId, plan: &Plan, caller: Option<&Caller>) -> Arc<dyn Outbox>;
}

/// A version of a flow that can be run.
#[derive(Clone)]
pub struct Loaded {
    /// The flow.
    pub plan: Arc<Plan>,
    /// The components that it was checked against.
    pub components: Arc<Components>,
}

/// Why a run cannot be recalled.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Lost {
    #[error(transparent)]
    Journal(#[from] journal::Error),
    #[error("the run's log is not one of this flow: {0}")]
    Impossible(#[from] Impossible),
    #[error("its flow cannot be had: {0}")]
    Flow(String),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("it is not in the journal")]
    Unknown,
}

/// A run, as far as its log says all.
pub(crate) struct Recalled {
    pub(crate) state: State,
    /// How many events there are since the last snapshot.
    pub(crate) events: usize,
    /// What is to be done.
    pub(crate) effects: Vec<Effect>,
    pub(crate) pasts: Pasts,
}

/// A run's log, and what is known of the run at a glance.
pub(crate) async fn read(journal: &dyn Journal, run: RunId) -> Result<(Summary, Log), Lost> {
    let mut log = journal.read(run).await?.ok_or(Lost::Unknown)?;
    let summary = log.summary.take().ok_or(Lost::Unknown)?;
    Ok((summary, log))
}

/// Folds a run's log.
pub(crate) async fn recall(journal: &dyn Journal, run: RunId, plan: &Plan, log: Log) -> Result<Recalled, Lost> {
    let Log { snapshot, events, .. } = log;
    let mut state = snapshot.unwrap_or_else(|| State::new(plan));
    let first = state.events();
    for recorded in &events {
        step(plan, &mut state, recorded)?;
    }
    let effects = step::outstanding(&state);
    let pasts = match Pasts::first_of(&effects) {
        None => Pasts::default(),
        Some(from) if from >= first => Pasts::of(&effects, &events),
        Some(from) => Pasts::of(&effects, &journal::all_events(journal, run, from).await?.events),
    };
    Ok(Recalled { state, events: events.len(), effects, pasts })
}

/// What the activations of a run had asked of the host when it was recalled, each until it is run again.
#[derive(Default)]
pub(crate) struct Pasts(Mutex<HashMap<ActivationId, Past>>);

impl Pasts {
    fn of(effects: &[Effect], events: &[Recorded]) -> Self {
        let again = effects.iter().filter_map(|effect| match effect {
            Effect::Again { activation, .. } => Some((*activation, Past::of_log(*activation, events))),
            _ => None,
        });
        Self(Mutex::new(again.collect()))
    }

    /// The number of the first event that matters.
    fn first_of(effects: &[Effect]) -> Option<u64> {
        let events = effects.iter().filter_map(|effect| match effect {
            Effect::Again { event, .. } => Some(*event),
            _ => None,
        });
        events.min()
    }

    /// Takes that of an activation.
    pub(crate) fn past_of(&self, activation: ActivationId) -> Past {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&activation).unwrap_or_default()
    }
}
