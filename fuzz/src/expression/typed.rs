//! Whether a value is of the type that the check foresaw.

use sandgate_flow::expression::{Kind, StaticType};
use sandgate_flow::value::Value;

/// Whether a value is of a type.
pub(super) fn has(value: &Value, ty: &StaticType) -> bool {
    match (&ty.kind, value) {
        (Kind::Any, _) | (Kind::Null, Value::Null) => true,
        (_, Value::Null) => ty.nullable,
        (Kind::Bool, Value::Bool(_))
        | (Kind::Int, Value::Int(_))
        | (Kind::Uint, Value::Uint(_))
        | (Kind::Double, Value::Double(_))
        | (Kind::String, Value::String(_))
        | (Kind::Bytes, Value::Bytes(_))
        | (Kind::Map(None), Value::Map(_)) => true,
        (Kind::List(of), Value::List(items)) => items.iter().all(|item| has(item, of)),
        (Kind::Map(Some(fields)), Value::Map(entries)) => {
            fields.len() == entries.len()
                && entries.iter().all(|(name, entry)| fields.get(name).is_some_and(|of| has(entry, of)))
        }
        _ => false,
    }
}
