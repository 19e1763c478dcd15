//! `sandgate check`: everything that is wrong with flows and their cases.

use std::path::PathBuf;
use std::process::ExitCode;

use sandgate_engine::run::Instances;
use sandgate_flow::cases;
use sandgate_flow::diagnostic::Report;
use serde::Serialize;

use super::opened::{self, Opened};
use crate::output::{self, Format, Style};
use crate::project::{Flow, Source, Unusable, cases_of};

/// Say everything that is wrong with flows and their cases, with line and column
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The flows: ids in the project, or paths of files [default: all of the project]
    #[arg(value_name = "FLOW")]
    flows: Vec<String>,
    /// The project's folder [default: that of the first file, or this one]
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
    /// Problems as rustc shows them, or one JSON document
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output: Format,
}

const EXAMPLES: &str = "\
Examples:
  sandgate check                       every flow of the project in this folder
  sandgate check countdown             one of them
  sandgate check shop/flows/*.yaml     files
  sandgate check --output json         for an editor or a script";

pub(super) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let folder = opened::folder(arguments.project, &arguments.flows)?;
    let opened = Opened::open(folder, Instances::default())?;
    let flows = opened.flows(&arguments.flows)?;
    let sources: Vec<_> = flows.iter().flat_map(|flow| sources(&opened, flow)).collect();
    match arguments.output {
        Format::Text => print_text(&sources, &opened.project.unusable)?,
        Format::Json => print_json(&sources, &opened.project.unusable)?,
    }
    let failed = sources.iter().any(Source::has_errors) || !opened.project.unusable.is_empty();
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A flow's file and that of its cases.
fn sources(opened: &Opened, flow: &Flow) -> Vec<Source> {
    let cases = cases_of(&flow.path).map(|path| {
        let mut source = opened.source(&path);
        source.check(cases::parse);
        source
    });
    [flow.source.clone()].into_iter().chain(cases).collect()
}

fn print_text(sources: &[Source], unusable: &[Unusable]) -> std::io::Result<()> {
    let color = output::error_color();
    for it in unusable {
        output::problems(&format!("{}: {it}\n\n", Style::Bad.of("error", color)));
    }
    for source in sources {
        if source.has_errors() {
            output::problems(&(source.render(color) + "\n"));
        } else {
            output::problems(&source.render(color));
            output::line(format_args!("{} {}", Style::Good.of("ok", output::color()), source.file))?;
        }
    }
    let broken = sources.iter().filter(|source| source.has_errors()).count() + unusable.len();
    if broken > 0 {
        let checked = sources.len() + unusable.len();
        output::problems(&format!("{}: {broken} of {checked} files cannot be used\n", Style::Bad.of("error", color)));
    }
    Ok(())
}

#[derive(Serialize)]
struct File<'a> {
    file: &'a str,
    status: &'static str,
    problems: Vec<Report>,
}

fn print_json(sources: &[Source], unusable: &[Unusable]) -> std::io::Result<()> {
    #[derive(Serialize)]
    struct Checked<'a> {
        files: Vec<File<'a>>,
        unusable: &'a [Unusable],
    }
    let files = sources.iter().map(|source| File {
        file: &source.file,
        status: if source.has_errors() { "error" } else { "ok" },
        problems: source.reports(),
    });
    output::json(&Checked { files: files.collect(), unusable })
}
