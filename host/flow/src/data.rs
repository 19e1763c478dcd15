//! What the expressions of a run can see.

use serde::{Deserialize, Serialize};

use crate::plan::NodeIndex;
use crate::value::Value;

/// The data of a run at one moment. Cloning shares every value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Data {
    /// `input`: a map of the interface's parameters.
    pub input: Value,
    /// `session`: a map of `id` and `client`; both null where no session started the run.
    pub session: Value,
    /// `run`: a map of `id`, `flow` and `version`.
    pub run: Value,
    /// `message`: with raw framing the string or bytes that started the run, else null.
    pub message: Value,
    /// `error`: the latest error that took an error edge, a map of `node` and `value`; null before the first.
    pub error: Value,
    /// The latest result of each node, null before its first, by [`NodeIndex`].
    pub results: Vec<Value>,
}

impl Data {
    /// The latest result of a node.
    pub fn result(&self, node: NodeIndex) -> &Value {
        self.results.get(node.position()).unwrap_or(&Value::Null)
    }

    /// Sets the latest result of a node.
    pub fn set_result(&mut self, node: NodeIndex, value: Value) {
        if let Some(result) = self.results.get_mut(node.position()) {
            *result = value;
        }
    }
}
