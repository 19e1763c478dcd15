//! How long an activation has taken, by the run's clock.

use std::time::Duration;

use sandgate_flow::event::Timestamp;

use crate::limits::Reached;

/// Counts the time for which an activation is awake, or waits for the host. It is looked at whenever an epoch has passed,
/// and before and after each wait for the host; what comes before the first look, a tick at most, is given away, so that
/// a call that is over by then reads no clock.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wall {
    spent: Duration,
    /// When it was last looked at; none before the first look, and while the activation sleeps.
    since: Option<Timestamp>,
}

impl Wall {
    /// Counts the time since the last look.
    ///
    /// # Errors
    ///
    /// It was more than there is.
    pub(crate) fn look(&mut self, now: Timestamp, activation_wall_ms_max: u64) -> Result<(), Reached> {
        let since = self.since.replace(now).unwrap_or(now);
        self.spent = self.spent.saturating_add(now.since(since));
        if self.spent > Duration::from_millis(activation_wall_ms_max) {
            return Err(Reached {
                limit: "activation_wall_ms_max",
                value: activation_wall_ms_max,
                message: "took too long".to_owned(),
            });
        }
        Ok(())
    }

    /// The activation sleeps: nothing counts until the next look.
    pub(crate) fn sleep(&mut self) {
        self.since = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Timestamp {
        Timestamp(ms * 1_000)
    }

    #[test]
    fn time_is_counted_from_look_to_look() {
        let mut wall = Wall::default();
        for ms in [1_000, 1_004, 1_010] {
            wall.look(at(ms), 10).unwrap();
        }
        let reached = wall.look(at(1_011), 10).unwrap_err();
        assert_eq!(reached.to_string(), "took too long: activation_wall_ms_max is 10");
    }

    #[test]
    fn sleep_does_not_count_and_what_was_before_it_does() {
        let mut wall = Wall::default();
        wall.look(at(0), 10).unwrap();
        wall.look(at(6), 10).unwrap();
        wall.sleep();
        wall.look(at(100_000), 10).unwrap();
        wall.look(at(100_004), 10).unwrap();
        assert!(wall.look(at(100_005), 10).is_err());
    }
}
