//! Whether a value of a type can be passed to a component.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Kind, StaticType};
use crate::catalog::{Field, Type, in_flow};

impl StaticType {
    /// Whether a value of this type can be passed as that one.
    ///
    /// # Errors
    ///
    /// Why it surely cannot, or may be null where null cannot be passed.
    pub fn fits(&self, ty: &Type) -> Result<(), String> {
        match ty {
            Type::Json | Type::Message => Ok(()),
            // An option within another is a list of none or one.
            Type::Option(some) if !matches!(**some, Type::Option(_)) => match self.kind {
                Kind::Null => Ok(()),
                _ => self.kind.fits(some),
            },
            _ if self.kind == Kind::Null => Err(format!("is null, where {ty} is due")),
            _ if self.nullable => Err(format!("may be null, where {ty} is due")),
            _ => self.kind.fits(ty),
        }
    }
}

impl Kind {
    fn fits(&self, ty: &Type) -> Result<(), String> {
        match (self, ty) {
            (Self::Any, _) | (_, Type::Json | Type::Message) => Ok(()),
            (Self::Bool, Type::Bool) => Ok(()),
            (Self::Int | Self::Uint | Self::Double, ty) if is_number(ty) => Ok(()),
            (Self::String, Type::Char | Type::String | Type::Enum(_) | Type::Variant(_)) => Ok(()),
            // A string is base64 there, and a number here where JSON would lose digits.
            (Self::String, Type::Bytes | Type::S64 | Type::U64) => Ok(()),
            (Self::Bytes, Type::Bytes) => Ok(()),
            (Self::List(item), Type::List(of)) => item.fits(of).map_err(element),
            (Self::List(item), Type::Flags(_)) => item.fits(&Type::String).map_err(element),
            // The types of a list's elements are known together only, and a tuple's are each its own.
            (Self::List(_), Type::Tuple(_)) => Ok(()),
            (Self::List(item), Type::Option(some)) => item.fits(some).map_err(element),
            (Self::Map(Some(fields)), Type::Record(due)) => record(fields, due),
            (Self::Map(_), Type::Record(_) | Type::Variant(_) | Type::Result { .. }) => Ok(()),
            _ => Err(format!("is {self}, where {ty} is due")),
        }
    }
}

fn is_number(ty: &Type) -> bool {
    matches!(
        ty,
        Type::S8
            | Type::S16
            | Type::S32
            | Type::S64
            | Type::U8
            | Type::U16
            | Type::U32
            | Type::U64
            | Type::F32
            | Type::F64
    )
}

fn element(reason: String) -> String {
    format!("has an element that {reason}")
}

fn record(fields: &BTreeMap<Arc<str>, StaticType>, due: &[Field]) -> Result<(), String> {
    for field in due {
        let name = in_flow(&field.name);
        match fields.get(&*name) {
            Some(ty) => ty.fits(&field.ty).map_err(|reason| format!("has a field `{name}` that {reason}"))?,
            None if matches!(field.ty, Type::Option(_)) => {}
            None => return Err(format!("has no field `{name}`")),
        }
    }
    match fields.keys().find(|name| !due.iter().any(|field| in_flow(&field.name) == ***name)) {
        Some(name) => Err(format!("has a field `{name}` that is not known")),
        None => Ok(()),
    }
}
