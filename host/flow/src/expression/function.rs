//! CEL's standard functions.

use std::str::FromStr;
use std::sync::Arc;

use super::bounds::Budget;
use super::fault::{Reason, quoted};
use super::pattern::Pattern;
use crate::value::Value;

/// What it costs to compile a regular expression that is not a literal.
const PATTERN_STEPS: usize = 10_000;

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Size,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Bool,
    Bytes,
    Double,
    Int,
    String,
    Uint,
    /// The value as it is; in CEL it hides the type from the check.
    Dyn,
}

/// How a function may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `size(text)`
    Call,
    /// `text.contains(part)`
    Method,
    /// As either.
    Both,
}

/// A function by its name.
pub(super) struct Signature {
    pub(super) name: &'static str,
    pub(super) function: Function,
    pub(super) form: Form,
    /// How many, the one before the dot included.
    pub(super) arguments: usize,
}

/// Every function.
pub(super) const SIGNATURES: [Signature; 12] = [
    signature("bool", Function::Bool, Form::Call, 1),
    signature("bytes", Function::Bytes, Form::Call, 1),
    signature("contains", Function::Contains, Form::Method, 2),
    signature("double", Function::Double, Form::Call, 1),
    signature("dyn", Function::Dyn, Form::Call, 1),
    signature("endsWith", Function::EndsWith, Form::Method, 2),
    signature("int", Function::Int, Form::Call, 1),
    signature("matches", Function::Matches, Form::Both, 2),
    signature("size", Function::Size, Form::Both, 1),
    signature("startsWith", Function::StartsWith, Form::Method, 2),
    signature("string", Function::String, Form::Call, 1),
    signature("uint", Function::Uint, Form::Call, 1),
];

/// A function of the language, for people who write expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Described {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub signature: &'static str,
    /// What it gives.
    pub docs: &'static str,
}

/// Every function and macro.
pub fn described() -> impl Iterator<Item = Described> {
    DESCRIBED.into_iter().map(|(name, signature, docs)| Described { name, signature, docs })
}

const DESCRIBED: [(&str, &str, &str); 18] = [
    ("all", "list.all(x, condition)", "whether the condition holds for every element"),
    ("bool", "bool(value)", "a text, true or false, as a bool"),
    ("bytes", "bytes(text)", "a text as bytes in UTF-8"),
    ("contains", "text.contains(part)", "whether a text has a part"),
    ("double", "double(value)", "a number, or a text, as a double"),
    ("dyn", "dyn(value)", "the value as it is, without the check of its type"),
    ("endsWith", "text.endsWith(part)", "whether a text ends so"),
    ("exists", "list.exists(x, condition)", "whether the condition holds for some element"),
    ("exists_one", "list.exists_one(x, condition)", "whether the condition holds for exactly one element"),
    ("filter", "list.filter(x, condition)", "the elements for which the condition holds"),
    ("has", "has(map.field)", "whether a map has a field"),
    ("int", "int(value)", "a number, or a text, as an int; fractions are cut off"),
    ("map", "list.map(x, expression)", "the list of what the expression gives for each element"),
    ("matches", "text.matches(pattern)", "whether a regular expression is found in a text"),
    ("size", "size(value)", "characters of a text, bytes, elements of a list, entries of a map"),
    ("startsWith", "text.startsWith(part)", "whether a text begins so"),
    ("string", "string(value)", "a value written out"),
    ("uint", "uint(value)", "a number, or a text, as a uint"),
];

const fn signature(name: &'static str, function: Function, form: Form, arguments: usize) -> Signature {
    Signature { name, function, form, arguments }
}

impl Function {
    /// The function's signature.
    pub(super) fn named(name: &str) -> Option<&'static Signature> {
        SIGNATURES.iter().find(|signature| signature.name == name)
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        SIGNATURES.iter().find(|signature| signature.function == self).map_or("", |signature| signature.name)
    }

    /// Its value.
    pub(super) fn call(self, arguments: &[&Value], budget: &mut Budget) -> Result<Value, Reason> {
        match (self, arguments) {
            (Self::Size, [value]) => size(value, budget),
            (Self::Contains, [Value::String(text), Value::String(part)]) => {
                budget.pay_for_bytes(text.len())?;
                Ok(Value::Bool(text.contains(&**part)))
            }
            (Self::StartsWith, [Value::String(text), Value::String(part)]) => {
                budget.pay_for_bytes(part.len())?;
                Ok(Value::Bool(text.starts_with(&**part)))
            }
            (Self::EndsWith, [Value::String(text), Value::String(part)]) => {
                budget.pay_for_bytes(part.len())?;
                Ok(Value::Bool(text.ends_with(&**part)))
            }
            (Self::Matches, [Value::String(text), Value::String(pattern)]) => {
                budget.pay(PATTERN_STEPS)?;
                let pattern = Pattern::new(pattern).map_err(Reason::Operands)?;
                pattern.matches(text, budget).map(Value::Bool)
            }
            (Self::Bool, [value]) => to_bool(value),
            (Self::Bytes, [value]) => to_bytes(value, budget),
            (Self::Double, [value]) => to_double(value, budget),
            (Self::Int, [value]) => to_int(value, budget),
            (Self::String, [value]) => to_string(value, budget),
            (Self::Uint, [value]) => to_uint(value, budget),
            (Self::Dyn, [value]) => Ok(Value::clone(value)),
            _ => Err(self.unsuited(arguments)),
        }
    }

    fn unsuited(self, arguments: &[&Value]) -> Reason {
        let types: Vec<_> = arguments.iter().map(|value| value.type_name()).collect();
        Reason::Operands(format!("`{}` cannot take {}", self.name(), types.join(" and ")))
    }
}

