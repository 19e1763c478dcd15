//! Target: values on their way into components and out of them, and into JSON and out of it.

use arbitrary::{Result, Unstructured};
use sandgate_engine::convert::{Conversion, json, json_text};
use sandgate_flow::catalog::Type;
use sandgate_flow::value::Value;
use wasmtime::component::Val;

use crate::invariant::{is_a_message, same};
use crate::{Verdict, input, json as any, types};

/// What crosses the border.
#[derive(Debug)]
struct Crossing {
    ty: Type,
    /// What a component gives of this type.
    val: Val,
    /// What a flow hands to it, which need not fit.
    value: Value,
}

/// Converts what the bytes stand for, there and back. There is no other form of it than the generator's: bytes as they
/// are count as those that it decides by.
pub fn run(data: &[u8]) -> Verdict {
    let Ok(Crossing { ty, val, value }) = crossing(data) else { return Verdict::Refused("too few bytes".to_owned()) };
    let conversion = Conversion::new(&ty);
    given_by_a_component(&val, &ty, &conversion);
    written_as_json(&value);
    given_to_a_component(&value, &conversion)
}

/// What the bytes stand for.
pub fn show(data: &[u8]) -> Vec<u8> {
    crossing(data).map(|crossing| format!("{crossing:#?}\n")).unwrap_or_default().into_bytes()
}

fn crossing(data: &[u8]) -> Result<Crossing> {
    let mut u = input::generated(data).unwrap_or_else(|| Unstructured::new(data));
    let ty = types::ty(&mut u, 4)?;
    let val = types::val(&mut u, &ty)?;
    let value = if u.ratio(3, 4)? { types::fitting(&mut u, &ty)? } else { any::value(&mut u, 4)? };
    Ok(Crossing { ty, val, value })
}

/// What a component gave is taken by a component as it is: compared as flows see it, since two ways to say one thing (a
/// message of JSON text and one of text) become one; and to the bit, where there is one way.
fn given_by_a_component(val: &Val, ty: &Type, conversion: &Conversion) {
    let value = match conversion.lift(val) {
        Ok(value) => value,
        Err(error) => {
            is_a_message(&error);
            assert!(!is_plain(ty), "a {ty} that a component gave is refused: {error}");
            return;
        }
    };
    let back = match conversion.lower(&value) {
        Ok(back) => back,
        Err(error) => panic!("a {ty} is not taken as it was given: {error}: {value:?}"),
    };
    let again = conversion.lift(&back).expect("a value that was there before");
    assert!(same(&again, &value), "{value:?} comes back as {again:?}");
    if is_plain(ty) {
        assert_eq!(format!("{back:?}"), format!("{val:?}"));
    }
}

/// Any value fits or is refused in words.
fn given_to_a_component(value: &Value, conversion: &Conversion) -> Verdict {
    match conversion.lower(value) {
        Ok(val) => {
            let taken = conversion.lift(&val).unwrap_or_else(|error| panic!("{value:?} was taken, and then: {error}"));
            let again =
                conversion.lower(&taken).unwrap_or_else(|error| panic!("{taken:?} was taken, and then: {error}"));
            let once_more = conversion.lift(&again).expect("a value that was there before");
            assert!(same(&once_more, &taken), "{taken:?} becomes {once_more:?}");
            Verdict::Accepted
        }
        Err(error) => {
            is_a_message(&error);
            Verdict::Refused(error.to_string())
        }
    }
}

/// JSON has fewer kinds of values: what it made of one it makes of that again.
fn written_as_json(value: &Value) {
    match json_text(value) {
        Ok(text) => {
            let read = json(&text).unwrap_or_else(|error| panic!("{text} was written and is not read: {error}"));
            assert_eq!(json_text(&read).as_ref(), Ok(&text));
            assert_eq!(value.to_json().map(Value::from).as_ref(), Ok(&read));
        }
        Err(error) => is_a_message(&error),
    }
    let _ = value.to_string();
}

/// Whether a type has one way alone to say one thing.
fn is_plain(ty: &Type) -> bool {
    let shown = format!("{ty:?}");
    !shown.contains("Json") && !shown.contains("Message")
}
