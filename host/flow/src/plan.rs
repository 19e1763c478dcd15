//! A checked flow: every name resolved, every expression compiled. Only [`check`](crate::check()) makes one.

use std::sync::Arc;

use crate::document::{Durability, Framing, OnLeave};
use crate::expression::{Expression, Template};

/// A flow that can be run. Immutable.
#[derive(Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The flow's id.
    pub flow: Arc<str>,
    /// Its title; the id where the document has none.
    pub title: String,
    /// Its description.
    pub description: Option<String>,
    /// How clients reach it.
    pub interface: Interface,
    /// The node that a run begins with.
    pub start: NodeIndex,
    /// Every node, by [`NodeIndex`], in the order of the document.
    pub nodes: Vec<Node>,
}

/// How clients reach a flow.
#[derive(Debug)]
#[non_exhaustive]
pub struct Interface {
    /// How messages are framed.
    pub framing: Framing,
    /// What becomes of a run when its caller leaves.
    pub on_leave: OnLeave,
    /// Whether runs outlast the host.
    pub durability: Durability,
    /// The parameters of a run.
    pub input: crate::check::Input,
}

/// A node's place in [`Plan::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct NodeIndex(pub u32);

impl NodeIndex {
    /// As an index into a slice.
    pub fn position(self) -> usize {
        self.0 as usize
    }
}

/// One step of a flow.
#[derive(Debug)]
#[non_exhaustive]
pub struct Node {
    /// Its id in the document.
    pub id: Arc<str>,
    /// Its title; the id where the document has none.
    pub title: String,
    /// The component, by the name that flows call it by.
    pub component: Arc<str>,
    /// What it does.
    pub kind: Kind,
}

/// What a node does.
#[derive(Debug)]
pub enum Kind {
    /// Calls a component's function.
    Call(Call),
    /// Asks a component which branches to take.
    Gateway(Gateway),
}

/// A call of a component's function.
#[derive(Debug)]
#[non_exhaustive]
pub struct Call {
    /// The interface, as the component exports it.
    pub interface: Arc<str>,
    /// The function's name.
    pub function: Arc<str>,
    /// The names of the function's parameters, in their order.
    pub parameters: Vec<Arc<str>>,
    /// One for each of the parameters; defaults are filled in.
    pub arguments: Vec<Template>,
    /// Where the run goes on; nowhere ends the path.
    pub next: Option<NodeIndex>,
    /// Where it goes on after an error that the function returned; nowhere fails the run.
    pub on_error: Option<NodeIndex>,
}

/// A gateway's branches.
#[derive(Debug)]
#[non_exhaustive]
pub struct Gateway {
    /// The node's `with`.
    pub config: Option<Template>,
    /// In the order of the document.
    pub branches: Vec<Branch>,
}

/// An outgoing edge of a gateway.
#[derive(Debug)]
#[non_exhaustive]
pub struct Branch {
    /// Its name; its target's id where the document has none.
    pub name: String,
    /// Its condition; the default has none.
    pub condition: Option<Expression>,
    /// Its `with`.
    pub config: Option<Template>,
    /// Where the run goes on.
    pub next: NodeIndex,
}

impl Plan {
    /// A node by its index.
    ///
    /// # Panics
    ///
    /// With an index of another plan.
    #[expect(clippy::indexing_slicing, reason = "indices are made with the plan that they belong to")]
    pub fn node(&self, index: NodeIndex) -> &Node {
        &self.nodes[index.position()]
    }
}
