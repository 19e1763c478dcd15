//! How many runs may be under way, and what they may be started with.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sandgate_flow::value::Value;

use super::Refused;
use crate::journal::size;
use crate::limits::{Limits, Reached};

/// The runs under way.
#[derive(Default)]
pub(crate) struct Room {
    runs: AtomicUsize,
    input_bytes: AtomicUsize,
}

/// The place of one of them, which is given back when this is dropped.
pub(crate) struct Place {
    room: Arc<Room>,
    input_bytes: usize,
}

impl Room {
    /// How many runs are under way.
    pub(crate) fn runs(&self) -> usize {
        self.runs.load(Ordering::Relaxed)
    }

    /// A place for a run that is started with this.
    ///
    /// # Errors
    ///
    /// There is none.
    pub(crate) fn take(self: &Arc<Self>, input: &Value, message: &Value, limits: &Limits) -> Result<Place, Refused> {
        let place = self.take_anyway(input, message);
        let (runs, bytes) = (self.runs(), self.input_bytes.load(Ordering::Relaxed));
        let busy = |limit, value: usize, message: &str| {
            Err(Refused::Busy(Reached { limit, value: value as u64, message: message.to_owned() }))
        };
        if runs > limits.runs_max {
            busy("runs_max", limits.runs_max, "too many runs are under way")
        } else if bytes > limits.runs_input_bytes_max {
            let message = "the runs under way were started with too much";
            busy("runs_input_bytes_max", limits.runs_input_bytes_max, message)
        } else {
            Ok(place)
        }
    }
}

impl Room {
    /// A place for a run that was begun before: it goes on, whatever else is under way.
    pub(crate) fn take_anyway(self: &Arc<Self>, input: &Value, message: &Value) -> Place {
        let input_bytes = size::of_value(input) + size::of_value(message);
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.input_bytes.fetch_add(input_bytes, Ordering::Relaxed);
        Place { room: Arc::clone(self), input_bytes }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.runs.fetch_sub(1, Ordering::Relaxed);
        self.room.input_bytes.fetch_sub(self.input_bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_so_many_runs_and_so_many_bytes() {
        let room = Arc::new(Room::default());
        let limits = Limits { runs_max: 2, runs_input_bytes_max: 1_500, ..Limits::default() };
        let bytes = |size: usize| Value::Bytes(vec![0; size].into());
        let take = |size| room.take(&Value::Null, &bytes(size), &limits).map_err(|refused| refused.to_string());
        let first = take(1_000).unwrap();
        let refused = "the runs under way were started with too much: runs_input_bytes_max is 1500";
        assert_eq!(take(1_000).err().as_deref(), Some(refused));
        let second = take(1).unwrap();
        assert_eq!(take(1).err().as_deref(), Some("too many runs are under way: runs_max is 2"));
        drop((first, second));
        assert!(take(1_000).is_ok());
    }
}
