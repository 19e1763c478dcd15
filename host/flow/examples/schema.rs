//! Prints the JSON Schema of flows or of cases: `cargo run -p sandgate-flow --example schema -- flow`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "printing is what it is for")]

use std::process::ExitCode;

use sandgate_flow::schema;

fn main() -> ExitCode {
    let schema = match std::env::args().nth(1).as_deref() {
        Some("flow") => schema::flow_schema(),
        Some("cases") => schema::cases_schema(),
        _ => {
            eprintln!("say which schema: flow or cases");
            return ExitCode::from(2);
        }
    };
    println!("{schema:#}");
    ExitCode::SUCCESS
}
