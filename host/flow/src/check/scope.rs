//! What expressions see, and what is known of it at each node.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::callee::Callee;
use super::graph::Graph;
use super::input::Input;
use crate::catalog::Activity;
use crate::diagnostic::{Problem, enough};
use crate::document::{Document, Framing, Literal, Text};
use crate::expression::{self, Expression, Kind, Message, Names, StaticType, Template, TemplateProblem, Types};
use crate::plan::NodeIndex;

/// The names and the types that all nodes of a flow share.
pub(super) struct Scope<'a> {
    document: &'a Document,
    names: Names,
    types: Types,
    /// By the node whose result it is, then by the node that sees it: whether it may be null there.
    may_be_null: Vec<Vec<bool>>,
    without_error: Vec<bool>,
}

/// What expressions see at one node.
pub(super) struct View<'a> {
    document: &'a Document,
    names: &'a Names,
    types: Types,
}

/// A name that expressions have in scope: `input.a`, or a node's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InScope {
    /// As it is written.
    pub name: String,
    /// What is known of its type: `int`, `string`, `any`.
    pub ty: String,
    /// Whether it may be null, somewhere.
    pub nullable: bool,
    /// What is said of it.
    pub docs: Option<String>,
}

impl InScope {
    fn new(name: String, ty: &StaticType, docs: Option<String>) -> Self {
        Self { name, ty: ty.kind.to_string(), nullable: ty.nullable, docs }
    }
}

impl<'a> Scope<'a> {
    /// Everything that expressions may name, with what is in maps that are known.
    pub(super) fn names(&self, input: &Input) -> Vec<InScope> {
        let Types { input: parameters, session, run, message, error, nodes } = &self.types;
        let mut names = Vec::new();
        for (name, ty) in [("input", parameters), ("session", session), ("run", run), ("error", error)] {
            names.push(InScope::new(name.to_owned(), ty, None));
            names.extend(fields(name, ty));
        }
        for named in names.iter_mut().filter(|named| named.name.starts_with("input.")) {
            let parameter = input.parameters.iter().find(|it| named.name.strip_prefix("input.") == Some(&*it.name));
            named.docs = parameter.and_then(|it| Some(it.schema.get("description")?.as_str()?.to_owned()));
        }
        if self.document.flow.interface.framing == Some(Framing::Raw) {
            names.push(InScope::new("message".to_owned(), message, None));
        }
        let results = self.document.flow.nodes.iter().zip(nodes);
        for ((id, node), ty) in results.filter(|((_, node), _)| node.gateway.is_none()) {
            let docs = node.title.as_ref().map(|title| title.value.to_string());
            // Null before it first ran.
            names.push(InScope::new(id.value.to_string(), &ty.clone().or_null(), docs));
            names.extend(fields(&id.value, ty));
        }
        names
    }

    pub(super) fn new(document: &'a Document, graph: &Graph, input: &Input, callees: &[Option<Callee<'_>>]) -> Self {
        let raw = document.flow.interface.framing == Some(Framing::Raw);
        let message = if raw { Message::InScope } else { Message::Absent };
        Self {
            document,
            names: Names::new(document.flow.nodes.names(), message),
            types: types(input, callees.iter().map(|callee| result_type(callee.as_ref()))),
            may_be_null: graph.indices().map(|node| graph.reached_without_result_of(node)).collect(),
            without_error: graph.reached_without_error(),
        }
    }

    /// What expressions see at this node: the results of nodes that may not have run may be null.
    pub(super) fn at(&self, node: NodeIndex) -> View<'_> {
        let here = |reached: &Vec<bool>| reached.get(node.position()).copied().unwrap_or(false);
        let mut types = self.types.clone();
        for (ty, reached) in types.nodes.iter_mut().zip(&self.may_be_null) {
            ty.nullable |= here(reached);
        }
        types.error.nullable = here(&self.without_error);
        View { document: self.document, names: &self.names, types }
    }
}

