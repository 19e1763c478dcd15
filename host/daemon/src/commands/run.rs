//! `sandgate run`: one run of a flow, on the real clock, with standard output for a client.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use sandgate_engine::journal::Durable;
use sandgate_engine::outbox::{Outbox, Refused, Said};
use sandgate_engine::run::{Instances, Run, Start};
use sandgate_flow::Value;
use sandgate_flow::check::InputProblem;
use sandgate_flow::document::Framing;
use sandgate_flow::event::{Outcome, Push, RunId};
use serde_json::{Value as Json, json};
use tokio::sync::{Semaphore, mpsc};

use super::opened::{self, Opened};
use super::outcome;
use crate::message::RunFailed;
use crate::output::{self, Explained, Format};
use crate::project::Served;

/// Run a flow once, and print its pushes and its output as they come
///
/// Whatever the flow pushes, to whomever, is printed: standard output is the one client that there is. Ctrl-C cancels
/// the run.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The flow: its id in the project, or the path of its file
    flow: String,
    /// The input, a JSON object; parameters that are left out take their defaults
    #[arg(long, value_name = "JSON", default_value = "{}", value_parser = parse_json)]
    input: Json,
    /// The message that starts the run, where the flow's framing is raw
    #[arg(long, value_name = "TEXT")]
    message: Option<String>,
    /// The project's folder [default: that of the flow's file, or this one]
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
    /// As lines for people, or as one JSON object a line
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output: Format,
}

const EXAMPLES: &str = "\
Examples:
  sandgate run countdown --input '{\"a\": 3}'
  sandgate run flows/countdown.yaml --output json
  sandgate run echo --message hello --project shop";

pub(super) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let names = [arguments.flow];
    let folder = opened::folder(arguments.project, &names)?;
    let opened = Opened::open(folder, Instances::default())?;
    let [name] = names;
    let flow = opened.flow(&name)?;
    let served =
        opened.runnable(&flow).with_context(|| format!("flow {} cannot be run: its file has errors", flow.id))?;
    let input = accept(&served, arguments.input)?;
    let message = message(&served, arguments.message)?;
    let (outbox, pushes) = Printed::new(opened.project.config.limits.printed_pushes_max);
    let start = Start {
        plan: Arc::clone(&served.plan),
        version: served.version,
        components: Arc::clone(&served.components),
        input,
        message,
        caller: None,
        key: None,
        outbox: Arc::new(outbox),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let started = opened.engine.start(start).await.with_context(|| format!("flow {} was not started", flow.id))?;
        let run = started.run().with_context(|| format!("flow {} was started before", flow.id))?;
        let outcome = follow(&run, pushes, arguments.output).await?;
        conclude(&flow.id, run.id(), outcome, arguments.output)
    })
}

/// Prints pushes until the run has ended.
async fn follow(run: &Run, mut pushes: mpsc::Receiver<Push>, format: Format) -> anyhow::Result<Outcome> {
    let outcome = loop {
        tokio::select! {
            Some(push) = pushes.recv() => print(&push, format)?,
            outcome = run.ended() => break outcome,
            interrupted = tokio::signal::ctrl_c() => {
                interrupted?;
                run.cancel("interrupted");
            }
        }
    };
    while let Ok(push) = pushes.try_recv() {
        print(&push, format)?;
    }
    Ok(outcome)
}

fn print(push: &Push, format: Format) -> std::io::Result<()> {
    match format {
        Format::Text => output::line(format_args!("push {} {}", push.to, output::shown(&push.message))),
        Format::Json => output::json(&json!({
            "event": "push",
            "to": push.to.to_string(),
            "message": outcome::value_json(&push.message),
        })),
    }
}

