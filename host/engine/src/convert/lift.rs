//! From a component's value to a flow's.

use std::sync::Arc;

use sandgate_flow::value::{Map, Value};
use wasmtime::component::Val;

use super::names::Named;
use super::plan::{Field, Shape};
use super::{Conversion, Error, entry, item, json, number};

impl Conversion {
    /// The value that a component gave, as flows have it. Integers that fit are [`Value::Int`].
    ///
    /// # Errors
    ///
    /// A `json` that is not JSON or is nested too deeply, or a value of another type.
    pub fn lift(&self, val: &Val) -> Result<Value, Error> {
        match (&self.shape, val) {
            (Shape::Bool, Val::Bool(value)) => Ok(Value::Bool(*value)),
            (Shape::S8, Val::S8(value)) => Ok(Value::Int((*value).into())),
            (Shape::S16, Val::S16(value)) => Ok(Value::Int((*value).into())),
            (Shape::S32, Val::S32(value)) => Ok(Value::Int((*value).into())),
            (Shape::S64, Val::S64(value)) => Ok(Value::Int(*value)),
            (Shape::U8, Val::U8(value)) => Ok(Value::Int((*value).into())),
            (Shape::U16, Val::U16(value)) => Ok(Value::Int((*value).into())),
            (Shape::U32, Val::U32(value)) => Ok(Value::Int((*value).into())),
            (Shape::U64, Val::U64(value)) => Ok(number::unsigned(*value)),
            (Shape::F32, Val::Float32(value)) => Ok(Value::Double((*value).into())),
            (Shape::F64, Val::Float64(value)) => Ok(Value::Double(*value)),
            (Shape::Char, Val::Char(value)) => Ok(Value::from(value.encode_utf8(&mut [0; 4]) as &str)),
            (Shape::String, Val::String(text)) => Ok(Value::from(text.as_str())),
            (Shape::Bytes, Val::List(items)) => self.lift_bytes(items),
            (Shape::Json, Val::Record(fields)) => self.lift_json(fields),
            (Shape::Message, Val::Variant(case, val)) => self.lift_message(case, val.as_deref()),
            (Shape::List(of), Val::List(items)) => list(items, std::iter::repeat(&**of)),
            (Shape::Tuple(types), Val::Tuple(items)) if types.len() == items.len() => list(items, types),
            (Shape::Record(fields), Val::Record(vals)) if fields.len() == vals.len() => record(vals, fields),
            (Shape::Variant(cases), Val::Variant(name, val)) => self.lift_case(name, val.as_deref(), cases),
            (Shape::Enum(names), Val::Enum(name)) => self.lift_name(name, names),
            (Shape::Flags(known), Val::Flags(names)) => {
                names.iter().map(|name| self.lift_name(name, known)).collect::<Result<_, _>>().map(Value::List)
            }
            (Shape::Option(of), Val::Option(val)) => val.as_deref().map_or(Ok(Value::Null), |val| of.lift(val)),
            (Shape::Nested(of), Val::Option(val)) => nested(val.as_deref(), of),
            (Shape::Result { ok, .. }, Val::Result(Ok(val))) => self.lift_side("ok", val.as_deref(), ok.as_deref()),
            (Shape::Result { error, .. }, Val::Result(Err(val))) => {
                self.lift_side("error", val.as_deref(), error.as_deref())
            }
            _ => Err(self.another()),
        }
    }

    /// The description and the component disagree: `wasmtime` has checked the types, so that this is a fault of the host.
    fn another(&self) -> Error {
        self.error("the component gave a value of another type")
    }

    fn lift_bytes(&self, items: &[Val]) -> Result<Value, Error> {
        let byte = |val: &Val| match val {
            Val::U8(byte) => Ok(*byte),
            _ => Err(self.another()),
        };
        items.iter().map(byte).collect::<Result<Arc<[u8]>, _>>().map(Value::Bytes)
    }

    fn lift_json(&self, fields: &[(String, Val)]) -> Result<Value, Error> {
        match fields {
            [(_, Val::String(text))] => json::read(text),
            _ => Err(self.another()),
        }
    }

    fn lift_message(&self, case: &str, val: Option<&Val>) -> Result<Value, Error> {
        match (case, val) {
            ("json", Some(Val::Record(fields))) => self.lift_json(fields),
            ("text", Some(Val::String(text))) => Ok(Value::from(text.as_str())),
            ("binary", Some(Val::List(items))) => self.lift_bytes(items),
            _ => Err(self.another()),
        }
    }

    fn lift_case(&self, name: &str, val: Option<&Val>, cases: &Named<Option<Self>>) -> Result<Value, Error> {
        let (name, of) = cases.by_wit(name).ok_or_else(|| self.another())?;
        match (of, val) {
            (None, None) => Ok(Value::String(Arc::clone(&name.flow))),
            (Some(of), Some(val)) => {
                let inner = of.lift(val).map_err(|error| error.under(entry(&name.flow)))?;
                Ok(Value::map([(Arc::clone(&name.flow), inner)]))
            }
            _ => Err(self.another()),
        }
    }

    fn lift_name(&self, name: &str, names: &Named<()>) -> Result<Value, Error> {
        let found = names.by_wit(name).ok_or_else(|| self.another());
        found.map(|(name, ())| Value::String(Arc::clone(&name.flow)))
    }

    fn lift_side(&self, name: &str, val: Option<&Val>, of: Option<&Self>) -> Result<Value, Error> {
        let inner = match (val, of) {
            (Some(val), Some(of)) => of.lift(val).map_err(|error| error.under(entry(name)))?,
            (None, None) => Value::Null,
            _ => return Err(self.another()),
        };
        Ok(Value::map([(name, inner)]))
    }
}

fn list<'a>(items: &[Val], types: impl IntoIterator<Item = &'a Conversion>) -> Result<Value, Error> {
    // Collecting results would begin with no room at all.
    let mut values = Vec::with_capacity(items.len());
    for (index, (val, of)) in items.iter().zip(types).enumerate() {
        values.push(of.lift(val).map_err(|error| error.under(item(index)))?);
    }
    Ok(Value::List(values.into()))
}

fn record(vals: &[(String, Val)], fields: &[Field]) -> Result<Value, Error> {
    let mut map = Map::new();
    for ((_, val), field) in vals.iter().zip(fields) {
        let value = field.conversion.lift(val).map_err(|error| error.under(entry(&field.name.flow)))?;
        map.insert(Arc::clone(&field.name.flow), value);
    }
    Ok(Value::Map(Arc::new(map)))
}

fn nested(val: Option<&Val>, of: &Conversion) -> Result<Value, Error> {
    let inner = val.map(|val| of.lift(val).map_err(|error| error.under(item(0)))).transpose()?;
    Ok(Value::List(inner.into_iter().collect()))
}
