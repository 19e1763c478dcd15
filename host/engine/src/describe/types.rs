//! WIT types as the catalog has them.

use sandgate_flow::catalog::{self, Case, Field};
use wit_parser::{Resolve, Type, TypeDef, TypeDefKind, TypeOwner};

use crate::package::contract;

/// How deeply a type is nested at most.
const TYPE_DEPTH_MAX: usize = 16;
/// How many types one function names at most, counted without sharing: a few lines of WIT can stand for billions.
const TYPES_MAX: usize = 4_096;

/// Why a function cannot be called from a flow.
#[derive(Debug)]
pub(super) struct Unsupported(pub(super) String);

impl Unsupported {
    /// With the part of the function that it is about.
    pub(super) fn of(self, part: impl std::fmt::Display) -> Self {
        Self(format!("{part} {}", self.0))
    }
}

/// The conversion of one function's types.
pub(super) struct Types<'a> {
    resolve: &'a Resolve,
    depth_left: usize,
    types_left: usize,
}

/// A type, aliases followed.
pub(super) enum Followed<'a> {
    Primitive(Type),
    Defined(&'a TypeDef),
}

/// Follows aliases.
pub(super) fn follow<'a>(resolve: &'a Resolve, ty: &Type) -> Followed<'a> {
    let mut ty = *ty;
    while let Type::Id(id) = ty {
        match resolve.types.get(id) {
            Some(TypeDef { kind: TypeDefKind::Type(next), .. }) => ty = *next,
            Some(definition) => return Followed::Defined(definition),
            None => break,
        }
    }
    Followed::Primitive(ty)
}

impl<'a> Types<'a> {
    pub(super) fn new(resolve: &'a Resolve) -> Self {
        Self { resolve, depth_left: TYPE_DEPTH_MAX, types_left: TYPES_MAX }
    }

    pub(super) fn convert(&mut self, ty: &Type) -> Result<catalog::Type, Unsupported> {
        self.types_left = self.types_left.checked_sub(1).ok_or_else(|| {
            Unsupported(format!("is too large: a function may name {TYPES_MAX} types, those inside of others included"))
        })?;
        self.depth_left = self.depth_left.checked_sub(1).ok_or_else(|| {
            Unsupported(format!("is nested too deeply: {TYPE_DEPTH_MAX} types inside each other may be"))
        })?;
        let converted = match follow(self.resolve, ty) {
            Followed::Defined(definition) => self.defined(definition),
            Followed::Primitive(ty) => primitive(ty),
        };
        self.depth_left += 1;
        converted
    }

    fn defined(&mut self, definition: &TypeDef) -> Result<catalog::Type, Unsupported> {
        if self.is_json(definition) {
            return Ok(catalog::Type::Json);
        }
        if self.is_message(definition) {
            return Ok(catalog::Type::Message);
        }
        match &definition.kind {
            TypeDefKind::Record(record) => {
                let fields = record.fields.iter().map(|field| self.field(field)).collect::<Result<_, _>>()?;
                Ok(catalog::Type::Record(fields))
            }
            TypeDefKind::Variant(variant) => {
                let cases = variant.cases.iter().map(|case| self.case(case)).collect::<Result<_, _>>()?;
                Ok(catalog::Type::Variant(cases))
            }
            TypeDefKind::Enum(ty) => Ok(catalog::Type::Enum(ty.cases.iter().map(|case| (*case.name).into()).collect())),
            TypeDefKind::Flags(ty) => {
                Ok(catalog::Type::Flags(ty.flags.iter().map(|flag| (*flag.name).into()).collect()))
            }
            TypeDefKind::Tuple(tuple) => {
                tuple.types.iter().map(|ty| self.convert(ty)).collect::<Result<_, _>>().map(catalog::Type::Tuple)
            }
            TypeDefKind::List(of) => self.list(of),
            TypeDefKind::Option(of) => Ok(catalog::Type::Option(Box::new(self.convert(of)?))),
            TypeDefKind::Result(result) => {
                let (ok, error) = (self.side(result.ok.as_ref())?, self.side(result.err.as_ref())?);
                Ok(catalog::Type::Result { ok, error })
            }
            TypeDefKind::Resource | TypeDefKind::Handle(_) => Err(no_value("a resource", definition)),
            other => Err(no_value(&format!("a {}", other.as_str()), definition)),
        }
    }

