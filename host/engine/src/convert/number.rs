//! Numbers: which values are which, and when nothing is lost.

use sandgate_flow::value::Value;

/// Beyond this no integer type of WIT goes, and an `i128` holds it.
const WHOLE_MAX: f64 = 36_893_488_147_419_103_232.0; // 2^65

/// The whole number that this value is.
pub(super) fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Int(value) => Some(i128::from(*value)),
        Value::Uint(value) => Some(i128::from(*value)),
        Value::Double(value) if value.fract() == 0.0 && value.abs() < WHOLE_MAX => Some(*value as i128),
        _ => None,
    }
}

/// The whole number that this text is, written as JSON writes it.
pub(super) fn whole_text(text: &str) -> Option<i128> {
    text.parse::<i128>().ok().filter(|number| number.to_string() == text)
}

/// The `f64` that this value is.
pub(super) fn double(value: &Value) -> Option<f64> {
    match value {
        Value::Double(value) => Some(*value),
        other => whole(other).filter(|number| *number as f64 as i128 == *number).map(|number| number as f64),
    }
}

/// The `f32` nearest to a double, or that an integer is. A finite double never becomes infinite.
pub(super) fn single(value: &Value) -> Option<f32> {
    match value {
        Value::Double(value) => Some(*value as f32).filter(|single| single.is_finite() || !value.is_finite()),
        other => whole(other).filter(|number| *number as f32 as i128 == *number).map(|number| number as f32),
    }
}

/// An integer that fits is an int, so that arithmetic in expressions needs no conversion.
pub(super) fn unsigned(number: u64) -> Value {
    i64::try_from(number).map_or(Value::Uint(number), Value::Int)
}
