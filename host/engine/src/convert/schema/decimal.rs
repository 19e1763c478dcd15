//! Patterns of the decimal numbers in a range, written as JSON writes integers. In any dialect of regular expressions.

/// Those from 0 to this one.
pub(super) fn unsigned(max: u64) -> String {
    format!("^(?:0|{})$", positive(max))
}

/// Those from the one, which is negative, to the other.
pub(super) fn signed(min: i64, max: i64) -> String {
    format!("^(?:0|{}|-(?:{}))$", positive(max.unsigned_abs()), positive(min.unsigned_abs()))
}

/// Those from 1 to this one: the shorter ones, those that become less at one of its digits, and itself.
fn positive(max: u64) -> String {
    let max = max.to_string();
    let mut alternatives = vec![format!("[1-9][0-9]{{0,{}}}", max.len().saturating_sub(2))];
    for (place, digit) in max.char_indices() {
        let least = if place == 0 { '1' } else { '0' };
        let Some(below) = (least..digit).next_back() else { continue };
        let (same, _) = max.split_at(place);
        let rest = max.len() - place - 1;
        alternatives.push(format!("{same}[{least}-{below}][0-9]{{{rest}}}"));
    }
    alternatives.push(max);
    alternatives.join("|")
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    #[test]
    fn exactly_the_numbers_of_the_range_match() {
        for max in [10, 19, 20, 99, 100, 255, 907, 1_000] {
            let (unsigned, signed) = (Regex::new(&unsigned(max)).unwrap(), Regex::new(&signed(-128, 127)).unwrap());
            for number in 0..=1_200 {
                assert_eq!(unsigned.is_match(&number.to_string()), number <= max, "{number} of {max}");
            }
            for number in -300..=300 {
                assert_eq!(signed.is_match(&number.to_string()), (-128..=127).contains(&number), "{number}");
            }
        }
    }

    #[test]
    fn only_what_json_writes_matches() {
        let pattern = Regex::new(&signed(i64::MIN, i64::MAX)).unwrap();
        for text in ["", "-", "-0", "00", "01", "+1", "1.0", "1e3", " 1", "1\n", "9223372036854775808"] {
            assert!(!pattern.is_match(text), "{text:?}");
        }
        assert!(pattern.is_match(&i64::MIN.to_string()) && pattern.is_match(&i64::MAX.to_string()));
    }
}
