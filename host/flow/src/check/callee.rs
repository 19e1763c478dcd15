//! Rules of calls: the component and the function that a node names are known, and are what the node takes them for.

use std::sync::Arc;

use crate::catalog::{Activity, Catalog, Component, Gateway, in_flow};
use crate::diagnostic::{Problem, did_you_mean, listed};
use crate::document::{Node, Text};

/// What a node calls.
#[derive(Clone, Debug)]
pub(super) enum Callee<'a> {
    /// A function of a component.
    Activity {
        /// The component, by the name that flows call it by.
        component: Arc<str>,
        /// The function.
        activity: &'a Activity,
    },
    /// A gateway.
    Gateway {
        /// The component, by the name that flows call it by.
        component: Arc<str>,
    },
}

/// Resolves what a node calls; reports why it cannot.
pub(super) fn resolve<'a>(
    id: &Text,
    node: &Node,
    catalog: &'a Catalog,
    problems: &mut Vec<Problem>,
) -> Option<Callee<'a>> {
    let callee = match (&node.call, &node.gateway) {
        (Some(call), None) => activity(call, catalog),
        (None, Some(name)) => gateway(name, catalog),
        (Some(_), Some(name)) => {
            let message = format!("the node `{}` is both a call and a gateway", id.value);
            Err(Problem::error(name.span.clone(), message).help("make two nodes of it".to_owned()))
        }
        (None, None) => {
            let message = format!("the node `{}` does nothing", id.value);
            let help = "write `call: component.function` or `gateway: component`";
            Err(Problem::error(id.span.clone(), message).help(help.to_owned()))
        }
    };
    callee.map_err(|problem| problems.push(problem)).ok()
}

fn activity<'a>(call: &Text, catalog: &'a Catalog) -> Result<Callee<'a>, Problem> {
    let parts: Vec<_> = call.value.split('.').collect();
    let (name, interface, function) = match parts.as_slice() {
        [name, function] => (*name, None, *function),
        [name, interface, function] => (*name, Some(*interface), *function),
        _ => return Err(malformed(call, catalog)),
    };
    let (component_name, component) = component(name, call, catalog)?;
    let named = |activity: &&Activity| in_flow(&activity.function) == function;
    let within = |activity: &&Activity| interface.is_none_or(|name| in_flow(short(&activity.interface)) == name);
    let found: Vec<_> = component.activities.iter().filter(named).filter(within).collect();
    match found.as_slice() {
        [activity] => Ok(Callee::Activity { component: component_name, activity }),
        [] => Err(unknown_function(call, name, interface, function, component)),
        several => Err(ambiguous(call, name, function, several)),
    }
}

fn gateway<'a>(text: &Text, catalog: &'a Catalog) -> Result<Callee<'a>, Problem> {
    let (name, component) = component(&text.value, text, catalog)?;
    if component.gateway == Gateway::Exported {
        return Ok(Callee::Gateway { component: name });
    }
    let help = component.activities.first().map(|first| format!("write `call: {}`", call_of(&name, first)));
    Err(Problem::error(text.span.clone(), format!("the component `{name}` is not a gateway")).help(help))
}

fn component<'a>(name: &str, place: &Text, catalog: &'a Catalog) -> Result<(Arc<str>, &'a Component), Problem> {
    catalog.components.get_key_value(name).map(|(name, component)| (Arc::clone(name), component)).ok_or_else(|| {
        let known = || catalog.components.keys().map(|name| &**name);
        let help = did_you_mean(name, known()).unwrap_or_else(|| format!("the components are {}", listed(known())));
        Problem::error(place.span.clone(), format!("there is no component `{name}`")).help(help)
    })
}

fn malformed(call: &Text, catalog: &Catalog) -> Problem {
    let message = format!("`{}` names no function of a component", call.value);
    let known = catalog.components.get(&*call.value);
    let help = match known {
        Some(component) if component.gateway == Gateway::Exported => format!("write `gateway: {}`", call.value),
        Some(Component { activities, .. }) if !activities.is_empty() => functions(&call.value, activities),
        _ => "write `component.function`".to_owned(),
    };
    Problem::error(call.span.clone(), message).help(help)
}

fn unknown_function(
    call: &Text,
    name: &str,
    interface: Option<&str>,
    function: &str,
    component: &Component,
) -> Problem {
    let known: Vec<_> = component.activities.iter().map(|activity| in_flow(&activity.function)).collect();
    let message = match interface {
        Some(interface) => format!("the component `{name}` has no function `{function}` in an interface `{interface}`"),
        None => format!("the component `{name}` has no function `{function}`"),
    };
    let help = match did_you_mean(function, known.iter().map(String::as_str)) {
        Some(help) if !known.iter().any(|known| known == function) => help,
        _ if known.is_empty() && component.gateway == Gateway::Exported => format!("write `gateway: {name}`"),
        _ => functions(name, &component.activities),
    };
    Problem::error(call.span.clone(), message).help(help)
}

fn ambiguous(call: &Text, name: &str, function: &str, several: &[&Activity]) -> Problem {
    let forms: Vec<_> =
        several.iter().map(|activity| format!("{name}.{}.{function}", in_flow(short(&activity.interface)))).collect();
    let message = format!("the component `{name}` has `{function}` in {} interfaces", several.len());
    Problem::error(call.span.clone(), message)
        .help(format!("write one of {}", listed(forms.iter().map(String::as_str))))
}

fn functions(name: &str, activities: &[Activity]) -> String {
    let mut calls: Vec<_> = activities.iter().map(|activity| call_of(name, activity)).collect();
    calls.dedup();
    format!("it has {}", listed(calls.iter().map(String::as_str)))
}

fn call_of(name: &str, activity: &Activity) -> String {
    format!("{name}.{}", in_flow(&activity.function))
}

/// `iface` of `ns:pkg/iface@version`.
fn short(interface: &str) -> &str {
    let name = interface.rsplit_once('/').map_or(interface, |(_, name)| name);
    name.split_once('@').map_or(name, |(name, _)| name)
}
