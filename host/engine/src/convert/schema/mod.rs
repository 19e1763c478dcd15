//! What a conversion takes, as a JSON Schema (2020-12).
//!
//! A JSON value fits the schema of a type exactly if [`Conversion::lower`] takes it, but for what schemas cannot say:
//!
//! - An integer that an `f32` or `f64` does not hold exactly fits, and is refused: to a schema it is the double that is
//!   nearest to it.
//! - How many bytes there may be ([`BYTES_MAX`](super::BYTES_MAX)) and how deeply a `json` may be nested are bounds of the
//!   host, and not in the schema.

mod decimal;

use sandgate_flow::catalog::{Activity, Parameter, in_flow};
use sandgate_flow::value::Value;
use serde_json::{Map, Value as Json, json};

use super::names::Named;
use super::plan::{Field, Presence, Shape};
use super::{Conversion, Signature};

/// What the schemas are written in.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// RFC 4648, section 4: with its padding, and without bits that stand for nothing.
const BASE64: &str = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";

/// From here on a double is infinite as an `f32`: half a step above the greatest one.
const F32_END: f64 = 3.402_823_567_797_336_6e38; // 2^128 - 2^103

impl Conversion {
    /// The schema of the values that it takes, as JSON has them.
    pub fn schema(&self) -> Json {
        match &self.shape {
            Shape::Bool => json!({ "type": "boolean" }),
            Shape::S8 => integer(i8::MIN, i8::MAX),
            Shape::S16 => integer(i16::MIN, i16::MAX),
            Shape::S32 => integer(i32::MIN, i32::MAX),
            Shape::S64 => long(i64::MIN, i64::MAX, &decimal::signed(i64::MIN, i64::MAX)),
            Shape::U8 => integer(u8::MIN, u8::MAX),
            Shape::U16 => integer(u16::MIN, u16::MAX),
            Shape::U32 => integer(u32::MIN, u32::MAX),
            Shape::U64 => long(u64::MIN, u64::MAX, &decimal::unsigned(u64::MAX)),
            Shape::F32 => json!({ "type": "number", "exclusiveMinimum": -F32_END, "exclusiveMaximum": F32_END }),
            Shape::F64 => json!({ "type": "number" }),
            Shape::Char => json!({ "type": "string", "minLength": 1, "maxLength": 1 }),
            Shape::String => json!({ "type": "string" }),
            Shape::Bytes => json!({ "type": "string", "contentEncoding": "base64", "pattern": BASE64 }),
            Shape::Json => Json::Bool(true),
            Shape::Message => json!({ "description": "A string is sent as text, any other value as JSON." }),
            Shape::List(of) => json!({ "type": "array", "items": of.schema() }),
            Shape::Tuple(types) => tuple(types),
            Shape::Record(fields) => record(fields),
            Shape::Variant(cases) => variant(cases),
            Shape::Enum(names) => one_of(names),
            Shape::Flags(names) => json!({ "type": "array", "items": one_of(names), "uniqueItems": true }),
            Shape::Option(of) => json!({ "anyOf": [{ "type": "null" }, of.schema()] }),
            Shape::Nested(of) => json!({ "type": "array", "items": of.schema(), "maxItems": 1 }),
            Shape::Result { ok, error } => {
                json!({ "oneOf": [case("ok", ok.as_deref()), case("error", error.as_deref())] })
            }
        }
    }

    fn may_be_left_out(&self) -> bool {
        matches!(self.shape, Shape::Option(_) | Shape::Nested(_))
    }
}

impl Signature {
    /// The schema of each parameter of the function that this is of, in order, with its docs and its default.
    pub fn parameter_schemas<'a>(&'a self, activity: &'a Activity) -> impl Iterator<Item = Json> + 'a {
        activity.parameters.iter().zip(&self.parameters).map(|(about, conversion)| parameter(about, conversion))
    }

    /// The schema of an object with all arguments of that function, with its docs.
    pub fn input_schema(&self, activity: &Activity) -> Json {
        let parameters = || activity.parameters.iter().zip(&self.parameters);
        let due =
            |(about, conversion): &(&Parameter, &Conversion)| about.default.is_none() && !conversion.may_be_left_out();
        let properties = activity.parameters.iter().map(|about| about.name.to_string());
        let mut schema = object(
            properties.zip(self.parameter_schemas(activity)).collect(),
            parameters().filter(due).map(|(about, _)| &*about.name),
        );
        annotate(&mut schema, "$schema", Some(DIALECT.into()));
        annotate(&mut schema, "title", Some(in_flow(&activity.function).into()));
        annotate(&mut schema, "description", activity.docs.as_deref().map(Json::from));
        schema
    }
}

fn parameter(about: &Parameter, conversion: &Conversion) -> Json {
    let mut schema = match conversion.schema() {
        Json::Object(schema) => Json::Object(schema),
        // True: whatever is said beside it.
        _ => Json::Object(Map::new()),
    };
    annotate(&mut schema, "description", about.docs.as_deref().map(Json::from));
    annotate(&mut schema, "default", about.default.as_ref().and_then(|default: &Value| default.to_json().ok()));
    schema
}

fn annotate(schema: &mut Json, keyword: &str, value: Option<Json>) {
    if let (Json::Object(schema), Some(value)) = (schema, value) {
        schema.insert(keyword.to_owned(), value);
    }
}

fn integer<T: Into<Json>>(minimum: T, maximum: T) -> Json {
    json!({ "type": "integer", "minimum": minimum.into(), "maximum": maximum.into() })
}

/// An integer that JSON's readers may have no number for, and which may therefore be a text.
fn long<T: Into<Json>>(minimum: T, maximum: T, pattern: &str) -> Json {
    json!({ "anyOf": [integer(minimum, maximum), { "type": "string", "pattern": pattern }] })
}

fn tuple(types: &[Conversion]) -> Json {
    let items: Vec<_> = types.iter().map(Conversion::schema).collect();
    json!({ "type": "array", "prefixItems": items, "items": false, "minItems": types.len() })
}

fn record(fields: &[Field]) -> Json {
    let required = fields.iter().filter(|field| field.presence == Presence::Required);
    let properties = fields.iter().map(|field| (field.name.flow.to_string(), field.conversion.schema()));
    object(properties.collect(), required.map(|field| &*field.name.flow))
}

fn object<'a>(properties: Map<String, Json>, required: impl Iterator<Item = &'a str>) -> Json {
    json!({
        "type": "object",
        "properties": properties,
        "required": required.collect::<Vec<_>>(),
        "additionalProperties": false,
    })
}

/// Cases without a value are their names, and may be written as the others are.
fn variant(cases: &Named<Option<Conversion>>) -> Json {
    let plain: Vec<_> = cases.iter().filter(|(_, of)| of.is_none()).map(|(name, _)| &*name.flow).collect();
    let names = (!plain.is_empty()).then(|| json!({ "type": "string", "enum": plain }));
    let objects = cases.iter().map(|(name, of)| case(&name.flow, of.as_ref()));
    json!({ "oneOf": names.into_iter().chain(objects).collect::<Vec<_>>() })
}

fn case(name: &str, of: Option<&Conversion>) -> Json {
    let schema = of.map_or_else(|| json!({ "type": "null" }), Conversion::schema);
    object(Map::from_iter([(name.to_owned(), schema)]), std::iter::once(name))
}

fn one_of(names: &Named<()>) -> Json {
    json!({ "type": "string", "enum": names.iter().map(|(name, ())| &*name.flow).collect::<Vec<_>>() })
}
