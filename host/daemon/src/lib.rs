//! `sandgate`: serves flows to clients, and runs, checks and tests them on the command line. A library so that what
//! strangers send can be fuzzed: for that alone something is public.

mod api;
mod channel;
mod commands;
mod config;
mod header;
mod health;
mod limits;
mod listener;
pub mod message;
mod origin;
mod output;
mod pages;
mod platform;
mod project;
mod publishing;
mod recalled;
mod router;
mod server;
mod session;
#[cfg(test)]
mod simulated;
mod studio;
mod tested;
mod versions;

/// The program: does what its arguments ask for.
pub fn main() -> std::process::ExitCode {
    commands::main()
}
