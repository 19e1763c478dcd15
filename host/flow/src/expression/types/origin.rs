//! Where types come from: values, WIT, JSON Schema.

use serde_json::Value as Json;

use super::{Kind, StaticType};
use crate::catalog::{Type, in_flow};
use crate::value::Value;

impl StaticType {
    /// The type of a value.
    pub fn of_value(value: &Value) -> Self {
        Self::of(match value {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Bool,
            Value::Int(_) => Kind::Int,
            Value::Uint(_) => Kind::Uint,
            Value::Double(_) => Kind::Double,
            Value::String(_) => Kind::String,
            Value::Bytes(_) => Kind::Bytes,
            Value::List(items) => Kind::List(Box::new(Self::join_all(items.iter().map(Self::of_value)))),
            Value::Map(entries) => {
                return Self::record(entries.iter().map(|(key, value)| (key.clone(), Self::of_value(value))));
            }
        })
    }

    /// The values that come out of a component as this type.
    pub fn of_wit(ty: &Type) -> Self {
        Self::of(match ty {
            Type::Bool => Kind::Bool,
            // An unsigned integer that fits is an int, so that arithmetic needs no conversion.
            Type::S8 | Type::S16 | Type::S32 | Type::S64 | Type::U8 | Type::U16 | Type::U32 | Type::U64 => Kind::Int,
            Type::F32 | Type::F64 => Kind::Double,
            Type::Char | Type::String | Type::Enum(_) => Kind::String,
            Type::Bytes => Kind::Bytes,
            // A variant is a map, or a string where the case has no value.
            Type::Json | Type::Message | Type::Variant(_) => Kind::Any,
            Type::List(item) => Kind::List(Box::new(Self::of_wit(item))),
            Type::Tuple(items) => Kind::List(Box::new(Self::join_all(items.iter().map(Self::of_wit)))),
            Type::Flags(_) => Kind::List(Box::new(Self::of(Kind::String))),
            Type::Record(fields) => {
                return Self::record(fields.iter().map(|field| (in_flow(&field.name), Self::of_wit(&field.ty))));
            }
            // An option within another is a list of none or one.
            Type::Option(some) if matches!(**some, Type::Option(_)) => Kind::List(Box::new(Self::of_wit(some))),
            Type::Option(some) => return Self::of_wit(some).or_null(),
            Type::Result { .. } => Kind::Map(None),
        })
    }

    /// The values that a JSON schema admits, as far as its `type` says.
    pub fn of_schema(schema: &Json) -> Self {
        match schema.get("type") {
            Some(Json::String(name)) => Self::of_schema_type(name, schema),
            Some(Json::Array(names)) => Self::join_schema_types(names, schema),
            _ => Self::ANY,
        }
    }

    fn join_schema_types(names: &[Json], schema: &Json) -> Self {
        Self::join_all(names.iter().filter_map(Json::as_str).map(|name| Self::of_schema_type(name, schema)))
    }

    fn of_schema_type(name: &str, schema: &Json) -> Self {
        Self::of(match name {
            "null" => Kind::Null,
            "boolean" => Kind::Bool,
            "integer" => Kind::Int,
            "string" => Kind::String,
            // `items` says nothing of those that `prefixItems` is about.
            "array" if schema.get("prefixItems").is_some() => Kind::List(Box::new(Self::ANY)),
            "array" => Kind::List(Box::new(schema.get("items").map_or(Self::ANY, Self::of_schema))),
            "object" => Self::object(schema),
            // 3 is an int and 3.5 a double, and `number` admits both.
            _ => Kind::Any,
        })
    }

    /// An object's fields are known only if it has no others.
    fn object(schema: &Json) -> Kind {
        let closed =
            schema.get("additionalProperties") == Some(&Json::Bool(false)) && schema.get("patternProperties").is_none();
        let Some(properties) = schema.get("properties").and_then(Json::as_object).filter(|_| closed) else {
            return Kind::Map(None);
        };
        Kind::Map(Some(
            properties.iter().map(|(name, schema)| (name.as_str().into(), Self::of_schema(schema))).collect(),
        ))
    }
}
