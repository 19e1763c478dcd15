//! Regular expressions, whose matching is paid for by what it may cost.

use regex::{Error, Regex, RegexBuilder};

use super::bounds::{Budget, PATTERN_BYTES_MAX, SOURCE_BYTES_MAX};
use super::fault::Reason;

/// A compiled regular expression.
#[derive(Debug)]
pub(super) struct Pattern {
    regex: Regex,
    steps_per_byte: usize,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// At worst each byte of a text is held against each state of the program, so that a large program makes every byte
    /// dear. How large a program is, is only known by the limit that it stays under.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        const LIMITS: [usize; 4] =
            [PATTERN_BYTES_MAX / 64, PATTERN_BYTES_MAX / 16, PATTERN_BYTES_MAX / 4, PATTERN_BYTES_MAX];
        const BYTES_PER_STEP: usize = 8 << 10;
        // What reads a pattern takes a hundred times its length, and the limits are only held after that.
        if pattern.len() > SOURCE_BYTES_MAX {
            return Err(format!("the regular expression has {} bytes, of at most {SOURCE_BYTES_MAX}", pattern.len()));
        }
        for limit in LIMITS {
            match RegexBuilder::new(pattern).size_limit(limit).build() {
                Ok(regex) => return Ok(Self { regex, steps_per_byte: limit / BYTES_PER_STEP }),
                Err(Error::CompiledTooBig(_)) => {}
                Err(error) => return Err(not_a_pattern(&error)),
            }
        }
        Err(format!("the regular expression takes more than {PATTERN_BYTES_MAX} bytes when it is compiled"))
    }

    /// Whether it matches anywhere in a text.
    pub(super) fn matches(&self, text: &str, budget: &mut Budget) -> Result<bool, Reason> {
        budget.pay(text.len().saturating_mul(self.steps_per_byte))?;
        Ok(self.regex.is_match(text))
    }
}

/// The error draws the pattern over several lines; its last one says what is wrong.
fn not_a_pattern(error: &Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
    format!("not a regular expression: {last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps_per_byte(pattern: &str) -> Result<usize, String> {
        Pattern::new(pattern).map(|pattern| pattern.steps_per_byte)
    }

    #[test]
    fn a_large_program_makes_bytes_dear() {
        assert_eq!(steps_per_byte("^h.*o$"), Ok(2));
        assert_eq!(steps_per_byte("1[01]{500}"), Ok(8));
        assert_eq!(steps_per_byte("1[01]{3000}"), Ok(32));
        assert_eq!(steps_per_byte(r"\w{1,20}@"), Ok(128));
        assert!(steps_per_byte("(a{100}){1000}").unwrap_err().contains("more than 1048576 bytes"));
    }

    #[test]
    fn what_is_wrong_is_told_in_a_line() {
        assert_eq!(steps_per_byte("a(b"), Err("not a regular expression: unclosed group".to_owned()));
    }
}
