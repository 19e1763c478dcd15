//! WIT types of any shape, and what a component may give of each.

use std::sync::Arc;

use arbitrary::{Result, Unstructured};
use sandgate_flow::catalog::{Case, Field, Type, in_flow};
use sandgate_flow::value::Value;
use wasmtime::component::Val;

use crate::json;

const LEAVES: [Type; 16] = [
    Type::Bool,
    Type::S8,
    Type::S16,
    Type::S32,
    Type::S64,
    Type::U8,
    Type::U16,
    Type::U32,
    Type::U64,
    Type::F32,
    Type::F64,
    Type::Char,
    Type::String,
    Type::Bytes,
    Type::Json,
    Type::Message,
];

/// A type, nested up to so deep.
pub(crate) fn ty(u: &mut Unstructured<'_>, depth: usize) -> Result<Type> {
    let inner = depth.saturating_sub(1);
    Ok(match u.int_in_range(0..=if depth == 0 { 5 } else { 11 })? {
        0..=3 => u.choose(&LEAVES)?.clone(),
        4 => Type::Enum(names(u.int_in_range(1..=4)?)),
        5 => Type::Flags(names(u.int_in_range(1..=4)?)),
        6 => match ty(u, inner)? {
            // This is not a list of numbers in a flow, and has a type of its own.
            Type::U8 => Type::Bytes,
            of => Type::List(Box::new(of)),
        },
        7 => Type::Option(Box::new(ty(u, inner)?)),
        8 => Type::Tuple(types(u, inner)?),
        9 => {
            let fields = names(4).into_iter().zip(types(u, inner)?);
            Type::Record(fields.map(|(name, ty)| Field { name, ty }).collect())
        }
        10 => {
            let cases = names(u.int_in_range(1..=4)?).into_iter();
            Type::Variant(cases.map(|name| Ok(Case { name, ty: maybe(u, inner)? })).collect::<Result<_>>()?)
        }
        _ => Type::Result { ok: maybe(u, inner)?.map(Box::new), error: maybe(u, inner)?.map(Box::new) },
    })
}

fn types(u: &mut Unstructured<'_>, depth: usize) -> Result<Vec<Type>> {
    (0..u.int_in_range(1..=4)?).map(|_| ty(u, depth)).collect()
}

fn maybe(u: &mut Unstructured<'_>, depth: usize) -> Result<Option<Type>> {
    if u.arbitrary()? { ty(u, depth).map(Some) } else { Ok(None) }
}

fn names(count: usize) -> Vec<Arc<str>> {
    (0..count).map(|number| format!("name-{number}").into()).collect()
}

/// What a component may give of a type.
pub(crate) fn val(u: &mut Unstructured<'_>, ty: &Type) -> Result<Val> {
    Ok(match ty {
        Type::Bool => Val::Bool(u.arbitrary()?),
        Type::S8 => Val::S8(u.arbitrary()?),
        Type::S16 => Val::S16(u.arbitrary()?),
        Type::S32 => Val::S32(u.arbitrary()?),
        Type::S64 => Val::S64(json::integer(u)?),
        Type::U8 => Val::U8(u.arbitrary()?),
        Type::U16 => Val::U16(u.arbitrary()?),
        Type::U32 => Val::U32(u.arbitrary()?),
        Type::U64 => Val::U64(json::integer(u)?.cast_unsigned()),
        Type::F32 => Val::Float32(u.arbitrary()?),
        Type::F64 => Val::Float64(json::double(u)?),
        Type::Char => Val::Char(u.arbitrary()?),
        Type::String => Val::String(json::text(u)?),
        Type::Bytes => bytes(u)?,
        Type::Json => json_record(u)?,
        Type::Message => match u.int_in_range(0..=2)? {
            0 => variant("json", Some(json_record(u)?)),
            1 => variant("text", Some(Val::String(json::text(u)?))),
            _ => variant("binary", Some(bytes(u)?)),
        },
        Type::List(of) => Val::List(json::some(u, |u| val(u, of))?),
        Type::Tuple(types) => Val::Tuple(types.iter().map(|ty| val(u, ty)).collect::<Result<_>>()?),
        Type::Record(fields) => {
            let fields = fields.iter().map(|field| Ok((field.name.to_string(), val(u, &field.ty)?)));
            Val::Record(fields.collect::<Result<_>>()?)
        }
        Type::Variant(cases) => {
            let case = u.choose(cases)?;
            variant(&case.name, side(u, case.ty.as_ref())?.map(|val| *val))
        }
        Type::Enum(names) => Val::Enum(u.choose(names)?.to_string()),
        Type::Flags(names) => Val::Flags(chosen(u, names)?.iter().map(ToString::to_string).collect()),
        Type::Option(of) => Val::Option(if u.arbitrary()? { Some(Box::new(val(u, of)?)) } else { None }),
        Type::Result { ok, .. } if u.arbitrary()? => Val::Result(Ok(side(u, ok.as_deref())?)),
        Type::Result { error, .. } => Val::Result(Err(side(u, error.as_deref())?)),
    })
}

