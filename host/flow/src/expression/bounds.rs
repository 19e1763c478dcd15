//! What an expression may cost. Time is never measured, so that a run goes the same way wherever it is run.

use super::fault::Reason;
use crate::value::Value;

/// The longest expression.
pub const SOURCE_BYTES_MAX: usize = 1_024;
/// How deep comprehensions (`items.map(item, ...)`) may be nested in each other.
pub const COMPREHENSIONS_NESTED_MAX: usize = 2;
/// How deep an expression may be nested in any way; every operand of a chain of operators is one deeper than the next.
pub const DEPTH_MAX: usize = 128;
/// The work of one evaluation: an operation is a step, an element that is gone over is one, and so are
/// [`BYTES_PER_STEP`] of a text.
pub const STEPS_MAX: usize = 100_000;
/// The longest text or bytes that an expression can make; what it only passes on may be longer.
pub const TEXT_BYTES_MAX: usize = 1 << 20;
/// The largest list or map that an expression can make, or a node's `with` can hold: its texts, bytes and names, and
/// 16 for each value.
pub const RESULT_BYTES_MAX: usize = 32 << 20;
/// The largest program that a regular expression may be compiled to; `\w{1,20}` is half of one.
pub const PATTERN_BYTES_MAX: usize = 1 << 20;

/// How many bytes of a text are gone over in a step.
pub const BYTES_PER_STEP: usize = 256;

/// The steps that are left of one evaluation.
pub(super) struct Budget {
    steps_left: usize,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { steps_left: STEPS_MAX }
    }

    /// Pays before the work is done.
    pub(super) fn pay(&mut self, steps: usize) -> Result<(), Reason> {
        match self.steps_left.checked_sub(steps) {
            Some(left) => {
                self.steps_left = left;
                Ok(())
            }
            None => {
                // Nothing smaller may go on after it.
                self.steps_left = 0;
                Err(Reason::Bound(format!("it takes more than {STEPS_MAX} steps")))
            }
        }
    }

    /// Pays for going over a text.
    pub(super) fn pay_for_bytes(&mut self, bytes: usize) -> Result<(), Reason> {
        self.pay(bytes / BYTES_PER_STEP)
    }

    /// Pays for making a text.
    pub(super) fn pay_for_text(&mut self, bytes: usize) -> Result<(), Reason> {
        if bytes > TEXT_BYTES_MAX {
            return Err(Reason::Bound(format!("it makes a text or bytes longer than {TEXT_BYTES_MAX} bytes")));
        }
        self.pay_for_bytes(bytes)
    }
}

/// What is left of so many bytes after a value is written out; nothing if it is larger. One list can hold another many
/// times over without any cost until then.
pub(super) fn left_after(value: &Value, bytes_left: usize) -> Option<usize> {
    const OWN: usize = 16;
    let left = bytes_left.checked_sub(OWN)?;
    match value {
        Value::String(text) => left.checked_sub(text.len()),
        Value::Bytes(bytes) => left.checked_sub(bytes.len()),
        Value::List(items) => items.iter().try_fold(left, |left, item| left_after(item, left)),
        Value::Map(entries) => {
            entries.iter().try_fold(left, |left, (key, value)| left_after(value, left.checked_sub(key.len())?))
        }
        _ => Some(left),
    }
}
