//! JSON Schemas of flow documents and of files of cases, for editors.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value as Json;

use crate::document::Flow;

/// The JSON Schema (2020-12) of flow documents.
pub fn flow_schema() -> Json {
    schema_of::<Flow>("A Sandgate flow")
}

/// The JSON Schema (2020-12) of files of cases.
pub fn cases_schema() -> Json {
    schema_of::<crate::cases::File>("Cases of a Sandgate flow")
}

fn schema_of<T: JsonSchema>(title: &str) -> Json {
    let generator = SchemaSettings::draft2020_12().for_deserialize().with_transform(NeverNull).into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("title".into(), title.into());
    schema.to_value()
}

/// A key that may be left out may not be empty: takes the null out that an `Option` brings.
#[derive(Clone)]
struct NeverNull;

impl Transform for NeverNull {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        if let Some(Json::Array(types)) = schema.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                schema.insert("type".into(), only);
            }
        }
        if let Some(Json::Array(choices)) = schema.get_mut("anyOf") {
            choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
            if let [Json::Object(only)] = choices.as_slice() {
                let only = only.clone();
                schema.remove("anyOf");
                only.into_iter().for_each(|(key, value)| drop(schema.insert(key, value)));
            }
        }
    }
}

/// A parameter of a flow, for its JSON Schema: itself a JSON Schema, of which the usual keywords are named for editors.
pub(crate) struct Parameter;

impl JsonSchema for Parameter {
    fn schema_name() -> Cow<'static, str> {
        "Parameter".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let types = ["string", "integer", "number", "boolean", "array", "object", "null"];
        json_schema!({
            "description": "A JSON Schema (2020-12) that the parameter must fit.",
            "type": ["object", "boolean"],
            "properties": {
                "type": {
                    "description": "The type, or a list of types.",
                    "anyOf": [{ "enum": types }, { "type": "array", "items": { "enum": types } }],
                },
                "title": { "description": "What a form calls it.", "type": "string" },
                "description": { "description": "What it means.", "type": "string" },
                "default": { "description": "What it is where it is left out." },
                "enum": { "description": "The values that it may have.", "type": "array" },
                "const": { "description": "The one value that it may have." },
                "minimum": { "description": "The least number.", "type": "number" },
                "maximum": { "description": "The greatest number.", "type": "number" },
                "minLength": { "description": "The least length of a text.", "type": "integer", "minimum": 0 },
                "maxLength": { "description": "The greatest length of a text.", "type": "integer", "minimum": 0 },
                "pattern": { "description": "A regular expression that a text must match.", "type": "string" },
                "items": { "description": "What the items of a list must fit.", "type": ["object", "boolean"] },
                "properties": { "description": "What the entries of a map must fit.", "type": "object" },
                "required": { "description": "The entries that a map must have.", "type": "array" },
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schemas_are_schemas_and_admit_no_null() {
        for schema in [flow_schema(), cases_schema()] {
            jsonschema::draft202012::meta::validate(&schema).unwrap();
            assert_eq!(schema["additionalProperties"], false);
        }
        assert_eq!(flow_schema()["properties"]["title"]["type"], "string");
    }
}
