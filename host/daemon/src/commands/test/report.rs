//! What `sandgate test` prints.

use std::io;
use std::process::ExitCode;

use sandgate_flow::cases::{self, Observed};
use sandgate_flow::diagnostic::Color;
use sandgate_flow::event::Outcome;
use serde_json::{Value as Json, json};

use crate::commands::outcome;
use crate::output::{self, Format, Style};
use crate::tested::Tested;

/// Counts, and prints as the cases are run.
pub(super) struct Report {
    format: Format,
    color: Color,
    passed: usize,
    failed: usize,
    /// Flows that have errors, or whose cases have.
    broken: usize,
}

impl Report {
    pub(super) fn new(format: Format) -> Self {
        Self { format, color: output::color(), passed: 0, failed: 0, broken: 0 }
    }

    /// A flow that cannot be tested. What is wrong has been printed.
    pub(super) fn broken(&mut self) {
        self.broken += 1;
    }

    /// A flow whose cases follow.
    pub(super) fn flow(&self, id: &str, cases: usize) -> io::Result<()> {
        if self.format == Format::Json {
            return Ok(());
        }
        let none = if cases == 0 { " has no cases" } else { "" };
        output::line(format_args!("{}{none}", Style::Strong.of(id, self.color)))
    }

    /// A case that was run.
    pub(super) fn case(&mut self, tested: &Tested) -> io::Result<()> {
        let passed = tested.differences.is_empty();
        *(if passed { &mut self.passed } else { &mut self.failed }) += 1;
        match self.format {
            Format::Json => output::json(&case_json(tested)),
            Format::Text => output::line(self.case_text(tested)),
        }
    }

    /// The closing line.
    pub(super) fn close(self) -> anyhow::Result<ExitCode> {
        let Self { passed, failed, broken, .. } = self;
        match self.format {
            Format::Json => output::json(&json!({ "passed": passed, "failed": failed, "broken": broken }))?,
            Format::Text if broken == 0 => output::line(format_args!("{passed} passed, {failed} failed"))?,
            Format::Text => {
                output::line(format_args!("{passed} passed, {failed} failed, {broken} with errors not tested"))?;
            }
        }
        Ok(if failed + broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn case_text(&self, tested: &Tested) -> String {
        let (word, style) = if tested.differences.is_empty() { ("ok", Style::Good) } else { ("FAILED", Style::Bad) };
        let mut text = format!("  {} {}", style.of(word, self.color), printable(&tested.case));
        if let Some(observed) = &tested.observed {
            let seen = seen(observed);
            text.extend(seen.iter().map(|line| format!("\n      {}", Style::Faint.of(line, self.color))));
        }
        if !tested.differences.is_empty() {
            text.push_str("\n    - expected, + observed:");
        }
        text.extend(tested.differences.iter().map(|line| format!("\n      {}", printable(line))));
        text
    }
}

/// Each push, and how the run ended, by the run's clock.
fn seen(observed: &Observed) -> Vec<String> {
    let pushes = observed
        .pushes
        .iter()
        .map(|push| format!("{:>8}  push {} {}", cases::write_time(push.at), push.to, output::shown(&push.message)));
    let end = format!("{:>8}  {}", cases::write_time(observed.duration), printable(&outcome::text(&observed.outcome)));
    pushes.chain([end]).collect()
}

/// Names and failures may hold anything.
fn printable(text: &str) -> String {
    output::shown(&text.into())
}

fn case_json(tested: &Tested) -> Json {
    let mut case = json!({
        "flow": &*tested.flow,
        "case": tested.case,
        "passed": tested.differences.is_empty(),
        "differences": tested.differences,
    });
    if let (Json::Object(case), Some(Json::Object(observed))) = (&mut case, tested.observed.as_ref().map(observed_json))
    {
        case.extend(observed);
    }
    case
}

fn observed_json(observed: &Observed) -> Json {
    let pushes = observed.pushes.iter().map(
        |push| json!({ "at_ms": milliseconds(push.at), "to": push.to, "message": outcome::value_json(&push.message) }),
    );
    json!({
        "pushes": pushes.collect::<Vec<_>>(),
        "output": match &observed.outcome {
            Outcome::Output(value) => outcome::value_json(value),
            _ => Json::Null,
        },
        "error": match &observed.outcome {
            Outcome::Failed(failure) => Json::from(failure.to_string()),
            Outcome::Cancelled(reason) => Json::from(format!("cancelled: {reason}")),
            _ => Json::Null,
        },
        "duration_ms": milliseconds(observed.duration),
    })
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
