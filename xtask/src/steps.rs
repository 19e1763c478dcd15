//! A command as numbered steps, with the time that each takes.

use std::time::{Duration, Instant};

use crate::Result;
use crate::process::CommandLine;

/// A step of a command.
pub(crate) struct Step {
    name: &'static str,
    work: Work,
}

enum Work {
    Command(CommandLine),
    Own {
        run: Box<dyn Fn() -> Result>,
        /// The command that does this and little else.
        alone: &'static str,
    },
}

impl Step {
    /// A step that runs `line` in `folder`, a folder of the repository.
    pub(crate) fn command(name: &'static str, folder: &'static str, line: &'static str) -> Self {
        Self { name, work: Work::Command(CommandLine { folder, line }) }
    }

    /// A step that xtask does itself; `alone` is the command that does this and little else.
    pub(crate) fn own(name: &'static str, alone: &'static str, run: impl Fn() -> Result + 'static) -> Self {
        Self { name, work: Work::Own { run: Box::new(run), alone } }
    }

    fn run(&self) -> Result {
        match &self.work {
            Work::Command(line) => line.run().map_err(|message| self.failed(&message, &line.to_string())),
            Work::Own { run, alone } => run().map_err(|message| self.failed(&message, alone)),
        }
    }

    fn failed(&self, message: &str, alone: &str) -> String {
        format!("{message}\nxtask: {} failed: run `{alone}` to see it alone", self.name)
    }
}

/// Runs the steps of `command` one after the other, up to the first that fails.
///
/// # Errors
///
/// The step that failed, why, and how to run it alone.
pub(crate) fn run(command: &str, steps: &[Step]) -> Result {
    let total = Instant::now();
    for (step, number) in steps.iter().zip(1..) {
        println!("[{number}/{}] {}", steps.len(), step.name);
        let own = Instant::now();
        step.run()?;
        println!("[{number}/{}] {}: done in {}", steps.len(), step.name, seconds(own.elapsed()));
    }
    println!("xtask {command}: {} steps done in {}", steps.len(), seconds(total.elapsed()));
    Ok(())
}

fn seconds(elapsed: Duration) -> String {
    format!("{:.1} s", elapsed.as_secs_f64())
}
