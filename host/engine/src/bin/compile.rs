//! Compiles the component on standard input, as [`sandgate_engine::compile`] has it: the child that the engine's tests
//! start. The daemon's is the daemon.

use std::process::ExitCode;

fn main() -> ExitCode {
    sandgate_engine::compile::serve(&std::env::args_os().next_back().unwrap_or_default())
}
