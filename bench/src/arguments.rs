//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::scenario::Scenario;

/// Measure the daemon over loopback, in turn with a server that does the same by hand
///
/// Starts the daemon with a project made for it, and the other server, drives both by the same client, one after the
/// other, several times, and prints the medians, with the least and the most. Costs are the CPU time of the server's
/// process. Nothing leaves this machine; every wait has an end, and what was started is stopped, however this ends.
#[derive(Parser)]
#[command(version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    /// What to measure [default: everything]
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<Scenario>,
    /// Do little of each, once: whether it works shows, and no figure means anything
    #[arg(long)]
    pub(crate) quick: bool,
    /// How often each is measured [default: 5, with --quick 1]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) samples: Option<u32>,
    /// Measure the daemon alone
    #[arg(long)]
    pub(crate) alone: bool,
    /// The daemon [default: `sandgate` beside this program]
    #[arg(long, value_name = "FILE")]
    pub(crate) daemon: Option<PathBuf>,
    /// Write the tables for BENCHMARKS.md to this file as well
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) role: Option<Role>,
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask bench                       builds everything in release, and measures everything
  cargo xtask bench runs batched          two of them
  sandgate-bench --samples 9 unbatched    more often, with what was built last
  sandgate-bench --quick                  does it work at all?

A machine that does something else meanwhile spoils times and counts a second; ratios of CPU time suffer less.";

/// What this program is when it starts itself.
#[derive(Subcommand)]
pub(crate) enum Role {
    /// The server that does the same by hand; ends with its standard input
    #[command(hide = true)]
    Reference,
    /// Becomes another program, which is killed when the one that started it ends
    #[command(hide = true)]
    Launch {
        /// The program and its arguments
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        program: Vec<String>,
    },
}
