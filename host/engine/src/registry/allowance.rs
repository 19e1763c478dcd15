//! What the instances of a component may use.

use crate::capability::Rate;
use crate::limits;

/// What each of a component's instances may use, and what all of them together have used of what they share.
pub(crate) struct Allowance {
    pub(crate) limits: limits::Component,
    /// How fast they write to the log.
    pub(crate) log: Rate,
}

impl Allowance {
    /// All of it.
    pub(super) fn new(limits: limits::Component) -> Self {
        Self { limits, log: Rate::default() }
    }
}
