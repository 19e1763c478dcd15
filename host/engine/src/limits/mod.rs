//! Every bound of the engine, in one place.

mod component;

use std::sync::Arc;

use sandgate_flow::event;

pub use component::Component;

/// The bounds of the engine. Each name ends in its unit; the defaults suit a host of a few cores and a few GiB.
///
/// Those that [`Component`] has too are the most that any component may have; the others are of the engine as a whole.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Instances of components alive at once, over all runs. What the kernel maps is the wall: see
    /// [`instances_live_max`].
    pub instances_live_max: usize,
    /// Linear memory of one instance, all its memories together.
    pub memory_bytes_max: usize,
    /// Elements of the tables of one instance, all together.
    pub table_elements_max: usize,
    /// Linear memories of one instance.
    pub memories_max: u32,
    /// Tables of one instance.
    pub tables_max: u32,
    /// Core instances in one instance. Toolchains make two more than there are modules, for their adapters.
    pub core_instances_max: u32,
    /// Handles to resources that one instance holds at once. The host offers no resources: these are its own.
    pub handles_max: usize,
    /// WebAssembly stack of one call.
    pub stack_bytes_max: usize,
    /// CPU time of one activation. Time asleep does not count.
    pub activation_cpu_ms_max: u64,
    /// How long an activation may take that is not given a stack of its own, since its component can ask nothing of the
    /// host that it would wait for. One that takes longer is begun again with one, and its whole budget.
    pub at_once_ms_max: u64,
    /// How long one activation may be awake, or wait for the host. Its sleeps and its waits for room do not count.
    pub activation_wall_ms_max: u64,
    /// How often the epoch ticks: the time after which a busy guest makes room for others.
    pub epoch_tick_ms: u64,
    /// Host calls of one activation.
    pub activation_host_calls_max: u64,
    /// What the host takes from a guest in one call, as it lies in the host's memory: a byte for a byte of a text, and of
    /// the bytes of a push; 40 for each value of any other list.
    pub crossing_bytes_max: usize,
    /// Size of one push, as text or bytes.
    pub push_bytes_max: usize,
    /// What one activation may push in all.
    pub activation_push_bytes_max: usize,
    /// Size of one output, as JSON.
    pub output_bytes_max: usize,
    /// Length of one log line; a longer one is cut.
    pub log_line_bytes_max: usize,
    /// Log lines of one activation; later ones are dropped, and counted.
    pub activation_log_lines_max: u64,
    /// What the log lines of one activation may hold; later ones are dropped.
    pub activation_log_bytes_max: u64,
    /// What all activations of one component together may write to the log in a second, once they have written a
    /// burst. What is dropped is counted, and said when there is room again.
    pub log_bytes_per_second_max: u64,
    /// What they may write at once, after they have been silent.
    pub log_burst_bytes_max: u64,
    /// How long one sleep may take: a year.
    pub sleep_ms_max: u64,
    /// How long an activation waits for room among the instances before it fails as busy.
    pub permit_wait_ms_max: u64,
    /// How long a sleep may be for which the instance is kept.
    pub unload_after_ms: u64,
    /// How long a sleep must be for a whole run to leave memory, if nothing else goes on in it.
    pub leave_memory_after_ms: u64,
    /// Events of a run that leaves memory for which it gets a snapshot: all since the last are read when it comes back.
    pub wake_events_max: usize,
    /// Runs that come back into memory at once.
    pub wakes_max: usize,
    /// Runs that sleep outside of memory.
    pub asleep_runs_max: usize,
    /// CPU time that an activation may have used for it to be unloaded: it is used again when the sleep is due.
    pub unload_cpu_ms_max: u64,
    /// Host calls that an activation may have made for it to be unloaded.
    pub unload_host_calls_max: usize,
    /// Host calls of an activation that are kept, so that it can be run again if its room is wanted while it sleeps.
    pub replay_host_calls_max: usize,
    /// What the answers to these may hold.
    pub replay_answer_bytes_max: usize,
    /// Activations of one run under way at once.
    pub paths_max: usize,
    /// Activations of one run in all.
    pub activations_max: u64,
    /// Runs under way at once.
    pub runs_max: usize,
    /// What all runs under way together were started with: their inputs and messages.
    pub runs_input_bytes_max: usize,
    /// What a run may have recorded, while it says nothing, before it waits for that to be durable.
    pub uncommitted_bytes_max: usize,
    /// Events of a run between two snapshots of its state.
    pub snapshot_events_max: usize,
    /// What the events of a run may hold between two snapshots of its state.
    pub snapshot_bytes_max: usize,
    /// Ended runs whose logs are kept in memory.
    pub ended_runs_kept_max: usize,
    /// What the logs of ended runs may hold in memory.
    pub ended_bytes_kept_max: usize,
    /// What whoever watches runs live may be behind, in batches over all runs, before it misses some.
    pub progress_kept_max: usize,
    /// Pushes that are recorded of a run on virtual time; further ones are refused.
    pub simulated_pushes_max: usize,
    /// Size of a component's file.
    pub component_bytes_max: usize,
    /// CPU time for compiling one component, in whole seconds: a part of one counts as one.
    pub compile_cpu_ms_max: u64,
    /// Memory for compiling one component.
    pub compile_memory_bytes_max: usize,
    /// Time on the clock for compiling one component.
    pub compile_wall_ms_max: u64,
    /// Size of one component when it is compiled.
    pub compiled_bytes_max: usize,
    /// Components that are compiled at once.
    pub compiles_max: usize,
    /// Compiled components kept on disk.
    pub cache_bytes_max: u64,
    /// Threads that guests run on.
    pub guest_threads: usize,
    /// Those of the journal on disk.
    pub journal: crate::journal::sqlite::Limits,
}