fn size(value: &Value, budget: &mut Budget) -> Result<Value, Reason> {
    let size = match value {
        Value::String(text) => {
            budget.pay_for_bytes(text.len())?;
            text.chars().count()
        }
        Value::Bytes(bytes) => bytes.len(),
        Value::List(items) => items.len(),
        Value::Map(entries) => entries.len(),
        other => return Err(Function::Size.unsuited(&[other])),
    };
    Ok(Value::Int(i64::try_from(size).unwrap_or(i64::MAX)))
}

fn to_bool(value: &Value) -> Result<Value, Reason> {
    match value {
        Value::Bool(value) => Ok(Value::Bool(*value)),
        Value::String(text) => match &**text {
            "1" | "t" | "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
            "0" | "f" | "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
            _ => Err(not_a(value, "bool")),
        },
        other => Err(Function::Bool.unsuited(&[other])),
    }
}

fn to_bytes(value: &Value, budget: &mut Budget) -> Result<Value, Reason> {
    match value {
        Value::Bytes(bytes) => Ok(Value::Bytes(Arc::clone(bytes))),
        Value::String(text) => {
            budget.pay_for_text(text.len())?;
            Ok(Value::Bytes(text.as_bytes().into()))
        }
        other => Err(Function::Bytes.unsuited(&[other])),
    }
}

/// The number that a text stands for.
fn parsed<T: FromStr>(text: &str, wanted: &str, budget: &mut Budget) -> Result<T, Reason> {
    budget.pay_for_bytes(text.len())?;
    text.parse().map_err(|_| Reason::Operands(format!("the string {:?} is no {wanted}", quoted(text))))
}

fn to_double(value: &Value, budget: &mut Budget) -> Result<Value, Reason> {
    match value {
        Value::Double(value) => Ok(Value::Double(*value)),
        Value::Int(value) => Ok(Value::Double(*value as f64)),
        Value::Uint(value) => Ok(Value::Double(*value as f64)),
        Value::String(text) => parsed(text, "double", budget).map(Value::Double),
        other => Err(Function::Double.unsuited(&[other])),
    }
}

fn to_int(value: &Value, budget: &mut Budget) -> Result<Value, Reason> {
    match value {
        Value::Int(value) => Ok(Value::Int(*value)),
        Value::Uint(number) => i64::try_from(*number).map(Value::Int).map_err(|_| not_a(value, "int")),
        // Both ends are left out: the doubles next to them stand for integers beyond them too.
        Value::Double(number) if *number > i64::MIN as f64 && *number < i64::MAX as f64 => {
            Ok(Value::Int(*number as i64))
        }
        Value::String(text) => parsed(text, "int", budget).map(Value::Int),
        Value::Double(_) => Err(not_a(value, "int")),
        other => Err(Function::Int.unsuited(&[other])),
    }
}

fn to_uint(value: &Value, budget: &mut Budget) -> Result<Value, Reason> {
    match value {
        Value::Uint(value) => Ok(Value::Uint(*value)),
        Value::Int(number) => u64::try_from(*number).map(Value::Uint).map_err(|_| not_a(value, "uint")),
        Value::Double(number) if *number >= 0.0 && *number < u64::MAX as f64 => Ok(Value::Uint(*number as u64)),
        Value::String(text) => parsed(text, "uint", budget).map(Value::Uint),
        Value::Double(_) => Err(not_a(value, "uint")),
        other => Err(Function::Uint.unsuited(&[other])),
    }
}

fn to_string(value: &Value, budget: &mut Budget) -> Result<Value, Reason> {
    let text = match value {
        Value::String(text) => return Ok(Value::String(Arc::clone(text))),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Double(value) => value.to_string(),
        Value::Bytes(bytes) => {
            budget.pay_for_text(bytes.len())?;
            let text = std::str::from_utf8(bytes).map_err(|_| Reason::operands("the bytes are not UTF-8"))?;
            text.to_owned()
        }
        other => return Err(Function::String.unsuited(&[other])),
    };
    Ok(Value::String(text.into()))
}

/// A value of a suitable type that cannot be converted all the same.
fn not_a(value: &Value, wanted: &str) -> Reason {
    let shown = match value {
        Value::String(text) => quoted(text).into_owned(),
        other => other.to_string(),
    };
    Reason::Operands(format!("the {} {shown:?} is no {wanted}", value.type_name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_described() {
        let described: Vec<_> = described().map(|it| it.name).collect();
        assert!(described.is_sorted());
        assert!(SIGNATURES.iter().all(|it| described.contains(&it.name)));
    }
}
