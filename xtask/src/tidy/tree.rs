//! The sources, read once for all rules.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::Result;

/// The folders that hold code.
const FOLDERS: [&str; 8] = ["bench", "components", "fuzz", "host", "sdk", "tests", "wit", "xtask"];

/// The texts that a rule may look at, by how their names end.
const ENDINGS: [&str; 10] = ["css", "html", "js", "mjs", "py", "rs", "toml", "ts", "wit", "yaml"];

/// What nobody wrote, or what is wrong on purpose.
const SKIPPED: [&str; 7] = ["artifacts", "build", "corpus", "dist", "node_modules", "target", "__pycache__"];

/// The sources of the repository.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) files: Vec<File>,
}

/// A source file.
pub(super) struct File {
    /// From the root of the repository, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

impl Tree {
    /// Reads the sources of the repository at `root`.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        for folder in FOLDERS {
            tree.read_folder(root, folder)?;
        }
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    fn read_folder(&mut self, root: &Path, folder: &str) -> Result {
        let entries = root.join(folder).read_dir().map_err(|error| format!("cannot read {folder}: {error}"))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{folder}/{name}");
            if entry.path().is_dir() && !SKIPPED.contains(&name.as_str()) {
                self.read_folder(root, &path)?;
            } else if name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending)) {
                let text = fs::read_to_string(entry.path()).map_err(|error| format!("cannot read {path}: {error}"))?;
                self.files.push(File { path, text });
            }
        }
        Ok(())
    }

    /// The files below this folder whose names end so.
    pub(super) fn below<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.starts_with(folder) && file.path.ends_with(ending))
    }

    /// The names of the folders directly in `parent`, given with its `/`, that hold a crate.
    pub(super) fn crates<'a>(&'a self, parent: &str) -> BTreeSet<&'a str> {
        let name = |file: &'a File| file.path.strip_prefix(parent)?.strip_suffix("/Cargo.toml");
        self.files.iter().filter_map(name).filter(|name| !name.contains('/')).collect()
    }
}

impl File {
    /// The lines of Rust or Python that do something, with their numbers from 1: without comments, and without the unit
    /// tests, which stand at the end of their file.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = (1..).zip(self.text.lines()).take_while(|(_, line)| *line != "mod tests {");
        lines.map(|(number, line)| (number, without_comment(line))).filter(|(_, code)| !code.trim().is_empty())
    }

    /// Whether all of it is a test, an example or shown to people.
    pub(super) fn is_for_show(&self) -> bool {
        let mut parts = self.path.split('/');
        parts.any(|part| matches!(part, "tests" | "tests.rs" | "examples" | "benches" | "pages"))
            || self.path.ends_with("_tests.rs")
    }
}

/// A `//` in a text, as in an address, has no space before it.
fn without_comment(line: &str) -> &str {
    let start = if line.trim_start().starts_with("//") { Some(0) } else { line.find(" // ") };
    start.and_then(|start| line.get(..start)).unwrap_or(line)
}
