//! Facts that happened to a run. Its log is totally ordered, and [`step`](crate::step()) folds it.
//!
//! Old logs are read for ever, and a variant is told by its place: variants are only ever added, at the end, and what a variant
//! holds never changes.

use std::fmt;
use std::ops::Add;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::value::Value;

/// A run's id, a UUIDv7 (RFC 9562, section 5.7): sorted by when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunId(pub Uuid);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of an activation within its run, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ActivationId(pub u64);

/// Microseconds since the Unix epoch, by the run's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// How long after `earlier` this is; zero if it is before.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)))
    }
}

/// An event and when it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// By the run's clock.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// A fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The run began. Always the first.
    Started(Box<Started>),
    /// A node's component is about to be called, with arguments made of the run's data as they are now.
    Activated(ActivationId),
    /// The component called a host function that changes something, and this was the answer.
    CalledHost {
        /// Which activation called.
        activation: ActivationId,
        /// What it called.
        call: HostCall,
        /// The SHA-256 of its arguments as they crossed the border: the activation, run again, must call with the same.
        arguments: [u8; 32],
    },
    /// The component returned.
    Returned {
        /// Which activation.
        activation: ActivationId,
        /// With what.
        returned: Returned,
        /// What that took.
        cost: Cost,
    },
    /// The activation failed: the component trapped, went over a limit, or could not be called.
    Failed {
        /// Which activation.
        activation: ActivationId,
        /// How.
        failure: Failure,
        /// What that took.
        cost: Cost,
    },
    /// Somebody cancelled the run.
    Cancelled {
        /// Who or why, for people.
        reason: Arc<str>,
    },
    /// The run ended. Always the last that matters.
    Ended(Outcome),
    /// The host cannot go on with the run.
    GivenUp(Failure),
}

/// What an activation took of the machine, the last time that it was run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// CPU time, in microseconds.
    pub cpu_us: u64,
    /// Linear memory at its end, in bytes.
    pub memory_bytes: u64,
}

/// What a run began with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Started {
    /// The run.
    pub run: RunId,
    /// The flow.
    pub flow: Arc<str>,
    /// The version of the flow.
    pub version: u64,
    /// What its random numbers come from.
    pub seed: [u8; 32],
    /// The bounds it runs within.
    pub limits: Limits,
    /// The input: a map of the interface's parameters, checked and with defaults.
    pub input: Value,
    /// With raw framing the message, a string or bytes; else null.
    pub message: Value,
    /// The session that started it, if one did.
    pub caller: Option<Caller>,
    /// By which its client may ask for it again.
    pub key: Option<Arc<str>>,
    /// The SHA-256 of each component that the flow calls, by the name that it calls it by.
    pub components: Vec<(Arc<str>, [u8; 32])>,
}

/// Bounds on a run as a whole. What bounds one activation is the sandbox's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Activations under way at once.
    pub paths_max: usize,
    /// Activations in all.
    pub activations_max: u64,
}

/// Who started a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The session.
    pub session: Arc<str>,
    /// Its client.
    pub client: Arc<str>,
}

/// A host function with its arguments, and where it has one, its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HostCall {
    /// `push`
    Push {
        /// What is pushed.
        push: Push,
        /// How many sessions it was addressed to.
        sessions: u32,
    },
    /// `sleep`
    Sleep {
        /// When it returns.
        due: Timestamp,
    },
    /// `output`
    Output(Value),
    /// Any of them, which changed nothing.
    Refused {
        /// Which.
        function: HostFunction,
        /// Why.
        refusal: Refusal,
    },
}

/// A host function that changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HostFunction {
    /// `push`
    Push,
    /// `sleep`
    Sleep,
    /// `output`
    Output,
}

/// Why a host function did nothing, as the component is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// There was never a client of this id.
    UnknownClient(Arc<str>),
    /// It was over this limit, in bytes.
    TooLarge(u64),
    /// The component was not granted that.
    Denied(Arc<str>),
    /// Anything else.
    Other(Arc<str>),
}

impl HostCall {
    /// What was called.
    pub fn function(&self) -> HostFunction {
        match self {
            Self::Push { .. } => HostFunction::Push,
            Self::Sleep { .. } => HostFunction::Sleep,
            Self::Output(_) => HostFunction::Output,
            Self::Refused { function, .. } => *function,
        }
    }
}

impl HostFunction {
    /// Its name, as components have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Sleep => "sleep",
            Self::Output => "output",
        }
    }
}

/// A message to clients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Push {
    /// Whom it is for.
    pub to: Recipient,
    /// A string is a text, bytes are binary, and anything else is JSON.
    pub message: Value,
}

/// Whom a push is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Recipient {
    /// Every session of the interface.
    Everyone,
    /// The client that started the run, or whoever started it without a session.
    Caller,
    /// These clients.
    Clients(Vec<Arc<str>>),
    /// A group.
    Group(Arc<str>),
}

/// As cases and messages write it: `everyone`, `caller`, `client:<id>`, `group:<name>`.
impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everyone => f.write_str("everyone"),
            Self::Caller => f.write_str("caller"),
            Self::Clients(ids) => {
                f.write_str(&ids.iter().map(|id| format!("client:{id}")).collect::<Vec<_>>().join(", "))
            }
            Self::Group(name) => write!(f, "group:{name}"),
        }
    }
}

/// What a component returned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Returned {
    /// A function's result.
    Value(Value),
    /// The error of a function's result.
    Error(Value),
    /// The branches that a gateway chose, by their places.
    Branches(Vec<u32>),
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// With an output.
    Output(Value),
    /// No path was left, and there was no output.
    Completed,
    /// Something failed.
    Failed(Failure),
    /// Somebody cancelled it, for this reason.
    Cancelled(Arc<str>),
}

/// What went wrong in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The kind, for programs.
    pub kind: FailureKind,
    /// The node, by its id.
    pub node: Option<Arc<str>>,
    /// The component, by the name that the flow calls it by.
    pub component: Option<Arc<str>>,
    /// What happened, for people: names the thing and the value. Node and component are not repeated in it.
    pub message: String,
    /// More lines for whoever mends it: a WASM backtrace, say.
    pub detail: Option<String>,
}

/// Kinds of failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureKind {
    /// An expression could not be evaluated.
    Expression,
    /// A value does not fit the type of a parameter or a result.
    Value,
    /// The component returned an error, and the node has no error edge.
    Returned,
    /// The component trapped.
    Trap,
    /// A limit was reached.
    Limit {
        /// The limit's name, as the configuration has it: `memory_bytes_max`.
        limit: Arc<str>,
        /// Its value.
        value: u64,
    },
    /// A gateway chose branches that do not exist, or one twice.
    Route,
    /// Run again, the component did not do what it had done before.
    Diverged,
    /// No room was free in time.
    Busy,
    /// The host could not do its part.
    Host,
}

impl FailureKind {
    /// Its name, for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Expression => "expression",
            Self::Value => "value",
            Self::Returned => "returned",
            Self::Trap => "trap",
            Self::Limit { .. } => "limit",
            Self::Route => "route",
            Self::Diverged => "diverged",
            Self::Busy => "busy",
            Self::Host => "host",
        }
    }
}

/// One line: `node pause (component function): ...`.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.node, &self.component) {
            (Some(node), Some(component)) => write!(f, "node {node} (component {component}): ")?,
            (Some(node), None) => write!(f, "node {node}: ")?,
            _ => {}
        }
        f.write_str(&self.message)
    }
}
