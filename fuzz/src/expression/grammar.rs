//! Expressions as the grammar of CEL has them, mostly of types that go together.

use arbitrary::{Arbitrary, Result, Unstructured};
use sandgate_flow::catalog::Type;

use crate::json;

/// What an expression is to be.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Kind {
    Int,
    Double,
    Bool,
    Text,
    Bytes,
    List,
    Map,
}

/// The names that there are, by kind, before those of comprehensions.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) ints: &'static [&'static str],
    pub(crate) lists: &'static [&'static str],
    /// Of any other kind.
    pub(crate) others: &'static [&'static str],
}

const INTS: [&str; 7] = ["0", "1", "-1", "9223372036854775807", "-9223372036854775808", "0x7f", "2u"];
const DOUBLES: [&str; 5] = ["1.5", "-0.0", "1e308", "0.1", "double(3)"];
const TEXTS: [&str; 9] = ["'a'", "\"b\"", "''", "'é'", "'日本'", "'\\u00e9\\x41'", "r'\\d+'", "'''a\nb'''", "'3'"];
const BYTES: [&str; 3] = ["b'a'", "b'\\xff\\000'", "bytes('é')"];
const PATTERNS: [&str; 8] =
    ["'^a+$'", "'(a|b)*c'", "'[01]*1[01]{9}'", "'\\\\w{1,20}'", "'(a{10}){10}'", "'('", "'\\\\b\\\\p{L}'", "'(?i)É'"];
/// What is of use nowhere, or not there.
const ODD: [&str; 12] =
    ["nodes", "timestamp('x')", "in", "é", "x", "has(1)", "a.?b", "{1: 2}", "type(1)", "Msg{a: 1}", "count.", "'\\q'"];
const ELEMENTS: [&str; 4] = ["x", "y", "count", "nodes"];
const NUMBERS: [&str; 5] = ["+", "-", "*", "/", "%"];
const COMPARISONS: [&str; 6] = ["<", "<=", ">", ">=", "==", "!="];
const FOLDS: [&str; 3] = ["all", "exists", "exists_one"];
const TYPES: [&str; 9] = ["int", "uint", "double", "string", "bool", "bytes", "list", "map", "null_type"];

/// The kind that an expression has to be for a type.
pub(crate) fn kind_of(ty: &Type) -> Kind {
    match ty {
        Type::Bool => Kind::Bool,
        Type::F32 | Type::F64 => Kind::Double,
        Type::Char | Type::String | Type::Enum(_) => Kind::Text,
        Type::Bytes => Kind::Bytes,
        Type::List(_) | Type::Tuple(_) | Type::Flags(_) => Kind::List,
        Type::Record(_) | Type::Variant(_) | Type::Result { .. } | Type::Json | Type::Message => Kind::Map,
        Type::Option(of) => kind_of(of),
        _ => Kind::Int,
    }
}

/// An expression, nested up to so deep.
pub(crate) fn expression(u: &mut Unstructured<'_>, kind: Kind, depth: usize, scope: &Scope) -> Result<String> {
    Grammar { scope, elements: Vec::new() }.of(u, kind, depth)
}

struct Grammar<'s> {
    scope: &'s Scope,
    /// The names of the elements of the comprehensions around.
    elements: Vec<&'static str>,
}

