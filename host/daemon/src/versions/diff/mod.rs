//! What differs between two versions of a flow.

mod facts;
mod text;

use std::collections::BTreeMap;

use sandgate_flow::parse;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Error, Version};
use facts::{Edge, Facts};

/// What the second of two versions has other than the first.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Diff {
    /// The flow's id.
    flow: String,
    /// The first version's number.
    from: u64,
    /// The second version's number.
    to: u64,
    /// What is said of the flow as a whole, and of its interface, by keys of the document: `title`, say.
    document: Vec<String>,
    /// Parameters of a run.
    input: Names,
    /// Nodes, by id. One is changed if it does something else, not if the run goes on elsewhere from it.
    nodes: Nodes,
    /// Where runs go on.
    edges: Edges,
    /// Components that other bytes, or other limits, are called of.
    components: Vec<Component>,
    /// The documents, line by line: a unified diff, empty if they are the same.
    text: String,
}

/// Things by name.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ChangedNames)]
struct Names {
    added: Vec<String>,
    removed: Vec<String>,
    changed: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ChangedNodes)]
struct Nodes {
    added: Vec<String>,
    removed: Vec<String>,
    changed: Vec<Node>,
}

/// A node that does something else.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ChangedNode)]
struct Node {
    node: String,
    /// The keys that differ: `call`, say, or `with`.
    fields: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ChangedEdges)]
struct Edges {
    added: Vec<Edge>,
    removed: Vec<Edge>,
}

#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ChangedComponent)]
struct Component {
    component: String,
    /// The SHA-256 of the bytes that the first version calls; null if it calls none of this name.
    from: Option<String>,
    /// The same of the second.
    to: Option<String>,
    /// Whether its limits differ.
    limits: bool,
}

impl Diff {
    /// From one version to another.
    ///
    /// # Errors
    ///
    /// This program cannot read a document that another has published.
    pub(crate) fn new(from: &Version, to: &Version) -> Result<Self, Error> {
        let (before, after) = (facts(from)?, facts(to)?);
        let names = |version: &Version| format!("{} version {}", version.head.flow, version.head.number);
        Ok(Self {
            flow: to.head.flow.to_string(),
            from: from.head.number,
            to: to.head.number,
            document: changed(&before.document, &after.document),
            input: Names::new(&before.input, &after.input),
            nodes: Nodes::new(&before, &after),
            edges: Edges {
                added: after.edges.difference(&before.edges).cloned().collect(),
                removed: before.edges.difference(&after.edges).cloned().collect(),
            },
            components: components(from, to),
            text: text::unified((&names(from), &from.text), (&names(to), &to.text)),
        })
    }
}

impl Names {
    fn new(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Self {
        Self { added: missing(after, before), removed: missing(before, after), changed: both_changed(before, after) }
    }
}

impl Nodes {
    fn new(before: &Facts, after: &Facts) -> Self {
        let differ = |(node, fields): (&String, &BTreeMap<String, String>)| {
            let fields = changed(before.nodes.get(node)?, fields);
            (!fields.is_empty()).then(|| Node { node: node.clone(), fields })
        };
        Self {
            added: missing(&after.nodes, &before.nodes),
            removed: missing(&before.nodes, &after.nodes),
            changed: after.nodes.iter().filter_map(differ).collect(),
        }
    }
}

fn facts(version: &Version) -> Result<Facts, Error> {
    let (flow, number) = (version.head.flow.to_string(), version.head.number);
    let document = parse::parse(&version.text).map_err(|problems| Error::Check { flow, number, problems })?;
    Ok(Facts::of(&document.flow))
}

/// The names that one has and the other has not.
fn missing<T>(one: &BTreeMap<String, T>, other: &BTreeMap<String, T>) -> Vec<String> {
    one.keys().filter(|name| !other.contains_key(*name)).cloned().collect()
}

/// The names that both have, with different values.
fn both_changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let differs =
        |(name, value): (&String, &String)| before.get(name).is_some_and(|it| it != value).then(|| name.clone());
    after.iter().filter_map(differs).collect()
}

