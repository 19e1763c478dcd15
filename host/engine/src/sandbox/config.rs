//! How wasmtime is set up.

use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig, WasmBacktraceDetails, WasmFeatures};

use crate::limits::Limits;

/// Room on a fiber's stack beyond what WebAssembly may use: for host functions.
const HOST_STACK_BYTES: usize = 512 * 1024;
/// What stays mapped in a slot when its instance is gone, so that the next one has no page to fault in.
const MEMORY_RESIDENT_BYTES: usize = 256 * 1024;
const TABLE_RESIDENT_BYTES: usize = 16 * 1024;
const STACK_RESIDENT_BYTES: usize = 64 * 1024;
/// Slots beyond those that there are permits for. The pool is searched a part at a time, and takes a slot back for a moment
/// when the component that had it last is dropped: of just enough slots, the free one may not be found.
const SPARE_INSTANCES: u32 = 64;

/// What components may be made of: WebAssembly 2.0, and what toolchains have made of it since. Off is all else, also what
/// wasmtime has on by itself: what would escape the bound on a memory (several of them, 64-bit ones), share memory between
/// threads, or differ between processors (relaxed SIMD), and what is not settled yet.
const FEATURES: WasmFeatures = WasmFeatures::WASM2
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::COMPONENT_MODEL);

/// For running what was compiled with [`code`], within these limits.
pub(super) fn wasmtime(limits: &Limits) -> Config {
    let mut config = code();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)))
        .max_wasm_stack(limits.stack_bytes_max)
        .async_stack_size(limits.stack_bytes_max + HOST_STACK_BYTES);
    config
}

/// What compiled code depends on, and so the same wherever code is compiled or run. No limit is part of it.
pub(super) fn code() -> Config {
    let mut config = Config::new();
    config
        .memory_init_cow(true)
        .epoch_interruption(true)
        .wasm_backtrace_details(WasmBacktraceDetails::Disable)
        .wasm_features(WasmFeatures::all().difference(FEATURES), false);
    config
}

fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let instances = u32::try_from(limits.instances_live_max).unwrap_or(u32::MAX).saturating_add(SPARE_INSTANCES);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        .total_core_instances(instances.saturating_mul(limits.core_instances_max))
        .total_memories(instances.saturating_mul(limits.memories_max))
        .total_tables(instances.saturating_mul(limits.tables_max))
        .total_stacks(instances)
        .max_core_instances_per_component(limits.core_instances_max)
        .max_memories_per_component(limits.memories_max)
        .max_tables_per_component(limits.tables_max)
        .max_memory_size(limits.memory_bytes_max)
        .table_elements(limits.table_elements_max)
        .linear_memory_keep_resident(MEMORY_RESIDENT_BYTES)
        .table_keep_resident(TABLE_RESIDENT_BYTES)
        .async_stack_keep_resident(STACK_RESIDENT_BYTES);
    pool
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};

    use wasmtime::Engine;

    use super::*;

    /// What the files of a cache are named by, and what code is checked for before it is run.
    fn compatibility(config: &Config) -> u64 {
        let mut hasher = DefaultHasher::new();
        Engine::new(config).unwrap().precompile_compatibility_hash().hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn what_a_child_compiles_is_for_every_engine_whatever_its_limits() {
        let few = Limits { instances_live_max: 16, ..Limits::default() };
        let odd = Limits {
            memory_bytes_max: 1024 * 1024,
            table_elements_max: 10,
            tables_max: 1,
            core_instances_max: 1,
            stack_bytes_max: 32 * 1024,
            ..few.clone()
        };
        for limits in [few, odd] {
            assert_eq!(compatibility(&wasmtime(&limits)), compatibility(&code()));
        }
        assert_ne!(compatibility(code().epoch_interruption(false)), compatibility(&code()));
    }
}
