//! Where a run stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::data::Data;
use crate::event::{ActivationId, Limits, Outcome, RunId};
use crate::plan::{NodeIndex, Plan};
use crate::value::Value;

/// The state of a run, made by [`step`](crate::step()) alone.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub(crate) phase: Phase,
    pub(crate) data: Arc<Data>,
    pub(crate) limits: Limits,
    /// Activations that have not returned, failed or been cancelled.
    pub(crate) open: BTreeMap<ActivationId, Activation>,
    pub(crate) next_activation: u64,
}

/// How far a run has come.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activation {
    /// Its node.
    pub node: NodeIndex,
    /// How far it has come.
    pub progress: Progress,
}

/// How far an activation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It waits for room.
    Waiting,
    /// Its component has been called.
    Called,
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
    pub fn activation(&self, id: ActivationId) -> Option<Activation> {
        self.open.get(&id).copied()
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
