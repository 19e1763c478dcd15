//! What bounds a component, in a form that outlives the configuration that said it.

use std::collections::BTreeMap;

use sandgate_engine::limits;
use serde::{Deserialize, Serialize};

/// What is said of a component's limits, without what the engine and the program say of all: enough to work its limits
/// out again where there is no configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Bounds {
    /// What a limit is that nothing is said of.
    pub(crate) from: Unsaid,
    /// Limits by their names.
    pub(crate) limits: BTreeMap<String, u64>,
}

/// What a limit is that nothing is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unsaid {
    /// All that the engine allows: for the program's own components.
    Engine,
    /// The default for components that somebody else has written.
    Default,
}

impl Bounds {
    /// The limits, in an engine that lets no component have more than `maxima`. A name that is a limit no longer counts
    /// for nothing.
    pub(crate) fn within(&self, maxima: &limits::Component) -> limits::Component {
        let mut limits = match self.from {
            Unsaid::Engine => maxima.clone(),
            Unsaid::Default => limits::Component::default(),
        };
        for (name, value) in &self.limits {
            if let Some(limit) = limits.named(name) {
                *limit = *value;
            }
        }
        limits.lower(maxima)
    }
}
