//! Projects that a test makes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::TempDir;

use super::daemon::Daemon;
use super::root;

/// A project in a folder of its own, which is gone when this is dropped.
pub(crate) struct Project(TempDir);

impl Project {
    /// Of these files, by their paths within it.
    pub(crate) fn of(files: &[(&str, &str)]) -> anyhow::Result<Self> {
        let project = Self(tempfile::tempdir()?);
        fs::create_dir(project.path().join("flows"))?;
        files.iter().try_for_each(|(file, text)| project.write(file, text))?;
        Ok(project)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, or writes it again.
    pub(crate) fn write(&self, file: &str, text: &str) -> anyhow::Result<()> {
        self.write_bytes(file, text.as_bytes())
    }

    /// The same of a file that is not text.
    pub(crate) fn write_bytes(&self, file: &str, bytes: &[u8]) -> anyhow::Result<()> {
        fs::write(self.place(file)?, bytes).with_context(|| format!("{file} cannot be written"))
    }

    /// With a copy of a file of the repository.
    pub(crate) fn copy(self, from: &str, to: &str) -> anyhow::Result<Self> {
        let bytes = fs::read(root().join(from));
        let bytes = bytes.with_context(|| format!("{from} is missing: run `cargo xtask test`, which builds it"))?;
        fs::write(self.place(to)?, bytes)?;
        Ok(self)
    }

    /// With the countdown.
    pub(crate) fn with_countdown(self) -> anyhow::Result<Self> {
        self.copy("flows/countdown.yaml", "flows/countdown.yaml")
    }

    /// With a guest of tests/guests as a component.
    pub(crate) fn with_guest(self, name: &str) -> anyhow::Result<Self> {
        let component = format!("components/{}.wasm", name.replace('-', "_"));
        self.copy(&format!("target/guests/{name}.wasm"), &component)
    }

    /// Serves it.
    pub(crate) fn serve(&self, arguments: &[&str]) -> anyhow::Result<Daemon> {
        Daemon::start(self.path(), arguments)
    }

    fn place(&self, file: &str) -> anyhow::Result<PathBuf> {
        let path = self.path().join(file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(path)
    }
}
