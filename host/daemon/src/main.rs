//! `sandgate`: serves flows to clients, and runs, checks and tests them on the command line.

mod api;
mod channel;
mod commands;
mod config;
mod header;
mod health;
mod limits;
mod listener;
mod message;
mod origin;
mod output;
mod pages;
mod platform;
mod project;
mod router;
mod server;
mod session;

fn main() -> std::process::ExitCode {
    commands::main()
}
