//! Measures, and shows what came of it.

use std::fmt::Write as _;
use std::fs;

use anyhow::Context as _;
use clap::ValueEnum as _;

use crate::arguments::Arguments;
use crate::figure::{Figure, Goal, Samples, number};
use crate::machine::Machine;
use crate::project::Project;
use crate::scale::Scale;
use crate::scenario::{self, Scenario, Stage};
use crate::server::{Server, Subject};

/// What one figure was.
struct Row {
    scenario: Scenario,
    figure: Figure,
    daemon: Samples,
    reference: Samples,
}

/// Measures what was asked for, shows each figure when it is there, and then all as the tables of BENCHMARKS.md.
///
/// # Errors
///
/// A server did not do what was asked of it: then nothing was measured.
pub(crate) async fn measure(arguments: &Arguments) -> anyhow::Result<()> {
    scenario::raise_open_files()?;
    let project = Project::new(arguments)?;
    // From here on, what it compiled is there.
    drop(Server::start(Subject::Daemon, &project).await?);
    let mut rows = Vec::new();
    for scenario in chosen(arguments) {
        let measured = samples(scenario, arguments, &project).await;
        let measured = measured.with_context(|| format!("{} could not be measured", scenario.name()))?;
        measured.iter().for_each(|row| println!("{}", row.line()));
        rows.extend(measured);
    }
    let markdown = markdown(&rows, &Machine::this(&project));
    println!("\n{markdown}");
    match &arguments.markdown {
        Some(file) => fs::write(file, markdown).with_context(|| file.display().to_string()),
        None => Ok(()),
    }
}

fn chosen(arguments: &Arguments) -> Vec<Scenario> {
    match arguments.names.as_slice() {
        [] => Scenario::value_variants().to_vec(),
        names => names.to_vec(),
    }
}

/// One server after the other, and that several times: what slows the machine down for a while slows both.
async fn samples(scenario: Scenario, arguments: &Arguments, project: &Project) -> anyhow::Result<Vec<Row>> {
    let scale = if arguments.quick { Scale::QUICK } else { Scale::FULL };
    let row =
        |figure: &Figure| Row { scenario, figure: *figure, daemon: Samples::default(), reference: Samples::default() };
    let mut rows: Vec<_> = scenario.figures().iter().map(row).collect();
    for _ in 0..arguments.samples.unwrap_or(scale.samples) {
        for subject in scenario.subjects().iter().filter(|subject| !arguments.alone || **subject == Subject::Daemon) {
            let sample = scenario.sample(&Stage { subject: *subject, project, scale }).await;
            let sample = sample.with_context(|| format!("{subject:?}"))?;
            rows.iter_mut().zip(sample).for_each(|(row, sample)| row.of(*subject).add(sample));
        }
    }
    Ok(rows)
}

impl Row {
    fn of(&mut self, subject: Subject) -> &mut Samples {
        match subject {
            Subject::Daemon => &mut self.daemon,
            Subject::Reference => &mut self.reference,
        }
    }

    /// The daemon's median by the reference's.
    fn ratio(&self) -> Option<f64> {
        Some(self.daemon.median()? / self.reference.median().filter(|median| *median > 0.0)?)
    }

    /// For the terminal.
    fn line(&self) -> String {
        let Self { scenario, figure, daemon, reference } = self;
        let mut line = format!("{:9} {}\n          sandgate {daemon}", scenario.name(), figure.what);
        if let Some(ratio) = self.ratio() {
            // Writing to a text cannot fail.
            let _ = write!(line, "; by hand {reference}; ratio {}", number(ratio));
        }
        let bound = match figure.goal {
            Goal::AtLeast(_) => "at least",
            Goal::AtMost(_) => "at most",
            Goal::Open => return line,
        };
        let _ = write!(line, "; to reach: {bound} {}", figure.goal);
        line
    }

    /// For BENCHMARKS.md.
    fn cells(&self) -> String {
        let Self { scenario, figure, daemon, reference } = self;
        let ratio = self.ratio().map(number).unwrap_or_default();
        format!("| `{}` | {} | {daemon} | {reference} | {ratio} | {} |\n", scenario.name(), figure.what, figure.goal)
    }
}

fn markdown(rows: &[Row], machine: &Machine) -> String {
    let mut table = format!("{machine}\n\n| name | figure | sandgate | by hand | ratio | to reach |\n");
    table.push_str("| --- | --- | --- | --- | --- | --- |\n");
    rows.iter().for_each(|row| table.push_str(&row.cells()));
    table
}
