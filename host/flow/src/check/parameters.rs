//! Rules of the interface: each parameter's schema is one, its default fits it, and raw framing has none.

use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::LocationSegment;
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::Value as Json;

use super::input::{Input, Parameter, misfits};
use crate::diagnostic::{Problem, did_you_mean};
use crate::document::{Document, Entries, Framing, Kind, Literal, Text};
use crate::expression::Segment;
use crate::value::Value;

/// What a compiled pattern of a schema may take.
const PATTERN_BYTES_MAX: usize = 1024 * 1024;

const TYPES: [&str; 7] = ["string", "integer", "number", "boolean", "array", "object", "null"];

/// Compiles the schemas of a flow's parameters. What is wrong with one leaves it out.
pub(super) fn input(document: &Document, problems: &mut Vec<Problem>) -> Input {
    let none = Entries(Vec::new());
    let parameters = document.flow.interface.input.as_ref().unwrap_or(&none);
    Input { parameters: parameters.iter().filter_map(|(name, schema)| parameter(name, schema, problems)).collect() }
}

/// With raw framing a message starts a run, and there is nothing that parameters could be given in.
pub(super) fn raw_framing_takes_no_input(document: &Document, problems: &mut Vec<Problem>) {
    let interface = &document.flow.interface;
    let Some((first, _)) = interface.input.as_ref().and_then(|input| input.0.first()) else { return };
    if interface.framing == Some(Framing::Raw) {
        let message =
            format!("with raw framing there is no parameter `{}`: a run is started by a message", first.value);
        let help = "leave `input` out and use `message`, or leave `framing: raw` out";
        problems.push(Problem::error(first.span.clone(), message).help(help.to_owned()));
    }
}

fn parameter(name: &Text, literal: &Literal, problems: &mut Vec<Problem>) -> Option<Parameter> {
    let schema = json(literal, problems)?;
    let before = problems.len();
    is_a_schema(name, literal, &schema, problems);
    if problems.len() > before {
        return None;
    }
    let validator = compiled(name, literal, &schema, problems)?;
    let default = schema.get("default").cloned();
    if let Some(default) = &default {
        default_fits(name, literal, default, &validator, problems);
    }
    Some(Parameter { name: name.value.clone(), schema, default, validator })
}

fn json(literal: &Literal, problems: &mut Vec<Problem>) -> Option<Json> {
    let json = literal.value().to_json();
    json.map_err(|error| problems.push(Problem::error(literal.head(), error.to_string()))).ok()
}

fn is_a_schema(name: &Text, literal: &Literal, schema: &Json, problems: &mut Vec<Problem>) {
    if !matches!(schema, Json::Object(_) | Json::Bool(_)) {
        let message = format!("the parameter `{}` must be a JSON Schema, and is {}", name.value, literal.kind_name());
        problems.push(Problem::error(literal.span.clone(), message).help("write `{ type: string }`, say".to_owned()));
        return;
    }
    let meta = jsonschema::draft202012::meta::validator();
    problems.extend(meta.iter_errors(schema).map(|error| not_a_schema(name, literal, &error)));
}

fn not_a_schema(name: &Text, literal: &Literal, error: &ValidationError<'_>) -> Problem {
    let place = literal.at(steps(error.instance_path().segments()));
    let path = error.instance_path().as_str();
    if path.ends_with("/type")
        && let Some(problem) = not_a_type(place)
    {
        return problem;
    }
    let at = if path.is_empty() { String::new() } else { format!(" at {path}") };
    Problem::error(place.head(), format!("the schema of `{}` is not valid{at}: {}", name.value, error.masked()))
}

/// The first name in a `type` that is none.
fn not_a_type(place: &Literal) -> Option<Problem> {
    match &place.kind {
        Kind::List(items) => items.iter().find_map(not_a_type),
        Kind::Scalar(Value::String(ty)) if !TYPES.contains(&&**ty) => {
            let help = did_you_mean(ty, TYPES).unwrap_or_else(|| format!("the types are {}", TYPES.join(", ")));
            Some(Problem::error(place.span.clone(), format!("`{ty}` is not a type of JSON Schema")).help(help))
        }
        _ => None,
    }
}

fn compiled(name: &Text, literal: &Literal, schema: &Json, problems: &mut Vec<Problem>) -> Option<Validator> {
    let built = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_BYTES_MAX))
        .should_validate_formats(true)
        .offline()
        .build(schema);
    built
        .map_err(|error| {
            problems.push(match error.kind() {
                ValidationErrorKind::Referencing(_) => {
                    let message = format!("the schema of `{}` has a `$ref` that leads nowhere", name.value);
                    let help = "refer to a part of the schema itself, as in `#/$defs/part`";
                    Problem::error(literal.head(), message).help(help.to_owned())
                }
                _ => not_a_schema(name, literal, &error),
            });
        })
        .ok()
}

fn default_fits(name: &Text, schema: &Literal, default: &Json, validator: &Validator, problems: &mut Vec<Problem>) {
    let written = schema.at([Segment::Key("default".into())]);
    problems.extend(misfits(validator, default).map(|(place, reason)| {
        let span = written.at(steps(place.segments())).head();
        Problem::error(span, format!("the default of `{}` does not fit its schema: {reason}", name.value))
    }));
}

fn steps<'a>(segments: impl Iterator<Item = LocationSegment<'a>>) -> impl Iterator<Item = Segment> {
    segments.map(|segment| match segment {
        LocationSegment::Property(name) => Segment::Key(name.as_ref().into()),
        LocationSegment::Index(index) => Segment::Index(index),
    })
}
