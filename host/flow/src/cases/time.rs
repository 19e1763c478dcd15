//! Times as people write them: `1m30s`.

use std::time::Duration;

/// What a time looks like, for schemas.
pub(super) const PATTERN: &str = r"^(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$";

const UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// Reads a time: numbers with units, the larger units first.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut milliseconds: u64 = 0;
    let mut units = UNITS.as_slice();
    while !rest.is_empty() {
        let digits = rest.find(|next: char| !next.is_ascii_digit())?;
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|next: char| next.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let place = units.iter().position(|(name, _)| *name == unit)?;
        let (_, each) = units.get(place)?;
        milliseconds = milliseconds.checked_add(number.parse::<u64>().ok()?.checked_mul(*each)?)?;
        units = units.get(place + 1..)?;
        rest = after;
    }
    (!text.is_empty()).then(|| Duration::from_millis(milliseconds))
}

/// Writes a time as it is read, to the millisecond.
pub fn write(duration: Duration) -> String {
    let mut rest = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let mut written = String::new();
    for (unit, each) in UNITS {
        let count = rest / each;
        rest %= each;
        if count > 0 {
            written += &format!("{count}{unit}");
        }
    }
    if written.is_empty() { "0s".into() } else { written }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        for text in ["0s", "250ms", "1s", "1s500ms", "1m30s", "2h", "1h1m1s1ms"] {
            assert_eq!(parse(text).map(write).as_deref(), Some(text));
        }
        for text in ["", "1", "s", "1s1m", "1s1s", "-1s", "1.5s", "1 s", "99999999999999999999h", "9999999999999999h"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
