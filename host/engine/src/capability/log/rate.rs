//! How fast a component may write to the log.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sandgate_flow::event::Timestamp;

use crate::limits;

/// A bucket of bytes that all activations of a component take their lines from, and that fills with time. It is kept as
/// the time at which it will be full again. A line is written if anything is left, so that no line is too long for it.
#[derive(Default)]
pub(crate) struct Rate(Mutex<Bucket>);

#[derive(Default)]
struct Bucket {
    full_at: Timestamp,
    /// What was dropped since a line was last written; none while they are.
    dropped: Option<Dropped>,
}

/// What becomes of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is written. Before it, this was dropped.
    Written(Option<Dropped>),
    /// It is dropped: the first that is, or a later one.
    Dropped(Order),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Order {
    First,
    Later,
}

/// Lines that were not written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Dropped {
    pub(super) lines: u64,
    pub(super) bytes: u64,
}

/// What the log writes beside each line: when, of which run, of which node.
const BESIDE_BYTES: u64 = 128;

impl Rate {
    /// Takes a line of so many bytes. Once lines are dropped, they are until half of the bucket is full again: so the
    /// log is not made of lines that say that others are missing.
    pub(super) fn take(&self, now: Timestamp, bytes: usize, limits: &limits::Component) -> Taken {
        let mut bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let time = |bytes| time(bytes, limits.log_bytes_per_second_max);
        let burst = time(limits.log_burst_bytes_max);
        let room = if bucket.dropped.is_some() { burst / 2 } else { burst };
        if bucket.full_at.since(now) <= room {
            bucket.full_at = bucket.full_at.max(now) + time((bytes as u64).saturating_add(BESIDE_BYTES));
            return Taken::Written(bucket.dropped.take());
        }
        let order = if bucket.dropped.is_some() { Order::Later } else { Order::First };
        let dropped = bucket.dropped.get_or_insert_default();
        dropped.lines += 1;
        dropped.bytes = dropped.bytes.saturating_add(bytes as u64);
        Taken::Dropped(order)
    }
}

/// How long it takes the bucket to fill with so many bytes. No rate at all counts as a byte a second.
fn time(bytes: u64, per_second: u64) -> Duration {
    const MICROSECONDS: u64 = 1_000_000;
    Duration::from_micros(bytes.saturating_mul(MICROSECONDS) / per_second.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> limits::Component {
        limits::Component { log_bytes_per_second_max: 1_000, log_burst_bytes_max: 4_000, ..Default::default() }
    }

    fn seconds(seconds: u64) -> Timestamp {
        Timestamp(1_000_000_000) + Duration::from_secs(seconds)
    }

    /// Lines of 1,000 bytes with all that is beside them.
    fn take(rate: &Rate, at: u64) -> Taken {
        rate.take(seconds(at), 872, &limits())
    }

    #[test]
    fn a_burst_is_written_and_then_what_is_beyond_the_rate_is_dropped_and_counted() {
        let rate = Rate::default();
        // One more than fits, since the last may be longer than what is left.
        for _ in 0..5 {
            assert_eq!(take(&rate, 0), Taken::Written(None));
        }
        assert_eq!(take(&rate, 0), Taken::Dropped(Order::First));
        for second in 0..3 {
            assert_eq!(take(&rate, second), Taken::Dropped(Order::Later));
        }
        let dropped = Dropped { lines: 4, bytes: 4 * 872 };
        assert_eq!(take(&rate, 3), Taken::Written(Some(dropped)));
        assert_eq!(take(&rate, 3), Taken::Written(None));
    }

    #[test]
    fn what_is_within_the_rate_is_written_for_ever() {
        let rate = Rate::default();
        for second in 0..1_000 {
            assert_eq!(take(&rate, second), Taken::Written(None), "second {second}");
        }
    }
}
