//! From a document to a plan: every rule of flows, each a function, and all that is wrong at once.

mod arguments;
mod callee;
mod fits;
mod graph;
mod ids;
mod input;
mod nodes;
mod parameters;
mod scope;

pub use input::{Input, InputProblem};
pub use scope::InScope;

use crate::catalog::Catalog;
use crate::diagnostic::{Problem, in_order};
use crate::document::{Document, Text};
use crate::plan::{Interface, NodeIndex, Plan};
use graph::Graph;
use scope::Scope;

/// Checks a document against the components that there are, and makes a plan of it.
///
/// # Errors
///
/// Everything that is wrong with it, by position.
pub fn check(document: &Document, catalog: &Catalog) -> Result<Plan, Vec<Problem>> {
    let mut problems = Vec::new();
    let plan = plan(document, catalog, &mut problems);
    match plan {
        Some(plan) if problems.is_empty() => Ok(plan),
        _ => Err(in_order(problems)),
    }
}

/// What expressions of a document have in scope, as far as it is known while the document is being written.
pub fn in_scope(document: &Document, catalog: &Catalog) -> Vec<InScope> {
    let ignored = &mut Vec::new();
    if ids::nodes_can_be_counted(document, ignored).is_none() {
        return Vec::new();
    }
    let input = parameters::input(document, ignored);
    let graph = Graph::resolve(document, ignored);
    let written = &document.flow.nodes;
    let callees: Vec<_> = written.iter().map(|(id, node)| callee::resolve(id, node, catalog, ignored)).collect();
    Scope::new(document, &graph, &input, &callees).names(&input)
}

/// The plan of a document as far as it has one; reports why it has none.
fn plan(document: &Document, catalog: &Catalog, problems: &mut Vec<Problem>) -> Option<Plan> {
    ids::nodes_can_be_counted(document, problems)?;
    ids::ids_can_be_used(document, problems);
    let input = parameters::input(document, problems);
    parameters::raw_framing_takes_no_input(document, problems);

    let graph = Graph::resolve(document, problems);
    graph.every_node_is_reached(document, problems);
    graph.every_cycle_can_be_left(document, problems);

    let nodes = nodes(document, catalog, &graph, &input, problems);
    let flow = &document.flow;
    Some(Plan {
        flow: flow.id.value.clone(),
        title: flow.title.as_ref().unwrap_or(&flow.id).value.to_string(),
        description: flow.description.as_ref().map(|text: &Text| text.value.to_string()),
        interface: Interface {
            framing: flow.interface.framing.unwrap_or_default(),
            on_leave: flow.interface.on_leave.unwrap_or_default(),
            durability: flow.interface.durable.unwrap_or_default(),
            input,
        },
        start: graph::index(document, &flow.start.value)?,
        nodes: nodes?,
    })
}

fn nodes(
    document: &Document,
    catalog: &Catalog,
    graph: &Graph,
    input: &Input,
    problems: &mut Vec<Problem>,
) -> Option<Vec<crate::plan::Node>> {
    let written = &document.flow.nodes;
    let callees: Vec<_> = written.iter().map(|(id, node)| callee::resolve(id, node, catalog, problems)).collect();
    let scope = Scope::new(document, graph, input, &callees);
    let nodes: Vec<_> = (0u32..)
        .map(NodeIndex)
        .zip(written.iter().zip(&callees))
        .map(|(index, (node, callee))| nodes::node(node, callee.as_ref()?, &scope.at(index), document, problems))
        .collect();
    nodes.into_iter().collect()
}
