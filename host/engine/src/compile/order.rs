//! What a child is told by its last argument.

use std::io;
use std::num::NonZero;

use serde::{Deserialize, Serialize};

use crate::limits::Limits;

/// The limits that the child sets itself, and whose child it is. What compiled code depends on is no part of it: that is
/// the same for all limits.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    /// CPU time.
    pub(super) cpu_ms_max: u64,
    /// Memory.
    pub(super) memory_bytes_max: u64,
    /// The process that waits for the answer.
    pub(super) parent: NonZero<u32>,
}

impl Order {
    /// An order by this process.
    pub(super) fn of(limits: &Limits) -> Self {
        Self {
            cpu_ms_max: limits.compile_cpu_ms_max,
            memory_bytes_max: limits.compile_memory_bytes_max as u64,
            parent: NonZero::new(std::process::id()).unwrap_or(NonZero::<u32>::MIN),
        }
    }

    pub(super) fn written(&self) -> io::Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    pub(super) fn read(text: &str) -> io::Result<Self> {
        Ok(serde_json::from_str(text)?)
    }
}
