//! What was expected against what was observed.

use std::time::Duration;

use super::{At, Expect, ExpectedPush, time};
use crate::event::{Outcome, RunId};
use crate::value::Value;

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The run.
    pub run: RunId,
    /// Every push, in order.
    pub pushes: Vec<ObservedPush>,
    /// How the run ended.
    pub outcome: Outcome,
    /// How long it took, on its own clock.
    pub duration: Duration,
}

/// A push that came.
#[derive(Clone, Debug)]
pub struct ObservedPush {
    /// When, since the start of the run, on its own clock.
    pub at: Duration,
    /// Whom it was for, as a recipient is written: `everyone`, `client:<id>`.
    pub to: String,
    /// The message.
    pub message: Value,
}

/// The lines that say how what was observed differs from what was expected; none if it does not. Lines that begin with
/// `-` were expected and did not come, those with `+` came instead.
pub fn compare(expect: &Expect, observed: &Observed) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(expected) = &expect.pushes {
        lines.extend(pushes(expected, &observed.pushes));
    }
    lines.extend(outcome(expect, &observed.outcome));
    lines
}

fn pushes(expected: &[ExpectedPush], observed: &[ObservedPush]) -> Vec<String> {
    let mut lines: Vec<_> = (0..expected.len().max(observed.len()))
        .filter_map(|index| difference(index, expected.get(index), observed.get(index)))
        .flatten()
        .collect();
    if expected.len() != observed.len() {
        lines.push(format!("  {} pushes were expected, and {} came", expected.len(), observed.len()));
    }
    lines
}

fn difference(index: usize, expected: Option<&ExpectedPush>, observed: Option<&ObservedPush>) -> Option<Vec<String>> {
    if let (Some(expected), Some(observed)) = (expected, observed)
        && matches(expected, observed)
    {
        return None;
    }
    let minus = expected.map(|push| format!("- push {}: {}", index + 1, told_expected(push)));
    let plus = observed.map(|push| format!("+ push {}: {}", index + 1, told_observed(push)));
    Some(minus.into_iter().chain(plus).collect())
}

fn matches(expected: &ExpectedPush, observed: &ObservedPush) -> bool {
    let to = expected.to.as_ref().is_none_or(|to| *to.value == *observed.to);
    let at = expected.at.is_none_or(|At(at)| at.as_millis() == observed.at.as_millis());
    to && at && same(&expected.message.0, &observed.message)
}

/// Whether two values are the same to a reader of JSON: an int is also a double without a fraction.
fn same(expected: &Value, observed: &Value) -> bool {
    match (expected, observed) {
        (Value::List(expected), Value::List(observed)) => {
            expected.len() == observed.len() && expected.iter().zip(observed.iter()).all(|(a, b)| same(a, b))
        }
        (Value::Map(expected), Value::Map(observed)) => {
            expected.len() == observed.len()
                && expected.iter().zip(observed.iter()).all(|((a, x), (b, y))| a == b && same(x, y))
        }
        (expected, observed) if expected == observed => true,
        (expected, observed) => match (whole(expected), whole(observed)) {
            (Some(expected), Some(observed)) => expected == observed,
            _ => false,
        },
    }
}

#[expect(clippy::cast_possible_truncation, reason = "only floats without a fraction are cast, and i128 saturates")]
fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::Int(value) => Some((*value).into()),
        Value::Uint(value) => Some((*value).into()),
        Value::Double(value) if value.fract() == 0.0 => Some(*value as i128),
        _ => None,
    }
}

fn told_expected(push: &ExpectedPush) -> String {
    let at = push.at.map(|At(at)| format!("at {} ", time::write(at))).unwrap_or_default();
    let to = push.to.as_ref().map(|to| format!("to {} ", to.value)).unwrap_or_default();
    format!("{at}{to}{}", written(&push.message.0))
}

fn told_observed(push: &ObservedPush) -> String {
    format!("at {} to {} {}", time::write(push.at), push.to, written(&push.message))
}

fn outcome(expect: &Expect, observed: &Outcome) -> Vec<String> {
    let expected = match (&expect.output, &expect.error) {
        (None, None) => return Vec::new(),
        (Some(output), _) if matches!(observed, Outcome::Output(value) if same(&output.value(), value)) => {
            return Vec::new();
        }
        (_, Some(error)) if told_error(observed).is_some_and(|told| told.contains(&*error.value)) => return Vec::new(),
        (Some(output), _) => format!("output {}", written(&output.value())),
        (None, Some(error)) => format!("an error with {:?}", &*error.value),
    };
    vec![format!("- {expected}"), format!("+ {}", told_outcome(observed))]
}

/// What a run that failed or was cancelled says.
fn told_error(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Failed(failure) => Some(failure.to_string()),
        Outcome::Cancelled(reason) => Some(format!("cancelled: {reason}")),
        Outcome::Output(_) | Outcome::Completed => None,
    }
}

fn told_outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Output(value) => format!("output {}", written(value)),
        Outcome::Completed => "no output".into(),
        Outcome::Failed(failure) => format!("failed: {failure}"),
        Outcome::Cancelled(reason) => format!("cancelled: {reason}"),
    }
}

/// A value as a case writes it: bytes by their base64.
fn written(value: &Value) -> String {
    match (value, value.to_json()) {
        (Value::Bytes(_), Ok(base64)) => format!("{{ base64: {base64} }}"),
        (_, Ok(json)) => json.to_string(),
        (_, Err(_)) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn expect(yaml: &str) -> Expect {
        parse(&format!("cases: [{{ name: it, expect: {yaml} }}]")).unwrap().remove(0).expect.unwrap()
    }

    fn observed(numbers: &[i64], outcome: Outcome) -> Observed {
        let push = |(index, number): (usize, &i64)| ObservedPush {
            at: Duration::from_secs(index as u64),
            to: "everyone".into(),
            message: Value::Int(*number),
        };
        Observed {
            run: RunId(uuid::Uuid::nil()),
            pushes: numbers.iter().enumerate().map(push).collect(),
            outcome,
            duration: Duration::from_secs(3),
        }
    }

    #[test]
    fn what_is_as_expected_says_nothing() {
        let expect = expect("{ pushes: [{ to: everyone, message: 2, at: 0s }, { message: 1.0 }], output: 0 }");
        assert_eq!(compare(&expect, &observed(&[2, 1], Outcome::Output(Value::Int(0)))), Vec::<String>::new());
    }

    #[test]
    fn differences_are_told_by_their_place() {
        let expect = expect("{ pushes: [{ message: 2 }, { to: everyone, message: 9, at: 2s }], output: 7 }");
        let lines = compare(&expect, &observed(&[2, 1, 0], Outcome::Output(Value::Int(0))));
        let expected = [
            "- push 2: at 2s to everyone 9",
            "+ push 2: at 1s to everyone 1",
            "+ push 3: at 2s to everyone 0",
            "  2 pushes were expected, and 3 came",
            "- output 7",
            "+ output 0",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn an_error_is_known_by_a_part_of_it() {
        let cancelled = Outcome::Cancelled("by the operator".into());
        assert_eq!(compare(&expect("{ error: operator }"), &observed(&[], cancelled.clone())), Vec::<String>::new());
        let lines = compare(&expect("{ error: trap }"), &observed(&[], cancelled));
        assert_eq!(lines, ["- an error with \"trap\"", "+ cancelled: by the operator"]);
    }
}
