//! Calls that carry many bytes.
//!
//! A dynamic value of wasmtime takes 40 bytes for each byte of a `list<u8>`, so a message of 16 MiB would take 640 MiB on
//! its way. Functions of a few shapes, which are those of a component that passes a message on, are therefore called by
//! static types when an argument holds bytes. In any other shape bytes are bounded by [`convert::BYTES_MAX`].

use sandgate_flow::catalog::{Activity, Fallible, Type};
use sandgate_flow::value::Value;
use wasmtime::Store;
use wasmtime::component::{ComponentNamedList, Func, Lower, Val};

use crate::capability::Host;
use crate::capability::bindings::sandgate::flow::push::Message;
use crate::capability::bindings::sandgate::flow::types::Json;
use crate::convert;

/// Arguments whose types are known here.
pub(crate) enum Bulk {
    /// `(message)`
    Message(Message),
    /// `(option<string>, message)`
    OptionalAndMessage(Option<String>, Message),
    /// `(string, message)`
    TextAndMessage(String, Message),
    /// `(list<u8>)`
    Bytes(Vec<u8>),
    /// `(string, list<u8>)`
    TextAndBytes(String, Vec<u8>),
}

/// What a function of a known shape returns.
#[derive(Clone, Copy)]
pub(crate) enum Returns {
    Nothing,
    U32,
    /// `result<u32, string>`
    Fallible,
}

impl Returns {
    fn of(activity: &Activity) -> Option<Self> {
        match (&activity.returns, &activity.error) {
            (None, Fallible::No) => Some(Self::Nothing),
            (Some(Type::U32), Fallible::No) => Some(Self::U32),
            (Some(Type::U32), Fallible::Yes(Some(Type::String))) => Some(Self::Fallible),
            _ => None,
        }
    }
}

impl Bulk {
    /// These arguments, if one of them holds bytes and the function is of a known shape: it takes what one of the
    /// variants says, and returns nothing, a `u32`, or a `result<u32, string>`.
    pub(crate) fn of(activity: &Activity, arguments: &[Value]) -> Option<(Self, Returns)> {
        let holds_bytes = arguments.iter().any(|it| matches!(it, Value::Bytes(_)));
        let returns = Returns::of(activity)?;
        if holds_bytes { Self::arguments(activity, arguments).map(|bulk| (bulk, returns)) } else { None }
    }

    fn arguments(activity: &Activity, arguments: &[Value]) -> Option<Self> {
        let types: Vec<_> = activity.parameters.iter().map(|parameter| &parameter.ty).collect();
        match (&types[..], arguments) {
            ([Type::Message], [it]) => message(it).map(Self::Message),
            ([Type::Option(some), Type::Message], [to, it]) if **some == Type::String => {
                Some(Self::OptionalAndMessage(optional(to)?, message(it)?))
            }
            ([Type::String, Type::Message], [to, it]) => Some(Self::TextAndMessage(text(to)?, message(it)?)),
            ([Type::Bytes], [it]) => bytes(it).map(Self::Bytes),
            ([Type::String, Type::Bytes], [to, it]) => Some(Self::TextAndBytes(text(to)?, bytes(it)?)),
            _ => None,
        }
    }

    /// Calls the function.
    pub(super) async fn call(
        self,
        store: &mut Store<Host>,
        function: Func,
        returns: Returns,
    ) -> wasmtime::Result<Option<Val>> {
        match self {
            Self::Message(it) => call(store, function, (it,), returns).await,
            Self::OptionalAndMessage(to, it) => call(store, function, (to, it), returns).await,
            Self::TextAndMessage(to, it) => call(store, function, (to, it), returns).await,
            Self::Bytes(it) => call(store, function, (it,), returns).await,
            Self::TextAndBytes(to, it) => call(store, function, (to, it), returns).await,
        }
    }
}

async fn call<P: ComponentNamedList + Lower + Send + Sync + 'static>(
    store: &mut Store<Host>,
    function: Func,
    parameters: P,
    returns: Returns,
) -> wasmtime::Result<Option<Val>> {
    Ok(match returns {
        Returns::Nothing => {
            function.typed::<P, ()>(&mut *store)?.call_async(store, parameters).await?;
            None
        }
        Returns::U32 => {
            let (number,) = function.typed::<P, (u32,)>(&mut *store)?.call_async(store, parameters).await?;
            Some(Val::U32(number))
        }
        Returns::Fallible => {
            let typed = function.typed::<P, (Result<u32, String>,)>(&mut *store)?;
            let (result,) = typed.call_async(store, parameters).await?;
            let ok = |number| Some(Box::new(Val::U32(number)));
            Some(Val::Result(result.map(ok).map_err(|error| Some(Box::new(Val::String(error))))))
        }
    })
}

fn message(value: &Value) -> Option<Message> {
    match value {
        Value::String(text) => Some(Message::Text(text.to_string())),
        Value::Bytes(bytes) => Some(Message::Binary(bytes.to_vec())),
        other => convert::json_text(other).ok().map(|text| Message::Json(Json { text })),
    }
}

fn optional(value: &Value) -> Option<Option<String>> {
    match value {
        Value::Null => Some(None),
        other => text(other).map(Some),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        _ => None,
    }
}

fn bytes(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Bytes(bytes) => Some(bytes.to_vec()),
        _ => None,
    }
}
