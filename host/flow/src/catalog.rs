//! The components that a flow may call, as data: what the registry read out of their bytes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::value::Value;

/// The known components, by the name that flows call them by.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// By name.
    pub components: BTreeMap<Arc<str>, Component>,
}

/// What is known about a component.
#[derive(Clone, Debug)]
pub struct Component {
    /// A title for people, from `component.toml`.
    pub title: Option<String>,
    /// The heading it is listed under, from `component.toml`.
    pub group: Option<String>,
    /// The name of its icon, from `component.toml`.
    pub icon: Option<String>,
    /// The docs of its world.
    pub docs: Option<String>,
    /// The functions that a node can call, in the order of the interfaces and of the functions in them.
    pub activities: Vec<Activity>,
    /// Whether it exports the gateway interface of the contract.
    pub gateway: Gateway,
    /// Whether an instance may be kept for the next activation of the same run, from `component.toml`.
    pub instances: Instances,
}

/// Whether a component is a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// It exports `sandgate:flow/gateway`.
    Exported,
    /// It does not.
    Absent,
}

/// What becomes of an instance after an activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instances {
    /// A fresh one for each activation.
    Fresh,
    /// It keeps nothing, and may serve the run's next activation.
    Stateless,
}

/// A function that a node can call.
#[derive(Clone, Debug)]
pub struct Activity {
    /// The interface as the component exports it: `ns:pkg/iface@version`.
    pub interface: Arc<str>,
    /// The function's name, as WIT has it.
    pub function: Arc<str>,
    /// Its docs.
    pub docs: Option<String>,
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
    /// What it returns: the `ok` of a top-level result.
    pub returns: Option<Type>,
    /// Whether it returns a top-level result, and its error's type.
    pub error: Fallible,
}

/// Whether an activity's result is a `result`, whose error takes the node's error edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fallible {
    /// It always returns.
    No,
    /// It may return an error of this type, or one without a value.
    Yes(Option<Type>),
}

/// A parameter of an activity.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name in flows: `-` is written `_`.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// Its docs, from `component.toml`, since WIT has none for parameters.
    pub docs: Option<String>,
    /// What a node that leaves it out passes, from `component.toml`.
    pub default: Option<Value>,
    /// How a form shows it, from `component.toml`.
    pub widget: Option<String>,
    /// Whether a form leaves it out, from `component.toml`.
    pub visibility: Visibility,
}

/// Whether a form shows a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// It does.
    Shown,
    /// It does not.
    Hidden,
}

/// A WIT type, aliases followed. Names of fields and cases are those of WIT, with `-`; [`in_flow`] gives a flow's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `bool`
    Bool,
    /// `s8`
    S8,
    /// `s16`
    S16,
    /// `s32`
    S32,
    /// `s64`
    S64,
    /// `u8`
    U8,
    /// `u16`
    U16,
    /// `u32`
    U32,
    /// `u64`
    U64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `char`
    Char,
    /// `string`
    String,
    /// `list<u8>`
    Bytes,
    /// `sandgate:flow/types.json`: any value.
    Json,
    /// `sandgate:flow/push.message`: a string is its text, bytes its binary, anything else its json.
    Message,
    /// `list<T>`
    List(Box<Type>),
    /// `tuple<...>`
    Tuple(Vec<Type>),
    /// `record`
    Record(Vec<Field>),
    /// `variant`
    Variant(Vec<Case>),
    /// `enum`, its cases
    Enum(Vec<Arc<str>>),
    /// `flags`, their names
    Flags(Vec<Arc<str>>),
    /// `option<T>`
    Option(Box<Type>),
    /// `result<T, E>` inside a value
    Result {
        /// The type of its `ok`, if that has a value.
        ok: Option<Box<Type>>,
        /// The type of its `error`, if that has a value.
        error: Option<Box<Type>>,
    },
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As WIT has it.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
}

/// A case of a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// As WIT has it.
    pub name: Arc<str>,
    /// The type of its value, if it has one.
    pub ty: Option<Type>,
}

/// A WIT name as flows write it: `max-count` is `max_count`.
pub fn in_flow(name: &str) -> String {
    name.replace('-', "_")
}

/// As WIT writes it, for messages; a record or a variant by its fields or cases.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::S8 => f.write_str("s8"),
            Self::S16 => f.write_str("s16"),
            Self::S32 => f.write_str("s32"),
            Self::S64 => f.write_str("s64"),
            Self::U8 => f.write_str("u8"),
            Self::U16 => f.write_str("u16"),
            Self::U32 => f.write_str("u32"),
            Self::U64 => f.write_str("u64"),
            Self::F32 => f.write_str("f32"),
            Self::F64 => f.write_str("f64"),
            Self::Char => f.write_str("char"),
            Self::String => f.write_str("string"),
            Self::Bytes => f.write_str("list<u8>"),
            Self::Json => f.write_str("json"),
            Self::Message => f.write_str("message"),
            Self::List(item) => write!(f, "list<{item}>"),
            Self::Tuple(items) => write!(f, "tuple<{}>", Commas(items)),
            Self::Record(fields) => write!(f, "record {{ {} }}", Commas(fields)),
            Self::Variant(cases) => write!(f, "variant {{ {} }}", Commas(cases)),
            Self::Enum(cases) => write!(f, "enum {{ {} }}", Commas(cases)),
            Self::Flags(names) => write!(f, "flags {{ {} }}", Commas(names)),
            Self::Option(some) => write!(f, "option<{some}>"),
            Self::Result { ok, error } => write!(f, "result<{}, {}>", Side(ok.as_deref()), Side(error.as_deref())),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.ty)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.ty {
            Some(ty) => write!(f, "{}({ty})", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// One after the other: whoever has seen enough stops the writing, however many there are.
struct Commas<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Commas<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, item)| {
            f.write_str(if index == 0 { "" } else { ", " })?;
            item.fmt(f)
        })
    }
}

/// A side of a result.
struct Side<'a>(Option<&'a Type>);

impl fmt::Display for Side<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(ty) => ty.fmt(f),
            None => f.write_str("_"),
        }
    }
}
