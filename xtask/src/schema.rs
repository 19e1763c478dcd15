//! `cargo xtask schema`: the JSON Schemas of flows and of cases, from the types that read them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::components::Profile;
use crate::process::{CommandLine, ROOT, command, read, root};

/// What the generator is asked for, and the file it goes to.
const SCHEMAS: [(&str, &str); 2] = [("flow", "flows/flow.schema.json"), ("cases", "flows/cases.schema.json")];

/// Writes the schemas.
///
/// # Errors
///
/// The generator fails, or a file cannot be written.
pub(crate) fn write() -> Result {
    let generator = generator()?;
    for (what, file) in SCHEMAS {
        let path = root().join(file);
        fs::write(&path, generate(&generator, what)?).map_err(|error| format!("cannot write {file}: {error}"))?;
        println!("wrote {file}");
    }
    Ok(())
}

/// Compares the schemas with those that would be written.
///
/// # Errors
///
/// One differs, or cannot be read, or the generator fails.
pub(crate) fn check() -> Result {
    let generator = generator()?;
    for (what, file) in SCHEMAS {
        let written = fs::read_to_string(root().join(file)).map_err(|error| format!("cannot read {file}: {error}"))?;
        if written != generate(&generator, what)? {
            return Err(format!("{file} is not what host/flow gives: run `cargo xtask schema` and commit it"));
        }
    }
    Ok(())
}

/// Builds the generator, with the features that every other build has.
fn generator() -> Result<PathBuf> {
    CommandLine { folder: ROOT, line: "cargo build --workspace --example schema" }.run()?;
    Ok(Profile::Dev.folder().join("examples/schema"))
}

fn generate(generator: &Path, what: &str) -> Result<String> {
    read(command(&generator.to_string_lossy(), ROOT).arg(what))
}
