//! The binary `sandgate`: all of it is in the library, where its parts can be tested from outside.

fn main() -> std::process::ExitCode {
    sandgate::main()
}
