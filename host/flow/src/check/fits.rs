//! Whether a literal fits a WIT type. What the engine's conversion takes is taken here, and nothing else.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::catalog::{Case, Field, Type, in_flow};
use crate::diagnostic::{did_you_mean, listed};
use crate::document::{Entries, Kind, Literal};
use crate::value::Value;

/// Why a literal does not fit.
#[derive(Debug, PartialEq)]
pub(super) struct Misfit<'a> {
    /// The part of the literal.
    pub(super) literal: &'a Literal,
    /// The way to it, as in `.a[3]`.
    pub(super) path: String,
    /// What is due and what is there.
    pub(super) reason: String,
    /// What to do.
    pub(super) help: Option<String>,
}

/// What is due and what is there, and what to do.
pub(super) type Reason = (String, Option<String>);

/// What a text is known to be.
pub(super) enum Known {
    /// This value, as it is.
    Value(Value),
    /// The result of an expression, which fits or does not.
    Result(Result<(), Reason>),
}

/// Finds every part of a literal that does not fit. `known` says what a text stands for: it may be an expression.
pub(super) fn misfits<'a>(
    literal: &'a Literal,
    ty: &Type,
    known: &impl Fn(&Literal, &Type) -> Known,
) -> Vec<Misfit<'a>> {
    let mut walk = Walk { known, path: Vec::new(), misfits: Vec::new() };
    walk.literal(literal, ty);
    walk.misfits
}

struct Walk<'a, 'k, K> {
    known: &'k K,
    path: Vec<String>,
    misfits: Vec<Misfit<'a>>,
}

