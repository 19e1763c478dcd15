//! JSON Schemas as TypeScript types. A type admits all that its schema does, and where TypeScript cannot say it, more.

use serde_json::{Map, Value as Json};

use super::ANY_JSON;

const INDENT: &str = "  ";

/// A parameter that has a default may be left out, and so may a property that is not required.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Required,
    Optional,
}

/// The type of a schema; its lines after the first begin with `indent`.
pub(super) fn of(schema: &Json, indent: &str) -> String {
    match schema {
        Json::Bool(false) => "never".to_owned(),
        Json::Object(keywords) => of_keywords(keywords, indent),
        _ => ANY_JSON.to_owned(),
    }
}

/// The type of an object schema, with the properties of these names, in their order, and no others.
pub(super) fn object_of<'a>(schema: &Json, names: impl Iterator<Item = &'a str>, indent: &str) -> String {
    let nothing = Map::new();
    let properties = schema.get("properties").and_then(Json::as_object).unwrap_or(&nothing);
    let inner = format!("{indent}{INDENT}");
    let members: String = names
        .filter_map(|name| Some((name, properties.get(name)?)))
        .map(|(name, property)| member(name, property, presence(schema, name), &inner))
        .collect();
    if members.is_empty() { "Record<string, never>".to_owned() } else { format!("{{\n{members}{indent}}}") }
}

/// A doc comment of a description and a default, each of its lines beginning with `indent`; nothing where there is neither.
pub(super) fn docs(description: Option<&str>, default: Option<&Json>, indent: &str) -> String {
    let described = description.unwrap_or_default().trim().lines().map(str::to_owned);
    let lines: Vec<_> = described
        .chain(default.map(|default| format!("@default {default}")))
        // It would end the comment.
        .map(|line| line.trim().replace("*/", "*\\/"))
        .collect();
    match &lines[..] {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let lines: String =
                lines.iter().map(|line| format!("{}\n", format!("{indent} * {line}").trim_end())).collect();
            format!("{indent}/**\n{lines}{indent} */\n")
        }
    }
}

fn of_keywords(keywords: &Map<String, Json>, indent: &str) -> String {
    let listed = |keyword: &str| keywords.get(keyword).and_then(Json::as_array);
    if let Some(only) = keywords.get("const") {
        return only.to_string();
    }
    // Any JSON is a literal type as well.
    if let Some(values) = listed("enum") {
        return union(values.iter().map(Json::to_string));
    }
    if let Some(types) = keywords.get("type") {
        return union(names(types).map(|name| of_type(name, keywords, indent)));
    }
    match listed("anyOf").or_else(|| listed("oneOf")) {
        Some(choices) => union(choices.iter().map(|choice| of(choice, indent))),
        None => ANY_JSON.to_owned(),
    }
}

fn names(types: &Json) -> impl Iterator<Item = &str> {
    let many = types.as_array().into_iter().flatten().filter_map(Json::as_str);
    types.as_str().into_iter().chain(many)
}

fn of_type(name: &str, keywords: &Map<String, Json>, indent: &str) -> String {
    match name {
        "string" | "boolean" | "null" => name.to_owned(),
        "integer" | "number" => "number".to_owned(),
        "array" => list(keywords, indent),
        "object" => object(keywords, indent),
        _ => ANY_JSON.to_owned(),
    }
}

fn list(keywords: &Map<String, Json>, indent: &str) -> String {
    let items = keywords.get("items").filter(|_| !keywords.contains_key("prefixItems"));
    let item = items.map_or_else(|| ANY_JSON.to_owned(), |items| of(items, indent));
    if item.contains(" | ") { format!("({item})[]") } else { format!("{item}[]") }
}

fn object(keywords: &Map<String, Json>, indent: &str) -> String {
    let schema = Json::Object(keywords.clone());
    let properties = keywords.get("properties").and_then(Json::as_object);
    let further = keywords.get("additionalProperties").filter(|_| !keywords.contains_key("patternProperties"));
    let names = properties.into_iter().flat_map(Map::keys).map(String::as_str);
    match (properties.is_some_and(|properties| !properties.is_empty()), further) {
        (_, Some(Json::Bool(false))) => object_of(&schema, names, indent),
        (true, _) => {
            let closed = object_of(&schema, names, indent);
            let further = format!("{INDENT}[name: string]: unknown;\n{indent}}}");
            closed.strip_suffix('}').map_or_else(|| closed.clone(), |open| format!("{open}{further}"))
        }
        (false, further) => {
            let value = further.map_or_else(|| ANY_JSON.to_owned(), |schema| of(schema, indent));
            format!("{{ [name: string]: {value} }}")
        }
    }
}

