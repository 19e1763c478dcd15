//! From a flow's value to a component's.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sandgate_flow::value::{Map, Value};
use wasmtime::component::Val;

use super::names::{Named, unknown};
use super::plan::{Field, Presence, Shape};
use super::{BYTES_MAX, Conversion, Error, entry, item, json, number};

impl Conversion {
    /// The value as a component takes it.
    ///
    /// # Errors
    ///
    /// The value does not fit the type.
    pub fn lower(&self, value: &Value) -> Result<Val, Error> {
        match &self.shape {
            Shape::Bool => self.boolean(value),
            Shape::S8 => self.integer(value).map(Val::S8),
            Shape::S16 => self.integer(value).map(Val::S16),
            Shape::S32 => self.integer(value).map(Val::S32),
            Shape::S64 => self.long(value).map(Val::S64),
            Shape::U8 => self.integer(value).map(Val::U8),
            Shape::U16 => self.integer(value).map(Val::U16),
            Shape::U32 => self.integer(value).map(Val::U32),
            Shape::U64 => self.long(value).map(Val::U64),
            Shape::F32 => self.float(value, number::single).map(Val::Float32),
            Shape::F64 => self.float(value, number::double).map(Val::Float64),
            Shape::Char => self.character(value),
            Shape::String => self.text(value).map(|text| Val::String(text.to_owned())),
            Shape::Bytes => self.bytes(value),
            Shape::Json => json_record(value),
            Shape::Message => self.message(value),
            Shape::List(of) => self.list(value, of),
            Shape::Tuple(types) => self.tuple(value, types),
            Shape::Record(fields) => self.record(value, fields),
            Shape::Variant(cases) => self.variant(value, cases),
            Shape::Enum(names) => self.one_of(value, names, "case").map(|name| Val::Enum(name.to_owned())),
            Shape::Flags(names) => self.flags(value, names),
            Shape::Option(of) => self.option(value, of),
            Shape::Nested(of) => self.nested(value, of),
            Shape::Result { ok, error } => self.result(value, ok.as_deref(), error.as_deref()),
        }
    }

    #[cold]
    fn not_a(&self, value: &Value, due: &str) -> Error {
        let given = match value {
            Value::Int(_) | Value::Uint(_) | Value::Double(_) | Value::Bool(_) => {
                format!("the {} {value}", value.type_name())
            }
            Value::Null => "null".to_owned(),
            other => format!("a {}", other.type_name()),
        };
        self.error(format!("{given} was given, where {due} is due"))
    }

    fn boolean(&self, value: &Value) -> Result<Val, Error> {
        match value {
            Value::Bool(value) => Ok(Val::Bool(*value)),
            other => Err(self.not_a(other, "true or false")),
        }
    }

    fn integer<T: TryFrom<i128>>(&self, value: &Value) -> Result<T, Error> {
        self.ranged(value, number::whole(value))
    }

    /// An integer of 64 bits, which JSON's readers may have no number for.
    fn long<T: TryFrom<i128>>(&self, value: &Value) -> Result<T, Error> {
        match value {
            Value::String(text) => self.ranged(value, number::whole_text(text)),
            _ => self.integer(value),
        }
    }

    fn ranged<T: TryFrom<i128>>(&self, value: &Value, whole: Option<i128>) -> Result<T, Error> {
        let whole = whole.ok_or_else(|| self.not_a(value, "an integer"))?;
        T::try_from(whole).map_err(|_| self.error(format!("{whole} is out of range")))
    }

    fn float<T>(&self, value: &Value, held: impl Fn(&Value) -> Option<T>) -> Result<T, Error> {
        held(value).ok_or_else(|| self.not_a(value, "a number that it holds"))
    }

