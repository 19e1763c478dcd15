//! `cargo xtask components`: builds and packs the platform's components and the guests under test.

use std::path::{Path, PathBuf};

use crate::process::{COMPONENTS, ROOT, root, shown};
use crate::steps::{self, Step};
use crate::{Result, install, pack};

/// How the packer is built: as the rest of what the caller builds, so that nothing is compiled twice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// target/debug
    Dev,
    /// target/release
    Release,
}

impl Profile {
    /// The folder that cargo puts this profile's programs into.
    pub(crate) fn folder(self) -> PathBuf {
        let name = match self {
            Self::Dev => "target/debug",
            Self::Release => "target/release",
        };
        root().join(name)
    }
}

/// Builds and packs them.
///
/// # Errors
///
/// A step failed.
pub(crate) fn run() -> Result {
    let mut steps = vec![Step::own("WebAssembly target", "cargo xtask setup", install::wasm_target)];
    steps.extend(self::steps(Profile::Dev));
    steps::run("components", &steps)
}

/// The steps that end in target/components/ and target/guests/.
pub(crate) fn steps(profile: Profile) -> Vec<Step> {
    // With --workspace although only one program is wanted: cargo then chooses the same features for the dependencies
    // as in every other build here, and does not compile the sandbox again for another choice.
    let packer = match profile {
        Profile::Dev => "cargo build --workspace --bin pack",
        Profile::Release => "cargo build --release --workspace --bin pack",
    };
    vec![
        Step::command("components", COMPONENTS, "cargo build --release --workspace"),
        Step::command("packer", ROOT, packer),
        Step::own("packing", "cargo xtask components", move || pack::all(profile)),
    ]
}

/// The folders in `parent`, a folder of the repository, that hold a crate, by name.
///
/// # Errors
///
/// The folder cannot be read.
pub(crate) fn crates(parent: &str) -> Result<Vec<PathBuf>> {
    let parent = root().join(parent);
    let entries = parent.read_dir().map_err(|error| format!("cannot read {}: {error}", shown(&parent)))?;
    let mut crates: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.join("Cargo.toml").is_file()).collect();
    crates.sort();
    Ok(crates)
}

/// The last part of a path, as text.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
