//! How much of everything is done.

/// So much is done for one sample.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// Rounds of the loop in one run.
    pub(crate) rounds: u64,
    /// Whole runs, over all clients.
    pub(crate) runs: u64,
    /// Clients that each have one run under way.
    pub(crate) runners: u64,
    /// Clients that are sent a broadcast.
    pub(crate) listeners: u64,
    /// Bursts of [`BURST`](crate::project::BURST) broadcasts.
    pub(crate) bursts: u64,
    /// Broadcasts one at a time.
    pub(crate) singles: u64,
    /// Sessions that do nothing.
    pub(crate) idle: u64,
    /// Pings, one after the other.
    pub(crate) pings: u64,
    /// Clients whose runs sleep.
    pub(crate) sleepers: u64,
    /// Durable runs that sleep for long.
    pub(crate) asleep: u64,
    /// Durable runs that fall due in one second.
    pub(crate) due: u64,
    /// How often all of it is done.
    pub(crate) samples: u32,
}

impl Scale {
    /// Enough to mean something: CPU time is counted in hundredths of a second.
    pub(crate) const FULL: Self = Self {
        rounds: 200_000,
        runs: 30_000,
        runners: 64,
        listeners: 1_000,
        bursts: 15,
        singles: 500,
        idle: 5_000,
        pings: 500,
        sleepers: 1_000,
        asleep: 100_000,
        due: 10_000,
        samples: 5,
    };

    /// Enough to see that it works.
    pub(crate) const QUICK: Self = Self {
        rounds: 500,
        runs: 64,
        runners: 8,
        listeners: 20,
        bursts: 2,
        singles: 5,
        idle: 20,
        pings: 10,
        sleepers: 20,
        asleep: 200,
        due: 200,
        samples: 1,
    };
}
