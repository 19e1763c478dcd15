//! The parameters of a run, and the input that is accepted for them.

use std::sync::Arc;

use jsonschema::Validator;
use jsonschema::paths::{Location, LocationSegment};
use serde_json::{Map, Value as Json, json};

use crate::diagnostic::{cut, did_you_mean, line, listed, printable};
use crate::value::Value;

/// The parameters of a run.
#[derive(Debug)]
pub struct Input {
    pub(super) parameters: Vec<Parameter>,
}

/// A parameter of a run.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: Arc<str>,
    pub(super) schema: Json,
    pub(super) default: Option<Json>,
    pub(super) validator: Validator,
}

/// Why an input is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct InputProblem {
    /// Where in the input, as in `$.a[3]`.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

/// What is wrong with one input is told up to this many problems.
const PROBLEMS_MAX: usize = 20;

/// A message that quotes more of the input than this tells it without the quotation, and is cut after it.
const MESSAGE_CHARS_MAX: usize = 200;

/// As much of a path into the input is repeated.
const PATH_CHARS_MAX: usize = 300;

/// As much of a name in the input is repeated.
const NAME_CHARS_MAX: usize = 100;

impl InputProblem {
    fn new(path: &str, message: &str) -> Self {
        Self { path: printable(&cut(path, PATH_CHARS_MAX)), message: line(message) }
    }
}

impl Input {
    /// Takes an input: fills in defaults, and makes integers of whole numbers where an integer is due.
    ///
    /// # Errors
    ///
    /// What is wrong with it: it is no object, has a parameter that the flow has not, lacks one without a default, or a
    /// value does not fit its schema.
    pub fn accept(&self, json: Json) -> Result<Value, Vec<InputProblem>> {
        let Json::Object(mut given) = json else {
            let message = format!("the input must be an object of parameters, and is {}", json_kind(&json));
            return Err(vec![InputProblem::new("$", &message)]);
        };
        let mut problems = Vec::new();
        let mut accepted = Vec::with_capacity(self.parameters.len());
        for parameter in &self.parameters {
            let value = given.remove(&*parameter.name);
            accepted.push((Arc::clone(&parameter.name), parameter.accept(value, &mut problems)));
        }
        problems.extend(given.keys().take(PROBLEMS_MAX).map(|name| self.unknown(name)));
        problems.truncate(PROBLEMS_MAX);
        if problems.is_empty() { Ok(Value::map(accepted)) } else { Err(problems) }
    }

    /// One JSON Schema (2020-12) for the whole input, an object.
    pub fn schema(&self) -> Json {
        let properties: Map<_, _> =
            (0..).zip(&self.parameters).map(|(place, it)| (it.name.to_string(), it.schema_within(place))).collect();
        let required: Vec<_> = self.parameters.iter().filter(|it| it.default.is_none()).map(|it| &*it.name).collect();
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }

    /// The names of the parameters, in the order of the document.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parameters.iter().map(|parameter| &*parameter.name)
    }

    fn unknown(&self, name: &str) -> InputProblem {
        let help = did_you_mean(name, self.names()).unwrap_or_else(|| {
            if self.parameters.is_empty() {
                "this flow takes none".to_owned()
            } else {
                format!("this flow takes {}", listed(self.names()))
            }
        });
        let name = cut(name, NAME_CHARS_MAX);
        InputProblem::new(&format!("$.{name}"), &format!("there is no parameter `{name}`; {help}"))
    }
}

impl Parameter {
    /// Its schema as a part of another. One that refers to its own parts is a resource of its own there (JSON Schema core,
    /// section 9.3), or it would refer to the parts of the other.
    fn schema_within(&self, place: usize) -> Json {
        let mut schema = self.schema.clone();
        if refers(&schema)
            && let Json::Object(keywords) = &mut schema
        {
            keywords.entry("$id").or_insert_with(|| format!("urn:sandgate:parameter:{place}").into());
        }
        schema
    }

    fn accept(&self, value: Option<Json>, problems: &mut Vec<InputProblem>) -> Value {
        let Some(mut value) = value.or_else(|| self.default.clone()) else {
            let message = format!("the parameter `{}` is missing, and has no default", self.name);
            problems.push(InputProblem::new(&format!("$.{}", self.name), &message));
            return Value::Null;
        };
        whole_to_integer(&mut value, &self.schema);
        problems.extend(
            misfits(&self.validator, &value)
                .map(|(place, message)| InputProblem::new(&format!("$.{}{}", self.name, path(&place)), &message)),
        );
        Value::from(value)
    }
}

/// Why a value does not fit a schema, with the places in the value.
pub(super) fn misfits<'a>(
    validator: &'a Validator,
    value: &'a Json,
) -> impl Iterator<Item = (Location, String)> + use<'a> {
    validator.iter_errors(value).take(PROBLEMS_MAX).map(|error| {
        let told = error.to_string();
        let message = if told.chars().nth(MESSAGE_CHARS_MAX).is_some() { error.masked().to_string() } else { told };
        (error.instance_path().clone(), cut(&message, MESSAGE_CHARS_MAX).into_owned())
    })
}

/// Makes integers of floats without a fraction, where the schema asks for an integer: 3.0 is 3.
pub(super) fn whole_to_integer(value: &mut Json, schema: &Json) {
    match value {
        Json::Number(number) if asks_for_integer(schema) => {
            if let Some(whole) = number.as_f64().filter(|_| number.is_f64()).and_then(exact_integer) {
                *value = Json::from(whole);
            }
        }
        Json::Array(items) => {
            let item_schema = schema.get("items").unwrap_or(&Json::Null);
            items.iter_mut().for_each(|item| whole_to_integer(item, item_schema));
        }
        Json::Object(entries) => {
            for (name, entry) in entries {
                let entry_schema = schema.get("properties").and_then(|schemas| schemas.get(name));
                whole_to_integer(entry, entry_schema.unwrap_or(&Json::Null));
            }
        }
        _ => {}
    }
}

fn asks_for_integer(schema: &Json) -> bool {
    match schema.get("type") {
        Some(Json::String(name)) => name == "integer",
        Some(Json::Array(names)) => {
            names.iter().any(|name| name == "integer") && names.iter().all(|name| name != "number")
        }
        _ => false,
    }
}

fn refers(schema: &Json) -> bool {
    match schema {
        Json::Object(keywords) => keywords.contains_key("$ref") || keywords.values().any(refers),
        Json::Array(schemas) => schemas.iter().any(refers),
        _ => false,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "only floats that are integers and in range are cast")]
fn exact_integer(float: f64) -> Option<i64> {
    /// Below 2 to the power of 63, and so the greatest float that an i64 can hold is less than it.
    const END: f64 = 9_223_372_036_854_775_808.0;
    (float.fract() == 0.0 && (-END..END).contains(&float)).then_some(float as i64)
}

/// A place in a value as in `.a[3]`.
fn path(place: &Location) -> String {
    place
        .segments()
        .map(|segment| match segment {
            LocationSegment::Property(name) => format!(".{}", cut(&name, NAME_CHARS_MAX)),
            LocationSegment::Index(index) => format!("[{index}]"),
        })
        .collect()
}

fn json_kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}