const MIB: usize = 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            instances_live_max: instances_live_max(),
            memory_bytes_max: 128 * MIB,
            table_elements_max: 20_000,
            memories_max: 1,
            tables_max: 4,
            core_instances_max: 8,
            handles_max: 10_000,
            stack_bytes_max: 512 * 1024,
            activation_cpu_ms_max: 1_000,
            at_once_ms_max: 20,
            // All instances that there may be, each with its CPU time, take 68 minutes on one processor.
            activation_wall_ms_max: 2 * 60 * 60 * 1_000,
            epoch_tick_ms: 2,
            activation_host_calls_max: 100_000,
            crossing_bytes_max: 64 * MIB,
            push_bytes_max: 16 * MIB,
            activation_push_bytes_max: 256 * MIB,
            output_bytes_max: 16 * MIB,
            log_line_bytes_max: 4 * 1024,
            activation_log_lines_max: 1_000,
            activation_log_bytes_max: 4 * MIB as u64,
            log_bytes_per_second_max: MIB as u64,
            log_burst_bytes_max: 16 * MIB as u64,
            sleep_ms_max: 365 * 24 * 60 * 60 * 1_000,
            permit_wait_ms_max: 10_000,
            unload_after_ms: 50,
            leave_memory_after_ms: 2_000,
            wake_events_max: 64,
            wakes_max: 64,
            asleep_runs_max: 1_000_000,
            unload_cpu_ms_max: 10,
            unload_host_calls_max: 1_000,
            replay_host_calls_max: 10_000,
            replay_answer_bytes_max: 64 * 1024,
            paths_max: 1_000,
            activations_max: 10_000_000,
            runs_max: 100_000,
            runs_input_bytes_max: 1024 * MIB,
            uncommitted_bytes_max: 64 * 1024,
            snapshot_events_max: 1_000,
            snapshot_bytes_max: 4 * MIB,
            ended_runs_kept_max: 100,
            ended_bytes_kept_max: 64 * MIB,
            progress_kept_max: 4_096,
            simulated_pushes_max: 10_000,
            component_bytes_max: 64 * MIB,
            compile_cpu_ms_max: 30_000,
            compile_memory_bytes_max: 1024 * MIB,
            compile_wall_ms_max: 120_000,
            compiled_bytes_max: 256 * MIB,
            compiles_max: processors(),
            cache_bytes_max: 1024 * MIB as u64,
            guest_threads: processors(),
            journal: crate::journal::sqlite::Limits::default(),
        }
    }
}

impl Limits {
    /// The part that is recorded with a run.
    pub fn of_run(&self) -> event::Limits {
        event::Limits { paths_max: self.paths_max, activations_max: self.activations_max }
    }
}

/// A limit that was reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}: {limit} is {value}")]
pub struct Reached {
    /// The limit's name in [`Limits`].
    pub limit: &'static str,
    /// Its value.
    pub value: u64,
    /// What was refused or stopped.
    pub message: String,
}

impl Reached {
    /// As a failure's kind.
    pub fn kind(&self) -> event::FailureKind {
        event::FailureKind::Limit { limit: Arc::from(self.limit), value: self.value }
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// How many instances the kernel can map: each takes 4 to 6 memory maps of the `vm.max_map_count` that a process may
/// have (Linux, `admin-guide/sysctl/vm.rst`), and the rest of the process needs some thousands.
pub fn instances_live_max() -> usize {
    const INSTANCES: usize = 4_096;
    const MAPS_RESERVED: usize = 16_384;
    const MAPS_PER_INSTANCE: usize = 8;
    const MAPS_DEFAULT: usize = 65_530;
    let maps = std::fs::read_to_string("/proc/sys/vm/max_map_count")
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(MAPS_DEFAULT);
    (maps.saturating_sub(MAPS_RESERVED) / MAPS_PER_INSTANCE).clamp(16, INSTANCES)
}
