//! `sandgate test`: the cases of flows, on virtual time.

mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use sandgate_engine::run::Instances;
use sandgate_flow::cases::{self, Case};

use super::opened::{self, Opened};
use crate::output::{self, Format};
use crate::project::{Flow, cases_of};
use crate::tested;

/// Run the cases of flows, on virtual time
///
/// The cases of `flows/countdown.yaml` are in `flows/countdown.cases.yaml`. Sleeping takes no time, so an hour of
/// countdown is tested in milliseconds. A case that expects nothing passes if its run does not fail, and shows what it
/// did.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The flows: ids in the project, or paths of files [default: all of the project]
    #[arg(value_name = "FLOW")]
    flows: Vec<String>,
    /// The project's folder [default: that of the first file, or this one]
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
    /// As lines for people, or as one JSON object a line
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output: Format,
    /// Whether instances of stateless components are kept between activations: what a flow does must not depend on it
    #[arg(long, value_enum, default_value_t, value_name = "WHICH")]
    instances: InstancesArgument,
}

const EXAMPLES: &str = "\
Examples:
  sandgate test                          every case of the project in this folder
  sandgate test countdown --project shop
  sandgate test --instances fresh        with no instance used twice
  sandgate test --output json            for a script";

/// [`Instances`] on the command line.
#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum InstancesArgument {
    #[default]
    Kept,
    Fresh,
}

pub(super) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let folder = opened::folder(arguments.project, &arguments.flows)?;
    let instances = match arguments.instances {
        InstancesArgument::Kept => Instances::Kept,
        InstancesArgument::Fresh => Instances::Fresh,
    };
    let opened = Opened::open(folder, instances)?;
    let flows = opened.flows(&arguments.flows)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(test(&opened, &flows, arguments.output))
}

async fn test(opened: &Opened, flows: &[Flow], format: Format) -> anyhow::Result<ExitCode> {
    let mut report = report::Report::new(format);
    for flow in flows {
        let (Some(served), Some(cases)) = (opened.runnable(flow), read_cases(opened, flow)) else {
            report.broken();
            continue;
        };
        report.flow(&flow.id, cases.len())?;
        for case in cases {
            report.case(&tested::test(&opened.engine, &served.plan, &served.components, case).await)?;
        }
    }
    report.close()
}

/// A flow's cases: none if it has no file of them, and nothing if that has errors, which are printed.
fn read_cases(opened: &Opened, flow: &Flow) -> Option<Vec<Case>> {
    let Some(path) = cases_of(&flow.path) else { return Some(Vec::new()) };
    let mut source = opened.source(&path);
    let cases = source.check(cases::parse);
    output::problems(&source.render(output::error_color()));
    cases
}
