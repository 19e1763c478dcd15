//! From a literal to the types of a document. Everything that is wrong is reported, not only the first thing.

use std::ops::Range;

use serde::Deserialize;
use serde::de::value::StrDeserializer;

use super::literal::{Entries, Kind, Literal, Text};
use crate::diagnostic::{Problem, did_you_mean, listed, nearest};
use crate::value::Value;

/// What can be read from a literal.
pub(crate) trait Read: Sized {
    /// Reads it, or reports why it cannot be read. `name` is what messages call it: its key, in backticks.
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self>;

    /// What stands for it where it is left out; nothing makes it required.
    fn left_out() -> Option<Self> {
        None
    }
}

/// Declares a map with fixed keys: its type, its JSON Schema and how it is read, from the one list of its keys. A key
/// whose type is an `Option` may be left out. Each record also knows the place where a problem with all of it is shown.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$key_meta:meta])* $key:literal => $field:ident: $ty:ty,)* }) => {
        #[derive(Clone, Debug, schemars::JsonSchema)]
        $(#[$meta])*
        #[schemars(deny_unknown_fields)]
        pub struct $name {
            $($(#[$key_meta])* #[schemars(rename = $key)] pub $field: $ty,)*
            /// Where a problem with all of it is shown.
            #[schemars(skip)]
            pub place: std::ops::Range<usize>,
        }

        impl $crate::document::read::Read for $name {
            fn read(
                literal: &$crate::document::Literal,
                name: &str,
                problems: &mut Vec<$crate::diagnostic::Problem>,
            ) -> Option<Self> {
                let keys = $crate::document::read::Keys::of(literal, name, &[$($key),*], problems)?;
                $(let $field = keys.take($key, problems);)*
                Some(Self { $($field: $field?,)* place: literal.head() })
            }
        }
    };
}
pub(crate) use record;

/// The entries of a record that is being read.
pub(crate) struct Keys<'a> {
    entries: &'a Entries<Literal>,
    place: Range<usize>,
    /// Known keys that an unknown one was probably meant for: that they are missing was said by that.
    meant: Vec<&'static str>,
}

impl<'a> Keys<'a> {
    /// Reports every entry that is not one of the known keys.
    pub(crate) fn of(
        literal: &'a Literal,
        name: &str,
        known: &'static [&'static str],
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let entries = map(literal, name, problems)?;
        let mut meant = Vec::new();
        for (key, _) in entries.iter().filter(|(key, _)| !known.contains(&&*key.value)) {
            let nearest = nearest(&key.value, known.iter().copied());
            meant.extend(nearest);
            let help = match nearest {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("the keys here are {}", listed(known.iter().copied())),
            };
            problems.push(Problem::error(key.span.clone(), format!("unknown key `{}`", key.value)).help(help));
        }
        Some(Self { entries, place: literal.head(), meant })
    }

    /// Reads the entry of this key; reports it if it is missing and required.
    pub(crate) fn take<T: Read>(&self, key: &str, problems: &mut Vec<Problem>) -> Option<T> {
        match self.entries.get(key) {
            Some(literal) => T::read(literal, &format!("`{key}`"), problems),
            None => T::left_out().or_else(|| {
                if !self.meant.contains(&key) {
                    problems.push(Problem::error(self.place.clone(), format!("`{key}` is missing here")));
                }
                None
            }),
        }
    }
}

impl Read for Literal {
    fn read(literal: &Literal, _: &str, _: &mut Vec<Problem>) -> Option<Self> {
        Some(literal.clone())
    }
}

impl Read for Text {
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        match &literal.kind {
            Kind::Scalar(Value::String(value)) => Some(Self { value: value.clone(), span: literal.span.clone() }),
            Kind::Scalar(Value::Null) => {
                let problem = Problem::error(literal.span.clone(), format!("{name} is empty"));
                problems.push(problem.help(format!("write its text, or leave {name} out")));
                None
            }
            Kind::Scalar(_) => {
                let help = "put it in quotes to make it a text".to_owned();
                wrong_kind(literal, name, "a text", problems, Some(help))
            }
            _ => wrong_kind(literal, name, "a text", problems, None),
        }
    }
}

impl<T: Read> Read for Option<T> {
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        T::read(literal, name, problems).map(Some)
    }

    fn left_out() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let Kind::List(items) = &literal.kind else {
            return wrong_kind(literal, name, "a list", problems, None);
        };
        let read: Vec<_> = items.iter().map(|item| T::read(item, name, problems)).collect();
        read.into_iter().collect()
    }
}

impl<T: Read> Read for Entries<T> {
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let entries = map(literal, name, problems)?;
        let read: Vec<_> = entries
            .iter()
            .map(|(key, item)| T::read(item, &format!("`{}`", key.value), problems).map(|item| (key.clone(), item)))
            .collect();
        read.into_iter().collect::<Option<_>>().map(Self)
    }
}

/// Reads one of an enum's names, as serde has them.
pub(crate) fn choice<T: for<'de> Deserialize<'de>>(
    literal: &Literal,
    name: &str,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let text = Text::read(literal, name, problems)?;
    let chosen = T::deserialize(StrDeserializer::<UnknownName>::new(&text.value));
    chosen
        .map_err(|UnknownName { known }| {
            let help = did_you_mean(&text.value, known.iter().copied());
            let message = format!("{name} must be one of {}, and is `{}`", listed(known.iter().copied()), text.value);
            problems.push(Problem::error(text.span, message).help(help));
        })
        .ok()
}

/// What serde says of a text that is none of an enum's names.
#[derive(Debug, thiserror::Error)]
#[error("unknown name")]
struct UnknownName {
    known: &'static [&'static str],
}

impl serde::de::Error for UnknownName {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self { known: &[] }
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self { known }
    }
}

fn map<'a>(literal: &'a Literal, name: &str, problems: &mut Vec<Problem>) -> Option<&'a Entries<Literal>> {
    match &literal.kind {
        Kind::Map(entries) => Some(entries),
        _ => wrong_kind(literal, name, "a map", problems, None),
    }
}

/// Reports a literal of another kind than is due, unless it was reported already.
pub(crate) fn wrong_kind<T>(
    literal: &Literal,
    name: &str,
    due: &str,
    problems: &mut Vec<Problem>,
    help: Option<String>,
) -> Option<T> {
    if literal.kind != Kind::Broken {
        let message = format!("{name} must be {due}, and is {}", literal.kind_name());
        problems.push(Problem::error(literal.head(), message).help(help));
    }
    None
}
