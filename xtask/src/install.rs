//! What this machine lacks: installed by the ordinary client, which is said, or asked for with the one line that does it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::process::{ROOT, command, read, root, run, shown, succeeds};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Everything that the build and the tests need.
///
/// # Errors
///
/// Something is missing and cannot be installed.
pub(crate) fn all() -> Result {
    rust()?;
    studio()?;
    clients()?;
    println!("everything that the build and the tests need is there");
    Ok(())
}

/// The parts of Rust that the build and the checks need.
///
/// # Errors
///
/// One is missing and cannot be installed.
pub(crate) fn rust() -> Result {
    wasm_target()?;
    rust_components()
}

/// Rust's standard library for WebAssembly.
///
/// # Errors
///
/// It is missing and cannot be installed.
pub(crate) fn wasm_target() -> Result {
    let folder = read(command("rustc", ROOT).args(["--print", "target-libdir", "--target", WASM_TARGET]))?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    install("the WebAssembly target of Rust", "rustup target add wasm32-unknown-unknown")
}

/// What checks the code besides the compiler.
fn rust_components() -> Result {
    for (what, subcommand, line) in
        [("clippy", "clippy", "rustup component add clippy"), ("rustfmt", "fmt", "rustup component add rustfmt")]
    {
        if !succeeds(command("cargo", ROOT).args([subcommand, "--version"])) {
            install(what, line)?;
        }
    }
    Ok(())
}

/// cargo-deny, which only `cargo xtask audit` needs: it takes minutes to compile.
///
/// # Errors
///
/// It is missing and cannot be installed.
pub(crate) fn cargo_deny() -> Result {
    if has_cargo_deny() { Ok(()) } else { install("cargo-deny", "cargo install cargo-deny --locked") }
}

/// Whether cargo-deny is there.
pub(crate) fn has_cargo_deny() -> bool {
    succeeds(command("cargo", ROOT).args(["deny", "--version"]))
}

/// cargo-fuzz, which only `cargo xtask fuzz` needs.
///
/// # Errors
///
/// It is missing and cannot be installed.
pub(crate) fn cargo_fuzz() -> Result {
    if succeeds(command("cargo", ROOT).args(["fuzz", "--version"])) {
        return Ok(());
    }
    // It builds libFuzzer, which is C++.
    if !succeeds(command("c++", ROOT).arg("--version")) {
        debian("a compiler for C++", "g++")?;
    }
    install("cargo-fuzz", "cargo install cargo-fuzz --locked")
}

/// The packages that build the Studio.
///
/// # Errors
///
/// Node.js or a package is missing and cannot be installed.
pub(crate) fn studio() -> Result {
    npm_packages(&[root().join("studio")])
}

/// The packages that build the client library, and that the tests with other people's clients and with a browser use:
/// npm's, Python's, and Chromium.
///
/// # Errors
///
/// One is missing and cannot be installed.
pub(crate) fn clients() -> Result {
    npm_packages(&folders_with("sdk", "package-lock.json")?)?;
    npm_packages(&folders_with("tests", "package-lock.json")?)?;
    python_packages(&folders_with("tests", "requirements.txt")?)?;
    chromium()
}

/// The folders directly in this folder of the repository that hold a file of this name.
fn folders_with(parent: &str, file: &str) -> Result<Vec<PathBuf>> {
    let parent = root().join(parent);
    let entries = parent.read_dir().map_err(|error| format!("cannot read {}: {error}", shown(&parent)))?;
    let mut folders: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.join(file).is_file()).collect();
    folders.sort();
    Ok(folders)
}

fn npm_packages(folders: &[PathBuf]) -> Result {
    for folder in folders.iter().filter(|folder| !is_installed(folder)) {
        if !succeeds(command("npm", ROOT).arg("--version")) {
            debian("npm", "nodejs npm")?;
        }
        let folder_shown = shown(folder);
        println!("installing the npm packages of {folder_shown}: npm ci --prefix {folder_shown}");
        run(command("npm", ROOT).current_dir(folder).args(["ci", "--no-audit", "--no-fund"]))?;
    }
    Ok(())
}

/// Whether npm has installed what the lock says: it leaves a lock of its own among the packages.
fn is_installed(folder: &Path) -> bool {
    let modified = |file: &str| folder.join(file).metadata().and_then(|metadata| metadata.modified()).ok();
    let installed = modified("node_modules/.package-lock.json");
    installed.is_some() && installed >= modified("package-lock.json")
}

fn python_packages(folders: &[PathBuf]) -> Result {
    let requirements: Vec<_> = folders.iter().map(|folder| folder.join("requirements.txt")).collect();
    let wanted: String = requirements.iter().filter_map(|file| fs::read_to_string(file).ok()).collect();
    let python = root().join("target/python");
    // Written last, so that an installation that was cut off is not taken for one.
    let installed = python.join("installed.txt");
    if wanted.is_empty() || fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if !succeeds(command("python3", ROOT).args(["-c", "import ensurepip, venv"])) {
        debian("Python with venv", "python3 python3-venv")?;
    }
    println!("installing the Python packages of the tests into target/python: pip install");
    run(command("python3", ROOT).args(["-m", "venv", "--clear"]).arg(&python))?;
    let mut pip = command(&python.join("bin/python").to_string_lossy(), ROOT);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    requirements.iter().for_each(|file| _ = pip.arg("--requirement").arg(file));
    run(&mut pip)?;
    fs::write(&installed, wanted).map_err(|error| format!("cannot write {}: {error}", shown(&installed)))
}

fn chromium() -> Result {
    if succeeds(command("chromium", ROOT).arg("--version")) {
        Ok(())
    } else {
        debian("Chromium", "chromium fonts-noto-cjk")
    }
}

/// Installs Debian's packages where this user may, and asks for them where not.
fn debian(what: &str, packages: &str) -> Result {
    let line = format!("apt-get install --yes --no-install-recommends {packages}");
    let is_root = read(command("id", ROOT).arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !is_root || !succeeds(command("apt-get", ROOT).arg("--version")) {
        return Err(format!("{what} is missing: install it, on Debian by `sudo {line}`, and try again"));
    }
    install("Debian's list of packages", "apt-get update")?;
    install(what, &line)
}

fn install(what: &str, line: &str) -> Result {
    println!("{what} is missing; installing it: {line}");
    let mut words = line.split(' ');
    let mut client = command(words.next().unwrap_or_default(), ROOT);
    client.args(words).env("DEBIAN_FRONTEND", "noninteractive");
    run(&mut client).map_err(|error| format!("{what} is missing and could not be installed ({error}): run `{line}`"))
}
