//! How wasmtime is set up.

use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig, WasmBacktraceDetails};

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

pub(super) fn wasmtime(limits: &Limits) -> Config {
    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)))
        .memory_init_cow(true)
        .epoch_interruption(true)
        .max_wasm_stack(limits.stack_bytes_max)
        .async_stack_size(limits.stack_bytes_max + HOST_STACK_BYTES)
        .wasm_backtrace_details(WasmBacktraceDetails::Disable);
    // Off: what would escape the bound on a memory, share memory between threads, or differ between processors.
    config.wasm_multi_memory(false).wasm_memory64(false).wasm_relaxed_simd(false);
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
