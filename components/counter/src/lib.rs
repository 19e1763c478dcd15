//! The component `counter`: counts up or down, one step each pass of a loop.

wit_bindgen::generate!({ path: "wit", world: "component" });

use exports::sandgate::counter::counter::{Guest, Operator};

struct Counter;

impl Guest for Counter {
    fn next(index: Option<i64>, count: i64, operator: Operator) -> i64 {
        match operator {
            Operator::Increment => up(index, count),
            Operator::Decrement => down(index, count),
        }
    }
}

export!(Counter);

fn up(index: Option<i64>, count: i64) -> i64 {
    index.map_or(0, |index| index.saturating_add(1)).clamp(0, count.max(0))
}

fn down(index: Option<i64>, count: i64) -> i64 {
    index.map_or(count, |index| index.saturating_sub(1)).clamp(0, count.max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `passes` passes of a loop answer, each given the answer of the one before.
    fn indices(next: fn(Option<i64>, i64) -> i64, count: i64, passes: usize) -> Vec<i64> {
        std::iter::successors(Some(next(None, count)), |index| Some(next(Some(*index), count))).take(passes).collect()
    }

    #[test]
    fn down_begins_at_the_count_and_stays_at_zero() {
        assert_eq!(indices(down, 3, 6), [3, 2, 1, 0, 0, 0]);
    }

    #[test]
    fn up_begins_at_zero_and_stays_at_the_count() {
        assert_eq!(indices(up, 3, 6), [0, 1, 2, 3, 3, 3]);
    }

    #[test]
    fn a_count_of_zero_or_less_gives_zero() {
        for count in [0, -1, i64::MIN] {
            assert_eq!(indices(down, count, 3), [0, 0, 0]);
            assert_eq!(indices(up, count, 3), [0, 0, 0]);
        }
    }

    #[test]
    fn an_index_out_of_range_comes_back_into_it() {
        assert_eq!(down(Some(i64::MIN), 3), 0);
        assert_eq!(down(Some(9), 3), 3);
        assert_eq!(up(Some(i64::MAX), 3), 3);
        assert_eq!(up(Some(-9), 3), 0);
    }
}
