//! What must always hold.

use std::fmt::Display;
use std::ops::Range;

use rustix::time::{ClockId, clock_gettime};
use sandgate_flow::value::Value;

/// More than any message needs: what quotes its input has to cut it.
pub(crate) const MESSAGE_BYTES_MAX: usize = 16 * 1024;

/// A message is a line that leaves a terminal and a log as they are, and says something.
#[track_caller]
pub(crate) fn is_a_message(message: &impl Display) {
    let message = message.to_string();
    assert!(!message.trim().is_empty(), "a message says nothing");
    assert!(!message.chars().any(char::is_control), "a message has control characters: {message:?}");
    let bytes = message.len();
    assert!(bytes <= MESSAGE_BYTES_MAX, "a message has {bytes} bytes: {:?}...", message.get(..200));
}

/// A place in a text begins and ends between characters of it.
#[track_caller]
pub(crate) fn is_in(text: &str, span: &Range<usize>) {
    assert!(text.get(span.clone()).is_some(), "{span:?} is no place in a text of {} bytes: {text:?}", text.len());
}

/// Whether two values are the same, a NaN being the same as another.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Double(one), Value::Double(other)) => {
            one.to_bits() == other.to_bits() || (one.is_nan() && other.is_nan())
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(&**other).all(|(one, other)| same(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one.iter().zip(&**other).all(|((key, one), (name, other))| key == name && same(one, other))
        }
        (one, other) => one == other,
    }
}

/// Does something that is bounded in its work: in so many seconds of CPU time it must be over on any machine. The time of
/// the thread, so that what else the machine does is not counted.
#[track_caller]
pub(crate) fn within_cpu_seconds<T>(seconds: i64, what: &str, work: impl FnOnce() -> T) -> T {
    let begin = clock_gettime(ClockId::ThreadCPUTime);
    let done = work();
    let took = clock_gettime(ClockId::ThreadCPUTime).tv_sec - begin.tv_sec;
    assert!(took <= seconds, "{what} took {took} s of CPU time: a bound is missing");
    done
}
