//! Embeds the platform's components: whatever `cargo xtask build` left in target/components. No name is written here.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../../target/components");
    println!("cargo:rerun-if-changed={}", folder.display());
    // A page that is new: those that are there already are looked at by the compiler itself.
    println!("cargo:rerun-if-changed=pages");
    let files = components(&folder)?;
    if files.is_empty() {
        println!("cargo:warning=no platform components are embedded: run `cargo xtask build`, which builds them first");
    }
    for file in &files {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    fs::write(Path::new(&variable("OUT_DIR")?).join("components.rs"), list(&files))
}

/// The folder's WebAssembly files, by name; none where there is no folder.
fn components(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files: Vec<_> = fs::read_dir(folder.canonicalize()?)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "wasm"));
    files.sort();
    Ok(files)
}

/// A Rust expression: each file's stem and bytes.
fn list(files: &[PathBuf]) -> String {
    let mut list = String::from("&[\n");
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let _ = writeln!(list, "    Embedded {{ name: {name:?}, bytes: include_bytes!({file:?}) }},");
    }
    list + "]\n"
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")))
}