    fn text<'a>(&self, value: &'a Value) -> Result<&'a str, Error> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(self.not_a(other, "a string")),
        }
    }

    fn character(&self, value: &Value) -> Result<Val, Error> {
        let mut chars = self.text(value)?.chars();
        match (chars.next(), chars.next()) {
            (Some(one), None) => Ok(Val::Char(one)),
            (None, _) => Err(self.error("an empty string was given, where one character is due")),
            (Some(_), Some(_)) => Err(self.error("a longer string was given, where one character is due")),
        }
    }

    fn bytes(&self, value: &Value) -> Result<Val, Error> {
        match value {
            Value::Bytes(bytes) => self.octets(bytes),
            Value::String(text) => match BASE64.decode(text.as_bytes()) {
                Ok(bytes) => self.octets(&bytes),
                Err(error) => Err(self.error(format!("a string for bytes must be base64: {error}"))),
            },
            other => Err(self.not_a(other, "bytes, or a string of base64,")),
        }
    }

    fn octets(&self, bytes: &[u8]) -> Result<Val, Error> {
        if bytes.len() > BYTES_MAX {
            return Err(self.error(format!("{} bytes were given, where at most {BYTES_MAX} are due", bytes.len())));
        }
        Ok(Val::List(bytes.iter().copied().map(Val::U8).collect()))
    }

    fn message(&self, value: &Value) -> Result<Val, Error> {
        let (case, val) = match value {
            Value::String(text) => ("text", Val::String(str::to_owned(text))),
            Value::Bytes(bytes) => ("binary", self.octets(bytes)?),
            other => ("json", json_record(other)?),
        };
        Ok(case_of(case, Some(val)))
    }

    fn items<'a>(&self, value: &'a Value) -> Result<&'a [Value], Error> {
        match value {
            Value::List(items) => Ok(items),
            other => Err(self.not_a(other, "a list")),
        }
    }

    fn list(&self, given: &Value, of: &Self) -> Result<Val, Error> {
        let items = self.items(given)?;
        // Collecting results would begin with no room at all.
        let mut vals = Vec::with_capacity(items.len());
        for (index, each) in items.iter().enumerate() {
            vals.push(of.lower(each).map_err(|error| error.under(item(index)))?);
        }
        Ok(Val::List(vals))
    }

    fn tuple(&self, given: &Value, types: &[Self]) -> Result<Val, Error> {
        let given = self.items(given)?;
        if given.len() != types.len() {
            return Err(self.error(format!("a list of {} was given, where {} are due", given.len(), types.len())));
        }
        let vals = given.iter().zip(types).enumerate();
        let vals = vals.map(|(index, (each, of))| of.lower(each).map_err(|error| error.under(item(index))));
        vals.collect::<Result<_, _>>().map(Val::Tuple)
    }

    fn record(&self, given: &Value, fields: &[Field]) -> Result<Val, Error> {
        let Value::Map(given) = given else { return Err(self.not_a(given, "a map")) };
        let mut vals = Vec::with_capacity(fields.len());
        let mut found = 0;
        for field in fields {
            let val = match (given.get(&field.name.flow), field.presence) {
                (Some(value), _) => {
                    found += 1;
                    field.conversion.lower(value).map_err(|error| error.under(entry(&field.name.flow)))?
                }
                (None, Presence::Optional) => Val::Option(None),
                (None, Presence::Required) => return Err(self.missing(given, field, fields)),
            };
            vals.push((str::to_owned(&field.name.wit), val));
        }
        if found == given.len() { Ok(Val::Record(vals)) } else { Err(self.no_field(given, fields)) }
    }

    /// Of a field that is missing: its name may have been written wrong.
    #[cold]
    fn missing(&self, given: &Map, field: &Field, fields: &[Field]) -> Error {
        if unknown_in(given, fields).is_some() {
            return self.no_field(given, fields);
        }
        self.error(format!("the field `{}` is missing", field.name.flow))
    }

    #[cold]
    fn no_field(&self, given: &Map, fields: &[Field]) -> Error {
        let name = unknown_in(given, fields).unwrap_or_default();
        self.error(unknown("field", name, fields.iter().map(|field| &*field.name.flow)))
    }

    fn variant(&self, given: &Value, cases: &Named<Option<Self>>) -> Result<Val, Error> {
        let (name, given) = self.case_given(given)?;
        let (known, of) = cases.by_flow(name).ok_or_else(|| self.error(cases.unknown("case", name)))?;
        match (of, given) {
            (None, None | Some(Value::Null)) => Ok(case_of(&known.wit, None)),
            (None, Some(_)) => Err(self.error(format!("the case `{name}` has no value: write \"{name}\""))),
            (Some(of), Some(given)) => {
                let val = of.lower(given).map_err(|error| error.under(entry(name)))?;
                Ok(case_of(&known.wit, Some(val)))
            }
            (Some(_), None) => Err(self.error(format!("the case `{name}` has a value: write {{\"{name}\": ...}}"))),
        }
    }

    /// The name and the value of the case that was written.
    fn case_given<'a>(&self, value: &'a Value) -> Result<(&'a str, Option<&'a Value>), Error> {
        let written = match value {
            Value::String(name) => Some((&**name, None)),
            other => only_entry(other).map(|(name, value)| (name, Some(value))),
        };
        written.ok_or_else(|| self.not_a(value, "a case's name, or a map of it to its value,"))
    }

    /// The name, as WIT has it, that a value is.
    fn one_of<'a>(&self, given: &Value, names: &'a Named<()>, what: &str) -> Result<&'a str, Error> {
        let given = self.text(given)?;
        let found = names.by_flow(given).ok_or_else(|| self.error(names.unknown(what, given)));
        found.map(|(name, ())| &*name.wit)
    }

    fn flags(&self, value: &Value, names: &Named<()>) -> Result<Val, Error> {
        let mut flags: Vec<String> = Vec::new();
        for (index, each) in self.items(value)?.iter().enumerate() {
            let name = self.one_of(each, names, "flag").map_err(|error| error.under(item(index)))?;
            // There are few flags, and no more of these than there are.
            if flags.iter().any(|flag| flag == name) {
                return Err(self.error(format!("the flag `{each}` is there twice")).under(item(index)));
            }
            flags.push(name.to_owned());
        }
        Ok(Val::Flags(flags))
    }

    fn option(&self, given: &Value, of: &Self) -> Result<Val, Error> {
        Ok(Val::Option(match given {
            Value::Null => None,
            given => Some(Box::new(of.lower(given)?)),
        }))
    }

    fn nested(&self, given: &Value, of: &Self) -> Result<Val, Error> {
        let inner = match given {
            Value::List(items) if items.len() <= 1 => items.first(),
            other => return Err(self.not_a(other, "a list of none or one")),
        };
        let val = inner.map(|inner| of.lower(inner).map_err(|error| error.under(item(0)))).transpose()?;
        Ok(Val::Option(val.map(Box::new)))
    }

    fn result(&self, given: &Value, ok: Option<&Self>, error: Option<&Self>) -> Result<Val, Error> {
        let due = "a map of `ok` or `error` to its value";
        let (name, given) = only_entry(given).ok_or_else(|| self.not_a(given, due))?;
        match name {
            "ok" => self.side(given, ok).map(Ok),
            "error" => self.side(given, error).map(Err),
            other => return Err(self.error(unknown("case", other, ["ok", "error"].into_iter()))),
        }
        .map(Val::Result)
        .map_err(|error| error.under(entry(name)))
    }

    fn side(&self, given: &Value, of: Option<&Self>) -> Result<Option<Box<Val>>, Error> {
        match (of, given) {
            (Some(of), given) => of.lower(given).map(|val| Some(Box::new(val))),
            (None, Value::Null) => Ok(None),
            (None, _) => Err(self.error("it has no value: write null")),
        }
    }
}

fn json_record(value: &Value) -> Result<Val, Error> {
    Ok(Val::Record(vec![("text".to_owned(), Val::String(json::write(value)?))]))
}

fn case_of(name: &str, val: Option<Val>) -> Val {
    Val::Variant(name.to_owned(), val.map(Box::new))
}

/// What a map of one entry holds.
fn only_entry(value: &Value) -> Option<(&str, &Value)> {
    match value {
        Value::Map(map) if map.len() == 1 => map.iter().next().map(|(name, value)| (&**name, value)),
        _ => None,
    }
}

/// A name in the map that no field has.
fn unknown_in<'a>(given: &'a Map, fields: &[Field]) -> Option<&'a str> {
    given.keys().map(|name| &**name).find(|name| fields.iter().all(|field| *field.name.flow != **name))
}
