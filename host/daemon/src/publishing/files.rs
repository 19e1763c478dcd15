//! The file of a flow in a project's `flows/`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::FlowId;
use crate::project::{Folder, ending, flow_id};

/// Where the text of a flow is written.
pub(super) struct File {
    path: PathBuf,
    shown: String,
    /// What the flow had before, if that was a file with another ending.
    instead_of: Option<PathBuf>,
    /// Why it is not written.
    ambiguous: Option<String>,
}

impl File {
    /// The file that the flow has, unless a text that is no JSON would come into one that is; else a new one.
    pub(super) fn of(folder: &Folder, flow: &FlowId, text: &str) -> Self {
        let mut files = folder.flow_files().unwrap_or_default();
        files.retain(|file| flow_id(file) == Some(flow.as_str()));
        let shown: Vec<_> = files.iter().map(|file| folder.shown(file)).collect();
        let ambiguous =
            (files.len() > 1).then(|| format!("flow {flow} is in {}: keep one of the files", shown.join(" and in ")));
        let had = files.into_iter().next();
        let takes = |file: &&PathBuf| ending(file) != "json" || is_json(text);
        let (path, instead_of) = match had.as_ref().filter(takes) {
            Some(path) => (path.clone(), None),
            None => (folder.flows().join(flow.file()), had),
        };
        Self { shown: folder.shown(&path), path, instead_of, ambiguous }
    }

    pub(super) fn ending(&self) -> &str {
        ending(&self.path)
    }

    pub(super) fn shown(&self) -> String {
        self.shown.clone()
    }

    pub(super) fn into_path(self) -> PathBuf {
        self.path
    }

    /// Whether the file says something that was never read: somebody has changed it since, and it would be lost.
    pub(super) fn was_edited(&self, known: Option<&str>, text: &str) -> bool {
        let there = fs::read(self.instead_of.as_ref().unwrap_or(&self.path));
        there.is_ok_and(|there| there != text.as_bytes() && known.map(str::as_bytes) != Some(&*there))
    }

    /// Writes the text, unless it is there already.
    pub(super) fn write(&self, text: &str) -> io::Result<()> {
        if let Some(ambiguous) = &self.ambiguous {
            return Err(io::Error::other(ambiguous.clone()));
        }
        if fs::read(&self.path).is_ok_and(|there| there == text.as_bytes()) {
            return Ok(());
        }
        let named =
            |error: io::Error| io::Error::new(error.kind(), format!("{} cannot be written: {error}", self.shown));
        replace(&self.path, text.as_bytes()).map_err(named)?;
        self.instead_of.as_ref().map_or(Ok(()), fs::remove_file).map_err(named)
    }
}

/// Puts a file in the place of another, whole or not at all.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Hidden, so that nobody takes it for a flow.
    let new = folder.join(format!(".{}.new", Uuid::new_v4()));
    let written = write_new(&new, bytes).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // It is no longer of use, and nobody looks at it.
        let _ = fs::remove_file(&new);
    }
    written?;
    fs::File::open(folder)?.sync_all()
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Folder) -> Vec<String> {
        folder.flow_files().unwrap().iter().map(|file| folder.shown(file)).collect()
    }

    #[test]
    fn a_flow_stays_in_its_file_unless_its_ending_would_lie() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::at(temporary.path());
        let flow = "countdown".parse().unwrap();
        let write = |text: &str| File::of(&folder, &flow, text).write(text);
        write("a: 1").unwrap();
        assert_eq!(names(&folder), ["flows/countdown.yaml"]);
        fs::rename(folder.flows().join("countdown.yaml"), folder.flows().join("countdown.json")).unwrap();
        write("{}").unwrap();
        assert_eq!(names(&folder), ["flows/countdown.json"]);
        write("a: 1").unwrap();
        assert_eq!(names(&folder), ["flows/countdown.yaml"]);
        fs::write(folder.flows().join("countdown.yml"), "mine").unwrap();
        let refused = write("a: 2").unwrap_err().to_string();
        assert_eq!(
            refused,
            "flow countdown is in flows/countdown.yaml and in flows/countdown.yml: keep one of the files"
        );
    }
}