    fn field(&mut self, field: &wit_parser::Field) -> Result<Field, Unsupported> {
        Ok(Field { name: field.name.as_str().into(), ty: self.convert(&field.ty)? })
    }

    fn case(&mut self, case: &wit_parser::Case) -> Result<Case, Unsupported> {
        let ty = case.ty.as_ref().map(|ty| self.convert(ty)).transpose()?;
        Ok(Case { name: case.name.as_str().into(), ty })
    }

    fn list(&mut self, of: &Type) -> Result<catalog::Type, Unsupported> {
        match self.convert(of)? {
            catalog::Type::U8 => Ok(catalog::Type::Bytes),
            of => Ok(catalog::Type::List(Box::new(of))),
        }
    }

    fn side(&mut self, ty: Option<&Type>) -> Result<Option<Box<catalog::Type>>, Unsupported> {
        ty.map(|ty| self.convert(ty).map(Box::new)).transpose()
    }

    /// By its name, interface and package, and by its shape: anyone may call a type of their own `json`.
    fn is_json(&self, definition: &TypeDef) -> bool {
        let TypeDefKind::Record(record) = &definition.kind else { return false };
        let [text] = record.fields.as_slice() else { return false };
        self.is_named(definition, "types", "json") && text.name == "text" && self.is(&text.ty, Type::String)
    }

    /// As [`Self::is_json`].
    fn is_message(&self, definition: &TypeDef) -> bool {
        let TypeDefKind::Variant(variant) = &definition.kind else { return false };
        let [json, text, binary] = variant.cases.as_slice() else { return false };
        self.is_named(definition, "push", "message")
            && is_case(json, "json", |ty| self.is_defined(ty, |definition| self.is_json(definition)))
            && is_case(text, "text", |ty| self.is(ty, Type::String))
            && is_case(binary, "binary", |ty| self.is_defined(ty, |definition| self.is_bytes(definition)))
    }

    fn is_bytes(&self, definition: &TypeDef) -> bool {
        matches!(&definition.kind, TypeDefKind::List(of) if self.is(of, Type::U8))
    }

    fn is(&self, ty: &Type, wanted: Type) -> bool {
        matches!(follow(self.resolve, ty), Followed::Primitive(ty) if ty == wanted)
    }

    fn is_defined(&self, ty: &Type, wanted: impl FnOnce(&TypeDef) -> bool) -> bool {
        matches!(follow(self.resolve, ty), Followed::Defined(definition) if wanted(definition))
    }

    fn is_named(&self, definition: &TypeDef, interface: &str, name: &str) -> bool {
        let TypeOwner::Interface(owner) = definition.owner else { return false };
        let owner = self.resolve.interfaces.get(owner);
        definition.name.as_deref() == Some(name)
            && owner.is_some_and(|owner| contract::is(self.resolve, owner, interface))
    }
}

fn is_case(case: &wit_parser::Case, name: &str, wanted: impl FnOnce(&Type) -> bool) -> bool {
    case.name == name && case.ty.as_ref().is_some_and(wanted)
}

/// A type whose values cannot leave the component.
fn no_value(kind: &str, definition: &TypeDef) -> Unsupported {
    let name = definition.name.as_ref().map(|name| format!(" (`{name}`)")).unwrap_or_default();
    Unsupported(format!("is or holds {kind}{name}, which flows have no values for"))
}

fn primitive(ty: Type) -> Result<catalog::Type, Unsupported> {
    Ok(match ty {
        Type::Bool => catalog::Type::Bool,
        Type::S8 => catalog::Type::S8,
        Type::S16 => catalog::Type::S16,
        Type::S32 => catalog::Type::S32,
        Type::S64 => catalog::Type::S64,
        Type::U8 => catalog::Type::U8,
        Type::U16 => catalog::Type::U16,
        Type::U32 => catalog::Type::U32,
        Type::U64 => catalog::Type::U64,
        Type::F32 => catalog::Type::F32,
        Type::F64 => catalog::Type::F64,
        Type::Char => catalog::Type::Char,
        Type::String => catalog::Type::String,
        Type::ErrorContext => {
            return Err(Unsupported("is or holds an error-context, which flows have no values for".to_owned()));
        }
        Type::Id(_) => return Err(Unsupported("is of a type that is not defined".to_owned())),
    })
}
