//! What is known of a value before a run.

mod fit;
mod origin;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// What is known of a value's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticType {
    /// What it is when it is not null.
    pub kind: Kind,
    /// Whether it may be null, as far as is known.
    pub nullable: bool,
}

/// A kind of value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Not known; null not ruled out.
    Any,
    /// Null.
    Null,
    /// True or false.
    Bool,
    /// A signed integer.
    Int,
    /// An unsigned integer.
    Uint,
    /// A float.
    Double,
    /// A text.
    String,
    /// Bytes.
    Bytes,
    /// A list of values of one type.
    List(Box<StaticType>),
    /// A map: with none but these fields, or with any.
    Map(Option<BTreeMap<Arc<str>, StaticType>>),
}

/// The types of the names in scope.
#[derive(Clone, Debug)]
pub struct Types {
    /// Of `input`: a map of the interface's parameters.
    pub input: StaticType,
    /// Of `session`.
    pub session: StaticType,
    /// Of `run`.
    pub run: StaticType,
    /// Of `message`.
    pub message: StaticType,
    /// Of `error`.
    pub error: StaticType,
    /// Of each node's latest result, by its index.
    pub nodes: Vec<StaticType>,
}

impl StaticType {
    /// Nothing is known.
    pub const ANY: Self = Self { kind: Kind::Any, nullable: false };

    /// A value of this kind, never null.
    pub fn of(kind: Kind) -> Self {
        Self { kind, nullable: false }
    }

    /// A map with these fields and no others.
    pub fn record<K: Into<Arc<str>>>(fields: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::of(Kind::Map(Some(fields.into_iter().map(|(name, ty)| (name.into(), ty)).collect())))
    }

    /// The same, or null.
    #[must_use]
    pub fn or_null(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// What values of either type have in common.
    pub(super) fn join(self, other: Self) -> Self {
        let nullable = self.may_be_null() || other.may_be_null();
        let kind = match (self.kind, other.kind) {
            (left, right) if left == right => left,
            (Kind::Null, kind) | (kind, Kind::Null) => kind,
            (Kind::List(left), Kind::List(right)) => Kind::List(Box::new(left.join(*right))),
            (Kind::Map(_), Kind::Map(_)) => Kind::Map(None),
            _ => Kind::Any,
        };
        Self { kind, nullable }
    }

    /// What the elements of a list have in common; nothing is known of those of an empty one.
    pub(super) fn join_all(types: impl IntoIterator<Item = Self>) -> Self {
        types.into_iter().reduce(Self::join).unwrap_or(Self::ANY)
    }

    /// Whether null is known to be possible.
    pub(super) fn may_be_null(&self) -> bool {
        self.nullable || self.kind == Kind::Null
    }
}

impl Kind {
    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Uint | Self::Double)
    }
}

/// The name that CEL has for it, and for null after it.
impl fmt::Display for StaticType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { kind, nullable: true } if *kind != Kind::Null => write!(f, "{kind} or null"),
            Self { kind, .. } => kind.fmt(f),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any",
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Uint => "uint",
            Self::Double => "double",
            Self::String => "string",
            Self::Bytes => "bytes",
            Self::List(_) => "list",
            Self::Map(_) => "map",
        })
    }
}
