//! A version as it is run.

use std::collections::BTreeSet;
use std::sync::Arc;

use sandgate_engine::Components;
use sandgate_flow::Plan;

use super::{Error, Part};

/// A version of a flow that can be run. A run keeps the one that it began with.
pub(crate) struct Served {
    /// The checked flow.
    pub(crate) plan: Arc<Plan>,
    /// Its number: that in the store. Where there is no store, 1 for the first, and one more for each change since.
    pub(crate) version: u64,
    /// What it calls, and maybe more.
    pub(crate) components: Arc<Components>,
    /// The text that it was made of.
    pub(crate) text: Arc<str>,
}

impl Served {
    /// Whether this text with these components gives this version again.
    pub(crate) fn is_of(&self, text: &str, components: &Components) -> bool {
        let same = |name: &Arc<str>| match (self.components.get(name), components.get(name)) {
            (Some(one), Some(other)) => one.digest() == other.digest() && one.limits() == other.limits(),
            (one, other) => one.is_none() && other.is_none(),
        };
        *self.text == *text && self.plan.nodes.iter().all(|node| same(&node.component))
    }

    /// The components that a flow calls, each once, as `part` has them by name.
    ///
    /// # Errors
    ///
    /// It does not have one.
    pub(crate) fn parts<'a>(plan: &Plan, part: impl Fn(&str) -> Option<Part<'a>>) -> Result<Vec<Part<'a>>, Error> {
        let names: BTreeSet<&str> = plan.nodes.iter().map(|node| &*node.component).collect();
        names.into_iter().map(|name| part(name).ok_or_else(|| Error::NoBytes(name.to_owned()))).collect()
    }
}
