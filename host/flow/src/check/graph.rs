//! Where a run can go: the edges between nodes, and the rules of them.

use std::ops::Range;

use crate::diagnostic::{Problem, did_you_mean, enough, listed};
use crate::document::{Document, Text};
use crate::plan::NodeIndex;

/// The nodes of a document and where they lead.
#[derive(Debug)]
pub(super) struct Graph {
    start: Option<NodeIndex>,
    /// By [`NodeIndex`].
    edges: Vec<Vec<Edge>>,
    /// Whether every edge leads to a node. What is said of ways is only said then.
    whole: bool,
}

/// A way from a node to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    kind: EdgeKind,
    to: NodeIndex,
}

/// When a run takes an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EdgeKind {
    /// After a call that returned a result.
    Next,
    /// After a call that returned an error.
    OnError,
    /// When a gateway chooses it.
    Branch,
}

impl Graph {
    /// Resolves the start and every edge; one that leads nowhere is reported.
    pub(super) fn resolve(document: &Document, problems: &mut Vec<Problem>) -> Self {
        let nodes = &document.flow.nodes;
        let mut whole = true;
        let mut resolve = |kind, target: &Text| {
            let to = index(document, &target.value);
            whole &= to.is_some();
            if to.is_none() && !enough(problems) {
                let what = format!("there is no node `{}`", target.value);
                problems.push(Problem::error(target.span.clone(), what).help(target_help(document, target)));
            }
            to.map(|to| Edge { kind, to })
        };
        let start = resolve(EdgeKind::Next, &document.flow.start).map(|edge| edge.to);
        let mut edges = Vec::with_capacity(nodes.0.len());
        for (_, node) in nodes.iter() {
            let next = node.next.iter().map(|next| (EdgeKind::Next, next));
            let on_error = node.on_error.iter().map(|next| (EdgeKind::OnError, next));
            let branches = node.branches.iter().flatten().map(|branch| (EdgeKind::Branch, &branch.next));
            let resolved = next.chain(on_error).chain(branches).filter_map(|(kind, target)| resolve(kind, target));
            // Where a node is written with edges that its kind does not have, that alone is what is wrong.
            edges.push(resolved.filter(|edge| node.call.is_none() == (edge.kind == EdgeKind::Branch)).collect());
        }
        Self { start, edges, whole }
    }

    /// Every node can be reached from the start.
    pub(super) fn every_node_is_reached(&self, document: &Document, problems: &mut Vec<Problem>) {
        if !self.whole {
            return;
        }
        let reached = self.reached(self.start, |_, _| true);
        for ((id, _), _) in document.flow.nodes.iter().zip(reached).filter(|(_, reached)| !reached) {
            let problem = Problem::error(id.span.clone(), format!("the node `{}` is never reached", id.value));
            problems.push(problem.help("lead a `next` to it, or take it out".to_owned()));
        }
    }

    /// Every cycle has a way out: a gateway's branch, or an error edge.
    pub(super) fn every_cycle_can_be_left(&self, document: &Document, problems: &mut Vec<Problem>) {
        if !self.whole {
            return;
        }
        let from_start = self.reached(self.start, |_, _| true);
        let reached: Vec<_> = self.indices().map(|node| self.after(node)).collect();
        let reaches = |from: NodeIndex, to: NodeIndex| reached.get(from.position()).is_some_and(|row| at(row, to));
        for node in self.indices().filter(|node| at(&from_start, *node) && reaches(*node, *node)) {
            let cycle: Vec<_> = self.indices().filter(|other| reaches(node, *other) && reaches(*other, node)).collect();
            if cycle.first() == Some(&node) && !self.can_leave(&cycle) {
                problems.push(endless(document, &cycle));
            }
        }
    }

    /// The nodes, by index, that a run can reach without a result of this node: there it may be null.
    pub(super) fn reached_without_result_of(&self, node: NodeIndex) -> Vec<bool> {
        self.ways(|from, edge| !(from == node && edge.kind == EdgeKind::Next))
    }

    /// The nodes, by index, that a run can reach without an error that took an edge.
    pub(super) fn reached_without_error(&self) -> Vec<bool> {
        self.ways(|_, edge| edge.kind != EdgeKind::OnError)
    }

    /// The indices of all nodes.
    pub(super) fn indices(&self) -> impl Iterator<Item = NodeIndex> + use<> {
        (0u32..).map(NodeIndex).take(self.edges.len())
    }

    fn ways(&self, takes: impl Fn(NodeIndex, Edge) -> bool) -> Vec<bool> {
        if self.whole { self.reached(self.start, takes) } else { vec![false; self.edges.len()] }
    }

    /// The nodes that a run gets to after this one.
    fn after(&self, node: NodeIndex) -> Vec<bool> {
        self.reached(self.edges_of(node).iter().map(|edge| edge.to), |_, _| true)
    }

    /// The nodes that a run gets to from these by the edges that it takes, these included.
    fn reached(&self, from: impl IntoIterator<Item = NodeIndex>, takes: impl Fn(NodeIndex, Edge) -> bool) -> Vec<bool> {
        let mut reached = vec![false; self.edges.len()];
        let mut waiting: Vec<_> = from.into_iter().collect();
        while let Some(node) = waiting.pop() {
            let Some(seen) = reached.get_mut(node.position()) else { continue };
            if !std::mem::replace(seen, true) {
                waiting.extend(self.edges_of(node).iter().filter(|edge| takes(node, **edge)).map(|edge| edge.to));
            }
        }
        reached
    }

    fn can_leave(&self, cycle: &[NodeIndex]) -> bool {
        let edges = cycle.iter().flat_map(|node| self.edges_of(*node));
        edges.filter(|edge| edge.kind != EdgeKind::Next).any(|edge| !cycle.contains(&edge.to))
    }

    fn edges_of(&self, node: NodeIndex) -> &[Edge] {
        self.edges.get(node.position()).map_or(&[], Vec::as_slice)
    }
}

/// The index of a node by its id.
pub(super) fn index(document: &Document, id: &str) -> Option<NodeIndex> {
    let place = document.flow.nodes.names().position(|known| known == id)?;
    u32::try_from(place).ok().map(NodeIndex)
}

fn at(flags: &[bool], node: NodeIndex) -> bool {
    flags.get(node.position()).copied().unwrap_or(false)
}

fn target_help(document: &Document, target: &Text) -> Option<String> {
    let nodes = &document.flow.nodes;
    did_you_mean(&target.value, nodes.names()).or_else(|| Some(format!("the nodes are {}", listed(nodes.names()))))
}

fn endless(document: &Document, cycle: &[NodeIndex]) -> Problem {
    let ids: Vec<_> = cycle.iter().filter_map(|node| document.flow.nodes.0.get(node.position())).collect();
    let place = ids.first().map_or(0..0, |(id, _)| Range::clone(&id.span));
    let message = match ids.as_slice() {
        [(id, _)] => format!("the node `{}` leads to itself for ever", id.value),
        _ => format!("the nodes {} go round for ever", listed(ids.iter().map(|(id, _)| &*id.value))),
    };
    let help = "put a gateway among them with a branch that leads out, or leave a `next` out";
    Problem::error(place, message).label("no branch leads out of here").help(help.to_owned())
}