fn bytes(u: &mut Unstructured<'_>) -> Result<Val> {
    Ok(Val::List(u.arbitrary::<Vec<u8>>()?.into_iter().map(Val::U8).collect()))
}

/// Mostly JSON.
fn json_record(u: &mut Unstructured<'_>) -> Result<Val> {
    let text = if u.ratio(9, 10)? { json::json(u, 3)?.to_string() } else { json::text(u)? };
    Ok(Val::Record(vec![("text".to_owned(), Val::String(text))]))
}

fn variant(case: &str, val: Option<Val>) -> Val {
    Val::Variant(case.to_owned(), val.map(Box::new))
}

fn side(u: &mut Unstructured<'_>, ty: Option<&Type>) -> Result<Option<Box<Val>>> {
    ty.map(|ty| val(u, ty).map(Box::new)).transpose()
}

fn chosen(u: &mut Unstructured<'_>, names: &[Arc<str>]) -> Result<Vec<Arc<str>>> {
    let flags: u8 = u.arbitrary()?;
    Ok(names
        .iter()
        .enumerate()
        .filter(|(bit, _)| flags >> (bit % 8) & 1 == 1)
        .map(|(_, name)| Arc::clone(name))
        .collect())
}

/// A value that mostly fits a type, as a flow may have it.
pub(crate) fn fitting(u: &mut Unstructured<'_>, ty: &Type) -> Result<Value> {
    if u.ratio(1, 64)? {
        return json::value(u, 2);
    }
    let entry = |name: &str, value| Value::map([(in_flow(name), value)]);
    Ok(match ty {
        Type::Bool => Value::Bool(u.arbitrary()?),
        Type::S64 => Value::Int(json::integer(u)?),
        Type::U64 => Value::Uint(json::integer(u)?.cast_unsigned()),
        Type::S8 | Type::U8 | Type::S16 | Type::S32 | Type::U16 | Type::U32 => Value::Int(u.int_in_range(-1..=127)?),
        Type::F32 | Type::F64 => Value::Double(json::double(u)?),
        Type::Char => Value::from(u.arbitrary::<char>()?.to_string().as_str()),
        Type::String => Value::from(json::text(u)?.as_str()),
        Type::Bytes => Value::Bytes(u.arbitrary::<Vec<u8>>()?.into()),
        Type::Json | Type::Message => json::value(u, 3)?,
        Type::List(of) => Value::List(json::some(u, |u| fitting(u, of))?.into()),
        Type::Tuple(types) => Value::List(types.iter().map(|ty| fitting(u, ty)).collect::<Result<_>>()?),
        Type::Record(fields) => {
            let fields = fields.iter().map(|field| Ok((in_flow(&field.name), fitting(u, &field.ty)?)));
            Value::map(fields.collect::<Result<Vec<_>>>()?)
        }
        Type::Variant(cases) => match u.choose(cases)? {
            Case { name, ty: Some(ty) } => entry(name, fitting(u, ty)?),
            Case { name, ty: None } => Value::from(in_flow(name).as_str()),
        },
        Type::Enum(names) => Value::from(in_flow(u.choose(names)?).as_str()),
        Type::Flags(names) => {
            Value::List(chosen(u, names)?.iter().map(|name| Value::from(in_flow(name).as_str())).collect())
        }
        Type::Option(of) if matches!(**of, Type::Option(_)) => {
            Value::List(if u.arbitrary()? { vec![fitting(u, of)?] } else { Vec::new() }.into())
        }
        Type::Option(of) => {
            if u.arbitrary()? {
                fitting(u, of)?
            } else {
                Value::Null
            }
        }
        Type::Result { ok, error } => {
            let (name, ty) = if u.arbitrary()? { ("ok", ok) } else { ("error", error) };
            entry(name, ty.as_deref().map_or(Ok(Value::Null), |ty| fitting(u, ty))?)
        }
    })
}
