//! What a plain scalar is: YAML's core schema (YAML 1.2.2, section 10.3), strictly.

use crate::value::Value;

/// Why a plain scalar is refused, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) message: String,
    pub(super) help: String,
}

/// The value of a scalar that stands without quotes.
///
/// Where other readers of YAML differ about what is meant, it is refused rather than guessed.
pub(super) fn plain(text: &str) -> Result<Value, Refused> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Ok(Value::Null),
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        "True" | "TRUE" | "False" | "FALSE" => Err(Refused {
            message: format!("`{text}` is neither a boolean nor clearly a text"),
            help: format!("write `{}`, or put it in quotes for a text", text.to_lowercase()),
        }),
        ".nan" | ".NaN" | ".NAN" => Ok(Value::Double(f64::NAN)),
        _ => number(text).unwrap_or_else(|| Ok(text.into())),
    }
}

/// The value of a number; nothing if it is none.
fn number(text: &str) -> Option<Result<Value, Refused>> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(digits, ".inf" | ".Inf" | ".INF") {
        let infinity = if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY };
        return Some(Ok(Value::Double(infinity)));
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix).filter(|digits| is_all(digits, |digit| digit.is_digit(radix))) {
            return Some(integer(text, u128::from_str_radix(digits, radix).ok(), 1));
        }
    }
    if is_all(digits, |digit| digit.is_ascii_digit()) {
        let sign = if text.starts_with('-') { -1 } else { 1 };
        return Some(whole(digits, text).and_then(|()| integer(text, digits.parse().ok(), sign)));
    }
    is_float(digits).then(|| whole(digits, text).and_then(|()| float(text)))
}

fn integer(text: &str, magnitude: Option<u128>, sign: i128) -> Result<Value, Refused> {
    let signed = magnitude.and_then(|magnitude| i128::try_from(magnitude).ok()).map(|magnitude| magnitude * sign);
    let value = signed
        .and_then(|value| i64::try_from(value).map(Value::Int).or_else(|_| u64::try_from(value).map(Value::Uint)).ok());
    value.ok_or_else(|| too_large(text))
}

fn float(text: &str) -> Result<Value, Refused> {
    text.parse::<f64>().ok().filter(|value| value.is_finite()).map(Value::Double).ok_or_else(|| too_large(text))
}

fn too_large(text: &str) -> Refused {
    Refused {
        message: format!("the number {text} does not fit into 64 bits"),
        help: "put it in quotes for a text".to_owned(),
    }
}

/// Refuses zeros that lead: octal to some, decimal to others.
fn whole(digits: &str, text: &str) -> Result<(), Refused> {
    let has_another = |rest: &&str| rest.starts_with(|next: char| next.is_ascii_digit());
    let mut meant = digits;
    while let Some(rest) = meant.strip_prefix('0').filter(has_another) {
        meant = rest;
    }
    if meant == digits {
        return Ok(());
    }
    Err(Refused {
        message: format!("the number {text} has a leading zero"),
        help: format!("write {}, or put it in quotes for a text", text.replacen(digits, meant, 1)),
    })
}

/// `1.5`, `.5`, `5.`, `1e9`: digits with a point or an exponent, or both.
fn is_float(digits: &str) -> bool {
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (digits, None),
    };
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digit = |digit: char| digit.is_ascii_digit();
    before.chars().chain(after.chars()).all(is_digit)
        && !(before.is_empty() && after.is_empty())
        && exponent.is_none_or(|exponent| is_all(exponent, is_digit))
}

fn is_all(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_core_schema_has_is_not_a_text() {
        for text in
            ["yes", "no", "on", "off", "y", "n", "1_000", "1:30", "0b1", "1.2.3", "-", "+", ".", "e5", "1e", "- 1"]
        {
            assert_eq!(plain(text), Ok(text.into()), "{text}");
        }
    }

    #[test]
    fn numbers_are_exact() {
        let cases = [
            ("0", Value::Int(0)),
            ("-0", Value::Int(0)),
            ("+12", Value::Int(12)),
            ("0x1F", Value::Int(31)),
            ("0o17", Value::Int(15)),
            ("-9223372036854775808", Value::Int(i64::MIN)),
            ("18446744073709551615", Value::Uint(u64::MAX)),
            ("1.5", Value::Double(1.5)),
            ("-.5e-1", Value::Double(-0.05)),
            ("1e3", Value::Double(1000.0)),
            ("0.5", Value::Double(0.5)),
            ("-.inf", Value::Double(f64::NEG_INFINITY)),
        ];
        for (text, value) in cases {
            assert_eq!(plain(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_read_in_two_ways_elsewhere_is_refused() {
        for text in ["010", "-007", "00.5", "18446744073709551616", "-9223372036854775809", "1e999", "True", "FALSE"] {
            assert!(plain(text).is_err(), "{text}");
        }
        for (text, meant) in [("-007", "-7"), ("00", "0"), ("+000", "+0"), ("00.5", "0.5")] {
            assert_eq!(plain(text).unwrap_err().help, format!("write {meant}, or put it in quotes for a text"));
        }
    }
}
