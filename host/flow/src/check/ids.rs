//! Rules of names: what a flow and its nodes may be called.

use crate::diagnostic::Problem;
use crate::document::{Document, Text};

/// The most nodes a flow may have. What is checked for every pair of them takes a moment then.
const NODES_MAX: usize = 1000;

/// Words that CEL keeps for itself (its language definition, under "Syntax").
const OF_CEL: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// Names that stand for something else in an expression, or may come to.
const IN_SCOPE: [&str; 11] =
    ["input", "session", "run", "message", "nodes", "error", "item", "index", "vars", "project", "flow"];

/// Every id is written so that it can be used in an expression and an address, and means nothing else there.
pub(super) fn ids_can_be_used(document: &Document, problems: &mut Vec<Problem>) {
    problems.extend(fault("flow", &document.flow.id));
    problems.extend(document.flow.nodes.iter().filter_map(|(id, _)| fault("node", id)));
}

/// A flow has a bounded number of nodes; beyond it nothing more is checked.
pub(super) fn nodes_can_be_counted(document: &Document, problems: &mut Vec<Problem>) -> Option<()> {
    let count = document.flow.nodes.0.len();
    if count <= NODES_MAX {
        return Some(());
    }
    let message = format!("the flow has {count} nodes, and {NODES_MAX} are allowed");
    problems.push(Problem::error(document.flow.place.clone(), message));
    None
}

fn fault(what: &str, id: &Text) -> Option<Problem> {
    let value = &*id.value;
    let (reason, help) = if !is_id(value) {
        let proposal = proposal(value).map(|proposal| format!(": `{proposal}`, say")).unwrap_or_default();
        ("", format!("use small letters, digits and `_`, beginning with a letter{proposal}"))
    } else if OF_CEL.contains(&value) {
        (": it is a word of CEL's", format!("choose another, `{}`, say", free(value)))
    } else if IN_SCOPE.contains(&value) {
        (": it means something else in expressions", format!("choose another, `{}`, say", free(value)))
    } else {
        return None;
    };
    Some(Problem::error(id.span.clone(), format!("`{value}` cannot be the id of a {what}{reason}")).help(help))
}

fn is_id(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

/// The nearest id, if some of the text can stay.
fn proposal(text: &str) -> Option<String> {
    let letters =
        text.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' });
    let letters: String = letters.collect();
    let proposal = letters.trim_start_matches(|first: char| !first.is_ascii_lowercase()).trim_end_matches('_');
    is_id(proposal).then(|| free(proposal))
}

/// The id itself, or where it is taken one like it.
fn free(id: &str) -> String {
    if OF_CEL.contains(&id) || IN_SCOPE.contains(&id) { format!("{id}_1") } else { id.to_owned() }
}
