//! How values of a type are converted, worked out once.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use sandgate_flow::catalog::{self, Case, Type};

use super::Error;
use super::names::{Name, Named};

/// How much of a type is shown in an error.
pub(super) const TYPE_CHARS_MAX: usize = 200;

/// How values of one WIT type are converted. Made once, when a component is loaded: what a call needs is looked up here.
#[derive(Debug)]
pub struct Conversion {
    /// The WIT type, as errors show it.
    pub(super) ty: Arc<str>,
    pub(super) shape: Shape,
}

/// What there is to convert.
#[derive(Debug)]
pub(super) enum Shape {
    Bool,
    S8,
    S16,
    S32,
    S64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    Char,
    String,
    Bytes,
    Json,
    Message,
    List(Box<Conversion>),
    Tuple(Box<[Conversion]>),
    Record(Box<[Field]>),
    Variant(Named<Option<Conversion>>),
    Enum(Named<()>),
    Flags(Named<()>),
    Option(Box<Conversion>),
    /// An option of an option.
    Nested(Box<Conversion>),
    Result {
        ok: Option<Box<Conversion>>,
        error: Option<Box<Conversion>>,
    },
}

/// A field of a record.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: Name,
    pub(super) conversion: Conversion,
    pub(super) presence: Presence,
}

/// Whether a map may lack a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Required,
    /// It is an option, which then is none.
    Optional,
}

impl Conversion {
    /// That of this type.
    pub fn new(ty: &Type) -> Self {
        Self { ty: shown(ty), shape: shape(ty) }
    }

    fn boxed(ty: &Type) -> Box<Self> {
        Box::new(Self::new(ty))
    }

    /// A value that does not fit.
    pub(super) fn error(&self, message: impl Into<String>) -> Error {
        Error::new(Arc::clone(&self.ty), message)
    }
}

fn shape(ty: &Type) -> Shape {
    match ty {
        Type::Bool => Shape::Bool,
        Type::S8 => Shape::S8,
        Type::S16 => Shape::S16,
        Type::S32 => Shape::S32,
        Type::S64 => Shape::S64,
        Type::U8 => Shape::U8,
        Type::U16 => Shape::U16,
        Type::U32 => Shape::U32,
        Type::U64 => Shape::U64,
        Type::F32 => Shape::F32,
        Type::F64 => Shape::F64,
        Type::Char => Shape::Char,
        Type::String => Shape::String,
        Type::Bytes => Shape::Bytes,
        Type::Json => Shape::Json,
        Type::Message => Shape::Message,
        Type::List(of) => Shape::List(Conversion::boxed(of)),
        Type::Tuple(types) => Shape::Tuple(types.iter().map(Conversion::new).collect()),
        Type::Record(fields) => Shape::Record(fields.iter().map(field).collect()),
        Type::Variant(cases) => Shape::Variant(Named::new(cases.iter().map(case))),
        Type::Enum(names) => Shape::Enum(plain(names)),
        Type::Flags(names) => Shape::Flags(plain(names)),
        Type::Option(of) if matches!(**of, Type::Option(_)) => Shape::Nested(Conversion::boxed(of)),
        Type::Option(of) => Shape::Option(Conversion::boxed(of)),
        Type::Result { ok, error } => {
            let side = |ty: &Option<Box<Type>>| ty.as_deref().map(Conversion::boxed);
            Shape::Result { ok: side(ok), error: side(error) }
        }
    }
}

fn field(field: &catalog::Field) -> Field {
    let presence = if matches!(field.ty, Type::Option(_)) { Presence::Optional } else { Presence::Required };
    Field { name: Name::new(&field.name), conversion: Conversion::new(&field.ty), presence }
}

fn case(case: &Case) -> (Name, Option<Conversion>) {
    (Name::new(&case.name), case.ty.as_ref().map(Conversion::new))
}

fn plain(names: &[Arc<str>]) -> Named<()> {
    Named::new(names.iter().map(|name| (Name::new(name), ())))
}

/// A type as errors show it. Nothing is written of what is cut off: each part of a type that is large shows itself.
fn shown(ty: &Type) -> Arc<str> {
    let mut cut = Cut { text: String::new(), chars_left: TYPE_CHARS_MAX };
    if write!(cut, "{ty}").is_err() {
        cut.text.push('…');
    }
    cut.text.into()
}

struct Cut {
    text: String,
    chars_left: usize,
}

impl fmt::Write for Cut {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        for char in part.chars() {
            self.chars_left = self.chars_left.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(char);
        }
        Ok(())
    }
}
