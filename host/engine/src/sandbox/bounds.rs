//! What bounds an instance's memories, tables and parts, all that are in its store together.

use crate::limits::{self, Reached};

/// A refusal is remembered, since what the guest sees is only a failed `memory.grow`: a guest that then gives up is
/// reported as having reached the limit, not as having trapped.
pub(crate) struct Bounds {
    memory_bytes: Sum,
    table_elements: Sum,
    core_instances_max: usize,
    refused: Option<Reached>,
}

/// What several have grown to. Nothing is given back before the store is gone.
struct Sum {
    now: usize,
    /// What the last of them grew by, in case that it could not after all.
    last: usize,
    max: usize,
}

impl Bounds {
    pub(crate) fn new(limits: &limits::Component) -> Self {
        Self {
            memory_bytes: Sum::below(limits.memory_bytes_max),
            table_elements: Sum::below(limits.table_elements_max),
            core_instances_max: usize::try_from(limits.core_instances_max).unwrap_or(usize::MAX),
            refused: None,
        }
    }

    /// Begins an activation: what an earlier one was refused does not count.
    pub(crate) fn begin(&mut self) {
        self.refused = None;
    }

    /// What the memories hold.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.memory_bytes.now
    }

    /// What was last refused.
    pub(crate) fn refused(&self) -> Option<&Reached> {
        self.refused.as_ref()
    }
}

impl Sum {
    fn below(max: u64) -> Self {
        Self { now: 0, last: 0, max: usize::try_from(max).unwrap_or(usize::MAX) }
    }

    /// Makes room for one that grows.
    ///
    /// # Errors
    ///
    /// There is none: answers what all would have been.
    fn grow(&mut self, current: usize, desired: usize) -> Result<(), usize> {
        let by = desired.saturating_sub(current);
        let wanted = self.now.saturating_add(by);
        if wanted > self.max {
            return Err(wanted);
        }
        self.now = wanted;
        self.last = by;
        Ok(())
    }

    /// The one that was last made room for did not grow: it has a limit of its own.
    fn take_back(&mut self) {
        self.now -= std::mem::take(&mut self.last);
    }
}

impl wasmtime::ResourceLimiter for Bounds {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let grown = self.memory_bytes.grow(current, desired);
        Ok(self.answer(grown, |wanted, bounds| Reached {
            limit: "memory_bytes_max",
            value: bounds.memory_bytes.max as u64,
            message: format!("wanted {wanted} bytes of memory"),
        }))
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.memory_bytes.take_back();
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let grown = self.table_elements.grow(current, desired);
        Ok(self.answer(grown, |wanted, bounds| Reached {
            limit: "table_elements_max",
            value: bounds.table_elements.max as u64,
            message: format!("wanted {wanted} elements of tables"),
        }))
    }

    fn table_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.table_elements.take_back();
        Ok(())
    }

    fn instances(&self) -> usize {
        self.core_instances_max
    }
}

impl Bounds {
    fn answer(&mut self, grown: Result<(), usize>, reached: impl FnOnce(usize, &Self) -> Reached) -> bool {
        if let Err(wanted) = grown {
            self.refused = Some(reached(wanted, self));
        }
        grown.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use wasmtime::ResourceLimiter as _;

    use super::*;

    fn bounds() -> Bounds {
        Bounds::new(&limits::Component { memory_bytes_max: 10, table_elements_max: 10, ..Default::default() })
    }

    #[test]
    fn a_refusal_is_remembered_for_its_activation_and_no_longer() {
        let mut bounds = bounds();
        assert!(bounds.memory_growing(0, 10, None).unwrap());
        assert_eq!(bounds.refused(), None);
        assert!(!bounds.memory_growing(10, 11, None).unwrap());
        assert_eq!(bounds.refused().map(|it| it.limit), Some("memory_bytes_max"));
        bounds.begin();
        assert_eq!(bounds.refused(), None);
    }

    #[test]
    fn memories_and_tables_are_summed() {
        let mut bounds = bounds();
        assert!(bounds.memory_growing(0, 6, None).unwrap() && bounds.table_growing(0, 6, None).unwrap());
        assert!(!bounds.memory_growing(0, 5, None).unwrap() && !bounds.table_growing(0, 5, None).unwrap());
        assert!(bounds.memory_growing(0, 1, None).unwrap() && bounds.table_growing(0, 1, None).unwrap());
        assert!(bounds.memory_growing(1, 4, None).unwrap() && bounds.table_growing(1, 4, None).unwrap());
        assert!(!bounds.memory_growing(6, 7, None).unwrap() && !bounds.table_growing(6, 7, None).unwrap());
    }

    #[test]
    fn what_could_not_grow_after_all_does_not_count() {
        let mut bounds = bounds();
        assert!(bounds.memory_growing(0, 4, Some(4)).unwrap() && bounds.table_growing(0, 4, Some(4)).unwrap());
        assert!(bounds.memory_growing(4, 10, Some(4)).unwrap() && bounds.table_growing(4, 10, Some(4)).unwrap());
        let failed = || wasmtime::Error::msg("its maximum");
        bounds.memory_grow_failed(failed()).unwrap();
        bounds.table_grow_failed(failed()).unwrap();
        assert!(bounds.memory_growing(0, 6, None).unwrap() && bounds.table_growing(0, 6, None).unwrap());
        assert!(!bounds.memory_growing(0, 1, None).unwrap() && !bounds.table_growing(0, 1, None).unwrap());
    }
}