/// The names whose values differ, a missing one included.
fn changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let mut names: Vec<_> = before.keys().chain(after.keys()).filter(|it| before.get(*it) != after.get(*it)).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().cloned().collect()
}

fn components(from: &Version, to: &Version) -> Vec<Component> {
    let by_name = |version: &Version| -> BTreeMap<_, _> {
        version.components.iter().map(|needed| (needed.name.to_string(), needed.clone())).collect()
    };
    let (before, after) = (by_name(from), by_name(to));
    let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let differ = |name: &String| {
        let (from, to) = (before.get(name), after.get(name));
        let limits = from.zip(to).is_some_and(|(from, to)| from.bounds != to.bounds);
        let (from, to) = (from.map(|it| it.digest.to_string()), to.map(|it| it.digest.to_string()));
        (from != to || limits).then(|| Component { component: name.clone(), from, to, limits })
    };
    names.into_iter().filter_map(differ).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Digest, Head, Needed};
    use super::*;
    use crate::config::{Bounds, Unsaid};

    const FLOW: &str = "
format: 1
flow: a
interface:
  protocol: websocket
  input:
    count: { type: integer }
    gone: { type: string }
start: one
nodes:
  one: { call: x.go, with: { a: 1 }, next: two }
  two: { gateway: pick, branches: [{ name: more, if: count > 0, next: one }, { next: three }] }
  three: { call: x.stop }
";

    fn version(number: u64, text: &str, components: &[(&str, &[u8])]) -> Version {
        let head = Head {
            flow: "a".into(),
            number,
            ending: "yaml".into(),
            message: String::new(),
            published_ms: 0,
            restores: None,
            current: false,
        };
        let bounds = Bounds { from: Unsaid::Engine, limits: BTreeMap::new() };
        let needed = |(name, bytes): &(&str, &[u8])| Needed {
            name: (*name).into(),
            digest: Digest::of(bytes),
            bounds: bounds.clone(),
        };
        Version { head, text: text.into(), components: components.iter().map(needed).collect() }
    }

    #[test]
    fn what_differs_is_named() {
        let text = FLOW
            .replace("{ a: 1 }", "{ a: 2 }")
            .replace("count: { type: integer }", "count: { type: integer, minimum: 1 }")
            .replace("    gone: { type: string }\n", "    new: { type: string }\n")
            .replace("next: three", "next: four")
            .replace("three: {", "four: {")
            .replace("flow: a\n", "flow: a\ntitle: A\n");
        let before = version(1, FLOW, &[("pick", b"1"), ("x", b"1")]);
        let after = version(2, &text, &[("pick", b"1"), ("x", b"2")]);
        let diff = serde_json::to_value(Diff::new(&before, &after).unwrap()).unwrap();
        assert_eq!(diff["document"], serde_json::json!(["title"]));
        assert_eq!(diff["input"], serde_json::json!({ "added": ["new"], "removed": ["gone"], "changed": ["count"] }));
        let changed = serde_json::json!([{ "node": "one", "fields": ["with"] }]);
        assert_eq!(diff["nodes"], serde_json::json!({ "added": ["four"], "removed": ["three"], "changed": changed }));
        assert_eq!(diff["edges"]["added"], serde_json::json!([{ "from": "two", "by": "branch 2", "to": "four" }]));
        assert_eq!(diff["edges"]["removed"], serde_json::json!([{ "from": "two", "by": "branch 2", "to": "three" }]));
        assert_eq!(diff["components"][0]["component"], "x");
        assert_eq!(diff["components"][0]["to"], Digest::of(b"2").to_string());
        assert!(diff["text"].as_str().unwrap().contains("\n+title: A\n"));
    }

    #[test]
    fn a_comment_changes_the_text_alone() {
        let commented = FLOW.replace("start: one", "start: one # here");
        let diff = Diff::new(&version(1, FLOW, &[]), &version(2, &commented, &[])).unwrap();
        let mut nothing = Diff::new(&version(1, FLOW, &[]), &version(2, FLOW, &[])).unwrap();
        assert_eq!(nothing.text, "");
        nothing.text.clone_from(&diff.text);
        assert_eq!(diff, nothing);
    }
}
