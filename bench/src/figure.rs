//! Figures: what was measured, and what is to be reached.

use std::fmt;

/// What a scenario tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figure {
    /// What it counts, with its unit.
    pub(crate) what: &'static str,
    /// What it is to be.
    pub(crate) goal: Goal,
}

/// What a figure is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Goal {
    /// This, or more.
    AtLeast(f64),
    /// This, or less.
    AtMost(f64),
    /// It says something, and has no goal.
    Open,
}

impl Figure {
    pub(crate) const fn at_least(what: &'static str, value: f64) -> Self {
        Self { what, goal: Goal::AtLeast(value) }
    }

    pub(crate) const fn at_most(what: &'static str, value: f64) -> Self {
        Self { what, goal: Goal::AtMost(value) }
    }

    pub(crate) const fn open(what: &'static str) -> Self {
        Self { what, goal: Goal::Open }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(value) | Self::AtMost(value) => f.write_str(&number(*value)),
            Self::Open => Ok(()),
        }
    }
}

/// What several samples of a figure were.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// One more.
    pub(crate) fn add(&mut self, sample: f64) {
        let place = self.0.partition_point(|other| *other < sample);
        self.0.insert(place, sample);
    }

    /// The one in the middle, of an even number the lower of the two; none of none.
    pub(crate) fn median(&self) -> Option<f64> {
        self.quantile(50)
    }

    /// So many in a hundred are this or less.
    pub(crate) fn quantile(&self, percent: usize) -> Option<f64> {
        self.0.get((self.0.len() * percent).div_ceil(100).saturating_sub(1)).copied()
    }
}

/// The median, then the least and the most.
impl fmt::Display for Samples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.median(), self.0.as_slice()) {
            (Some(median), [least, .., most]) => {
                write!(f, "{} ({} to {})", number(median), number(*least), number(*most))
            }
            (Some(only), _) => f.write_str(&number(only)),
            (None, _) => Ok(()),
        }
    }
}

/// Three digits that mean something, and a comma before every three of a large number.
pub(crate) fn number(value: f64) -> String {
    if value.abs() < 100.0 {
        let decimals = if value.abs() < 1.0 { 3 } else { usize::from(value.abs() < 10.0) + 1 };
        return format!("{value:.decimals$}");
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [0.71, 3.456, 43.21, 999.6, 1_234_567.0].map(number),
            ["0.710", "3.46", "43.2", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn samples_come_in_order() {
        let mut samples = Samples::default();
        (1..=100).rev().map(f64::from).for_each(|sample| samples.add(sample));
        assert_eq!(
            [samples.median(), samples.quantile(99), samples.quantile(100)],
            [Some(50.0), Some(99.0), Some(100.0)]
        );
        assert_eq!(samples.to_string(), "50.0 (1.00 to 100)");
        assert_eq!(Samples::default().quantile(99), None);
    }
}
