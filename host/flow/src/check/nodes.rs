//! From a node as written to a node of a plan.

use std::sync::Arc;

use super::arguments::{self, arguments};
use super::callee::Callee;
use super::graph::index;
use super::scope::View;
use crate::catalog::Fallible;
use crate::diagnostic::Problem;
use crate::document::{self, Document, Text};
use crate::plan::{Branch, Call, Gateway, Kind, Node};

/// Checks a node whose callee is known.
pub(super) fn node(
    (id, written): &(Text, document::Node),
    callee: &Callee<'_>,
    view: &View<'_>,
    document: &Document,
    problems: &mut Vec<Problem>,
) -> Option<Node> {
    let (component, kind) = match callee {
        Callee::Activity { component, activity } => {
            only_gateways_have_branches(id, written, problems);
            let text = written.call.as_ref()?;
            let call = arguments::Call { text, component, activity, with: written.with.as_ref() };
            (component, Kind::Call(call_of(&call, written, view, document, problems)?))
        }
        Callee::Gateway { component } => {
            only_calls_have_a_next(id, written, problems);
            (component, Kind::Gateway(gateway(id, written, view, document, problems)?))
        }
    };
    let title = written.title.as_ref().unwrap_or(id).value.to_string();
    Some(Node { id: id.value.clone(), title, component: Arc::clone(component), kind })
}

fn call_of(
    call: &arguments::Call<'_>,
    written: &document::Node,
    view: &View<'_>,
    document: &Document,
    problems: &mut Vec<Problem>,
) -> Option<Call> {
    only_what_can_fail_has_an_error_edge(call, written, problems);
    let arguments = arguments(call, view, problems)?;
    let target = |text: &Option<Text>| text.as_ref().and_then(|text| index(document, &text.value));
    Some(Call {
        interface: Arc::clone(&call.activity.interface),
        function: Arc::clone(&call.activity.function),
        parameters: call.activity.parameters.iter().map(|parameter| parameter.name.as_ref().into()).collect(),
        arguments,
        next: target(&written.next),
        on_error: target(&written.on_error),
    })
}

fn gateway(
    id: &Text,
    written: &document::Node,
    view: &View<'_>,
    document: &Document,
    problems: &mut Vec<Problem>,
) -> Option<Gateway> {
    let branches = written.branches.as_deref().unwrap_or_default();
    a_gateway_has_branches(id, branches, problems);
    one_branch_is_the_default(id, branches, problems);
    let config = optional(written.with.as_ref(), |with| view.template(with, problems));
    let branches: Vec<_> = branches.iter().map(|written| branch(written, view, document, problems)).collect();
    Some(Gateway { config: config?, branches: branches.into_iter().collect::<Option<_>>()? })
}

fn branch(
    written: &document::Branch,
    view: &View<'_>,
    document: &Document,
    problems: &mut Vec<Problem>,
) -> Option<Branch> {
    let condition = optional(written.condition.as_ref(), |text| view.condition(&text.0, problems));
    let config = optional(written.with.as_ref(), |with| view.template(with, problems));
    Some(Branch {
        name: written.name.as_ref().unwrap_or(&written.next).value.to_string(),
        condition: condition?,
        config: config?,
        next: index(document, &written.next.value)?,
    })
}

/// An edge that is never taken would also pass for a way out of a cycle.
fn only_what_can_fail_has_an_error_edge(
    call: &arguments::Call<'_>,
    written: &document::Node,
    problems: &mut Vec<Problem>,
) {
    if let (Some(target), Fallible::No) = (&written.on_error, &call.activity.error) {
        let message = format!("the function `{}` returns no error", call.activity.function);
        let help = "leave `on-error` out: only the error of a `result` takes that edge, and a trap fails the run";
        problems.push(Problem::error(target.span.clone(), message).help(help.to_owned()));
    }
}

/// Nothing where the document has nothing; no value where what it has is wrong.
fn optional<T, U>(written: Option<&T>, check: impl FnOnce(&T) -> Option<U>) -> Option<Option<U>> {
    match written {
        None => Some(None),
        Some(written) => check(written).map(Some),
    }
}

fn only_gateways_have_branches(id: &Text, node: &document::Node, problems: &mut Vec<Problem>) {
    if let Some(branches) = &node.branches {
        let place = branches.first().map_or_else(|| id.span.clone(), |branch| branch.place.clone());
        let message = format!("the node `{}` is a call, and only gateways have branches", id.value);
        problems.push(Problem::error(place, message).help("write `next`".to_owned()));
    }
}

fn only_calls_have_a_next(id: &Text, node: &document::Node, problems: &mut Vec<Problem>) {
    for (key, target) in [("next", &node.next), ("on-error", &node.on_error)] {
        let Some(target) = target else { continue };
        let message = format!("the node `{}` is a gateway, and only calls have `{key}`", id.value);
        problems.push(Problem::error(target.span.clone(), message).help("lead a branch there".to_owned()));
    }
}

fn a_gateway_has_branches(id: &Text, branches: &[document::Branch], problems: &mut Vec<Problem>) {
    if branches.is_empty() {
        let message = format!("the gateway `{}` has no branches", id.value);
        let help = "add `branches: [{ if: ..., next: ... }]`";
        problems.push(Problem::error(id.span.clone(), message).help(help.to_owned()));
    }
}

fn one_branch_is_the_default(id: &Text, branches: &[document::Branch], problems: &mut Vec<Problem>) {
    let mut defaults = branches.iter().filter(|branch| branch.condition.is_none());
    let Some(first) = defaults.next() else { return };
    for another in defaults {
        let message = format!("the gateway `{}` has more than one default", id.value);
        let problem = Problem::error(another.place.clone(), message).label("this branch has no `if` either");
        problems.push(problem.related(first.place.clone(), "the default").help("give it an `if`".to_owned()));
    }
}
