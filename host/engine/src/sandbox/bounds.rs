//! What bounds an instance's memory and tables.

use crate::limits::{Limits, Reached};

/// A refusal is remembered, since what the guest sees is only a failed `memory.grow`: a guest that then gives up is
/// reported as having reached the limit, not as having trapped.
pub(crate) struct Bounds {
    memory_bytes_max: usize,
    table_elements_max: usize,
    refused: Option<Reached>,
}

impl Bounds {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { memory_bytes_max: limits.memory_bytes_max, table_elements_max: limits.table_elements_max, refused: None }
    }

    /// Begins an activation: what an earlier one was refused does not count.
    pub(crate) fn begin(&mut self) {
        self.refused = None;
    }

    /// What was last refused.
    pub(crate) fn refused(&self) -> Option<&Reached> {
        self.refused.as_ref()
    }
}

impl wasmtime::ResourceLimiter for Bounds {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let fits = desired <= self.memory_bytes_max;
        if !fits {
            self.refused = Some(Reached {
                limit: "memory_bytes_max",
                value: self.memory_bytes_max as u64,
                message: format!("wanted {desired} bytes of memory"),
            });
        }
        Ok(fits)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let fits = desired <= self.table_elements_max;
        if !fits {
            self.refused = Some(Reached {
                limit: "table_elements_max",
                value: self.table_elements_max as u64,
                message: format!("wanted a table of {desired} elements"),
            });
        }
        Ok(fits)
    }
}

#[cfg(test)]
mod tests {
    use wasmtime::ResourceLimiter as _;

    use super::*;

    #[test]
    fn a_refusal_is_remembered_for_its_activation_and_no_longer() {
        let limits = Limits { memory_bytes_max: 10, ..Limits::default() };
        let mut bounds = Bounds::new(&limits);
        assert!(bounds.memory_growing(0, 10, None).unwrap());
        assert_eq!(bounds.refused(), None);
        assert!(!bounds.memory_growing(10, 11, None).unwrap());
        assert_eq!(bounds.refused().map(|it| it.limit), Some("memory_bytes_max"));
        bounds.begin();
        assert_eq!(bounds.refused(), None);
    }
}