fn presence(schema: &Json, name: &str) -> Presence {
    let required = schema.get("required").and_then(Json::as_array);
    let is_required = required.is_some_and(|required| required.iter().any(|it| it == name));
    if is_required { Presence::Required } else { Presence::Optional }
}

fn member(name: &str, schema: &Json, presence: Presence, indent: &str) -> String {
    let docs = docs(schema.get("description").and_then(Json::as_str), schema.get("default"), indent);
    let mark = if presence == Presence::Optional { "?" } else { "" };
    format!("{docs}{indent}{}{mark}: {};\n", property(name), of(schema, indent))
}

/// A name as a property: in quotation marks where it is no plain word.
fn property(name: &str) -> String {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let is_plain = name.chars().all(is_word) && name.starts_with(|first: char| !first.is_ascii_digit());
    if is_plain { name.to_owned() } else { Json::from(name).to_string() }
}

/// One of these, each once; whatever else there is, any JSON is any JSON.
fn union(types: impl Iterator<Item = String>) -> String {
    let mut each: Vec<String> = Vec::new();
    for ty in types {
        if !each.contains(&ty) {
            each.push(ty);
        }
    }
    match each.is_empty() {
        true => "never".to_owned(),
        false if each.iter().any(|ty| ty == ANY_JSON) => ANY_JSON.to_owned(),
        false => each.join(" | "),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_is_the_type_of_what_it_admits() {
        let cases = [
            (json!(true), "Json"),
            (json!(false), "never"),
            (json!({}), "Json"),
            (json!({ "type": "integer", "minimum": 0 }), "number"),
            (json!({ "type": ["string", "null"] }), "string | null"),
            (json!({ "type": ["integer", "number"] }), "number"),
            (json!({ "enum": ["a", 1, null, "*/"] }), r#""a" | 1 | null | "*/""#),
            (json!({ "const": { "a": [1, -2.5] } }), r#"{"a":[1,-2.5]}"#),
            (json!({ "type": "array" }), "Json[]"),
            (json!({ "type": "array", "items": { "type": "string" } }), "string[]"),
            (json!({ "type": "array", "items": { "type": ["string", "null"] } }), "(string | null)[]"),
            (json!({ "type": "array", "prefixItems": [{ "type": "string" }], "items": false }), "Json[]"),
            (json!({ "type": "object" }), "{ [name: string]: Json }"),
            (json!({ "type": "object", "additionalProperties": { "type": "number" } }), "{ [name: string]: number }"),
            (json!({ "type": "object", "additionalProperties": false }), "Record<string, never>"),
            (json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] }), "string | number"),
            (json!({ "anyOf": [{ "type": "string" }, { "$ref": "#/$defs/a" }] }), "Json"),
            (json!({ "enum": [] }), "never"),
        ];
        for (schema, ty) in cases {
            assert_eq!(of(&schema, ""), ty, "{schema}");
        }
    }

    #[test]
    fn an_object_has_its_properties_and_what_it_leaves_open() {
        let schema = json!({
            "type": "object",
            "properties": {
                "street name": { "type": "string", "description": "Where.\nNot a P.O. box */" },
                "tags": { "type": "array", "items": { "type": "object", "properties": { "id": { "type": "integer" } } } },
            },
            "required": ["street name"],
            "additionalProperties": false,
        });
        let lines = [
            "{",
            "  /**",
            "   * Where.",
            "   * Not a P.O. box *\\/",
            "   */",
            "  \"street name\": string;",
            "  tags?: {",
            "    id?: number;",
            "    [name: string]: unknown;",
            "  }[];",
            "}",
        ];
        assert_eq!(of(&schema, ""), lines.join("\n"));
    }
}