impl View<'_> {
    /// Compiles a condition; reports what is wrong with it. Where enough was wrong before, it is not looked at.
    pub(super) fn condition(&self, text: &Text, problems: &mut Vec<Problem>) -> Option<Expression> {
        if enough(problems) {
            return None;
        }
        let before = problems.len();
        let compiled = match Expression::compile(&text.value, self.names) {
            Ok(compiled) => compiled,
            Err(faults) => {
                problems.extend(faults.into_iter().map(|fault| self.located(text, fault)));
                return None;
            }
        };
        let (ty, faults) = compiled.check(&self.types);
        problems.extend(faults.into_iter().map(|fault| self.located(text, fault)));
        if problems.len() == before {
            problems.extend(not_a_bool(text, &ty));
        }
        (problems.len() == before).then_some(compiled)
    }

    /// Compiles the expressions in a literal; reports what is wrong with them. Where enough was wrong before, it is not
    /// looked at.
    pub(super) fn template(&self, literal: &Literal, problems: &mut Vec<Problem>) -> Option<Template> {
        if enough(problems) {
            return None;
        }
        match Template::compile(&literal.value(), self.names) {
            Ok(template) => {
                let (_, faults) = template.check(&self.types);
                problems.extend(faults.iter().map(|fault| self.located_in(literal, fault)));
                faults.is_empty().then_some(template)
            }
            Err(faults) => {
                problems.extend(faults.iter().map(|fault| self.located_in(literal, fault)));
                None
            }
        }
    }

    /// What a text stands for: its template, and the type of that.
    pub(super) fn text(&self, literal: &Literal) -> Option<(Template, StaticType)> {
        let template = Template::compile(&literal.value(), self.names).ok()?;
        let (ty, _) = template.check(&self.types);
        Some((template, ty))
    }

    fn located(&self, text: &Text, fault: expression::Problem) -> Problem {
        Problem::error(self.document.place_within(text, fault.span), fault.message).help(fault.help)
    }

    fn located_in(&self, literal: &Literal, fault: &TemplateProblem) -> Problem {
        let place = literal.at(fault.path.iter().cloned());
        match place.value() {
            crate::Value::String(value) => {
                self.located(&Text { value, span: place.span.clone() }, fault.problem.clone())
            }
            _ => Problem::error(place.head(), fault.problem.message.clone()).help(fault.problem.help.clone()),
        }
    }
}

/// What is in a map, if that is known.
fn fields(name: &str, ty: &StaticType) -> Vec<InScope> {
    let Kind::Map(Some(entries)) = &ty.kind else { return Vec::new() };
    entries.iter().map(|(key, ty)| InScope::new(format!("{name}.{key}"), ty, None)).collect()
}

fn types(input: &Input, results: impl Iterator<Item = StaticType>) -> Types {
    let text = || StaticType::of(Kind::String);
    let parameters = input.parameters.iter().map(|it| (Arc::clone(&it.name), StaticType::of_schema(&it.schema)));
    Types {
        input: StaticType::of(Kind::Map(Some(parameters.collect()))),
        session: map([("id", text().or_null()), ("client", text().or_null())]),
        run: map([("id", text()), ("flow", text()), ("version", StaticType::of(Kind::Int))]),
        message: StaticType::ANY,
        error: map([("node", text()), ("value", StaticType::ANY)]).or_null(),
        nodes: results.collect(),
    }
}

fn map<const N: usize>(entries: [(&str, StaticType); N]) -> StaticType {
    let entries: BTreeMap<_, _> = entries.into_iter().map(|(name, ty)| (name.into(), ty)).collect();
    StaticType::of(Kind::Map(Some(entries)))
}

/// A gateway has no result, nor has a function that returns nothing. What is not known may be anything.
fn result_type(callee: Option<&Callee<'_>>) -> StaticType {
    match callee {
        Some(Callee::Activity { activity: Activity { returns: Some(ty), .. }, .. }) => StaticType::of_wit(ty),
        Some(_) => StaticType::of(Kind::Null),
        None => StaticType::ANY,
    }
}

fn not_a_bool(text: &Text, ty: &StaticType) -> Option<Problem> {
    let reason = ty.fits(&crate::catalog::Type::Bool).err()?;
    let problem = Problem::error(text.span.clone(), format!("this condition {reason}"));
    Some(problem.help("compare it with something: `... == true`, `... != null`".to_owned()))
}
