//! The names that expressions may use.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::plan::NodeIndex;

/// The names in scope of a flow's expressions.
#[derive(Clone, Debug)]
pub struct Names {
    nodes: BTreeMap<Arc<str>, NodeIndex>,
    message: Message,
}

/// Whether `message` is in scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// It is: the interface's framing is raw.
    InScope,
    /// It is not.
    Absent,
}

/// A name of a run's data, resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variable {
    Input,
    Session,
    Run,
    Message,
    Error,
    Node(NodeIndex),
}

impl Names {
    /// The names of a flow with these node ids, in the order of their [`NodeIndex`].
    pub fn new<Id: Into<Arc<str>>>(nodes: impl IntoIterator<Item = Id>, message: Message) -> Self {
        Self { nodes: nodes.into_iter().map(Into::into).zip((0u32..).map(NodeIndex)).collect(), message }
    }

    pub(super) fn variable(&self, name: &str) -> Option<Variable> {
        match name {
            "input" => Some(Variable::Input),
            "session" => Some(Variable::Session),
            "run" => Some(Variable::Run),
            "error" => Some(Variable::Error),
            "message" if self.message == Message::InScope => Some(Variable::Message),
            id => self.node(id).map(Variable::Node),
        }
    }

    pub(super) fn node(&self, id: &str) -> Option<NodeIndex> {
        self.nodes.get(id).copied()
    }

    pub(super) fn node_ids(&self) -> impl Iterator<Item = &str> {
        self.nodes.keys().map(|id| &**id)
    }

    /// Every name that stands for a value, for suggestions.
    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        let message = (self.message == Message::InScope).then_some("message");
        ["input", "session", "run", "error"].into_iter().chain(message).chain(self.node_ids())
    }
}