impl Grammar<'_> {
    fn of(&mut self, u: &mut Unstructured<'_>, kind: Kind, depth: usize) -> Result<String> {
        match u.int_in_range(0..=99)? {
            // What is used up reads as zeros.
            _ if u.is_empty() => return self.leaf(u, kind),
            99 => return u.choose(&ODD).map(|odd| (*odd).to_owned()),
            97 | 98 => {
                let other = Kind::arbitrary(u)?;
                return self.of(u, other, depth);
            }
            96 if depth > 0 => return self.much(u, kind, depth - 1),
            90..=95 => return self.name(u, kind),
            _ => {}
        }
        let Some(depth) = depth.checked_sub(1) else { return self.leaf(u, kind) };
        if u.ratio(1, 8)? {
            let condition = self.of(u, Kind::Bool, depth)?;
            return Ok(format!("({condition} ? {} : {})", self.of(u, kind, depth)?, self.of(u, kind, depth)?));
        }
        match kind {
            Kind::Int => self.int(u, depth),
            Kind::Double => self.double(u, depth),
            Kind::Bool => self.bool(u, depth),
            Kind::Text => self.text(u, depth),
            Kind::Bytes => Ok(format!("({} + {})", self.of(u, kind, depth)?, self.of(u, kind, depth)?)),
            Kind::List => self.list(u, depth),
            Kind::Map => self.map(u, depth),
        }
    }

    fn leaf(&mut self, u: &mut Unstructured<'_>, kind: Kind) -> Result<String> {
        if u.ratio(1, 3)? {
            return self.name(u, kind);
        }
        Ok(match kind {
            Kind::Int => json::integer(u)?.to_string(),
            Kind::Double => (*u.choose(&DOUBLES)?).to_owned(),
            Kind::Bool => u.arbitrary::<bool>()?.to_string(),
            // JSON's escapes are CEL's as well.
            Kind::Text if u.ratio(1, 3)? => serde_json::Value::from(json::text(u)?).to_string(),
            Kind::Text => (*u.choose(&TEXTS)?).to_owned(),
            Kind::Bytes => (*u.choose(&BYTES)?).to_owned(),
            Kind::List => "[1, 2, 3]".to_owned(),
            Kind::Map => "{'k': 1}".to_owned(),
        })
    }

    fn name(&mut self, u: &mut Unstructured<'_>, kind: Kind) -> Result<String> {
        if !self.elements.is_empty() && u.arbitrary()? {
            return u.choose(&self.elements).map(|name| (*name).to_owned());
        }
        let names: &[&str] = match kind {
            Kind::Int if u.arbitrary()? => &INTS,
            Kind::Int => self.scope.ints,
            Kind::List => self.scope.lists,
            _ => self.scope.others,
        };
        u.choose(names).map(|name| (*name).to_owned())
    }

    fn int(&mut self, u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
        Ok(match u.int_in_range(0..=7)? {
            0..=3 => {
                let left = self.of(u, Kind::Int, depth)?;
                format!("({left} {} {})", u.choose(&NUMBERS)?, self.of(u, Kind::Int, depth)?)
            }
            4 => format!("size({})", self.of(u, Kind::Text, depth)?),
            5 => format!("{}.size()", self.of(u, Kind::List, depth)?),
            6 => format!("int({})", self.of(u, Kind::Double, depth)?),
            _ => format!("{}[{}]", self.of(u, Kind::List, depth)?, self.of(u, Kind::Int, 0)?),
        })
    }

    fn double(&mut self, u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
        if u.arbitrary()? {
            return Ok(format!("double({})", self.of(u, Kind::Int, depth)?));
        }
        let left = self.of(u, Kind::Double, depth)?;
        Ok(format!("({left} {} {})", u.choose(&["+", "-", "*", "/"])?, self.of(u, Kind::Double, depth)?))
    }

    fn bool(&mut self, u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
        let kind = Kind::arbitrary(u)?;
        Ok(match u.int_in_range(0..=9)? {
            0 | 1 => {
                let left = self.of(u, kind, depth)?;
                format!("({left} {} {})", u.choose(&COMPARISONS)?, self.of(u, kind, depth)?)
            }
            2 => format!("({} && {})", self.of(u, Kind::Bool, depth)?, self.of(u, Kind::Bool, depth)?),
            3 => format!("({} || {})", self.of(u, Kind::Bool, depth)?, self.of(u, Kind::Bool, depth)?),
            4 => format!("!{}", self.of(u, Kind::Bool, depth)?),
            5 => format!("({} in {})", self.of(u, kind, depth)?, self.of(u, Kind::List, depth)?),
            6 => {
                let text = self.of(u, Kind::Text, depth)?;
                let method = u.choose(&["contains", "startsWith", "endsWith"])?;
                format!("{text}.{method}({})", self.of(u, Kind::Text, depth)?)
            }
            7 => format!("{}.matches({})", self.of(u, Kind::Text, depth)?, u.choose(&PATTERNS)?),
            8 => format!("(type({}) == {})", self.of(u, kind, depth)?, u.choose(&TYPES)?),
            _ => {
                let fold = *u.choose(&FOLDS)?;
                self.over(u, fold, Kind::Bool, depth)?
            }
        })
    }

    fn text(&mut self, u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
        if u.arbitrary()? {
            return Ok(format!("({} + {})", self.of(u, Kind::Text, depth)?, self.of(u, Kind::Text, depth)?));
        }
        let kind = *u.choose(&[Kind::Int, Kind::Double, Kind::Bytes, Kind::Text])?;
        Ok(format!("string({})", self.of(u, kind, depth)?))
    }

    fn list(&mut self, u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
        let kind = Kind::arbitrary(u)?;
        Ok(match u.int_in_range(0..=4)? {
            0 => format!("({} + {})", self.of(u, Kind::List, depth)?, self.of(u, Kind::List, depth)?),
            1 => self.over(u, "map", kind, depth)?,
            2 => self.over(u, "filter", Kind::Bool, depth)?,
            _ => format!("[{}]", json::some(u, |u| self.of(u, kind, depth))?.join(", ")),
        })
    }

    fn map(&mut self, u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
        let entry = |u: &mut Unstructured<'_>| {
            let key = *u.choose(&["'k'", "'a'", "'é'", "string(1)"])?;
            let kind = Kind::arbitrary(u)?;
            Ok(format!("{key}: {}", self.of(u, kind, depth)?))
        };
        Ok(format!("{{{}}}", json::some(u, entry)?.join(", ")))
    }

    /// Something over each element of a list.
    fn over(&mut self, u: &mut Unstructured<'_>, fold: &str, kind: Kind, depth: usize) -> Result<String> {
        let list = self.of(u, Kind::List, depth)?;
        let element = *u.choose(&ELEMENTS)?;
        self.elements.push(element);
        let each = self.of(u, kind, depth);
        self.elements.pop();
        Ok(format!("{list}.{fold}({element}, {})", each?))
    }

    /// The same thing very often: in brackets, in a chain, in a text.
    fn much(&mut self, u: &mut Unstructured<'_>, kind: Kind, depth: usize) -> Result<String> {
        let inner = self.of(u, kind, depth)?;
        let times_max = if u.ratio(1, 4)? { 400 } else { 30 };
        let times = u.int_in_range(1..=times_max)?;
        Ok(match u.int_in_range(0..=7)? {
            0 => format!("{}{inner}{}", "(".repeat(times), ")".repeat(times)),
            1 => format!("{}{inner}{}", "[".repeat(times), "]".repeat(times)),
            2 => format!("{}{inner}", "!".repeat(times)),
            3 => vec![inner.as_str(); times].join("+"),
            4 => format!("{inner}{}", "[0]".repeat(times)),
            5 => format!("[{inner}]{}", ".map(x, x + x)".repeat(times)),
            6 => format!("[{inner}]{}", ".map(x, [x, x])".repeat(times)),
            _ => format!("{}{inner}{}", "{'k':".repeat(times), "}".repeat(times)),
        })
    }
}
