//! Where a run stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::data::Data;
use crate::event::{ActivationId, Limits, Outcome, RunId, Timestamp};
use crate::plan::{NodeIndex, Plan};
use crate::value::Value;

/// The state of a run, made by [`step`](crate::step()) alone.
///
/// Journals hold it: what it is made of changes with a new format alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    pub(crate) phase: Phase,
    pub(crate) data: Arc<Data>,
    pub(crate) limits: Limits,
    /// Activations that have not returned, failed or been cancelled.
    pub(crate) open: BTreeMap<ActivationId, Activation>,
    pub(crate) next_activation: u64,
    /// How many events have happened.
    pub(crate) events: u64,
    /// Whether everyone was pushed something.
    pub(crate) pushed_to_everyone: bool,
}

/// How far a run has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Phase {
    /// Nothing has happened yet.
    New,
    /// Under way.
    Running,
    /// How it ends is decided and is to be recorded. An activation that made the output may still be returning.
    Ending(Outcome),
    /// It has ended.
    Ended(Outcome),
}

/// An activation that is under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activation {
    /// Its node.
    pub node: NodeIndex,
    /// How far it has come.
    pub progress: Progress,
    /// The run's data as they were when it was activated, if they are others now.
    pub(crate) data: Option<Arc<Data>>,
}

/// How far an activation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Progress {
    /// It waits for room.
    Waiting,
    /// Its component has been called.
    Called {
        /// The number of the event by which it was, from 0.
        event: u64,
        /// If the last that it did was to fall asleep, until when.
        asleep: Option<Timestamp>,
    },
}

impl Progress {
    /// Until when the activation sleeps, if it does.
    pub fn asleep(self) -> Option<Timestamp> {
        match self {
            Self::Waiting => None,
            Self::Called { asleep, .. } => asleep,
        }
    }
}

impl State {
    /// A run of this plan to which nothing has happened.
    pub fn new(plan: &Plan) -> Self {
        Self {
            phase: Phase::New,
            data: Arc::new(Data {
                input: Value::Null,
                session: Value::Null,
                run: Value::Null,
                message: Value::Null,
                error: Value::Null,
                results: vec![Value::Null; plan.nodes.len()],
            }),
            limits: Limits { paths_max: 0, activations_max: 0 },
            open: BTreeMap::new(),
            next_activation: 0,
            events: 0,
            pushed_to_everyone: false,
        }
    }

    /// How far the run has come.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// What expressions can see now.
    pub fn data(&self) -> &Arc<Data> {
        &self.data
    }

    /// An activation that is under way.
    pub fn activation(&self, id: ActivationId) -> Option<&Activation> {
        self.open.get(&id)
    }

    /// How many events have happened: the number of the next one.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Whether the run has pushed something to everyone.
    pub fn has_pushed_to_everyone(&self) -> bool {
        self.pushed_to_everyone
    }

    /// If nothing goes on before some time has come, which.
    pub fn asleep_until(&self) -> Option<Timestamp> {
        if self.phase != Phase::Running {
            return None;
        }
        let due: Option<Vec<_>> = self.open.values().map(|it| it.progress.asleep()).collect();
        due?.into_iter().min()
    }

    /// The data, to be changed. Activations that have been called keep what they were called with.
    pub(crate) fn change_data(&mut self) -> &mut Data {
        let called = self.open.values_mut().filter(|it| matches!(it.progress, Progress::Called { .. }));
        for activation in called {
            activation.data.get_or_insert_with(|| Arc::clone(&self.data));
        }
        Arc::make_mut(&mut self.data)
    }

    /// Whether the run's end is decided: host calls answer `ended` from then on.
    pub fn is_decided(&self) -> bool {
        matches!(self.phase, Phase::Ending(_) | Phase::Ended(_))
    }

    /// Whether the run has an output.
    pub fn has_output(&self) -> bool {
        matches!(self.phase, Phase::Ending(Outcome::Output(_)) | Phase::Ended(Outcome::Output(_)))
    }
}

/// What expressions see of a run: a map of `id`, `flow` and `version`.
pub(crate) fn run_value(run: RunId, flow: &str, version: u64) -> Value {
    Value::map([
        ("id", Value::from(run.to_string().as_str())),
        ("flow", Value::from(flow)),
        ("version", i64::try_from(version).map_or(Value::Uint(version), Value::Int)),
    ])
}
