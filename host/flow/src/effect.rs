//! What is to be done after an event. Each leads to another event, or speaks to the outside.

use std::sync::Arc;

use crate::data::Data;
use crate::event::{ActivationId, Outcome, Push, Timestamp};
use crate::plan::NodeIndex;
use crate::value::Value;

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Find room for an activation of this node, then record it as activated.
    Activate {
        /// The activation.
        activation: ActivationId,
        /// Its node.
        node: NodeIndex,
    },
    /// Call the component of an activation again that had been called when the log ended: with the same, and its host calls
    /// since are answered as they were. Then record what became of it.
    Again {
        /// The activation.
        activation: ActivationId,
        /// Its node.
        node: NodeIndex,
        /// The number of the event by which it was activated: its host calls are among those that follow.
        event: u64,
        /// Until when it sleeps; there is nothing to be done before.
        asleep: Option<Timestamp>,
    },
    /// Call the node's function, then record what became of it.
    Call {
        /// The activation.
        activation: ActivationId,
        /// Its node, a call.
        node: NodeIndex,
        /// One for each parameter, in order.
        arguments: Vec<Value>,
    },
    /// Ask the node's gateway, then record what became of it.
    Route {
        /// The activation.
        activation: ActivationId,
        /// Its node, a gateway.
        node: NodeIndex,
        /// The node's `with`.
        config: Option<Value>,
        /// Each branch's `with`, in order.
        branches: Vec<Option<Value>>,
        /// The run's data as they are now, for the conditions.
        data: Arc<Data>,
    },
    /// Stop waiting for an activation, and throw its instance away. Nothing is recorded of it any more.
    Cancel(ActivationId),
    /// Record the end of the run.
    End(Outcome),
    /// Send a message to clients. Only once the event that led here is durable.
    Push(Push),
    /// Tell whoever waits that the run has ended. Only once the event that led here is durable.
    Announce(Outcome),
}
