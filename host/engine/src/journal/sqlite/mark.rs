//! How many commits there were, beside the database: so that a database from which the last of them were cut off is found out.
//!
//! SQLite takes a log that ends early, or has a damaged frame, for one that was being written when the machine stopped. The mark
//! is written after each commit, and not waited for: it may say less than there is, after the machine lost power, but not more.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use super::format::{seal, unseal};

/// The mark, and where it stands.
pub(super) struct Mark {
    file: File,
    commits: u64,
}

impl Mark {
    /// What the mark in this folder says; nothing if there is none, or it cannot be read.
    pub(super) fn read(folder: &Path) -> Option<u64> {
        let bytes = std::fs::read(path(folder)).ok()?;
        unseal::<[u8; 8]>(&[], &bytes).ok().map(u64::from_le_bytes)
    }

    /// The mark of a database with so many commits.
    pub(super) fn open(folder: &Path, commits: u64) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path(folder))?;
        let mark = Self { file, commits };
        mark.write()?;
        Ok(mark)
    }

    /// One more commit is done.
    pub(super) fn advance(&mut self) {
        self.commits += 1;
        // Without it less is found out; what is stored is none the worse.
        let _ = self.write();
    }

    fn write(&self) -> io::Result<()> {
        self.file.write_all_at(&seal(&[], &self.commits.to_le_bytes()), 0)
    }
}

fn path(folder: &Path) -> std::path::PathBuf {
    folder.join("journal.mark")
}
