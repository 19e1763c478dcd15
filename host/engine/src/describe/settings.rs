//! `component.toml`: what WIT has no words for.

use std::collections::BTreeMap;
use std::sync::Arc;

use sandgate_flow::catalog::{self, Activity, Component, Instances, Visibility, in_flow};
use sandgate_flow::diagnostic::line_column;
use sandgate_flow::value::Value;
use serde::Deserialize;

use crate::convert::Conversion;

/// The file, as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    stateless: bool,
    title: Option<String>,
    group: Option<String>,
    icon: Option<String>,
    /// By function, or by interface and function (`format.trim`), and by parameter.
    #[serde(default)]
    parameters: BTreeMap<String, BTreeMap<String, Parameter>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameter {
    default: Option<toml::Value>,
    widget: Option<String>,
    #[serde(default)]
    hidden: bool,
    docs: Option<String>,
}

/// Adds what the text says to what the component's bytes said.
pub(super) fn apply(text: &str, component: &mut Component) -> Result<(), String> {
    let settings: Settings = toml::from_str(text).map_err(|error| unreadable(text, &error))?;
    component.title = settings.title;
    component.group = settings.group;
    component.icon = settings.icon;
    component.instances = if settings.stateless { Instances::Stateless } else { Instances::Fresh };
    for (function, parameters) in settings.parameters {
        let activity = activity(&mut component.activities, &function)?;
        for (name, settings) in parameters {
            let place = format!("parameters.{function}.{name}");
            let parameter = parameter(activity, &name).map_err(|error| format!("{place}: {error}"))?;
            settings.apply(parameter).map_err(|error| format!("{place}: {error}"))?;
        }
    }
    Ok(())
}

/// What is wrong with the text, in one line.
fn unreadable(text: &str, error: &toml::de::Error) -> String {
    match error.span() {
        Some(span) => {
            let (line, column) = line_column(text, span.start);
            format!("line {line}, column {column}: {}", error.message())
        }
        None => error.message().to_owned(),
    }
}

impl Parameter {
    fn apply(self, parameter: &mut catalog::Parameter) -> Result<(), String> {
        if let Some(default) = self.default {
            let default = value(default)?;
            let fits = Conversion::new(&parameter.ty).lower(&default);
            fits.map_err(|error| format!("the default does not fit: {error}"))?;
            parameter.default = Some(default);
        }
        parameter.widget = self.widget;
        parameter.docs = self.docs;
        parameter.visibility = if self.hidden { Visibility::Hidden } else { Visibility::Shown };
        Ok(())
    }
}

/// The function of this name, in a flow's form or in WIT's, where only one is meant.
fn activity<'a>(activities: &'a mut [Activity], given: &str) -> Result<&'a mut Activity, String> {
    let known = names(activities.iter().map(|activity| &*activity.function));
    let mut meant: Vec<_> = activities.iter_mut().filter(|activity| is_meant(activity, given)).collect();
    match (meant.pop(), meant.is_empty()) {
        (Some(activity), true) => Ok(activity),
        (Some(_), false) => Err(format!(
            "parameters.{given}: several interfaces have this function: put the interface's name before it, in quotes, \
             as in \"{}.{given}\"",
            meant.first().map(|activity| short(&activity.interface)).unwrap_or_default()
        )),
        (None, _) => Err(format!("parameters.{given}: there is no such function; there is {known}")),
    }
}

fn is_meant(activity: &Activity, given: &str) -> bool {
    let given = in_flow(given);
    let function = in_flow(&activity.function);
    given == function || given == format!("{}.{function}", in_flow(short(&activity.interface)))
}

/// `format` of `acme:text/format@1.0.0`.
fn short(interface: &str) -> &str {
    let name = interface.rsplit_once('/').map_or(interface, |(_, name)| name);
    name.split_once('@').map_or(name, |(name, _)| name)
}

fn parameter<'a>(activity: &'a mut Activity, given: &str) -> Result<&'a mut catalog::Parameter, String> {
    let known = names(activity.parameters.iter().map(|parameter| &*parameter.name));
    let given = in_flow(given);
    let mut parameters = activity.parameters.iter_mut();
    parameters
        .find(|parameter| *parameter.name == *given)
        .ok_or_else(|| format!("the function has no such parameter; it has {known}"))
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names = names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.is_empty() { "none".to_owned() } else { names }
}

fn value(toml: toml::Value) -> Result<Value, String> {
    Ok(match toml {
        toml::Value::String(text) => Value::String(text.into()),
        toml::Value::Integer(number) => Value::Int(number),
        toml::Value::Float(number) => Value::Double(number),
        toml::Value::Boolean(value) => Value::Bool(value),
        toml::Value::Array(items) => Value::List(items.into_iter().map(value).collect::<Result<Arc<[_]>, _>>()?),
        toml::Value::Table(entries) => {
            let entries = entries.into_iter().map(|(name, entry)| Ok((name, value(entry)?)));
            Value::map(entries.collect::<Result<Vec<_>, String>>()?)
        }
        toml::Value::Datetime(time) => return Err(format!("the date {time} is no value of a flow: put it in quotes")),
    })
}
