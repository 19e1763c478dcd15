//! What a seed makes of the host, the disk and the clients.

use std::time::Duration;

use super::chance::Chance;
use crate::limits::Limits;

/// How a simulation is set up.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) limits: Limits,
    /// Client ids in use; each has up to three devices.
    pub(super) clients: u64,
    pub(super) devices: u64,
    /// How long clients ask for something.
    pub(super) horizon: Duration,
    pub(super) crashes_max: u64,
    /// How long a commit takes at most.
    pub(super) commit_ms_max: u64,
    /// One in so many commits is cut off by a crash, as long as there are some left.
    pub(super) crash_in_commit_one_in: u64,
    /// How late sleepers are woken at most.
    pub(super) late_ms_max: u64,
    pub(super) read_ms_max: u64,
    /// One in so many reads fails; 0 is none.
    pub(super) read_fails_one_in: u64,
    /// How often the disk takes nothing for a while.
    pub(super) full_disks: u64,
    pub(super) checkpoint_after_pages: u32,
    /// What clients do in all.
    pub(super) acts_max: u64,
    /// How long clients think between two things that they do.
    pub(super) think_ms_max: u64,
    /// Whether the journal keeps all that is said.
    pub(super) keeps_all: bool,
    /// The values of `ms` in inputs.
    pub(super) sleeps_ms: Vec<u64>,
}

impl Setting {
    pub(super) fn of(chance: &mut Chance) -> Self {
        let keeps_all = !chance.one_in(4);
        Self {
            limits: limits(chance, keeps_all),
            clients: 1 + chance.below(3),
            devices: 2 + chance.below(5),
            horizon: Duration::from_millis(2_000 + chance.below(*chance.clone().of(&[5_000, 20_000, 120_000]))),
            crashes_max: *chance.of(&[0, 1, 2, 4, 8]),
            commit_ms_max: *chance.of(&[1, 5, 30, 300]),
            crash_in_commit_one_in: *chance.of(&[5, 20, 100]),
            late_ms_max: *chance.of(&[1, 50, 2_000]),
            read_ms_max: *chance.of(&[1, 20, 200]),
            read_fails_one_in: *chance.of(&[0, 0, 0, 30]),
            full_disks: *chance.of(&[0, 0, 1, 3]),
            checkpoint_after_pages: *chance.of(&[4, 30, 1_000]),
            think_ms_max: *chance.of(&[20, 300, 3_000]),
            acts_max: *chance.of(&[30, 100, 200, 500]),
            keeps_all,
            sleeps_ms: [0, 1, 30, 60, 200, 1_500, 5_000, 90_000]
                .into_iter()
                .filter(|_| chance.one_in(2))
                .chain([20])
                .collect(),
        }
    }
}

fn limits(chance: &mut Chance, keeps_all: bool) -> Limits {
    let mut limits = Limits { resume_wait_ms: u64::from(u32::MAX), ..Limits::default() };
    let engine = &mut limits.engine;
    engine.leave_memory_after_ms = *chance.of(&[60, 500, 2_000]);
    engine.unload_after_ms = *chance.of(&[5, 50]);
    // CPU time is the machine's.
    engine.unload_cpu_ms_max = u64::MAX;
    engine.snapshot_events_max = *chance.of(&[3, 10, 1_000]);
    engine.wake_events_max = *chance.of(&[2, 8, 64]);
    engine.uncommitted_bytes_max = *chance.of(&[200, 2_000, 64 * 1024]);
    engine.wakes_max = *chance.of(&[1, 64]);
    engine.asleep_runs_max = *chance.of(&[1, 1_000]);
    engine.journal.commit_batches_max = *chance.of(&[1, 3, 1_024]);
    if !keeps_all {
        engine.journal.history_entries_max = 1 + chance.below(20);
        // What is missed of two channels must find room, or nobody could ever come back.
        limits.queue_entries_max = 400 + chance.below(100) as usize;
    }
    limits
}
