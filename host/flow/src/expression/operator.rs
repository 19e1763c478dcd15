//! What CEL's operators make of values.

use std::cmp::Ordering;
use std::sync::Arc;

use super::bounds::Budget;
use super::fault::{Reason, quoted};
use super::term::Operator;
use crate::value::{Map, Value};

/// The value of a binary operation.
pub(super) fn binary(operator: Operator, left: &Value, right: &Value, budget: &mut Budget) -> Result<Value, Reason> {
    match operator {
        Operator::Equal => equal(left, right, budget).map(Value::Bool),
        Operator::NotEqual => equal(left, right, budget).map(|equal| Value::Bool(!equal)),
        Operator::Less => ordered(operator, left, right, budget, Ordering::is_lt),
        Operator::LessOrEqual => ordered(operator, left, right, budget, Ordering::is_le),
        Operator::Greater => ordered(operator, left, right, budget, Ordering::is_gt),
        Operator::GreaterOrEqual => ordered(operator, left, right, budget, Ordering::is_ge),
        Operator::In => contains(right, left, budget).map(Value::Bool),
        Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
            arithmetic(operator, left, right, budget)
        }
    }
}

fn arithmetic(operator: Operator, left: &Value, right: &Value, budget: &mut Budget) -> Result<Value, Reason> {
    match (operator, left, right) {
        (_, Value::Int(left), Value::Int(right)) => int(operator, *left, *right).map(Value::Int),
        (_, Value::Uint(left), Value::Uint(right)) => uint(operator, *left, *right).map(Value::Uint),
        (Operator::Add, Value::Double(left), Value::Double(right)) => Ok(Value::Double(left + right)),
        (Operator::Subtract, Value::Double(left), Value::Double(right)) => Ok(Value::Double(left - right)),
        (Operator::Multiply, Value::Double(left), Value::Double(right)) => Ok(Value::Double(left * right)),
        (Operator::Divide, Value::Double(left), Value::Double(right)) => Ok(Value::Double(left / right)),
        (Operator::Add, Value::String(left), Value::String(right)) => {
            budget.pay_for_text(left.len() + right.len())?;
            Ok(Value::String([&**left, &**right].concat().into()))
        }
        (Operator::Add, Value::Bytes(left), Value::Bytes(right)) => {
            budget.pay_for_text(left.len() + right.len())?;
            Ok(Value::Bytes([&**left, &**right].concat().into()))
        }
        (Operator::Add, Value::List(left), Value::List(right)) => {
            budget.pay(left.len() + right.len())?;
            Ok(Value::List(left.iter().chain(right.iter()).cloned().collect::<Arc<[_]>>()))
        }
        _ => Err(unsuited(operator, left, right)),
    }
}

fn int(operator: Operator, left: i64, right: i64) -> Result<i64, Reason> {
    match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        _ if right == 0 => return Err(Reason::operands("division by zero")),
        Operator::Divide => left.checked_div(right),
        _ => left.checked_rem(right),
    }
    .ok_or_else(|| overflow(operator, left, right, "int"))
}

fn uint(operator: Operator, left: u64, right: u64) -> Result<u64, Reason> {
    match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        _ if right == 0 => return Err(Reason::operands("division by zero")),
        Operator::Divide => left.checked_div(right),
        _ => left.checked_rem(right),
    }
    .ok_or_else(|| overflow(operator, left, right, "uint"))
}

fn overflow(operator: Operator, left: impl ToString, right: impl ToString, name: &str) -> Reason {
    let (left, right) = (left.to_string(), right.to_string());
    Reason::Operands(format!("{left} {} {right} does not fit into 64 bits ({name})", operator.symbol()))
}

fn unsuited(operator: Operator, left: &Value, right: &Value) -> Reason {
    let (left, right) = (left.type_name(), right.type_name());
    Reason::Operands(format!("`{}` cannot take {left} and {right}", operator.symbol()))
}

/// `-value`
pub(super) fn negate(value: &Value) -> Result<Value, Reason> {
    match value {
        Value::Int(number) => {
            number.checked_neg().map(Value::Int).ok_or_else(|| overflow(Operator::Subtract, 0, number, "int"))
        }
        Value::Double(number) => Ok(Value::Double(-number)),
        other => Err(Reason::Operands(format!("`-` cannot take {}", other.type_name()))),
    }
}

fn ordered(
    operator: Operator,
    left: &Value,
    right: &Value,
    budget: &mut Budget,
    holds: fn(Ordering) -> bool,
) -> Result<Value, Reason> {
    let ordering = match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::String(left), Value::String(right)) => {
            budget.pay_for_bytes(left.len().min(right.len()))?;
            Some(left.cmp(right))
        }
        (Value::Bytes(left), Value::Bytes(right)) => {
            budget.pay_for_bytes(left.len().min(right.len()))?;
            Some(left.cmp(right))
        }
        (left, right) => match (Number::of(left), Number::of(right)) {
            (Some(left), Some(right)) => left.compare(right),
            _ => return Err(unsuited(operator, left, right)),
        },
    };
    // Nothing is less or greater than a float that is not a number.
    Ok(Value::Bool(ordering.is_some_and(holds)))
}