impl<'a, K: Fn(&Literal, &Type) -> Known> Walk<'a, '_, K> {
    fn literal(&mut self, literal: &'a Literal, ty: &Type) {
        match (&literal.kind, ty) {
            (Kind::Scalar(Value::String(_)), _) => match (self.known)(literal, ty) {
                Known::Value(value) => self.result(literal, scalar(&value, ty)),
                Known::Result(result) => self.result(literal, result),
            },
            (Kind::Scalar(value), _) => self.result(literal, scalar(value, ty)),
            (Kind::Broken, _) | (_, Type::Json | Type::Message) => {}
            (Kind::List(items), Type::Option(inner)) => self.some(literal, items, inner),
            (Kind::Map(_), Type::Option(inner)) => self.literal(literal, inner),
            (Kind::List(items), ty) => self.list(literal, items, ty),
            (Kind::Map(entries), ty) => self.map(literal, entries, ty),
        }
    }

    fn result(&mut self, literal: &'a Literal, result: Result<(), Reason>) {
        if let Err((reason, help)) = result {
            self.misfit(literal, reason, help);
        }
    }

    /// An option of an option is a list of none or one.
    fn some(&mut self, literal: &'a Literal, items: &'a [Literal], inner: &Type) {
        match (inner, items) {
            (Type::Option(_), [] | [_]) => self.list(literal, items, &Type::List(Box::new(inner.clone()))),
            _ => self.literal(literal, inner),
        }
    }

    fn list(&mut self, literal: &'a Literal, items: &'a [Literal], ty: &Type) {
        match ty {
            Type::List(item) => self.items(items, std::iter::repeat(&**item)),
            Type::Tuple(types) if types.len() == items.len() => self.items(items, types),
            Type::Tuple(types) => {
                self.misfit(literal, format!("{} values are due, and this has {}", types.len(), items.len()), None);
            }
            Type::Flags(names) => names_only(items, names).into_iter().for_each(|(item, reason, help)| {
                self.misfit(item, reason, help);
            }),
            _ => self.misfit(literal, format!("{ty} is due, and this is a list"), None),
        }
    }

    fn items<'t>(&mut self, items: &'a [Literal], types: impl IntoIterator<Item = &'t Type>) {
        for ((index, item), ty) in items.iter().enumerate().zip(types) {
            self.within(format!("[{index}]"), |walk| walk.literal(item, ty));
        }
    }

    fn map(&mut self, literal: &'a Literal, entries: &'a Entries<Literal>, ty: &Type) {
        match ty {
            Type::Record(fields) => self.record(literal, entries, fields),
            Type::Variant(cases) => self.case(literal, entries, cases),
            Type::Result { ok, error } => {
                let case = |name: &str, ty: &Option<Box<Type>>| Case { name: name.into(), ty: ty.as_deref().cloned() };
                self.case(literal, entries, &[case("ok", ok), case("error", error)]);
            }
            _ => self.misfit(literal, format!("{ty} is due, and this is a map"), None),
        }
    }

    fn record(&mut self, literal: &'a Literal, entries: &'a Entries<Literal>, fields: &[Field]) {
        let known: Vec<_> = fields.iter().map(|field| (in_flow(&field.name), &field.ty)).collect();
        for (name, ty) in &known {
            match entries.get(name) {
                Some(item) => self.within(format!(".{name}"), |walk| walk.literal(item, ty)),
                None if matches!(ty, Type::Option(_)) => {}
                None => self.misfit(literal, format!("the field `{name}` ({ty}) is missing"), None),
            }
        }
        for (key, item) in entries.iter().filter(|(key, _)| known.iter().all(|(name, _)| **name != *key.value)) {
            let names = known.iter().map(|(name, _)| name.as_str());
            let help = did_you_mean(&key.value, names.clone()).or_else(|| Some(format!("it has {}", listed(names))));
            self.misfit(item, format!("there is no field `{}`", key.value), help);
        }
    }

    fn case(&mut self, literal: &'a Literal, entries: &'a Entries<Literal>, cases: &[Case]) {
        let [(key, item)] = entries.0.as_slice() else {
            return self.misfit(literal, "a map of one case is due".to_owned(), Some(cases_help(cases)));
        };
        match cases.iter().find(|case| in_flow(&case.name) == *key.value) {
            Some(Case { ty: Some(ty), .. }) => self.within(format!(".{}", key.value), |walk| walk.literal(item, ty)),
            Some(Case { ty: None, .. }) if matches!(item.kind, Kind::Scalar(Value::Null)) => {}
            Some(Case { ty: None, .. }) => self.misfit(item, format!("the case `{}` has no value", key.value), None),
            None => self.misfit(literal, format!("there is no case `{}`", key.value), Some(cases_help(cases))),
        }
    }

    fn within(&mut self, part: String, walk: impl FnOnce(&mut Self)) {
        self.path.push(part);
        walk(self);
        self.path.pop();
    }

    fn misfit(&mut self, literal: &'a Literal, reason: String, help: Option<String>) {
        self.misfits.push(Misfit { literal, path: self.path.concat(), reason, help });
    }
}

/// Whether a value that holds no others fits.
fn scalar(value: &Value, ty: &Type) -> Result<(), Reason> {
    let fits = match (ty, value) {
        (Type::Json | Type::Message, Value::Double(double)) => double.is_finite(),
        (Type::Json | Type::Message, _) | (Type::Option(_), Value::Null) => true,
        (Type::Option(inner), value) => return scalar(value, inner),
        (Type::Enum(names), Value::String(name)) => return one_of(name, names.iter()),
        (Type::Variant(cases), Value::String(name)) => return unit_case(name, cases),
        (Type::Bool, Value::Bool(_)) | (Type::String, Value::String(_)) | (Type::Bytes, Value::Bytes(_)) => true,
        (Type::Char, Value::String(text)) => text.chars().count() == 1,
        (Type::Bytes, Value::String(text)) => BASE64.decode(text.as_bytes()).is_ok(),
        (Type::F32 | Type::F64, Value::Int(_) | Value::Uint(_) | Value::Double(_)) => true,
        (ty, value) => match (range(ty), whole(value, ty)) {
            (Some(range), Some(whole)) if range.contains(&whole) => true,
            (Some(range), Some(whole)) => {
                return Err((format!("{ty} holds {} to {}, and this is {whole}", range.start(), range.end()), None));
            }
            _ => false,
        },
    };
    if fits { Ok(()) } else { Err((format!("{} is due, and this is {}", due(ty), told(value)), None)) }
}

