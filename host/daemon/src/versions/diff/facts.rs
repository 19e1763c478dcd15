//! What a document says, apart from how it is written.

use std::collections::{BTreeMap, BTreeSet};

use sandgate_flow::document::{Branch, Flow, Literal, Node, Text};
use serde::Serialize;
use utoipa::ToSchema;

/// A document, in pieces that can be compared.
pub(super) struct Facts {
    /// What is said of the flow and of its interface, by key.
    pub(super) document: BTreeMap<String, String>,
    /// The parameters of a run, by name.
    pub(super) input: BTreeMap<String, String>,
    /// What each node does, by id and key.
    pub(super) nodes: BTreeMap<String, BTreeMap<String, String>>,
    /// Where runs go on.
    pub(super) edges: BTreeSet<Edge>,
}

/// A way from one node to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub(super) struct Edge {
    /// The node that is left.
    from: String,
    /// How: `next`, `on-error`, or `branch` with its place.
    by: String,
    /// The node that is reached.
    to: String,
}

impl Facts {
    pub(super) fn of(flow: &Flow) -> Self {
        let nodes = || flow.nodes.iter().map(|(id, node)| (id.value.to_string(), node));
        let parameters = flow.interface.input.iter().flat_map(|input| input.iter());
        Self {
            document: document(flow),
            input: parameters.map(|(name, schema)| (name.value.to_string(), written(schema))).collect(),
            nodes: nodes().map(|(id, node)| (id, fields(node))).collect(),
            edges: nodes().flat_map(|(id, node)| edges(&id, node)).collect(),
        }
    }
}

fn document(flow: &Flow) -> BTreeMap<String, String> {
    let interface = &flow.interface;
    of_those([
        ("title", flow.title.as_ref().map(text)),
        ("description", flow.description.as_ref().map(text)),
        ("start", Some(text(&flow.start))),
        ("framing", interface.framing.map(|it| format!("{it:?}"))),
        ("on-leave", interface.on_leave.map(|it| format!("{it:?}"))),
        ("layout", flow.layout.as_ref().map(written)),
    ])
}

fn fields(node: &Node) -> BTreeMap<String, String> {
    of_those([
        ("title", node.title.as_ref().map(text)),
        ("description", node.description.as_ref().map(text)),
        ("call", node.call.as_ref().map(text)),
        ("gateway", node.gateway.as_ref().map(text)),
        ("with", node.with.as_ref().map(written)),
        ("branches", node.branches.as_ref().map(|branches| branches.iter().map(conditions).collect())),
    ])
}

/// A branch without where it leads.
fn conditions(branch: &Branch) -> String {
    let (name, condition) = (branch.name.as_ref().map(text), branch.condition.as_ref().map(|it| text(&it.0)));
    format!("{:?}\n", (name, condition, branch.with.as_ref().map(written)))
}

fn edges(id: &str, node: &Node) -> Vec<Edge> {
    let edge = |by: String, to: &Text| Edge { from: id.to_owned(), by, to: text(to) };
    let next = node.next.iter().map(|to| edge("next".into(), to));
    let on_error = node.on_error.iter().map(|to| edge("on-error".into(), to));
    let branches = (1..).zip(node.branches.iter().flatten());
    next.chain(on_error).chain(branches.map(|(place, it)| edge(format!("branch {place}"), &it.next))).collect()
}

fn of_those<const N: usize>(said: [(&str, Option<String>); N]) -> BTreeMap<String, String> {
    said.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

fn text(text: &Text) -> String {
    text.value.to_string()
}

fn written(literal: &Literal) -> String {
    literal.value().to_string()
}