/// Prints how the run ended.
fn conclude(flow: &str, run: RunId, outcome: Outcome, format: Format) -> anyhow::Result<ExitCode> {
    if format == Format::Json {
        output::json(&as_json(flow, run, &outcome))?;
    }
    match outcome {
        Outcome::Failed(failure) => {
            let detail = failure.detail.as_deref().map(|detail| format!("\n{detail}")).unwrap_or_default();
            Err(anyhow::anyhow!("flow {flow}: {failure}{detail}"))
        }
        Outcome::Cancelled(reason) => Err(anyhow::anyhow!("flow {flow}: the run was cancelled: {reason}")),
        ended => {
            if format == Format::Text {
                output::line(outcome::text(&ended))?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn as_json(flow: &str, run: RunId, outcome: &Outcome) -> Json {
    let id = run.to_string();
    match outcome {
        Outcome::Output(value) => json!({ "event": "output", "run": id, "value": outcome::value_json(value) }),
        Outcome::Completed => json!({ "event": "completed", "run": id }),
        Outcome::Failed(failure) => {
            json!({ "event": "failed", "run": id, "error": RunFailed::new(flow, run, failure) })
        }
        Outcome::Cancelled(reason) => json!({ "event": "cancelled", "run": id, "reason": reason }),
    }
}

fn accept(served: &Served, input: Json) -> anyhow::Result<Value> {
    served.plan.interface.input.accept(input).map_err(|problems| {
        let listed = problems.iter().map(InputProblem::to_string).collect::<Vec<_>>().join("\n  ");
        anyhow::anyhow!("the input does not fit flow {}:\n  {listed}", served.plan.flow)
    })
}

/// The message that the run is started with: one with raw framing, and none without.
fn message(served: &Served, message: Option<String>) -> anyhow::Result<Value> {
    let flow = &served.plan.flow;
    match (served.plan.interface.framing, message) {
        (Framing::Raw, Some(text)) => Ok(Value::String(text.into())),
        (Framing::JsonRpc, None) => Ok(Value::Null),
        (Framing::Raw, None) => Err(Explained::new(format!("flow {flow} is started by a message: its framing is raw"))
            .help("give it one with `--message TEXT`")
            .into()),
        (Framing::JsonRpc, Some(_)) => {
            Err(Explained::new(format!("flow {flow} takes no message: its framing is json-rpc"))
                .help("give it its input with `--input JSON`")
                .into())
        }
    }
}

fn parse_json(text: &str) -> Result<Json, String> {
    serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}"))
}

/// Everybody's messages, on their way to standard output.
struct Printed {
    pushes: mpsc::Sender<Push>,
    printed_pushes_max: usize,
}

impl Printed {
    fn new(printed_pushes_max: usize) -> (Self, mpsc::Receiver<Push>) {
        // As much room again for those that are addressed and not sent yet.
        let (pushes, receiver) = mpsc::channel(2 * printed_pushes_max.clamp(1, Semaphore::MAX_PERMITS / 2));
        (Self { pushes, printed_pushes_max }, receiver)
    }
}

impl Outbox for Printed {
    fn address(&self, _: &Push) -> Result<u32, Refused> {
        let waiting = self.pushes.max_capacity() - self.pushes.capacity();
        if waiting < self.printed_pushes_max {
            Ok(1)
        } else {
            let limit = self.printed_pushes_max;
            Err(Refused::Other(format!("standard output is not read: printed_pushes_max is {limit}")))
        }
    }

    fn say(&self, _: RunId, said: Said, _: Durable) {
        if let Said::Push(push) = said
            && self.pushes.try_send(push).is_err()
        {
            tracing::error!("a push is lost: standard output is not read");
        }
    }
}

#[cfg(test)]
mod tests {
    use sandgate_flow::event::Recipient;

    use super::*;

    #[test]
    fn a_component_is_told_when_standard_output_is_not_read() {
        let (outbox, _pushes) = Printed::new(2);
        let push = || Push { to: Recipient::Everyone, message: Value::Int(3) };
        let run = RunId(uuid::Uuid::nil());
        for _ in 0..2 {
            assert_eq!(outbox.address(&push()), Ok(1));
            outbox.say(run, Said::Push(push()), Durable::default());
        }
        assert!(matches!(outbox.address(&push()), Err(Refused::Other(reason)) if reason.contains("is not read")));
    }
}
