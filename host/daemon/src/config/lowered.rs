//! Limits of components, as `sandgate.toml` sets them below the engine's.

use std::collections::BTreeMap;

use sandgate_engine::limits;
use sandgate_flow::diagnostic::{self, Problem};
use serde::Deserialize;
use toml::Spanned;

/// Limits by name, and where they are written. Two are equal that say the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Lowered(BTreeMap<Spanned<String>, Spanned<u64>>);

impl Lowered {
    /// What is wrong with them, where no limit may be above `maxima`.
    pub(super) fn problems(&self, maxima: &limits::Component) -> impl Iterator<Item = Problem> {
        self.0.iter().filter_map(|(name, value)| match maxima.clone().named(name.get_ref()) {
            None => Some(unknown(name)),
            Some(max) if value.get_ref() > max => Some(above(name.get_ref(), value, *max)),
            Some(_) => None,
        })
    }

    /// What they say, without where.
    pub(super) fn iter(&self) -> impl Iterator<Item = (String, u64)> {
        self.0.iter().map(|(name, value)| (name.get_ref().clone(), *value.get_ref()))
    }
}

fn above(name: &str, value: &Spanned<u64>, max: u64) -> Problem {
    let message = format!("`{name}` is {}, which is above the {max} that any component may have", value.get_ref());
    Problem::error(value.span(), message).help(format!("lower it, or raise `{name}` in [limits.engine]"))
}

fn unknown(name: &Spanned<String>) -> Problem {
    let known = limits::Component::NAMES;
    let help = diagnostic::did_you_mean(name.get_ref(), known.iter().copied())
        .unwrap_or_else(|| format!("a component may have limits of its own on {}", known.join(", ")));
    Problem::error(name.span(), format!("unknown limit of a component `{}`", name.get_ref())).help(help)
}
