//! Appends a component's WIT, with its docs, and its `component.toml` to the component.
//!
//! `pack IN OUT [--wit DIR]... [--component-toml FILE]`: the directories with WIT that others depend on come first, and
//! the component's own last. Exits with 1 if the component cannot be packed, and with 2 if the arguments are wrong.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use sandgate_engine::describe::{Described, describe};
use sandgate_engine::package::{Wit, pack};

const USAGE: &str = "usage: pack IN OUT [--wit DIR]... [--component-toml FILE]";

#[derive(Default)]
struct Arguments {
    component: PathBuf,
    packed: PathBuf,
    wit: Vec<PathBuf>,
    component_toml: Option<PathBuf>,
}

fn main() -> ExitCode {
    let Some(arguments) = Arguments::read(std::env::args_os().skip(1).map(PathBuf::from)) else {
        return report(USAGE, 2);
    };
    match run(&arguments) {
        Ok(described) => {
            for refused in &described.refused {
                report(&format!("note: {refused}"), 0);
            }
            ExitCode::SUCCESS
        }
        Err(error) => report(&format!("error: {}: {error:#}", arguments.component.display()), 1),
    }
}

impl Arguments {
    fn read(mut given: impl Iterator<Item = PathBuf>) -> Option<Self> {
        let mut arguments = Self::default();
        let mut files = Vec::new();
        while let Some(next) = given.next() {
            match next.to_str() {
                Some("--wit") => arguments.wit.push(given.next()?),
                Some("--component-toml") => arguments.component_toml = Some(given.next()?),
                Some(option) if option.starts_with("--") => return None,
                _ => files.push(next),
            }
        }
        let [component, packed] = <[PathBuf; 2]>::try_from(files).ok()?;
        Some(Self { component, packed, ..arguments })
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<Described> {
    let component = std::fs::read(&arguments.component).context("cannot be read")?;
    let wit = (!arguments.wit.is_empty()).then(|| Wit::read(&arguments.wit)).transpose()?;
    let toml = arguments
        .component_toml
        .as_ref()
        .map(|path| std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display())));
    let packed = pack(&component, wit.as_ref(), toml.transpose()?.as_deref())?;
    let described = describe(&packed)?;
    std::fs::write(&arguments.packed, &packed)
        .with_context(|| format!("{} cannot be written", arguments.packed.display()))?;
    Ok(described)
}

fn report(line: &str, code: u8) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{line}");
    ExitCode::from(code)
}
