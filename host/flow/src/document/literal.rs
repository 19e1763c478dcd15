//! A value as it is written, with its place in the text.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::expression::Segment;
use crate::value::Value;

/// A value as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal {
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// What a value as written is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Null, a bool, a number or a text.
    Scalar(Value),
    /// Values in order.
    List(Vec<Literal>),
    /// Values by name.
    Map(Entries<Literal>),
    /// Something that a problem was already found with.
    Broken,
}

/// A text as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text, without quotes and escapes.
    pub value: Arc<str>,
    /// Where it stands, with its quotes.
    pub span: Range<usize>,
}

/// Things by name, in the order of the text. No name occurs twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entries<T>(pub Vec<(Text, T)>);

impl Literal {
    /// The value, without its places.
    pub fn value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(items) => Value::List(items.iter().map(Self::value).collect()),
            Kind::Map(entries) => Value::map(entries.iter().map(|(key, item)| (Arc::clone(&key.value), item.value()))),
            Kind::Broken => Value::Null,
        }
    }

    /// Where a problem with the whole of it is shown: a map's first key, a list's first item, or all of a scalar.
    pub fn head(&self) -> Range<usize> {
        match &self.kind {
            Kind::Map(entries) => entries.0.first().map_or_else(|| self.span.clone(), |(key, _)| key.span.clone()),
            Kind::List(items) => items.first().map_or_else(|| self.span.clone(), Self::head),
            Kind::Scalar(_) | Kind::Broken => self.span.clone(),
        }
    }

    /// The deepest literal on this way that exists.
    pub fn at(&self, way: impl IntoIterator<Item = Segment>) -> &Self {
        let mut here = self;
        for step in way {
            let next = match (&here.kind, step) {
                (Kind::Map(entries), Segment::Key(key)) => entries.get(&key),
                (Kind::List(items), Segment::Index(index)) => items.get(index),
                _ => None,
            };
            match next {
                Some(next) => here = next,
                None => break,
            }
        }
        here
    }

    /// What it is, for messages: `a text`.
    pub(crate) fn kind_name(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(Value::Null) => "empty",
            Kind::Scalar(Value::Bool(_)) => "a boolean",
            Kind::Scalar(Value::Int(_) | Value::Uint(_)) => "an integer",
            Kind::Scalar(Value::Double(_)) => "a number",
            Kind::Scalar(_) => "a text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
            Kind::Broken => "not readable",
        }
    }
}

impl<T> Entries<T> {
    /// In the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = &(Text, T)> {
        self.0.iter()
    }

    /// The names, in the order of the text.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| &*name.value)
    }

    /// The one of this name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find_map(|(key, item)| (&*key.value == name).then_some(item))
    }
}

impl JsonSchema for Literal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Literal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        true.into()
    }
}

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Entries_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let item = generator.subschema_for::<T>();
        schemars::json_schema!({ "type": "object", "additionalProperties": item })
    }
}
