//! Embeds the platform's components, whatever `cargo xtask build` left in target/components, and the Studio if it was built. No
//! component is named here.

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
    let out = PathBuf::from(variable("OUT_DIR")?);
    studio(&Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../../studio"), &out.join("studio"))?;
    fs::write(out.join("components.rs"), list(&files))
}

/// What the Studio's own build left; an empty folder where it was not built, of which the page says so.
fn studio(from: &Path, to: &Path) -> io::Result<()> {
    let built = from.join("dist");
    // A folder that is not there would be looked at at every build.
    println!("cargo:rerun-if-changed={}", if built.is_dir() { &built } else { from }.display());
    if to.is_dir() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to.join("assets"))?;
    if !built.is_dir() {
        return Ok(());
    }
    fs::copy(built.join("index.html"), to.join("index.html"))?;
    for entry in fs::read_dir(built.join("assets"))? {
        let file = entry?;
        fs::copy(file.path(), to.join("assets").join(file.file_name()))?;
    }
    Ok(())
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
