//! Whether a literal fits a WIT type. What the engine's conversion takes is taken here, and nothing else.

mod scalar;

use std::sync::Arc;

use self::scalar::{due, one_of, scalar};
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
            (Kind::Broken, _) => {}
            (Kind::List(items), Type::Json | Type::Message) => self.items(items, std::iter::repeat(&Type::Json)),
            (Kind::Map(entries), Type::Json | Type::Message) => {
                for (key, item) in entries.iter() {
                    self.within(format!(".{}", key.value), |walk| walk.literal(item, &Type::Json));
                }
            }
            (Kind::List(items), Type::Option(inner)) if is_nested(inner) && items.len() <= 1 => {
                self.items(items, [&**inner]);
            }
            (_, Type::Option(inner)) if is_nested(inner) => {
                self.misfit(literal, format!("{} is due, and this is {}", due(ty), literal.kind_name()), None);
            }
            (_, Type::Option(inner)) => self.literal(literal, inner),
            (Kind::List(items), ty) => self.list(literal, items, ty),
            (Kind::Map(entries), ty) => self.map(literal, entries, ty),
        }
    }

    fn result(&mut self, literal: &'a Literal, result: Result<(), Reason>) {
        if let Err((reason, help)) = result {
            self.misfit(literal, reason, help);
        }
    }

    fn list(&mut self, literal: &'a Literal, items: &'a [Literal], ty: &Type) {
        match ty {
            Type::List(item) => self.items(items, std::iter::repeat(&**item)),
            Type::Tuple(types) if types.len() == items.len() => self.items(items, types),
            Type::Tuple(types) => {
                self.misfit(literal, format!("{} values are due, and this has {}", types.len(), items.len()), None);
            }
            Type::Flags(names) => self.flags(items, names),
            _ => self.misfit(literal, format!("{ty} is due, and this is a list"), None),
        }
    }

    fn flags(&mut self, items: &'a [Literal], names: &[Arc<str>]) {
        let mut written: Vec<Arc<str>> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let result = match self.flag(item) {
                Known::Value(Value::String(name)) if written.contains(&name) => {
                    Err((format!("the flag `{name}` is there twice"), None))
                }
                Known::Value(Value::String(name)) => {
                    let result = one_of(&name, names.iter());
                    written.push(name);
                    result
                }
                Known::Value(_) => Err(("the name of a flag is due".to_owned(), None)),
                Known::Result(result) => result,
            };
            self.within(format!("[{index}]"), |walk| walk.result(item, result));
        }
    }

    fn flag(&self, item: &Literal) -> Known {
        match &item.kind {
            Kind::Scalar(Value::String(_)) => (self.known)(item, &Type::String),
            Kind::Broken => Known::Result(Ok(())),
            _ => Known::Value(Value::Null),
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

/// Whether an option of this is one of an option, and so a list of none or one: null would say too little.
pub(super) fn is_nested(inner: &Type) -> bool {
    matches!(inner, Type::Option(_))
}

fn cases_help(cases: &[Case]) -> String {
    format!(
        "the cases are {}",
        listed(cases.iter().map(|case| in_flow(&case.name)).collect::<Vec<_>>().iter().map(String::as_str))
    )
}