/// Whether two values are equal: numbers by what they stand for, and values of different types never.
pub(super) fn equal(left: &Value, right: &Value, budget: &mut Budget) -> Result<bool, Reason> {
    budget.pay(1)?;
    match (left, right) {
        (Value::Null, Value::Null) => Ok(true),
        (Value::Bool(left), Value::Bool(right)) => Ok(left == right),
        (Value::String(left), Value::String(right)) => {
            budget.pay_for_bytes(left.len().min(right.len()))?;
            Ok(left == right)
        }
        (Value::Bytes(left), Value::Bytes(right)) => {
            budget.pay_for_bytes(left.len().min(right.len()))?;
            Ok(left == right)
        }
        (Value::List(left), Value::List(right)) => {
            Ok(left.len() == right.len() && all(left.iter().zip(right.iter()), |(a, b)| equal(a, b, budget))?)
        }
        (Value::Map(left), Value::Map(right)) => Ok(left.len() == right.len()
            && all(left.iter().zip(right.iter()), |((key, a), (other, b))| {
                budget.pay_for_bytes(key.len().min(other.len()))?;
                Ok(key == other && equal(a, b, budget)?)
            })?),
        (left, right) => Ok(matches!(
            (Number::of(left), Number::of(right)),
            (Some(left), Some(right)) if left.compare(right) == Some(Ordering::Equal)
        )),
    }
}

fn all<T>(
    items: impl IntoIterator<Item = T>,
    mut holds: impl FnMut(T) -> Result<bool, Reason>,
) -> Result<bool, Reason> {
    for item in items {
        if !holds(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `value in container`: an element of a list, or a key of a map.
fn contains(container: &Value, value: &Value, budget: &mut Budget) -> Result<bool, Reason> {
    match (container, value) {
        (Value::List(items), value) => Ok(!all(items.iter(), |item| Ok(!equal(item, value, budget)?))?),
        (Value::Map(entries), Value::String(key)) => {
            pay_to_find(key, entries, budget)?;
            Ok(entries.contains_key(key))
        }
        // Keys are strings here; CEL has others, so that these can be asked for.
        (Value::Map(_), Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Double(_)) => Ok(false),
        _ => Err(unsuited(Operator::In, value, container)),
    }
}

/// Pays for holding a key against those on the way to its place in a map.
fn pay_to_find(key: &str, entries: &Map, budget: &mut Budget) -> Result<(), Reason> {
    let compared = entries.len().checked_ilog2().map_or(0, |log| log as usize + 1);
    budget.pay_for_bytes(key.len().saturating_mul(compared))
}

/// Puts an entry into a map that is being made.
pub(super) fn insert(map: &mut Map, key: Value, value: Value, budget: &mut Budget) -> Result<(), Reason> {
    let Value::String(key) = key else {
        return Err(Reason::Operands(format!("a key is {} where a string is due", key.type_name())));
    };
    pay_to_find(&key, map, budget)?;
    if map.contains_key(&key) {
        return Err(Reason::Operands(format!("the key {:?} is there twice", quoted(&key))));
    }
    map.insert(key, value);
    Ok(())
}

/// `container[index]`
pub(super) fn index<'a>(container: &'a Value, index: &Value, budget: &mut Budget) -> Result<&'a Value, Reason> {
    match (container, index) {
        (Value::List(items), Value::Int(_) | Value::Uint(_) | Value::Double(_)) => {
            let place = place(index).and_then(|place| items.get(place));
            place.ok_or_else(|| Reason::Operands(format!("there is no element {index} in a list of {}", items.len())))
        }
        (Value::Map(entries), Value::String(key)) => {
            pay_to_find(key, entries, budget)?;
            field(container, key)
        }
        _ => Err(Reason::Operands(format!("{} has no elements by {}", container.type_name(), index.type_name()))),
    }
}

/// A number as a place in a list, if it is a whole one.
fn place(index: &Value) -> Option<usize> {
    match Number::of(index)? {
        Number::Whole(whole) => usize::try_from(whole).ok(),
        Number::Float(float) if float.fract() == 0.0 => usize::try_from(float as i128).ok(),
        Number::Float(_) => None,
    }
}

/// `container.name`
pub(super) fn field<'a>(container: &'a Value, name: &str) -> Result<&'a Value, Reason> {
    match container {
        Value::Map(entries) => {
            entries.get(name).ok_or_else(|| Reason::Operands(format!("there is no `{}`", quoted(name))))
        }
        other => Err(no_fields(other, name)),
    }
}

/// `has(container.name)`
pub(super) fn has(container: &Value, name: &str) -> Result<Value, Reason> {
    match container {
        Value::Map(entries) => Ok(Value::Bool(entries.contains_key(name))),
        other => Err(no_fields(other, name)),
    }
}

fn no_fields(value: &Value, name: &str) -> Reason {
    Reason::Operands(format!("{} has no `{name}`", value.type_name()))
}

/// A number of any type, to be compared with one of another.
#[derive(Clone, Copy)]
enum Number {
    Whole(i128),
    Float(f64),
}

impl Number {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Int(number) => Some(Self::Whole(i128::from(*number))),
            Value::Uint(number) => Some(Self::Whole(i128::from(*number))),
            Value::Double(number) => Some(Self::Float(*number)),
            _ => None,
        }
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(left), Self::Whole(right)) => Some(left.cmp(&right)),
            (Self::Float(left), Self::Float(right)) => left.partial_cmp(&right),
            (Self::Whole(left), Self::Float(right)) => compare(left, right),
            (Self::Float(left), Self::Whole(right)) => compare(right, left).map(Ordering::reverse),
        }
    }
}

/// Without rounding: not every integer is a float. A float beyond an `i128` becomes its largest or smallest, which no
/// 64-bit integer is.
fn compare(whole: i128, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    let truncated = float.trunc();
    Some(whole.cmp(&(truncated as i128)).then_with(|| truncated.total_cmp(&float)))
}
