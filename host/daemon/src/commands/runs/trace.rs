//! `sandgate trace`: shows what each activation of a run was given, returned and cost.

use std::process::ExitCode;

use serde_json::Value as Json;

use super::{At, daemon, expect, status, word};
use crate::output::{self, Format, Style};

/// Show what each activation of a run was given, returned and cost
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::commands) struct Arguments {
    /// The run's id
    run: String,
    #[command(flatten)]
    at: At,
    /// As lines for people, or as one JSON object a line
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output: Format,
}

const EXAMPLES: &str = "\
Examples:
  sandgate trace 01a206c7-bc7d-762d-a7c3-9dbf2a6cdecd
  sandgate trace 01a206c7-bc7d-762d-a7c3-9dbf2a6cdecd --output json --server http://127.0.0.1:8080

`sandgate runs` lists ids. Large values are cut, and say so.";

pub(in crate::commands) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let asked = daemon(&arguments.at)?;
    let address = format!("/api/v1/runs/{}/trace", arguments.run);
    let mut after: Option<u64> = None;
    loop {
        let query: Vec<_> = after.map(|after| ("after", after.to_string())).into_iter().collect();
        let page = expect(asked.get_with(&address, &query)?)?;
        for activation in page.get("activations").and_then(Json::as_array).into_iter().flatten() {
            match arguments.output {
                Format::Text => lines(activation).into_iter().try_for_each(output::line)?,
                Format::Json => output::json(activation)?,
            }
        }
        after = page.get("next").and_then(Json::as_u64);
        if after.is_none() {
            if arguments.output == Format::Text {
                output::line(end(&page))?;
            }
            return Ok(ExitCode::SUCCESS);
        }
    }
}

fn lines(activation: &Json) -> Vec<String> {
    let number = |key: &str| activation.get(key).and_then(Json::as_u64).unwrap_or_default();
    let called = match word(activation, "function") {
        "" => word(activation, "component").to_owned(),
        function => format!("{}.{function}", word(activation, "component")),
    };
    let took = activation.get("duration_ms").and_then(Json::as_f64).map(|ms| format!("{ms:.3} ms"));
    let cost = format!("{} us CPU, {} KiB", number("cpu_us"), number("memory_bytes") / 1024);
    let mut lines = vec![format!(
        "{:>5}  {}  {} {called}  {}  {}",
        number("activation"),
        status(activation),
        Style::Strong.of(word(activation, "node"), output::color()),
        took.unwrap_or_default(),
        Style::Faint.of(&cost, output::color()),
    )];
    let detail = |name: &str, value: &Json| format!("         {name:7} {value}");
    for (name, key) in [("given", "given"), ("result", "result"), ("failure", "failure")] {
        lines.extend(activation.get(key).filter(|value| !value.is_null()).map(|value| detail(name, value)));
    }
    let calls = activation.get("calls").and_then(Json::as_array);
    lines.extend(calls.into_iter().flatten().map(|call| detail("called", call)));
    lines
}

fn end(page: &Json) -> String {
    match page.get("end").filter(|end| !end.is_null()) {
        None => "       under way".to_owned(),
        Some(end) => {
            let what = end.get("output").filter(|output| !output.is_null()).map(ToString::to_string);
            format!("       {}  {}", status(end), what.unwrap_or_else(|| word(end, "error").to_owned()))
        }
    }
}