fn range(ty: &Type) -> Option<std::ops::RangeInclusive<i128>> {
    Some(match ty {
        Type::S8 => i8::MIN.into()..=i8::MAX.into(),
        Type::S16 => i16::MIN.into()..=i16::MAX.into(),
        Type::S32 => i32::MIN.into()..=i32::MAX.into(),
        Type::S64 => i64::MIN.into()..=i64::MAX.into(),
        Type::U8 => 0..=u8::MAX.into(),
        Type::U16 => 0..=u16::MAX.into(),
        Type::U32 => 0..=u32::MAX.into(),
        Type::U64 => 0..=u64::MAX.into(),
        _ => return None,
    })
}

/// A number without a fraction; for 64-bit types, also as a text.
#[expect(clippy::cast_possible_truncation, reason = "only floats without a fraction are cast, and i128 saturates")]
fn whole(value: &Value, ty: &Type) -> Option<i128> {
    match value {
        Value::Int(value) => Some((*value).into()),
        Value::Uint(value) => Some((*value).into()),
        Value::Double(value) if value.fract() == 0.0 => Some(*value as i128),
        Value::String(text) if matches!(ty, Type::S64 | Type::U64) => text.parse().ok(),
        _ => None,
    }
}

fn one_of<'a>(name: &str, names: impl Iterator<Item = &'a Arc<str>>) -> Result<(), Reason> {
    let names: Vec<_> = names.map(|name| in_flow(name)).collect();
    if names.iter().any(|known| known == name) {
        return Ok(());
    }
    let known = || names.iter().map(String::as_str);
    Err((format!("`{name}` is none of {}", listed(known())), did_you_mean(name, known())))
}

fn unit_case(name: &str, cases: &[Case]) -> Result<(), Reason> {
    match cases.iter().find(|case| in_flow(&case.name) == name) {
        Some(Case { ty: Some(ty), .. }) => {
            Err((format!("the case `{name}` has a value, {ty}"), Some(format!("write `{{ {name}: ... }}`"))))
        }
        Some(_) => Ok(()),
        None => one_of(name, cases.iter().map(|case| &case.name)),
    }
}

/// The items that are no flag's name. An expression is let pass: what it gives is not known.
fn names_only<'a>(items: &'a [Literal], names: &[Arc<str>]) -> Vec<(&'a Literal, String, Option<String>)> {
    items
        .iter()
        .filter_map(|item| match &item.kind {
            Kind::Scalar(Value::String(name)) if name.contains("${") => None,
            Kind::Scalar(Value::String(name)) => {
                one_of(name, names.iter()).err().map(|(reason, help)| (item, reason, help))
            }
            _ => Some((item, "the name of a flag is due".to_owned(), None)),
        })
        .collect()
}

fn cases_help(cases: &[Case]) -> String {
    format!(
        "the cases are {}",
        listed(cases.iter().map(|case| in_flow(&case.name)).collect::<Vec<_>>().iter().map(String::as_str))
    )
}

/// The type, with what it is written as where that is not plain.
fn due(ty: &Type) -> String {
    match ty {
        Type::Bytes => "list<u8>, bytes in base64,".to_owned(),
        Type::Char => "char, a text of one character,".to_owned(),
        ty => ty.to_string(),
    }
}

fn told(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::String(text) if text.chars().count() <= 40 => format!("the text {text:?}"),
        Value::String(_) => "a text".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Double(value) if value.is_finite() => format!("the number {value}"),
        Value::Double(value) => value.to_string(),
        other => format!("the integer {other}"),
    }
}
