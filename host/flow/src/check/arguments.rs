//! Rules of arguments: each parameter of a function is given what it takes, and nothing else is given.

use std::sync::Arc;

use super::fits::{Known, Misfit, is_nested, misfits};
use super::scope::View;
use crate::catalog::{Activity, Parameter, Type, in_flow};
use crate::diagnostic::{Problem, did_you_mean, listed};
use crate::document::{Entries, Kind, Literal, Text};
use crate::expression::{StaticType, Template};
use crate::value::Value;

/// A call as a node writes it.
pub(super) struct Call<'a> {
    /// Its `call`.
    pub(super) text: &'a Text,
    /// The name that flows call the component by.
    pub(super) component: &'a Arc<str>,
    /// The function.
    pub(super) activity: &'a Activity,
    /// The node's `with`.
    pub(super) with: Option<&'a Literal>,
}

/// One template for each parameter of a function, in their order; reports what is wrong with them.
pub(super) fn arguments(call: &Call<'_>, view: &View<'_>, problems: &mut Vec<Problem>) -> Option<Vec<Template>> {
    let none = Entries(Vec::new());
    let given = match call.with.map(|with| (with, &with.kind)) {
        None => &none,
        Some((_, Kind::Map(entries))) => entries,
        Some((with, _)) => {
            let message = format!("`with` must be a map of {}'s parameters", call.name());
            problems.push(Problem::error(with.head(), message).help(call.signature()));
            return None;
        }
    };
    every_argument_has_a_parameter(call, given, problems);
    let arguments: Vec<_> =
        call.activity.parameters.iter().map(|parameter| argument(call, parameter, given, view, problems)).collect();
    arguments.into_iter().collect()
}

fn every_argument_has_a_parameter(call: &Call<'_>, given: &Entries<Literal>, problems: &mut Vec<Problem>) {
    let known = || call.activity.parameters.iter().map(|parameter| &*parameter.name);
    for (name, _) in given.iter().filter(|(name, _)| known().all(|known| *known != *name.value)) {
        let help = did_you_mean(&name.value, known()).unwrap_or_else(|| call.signature());
        let message = format!("{} has no parameter `{}`", call.name(), name.value);
        problems.push(Problem::error(name.span.clone(), message).help(help));
    }
}

fn argument(
    call: &Call<'_>,
    parameter: &Parameter,
    given: &Entries<Literal>,
    view: &View<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Template> {
    match (given.get(&parameter.name), &parameter.default, &parameter.ty) {
        (Some(literal), ..) => {
            let template = view.template(literal, problems)?;
            is_taken(call, parameter, literal, view, problems).then_some(template)
        }
        (None, Some(default), _) => Some(Template::literal(default.clone())),
        (None, None, Type::Option(inner)) if is_nested(inner) => Some(Template::literal(Value::List([].into()))),
        (None, None, Type::Option(_)) => Some(Template::literal(Value::Null)),
        (None, None, ty) => {
            let message = format!("{} is not given its parameter `{}`", call.name(), parameter.name);
            let help = format!("add `{}: ...` to its `with`; it takes {ty}", parameter.name);
            problems.push(Problem::error(call.text.span.clone(), message).help(help));
            None
        }
    }
}

/// Whether an argument fits its parameter's type; reports every part that does not.
fn is_taken(
    call: &Call<'_>,
    parameter: &Parameter,
    literal: &Literal,
    view: &View<'_>,
    problems: &mut Vec<Problem>,
) -> bool {
    let known = |literal: &Literal, ty: &Type| match view.text(literal) {
        Some((template, found)) => match template.as_literal() {
            Some(value) => Known::Value(value.clone()),
            None => Known::Result(found.fits(ty).map_err(|reason| (format!("it {reason}"), null_help(&found)))),
        },
        None => Known::Result(Ok(())),
    };
    let found = misfits(literal, &parameter.ty, &known);
    let fits = found.is_empty();
    problems.extend(found.into_iter().map(|Misfit { literal, path, reason, help }| {
        let message = format!("`{}{path}` does not fit {}: {reason}", parameter.name, call.name());
        Problem::error(literal.head(), message).help(help)
    }));
    fits
}

fn null_help(found: &StaticType) -> Option<String> {
    found.nullable.then(|| "give it another value then, as in `${x == null ? 0 : x}`".to_owned())
}

impl Call<'_> {
    /// As messages name it: `counter.next`.
    fn name(&self) -> String {
        format!("{}.{}", self.component, in_flow(&self.activity.function))
    }

    fn signature(&self) -> String {
        let parameters = &self.activity.parameters;
        if parameters.is_empty() {
            return "it has none".to_owned();
        }
        let written: Vec<_> = parameters.iter().map(|it| format!("{}: {}", it.name, it.ty)).collect();
        format!("its parameters are {}", listed(written.iter().map(String::as_str)))
    }
}
