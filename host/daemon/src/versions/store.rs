//! What lies on the disk: a database of versions, and the bytes of their components.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction};

use super::blobs::Blobs;
use super::{Bytes, Candidate, Digest, Error, Head, Note, Outcome, Part, Published, Version, database, time};

/// The versions in a data folder. All of it blocks: ask from where that may be. Several processes may use the same folder.
pub(crate) struct Store {
    folder: PathBuf,
    connection: Mutex<Connection>,
    blobs: Blobs,
}

const DATABASE: &str = "versions.sqlite";

impl Store {
    /// The store in this folder, which is made if need be, closed to everyone but its owner.
    ///
    /// # Errors
    ///
    /// It cannot be used, or a newer program has written there.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(Error::file(folder))?;
        let blobs = Blobs::open(folder.join("components"))?;
        let connection = Mutex::new(database::open(&folder.join(DATABASE))?);
        Ok(Self { folder: folder.to_owned(), connection, blobs })
    }

    /// Whether there is a store in this folder.
    pub(crate) fn is_in(folder: &Path) -> bool {
        folder.join(DATABASE).is_file()
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Removes component bytes that no version names: those of versions that were never made, since the program ended
    /// first. Answers how many files.
    ///
    /// # Errors
    ///
    /// The store cannot be used.
    pub(crate) fn sweep(&self) -> Result<usize, Error> {
        // Whoever publishes writes files within such a transaction: none of theirs is taken for left over.
        database::write(&mut self.lock(), |transaction| {
            let named = BTreeSet::from_iter(database::digests(transaction)?);
            self.blobs.keep_only(&named)
        })
    }

    /// Every flow that was published, by id.
    ///
    /// # Errors
    ///
    /// The store cannot be used.
    pub(crate) fn flows(&self) -> Result<Vec<String>, Error> {
        Ok(database::flows(&self.lock())?)
    }

    /// The version that new runs take.
    ///
    /// # Errors
    ///
    /// The flow has none, or the store cannot be used.
    pub(crate) fn current(&self, flow: &str) -> Result<Version, Error> {
        current(&self.lock(), flow)?.ok_or_else(|| Error::NoFlow(flow.to_owned()))
    }

    /// A version by its number.
    ///
    /// # Errors
    ///
    /// There is none, or the store cannot be used.
    pub(crate) fn version(&self, flow: &str, number: u64) -> Result<Version, Error> {
        let connection = self.lock();
        if let Some(version) = database::version(&connection, flow, number)? {
            return Ok(version);
        }
        let last = database::current(&connection, flow)?.ok_or_else(|| Error::NoFlow(flow.to_owned()))?;
        Err(Error::NoVersion { flow: flow.to_owned(), number, last })
    }

    /// At most `count` versions, newest first, of those below a number.
    ///
    /// # Errors
    ///
    /// The flow has none at all, or the store cannot be used.
    pub(crate) fn list(&self, flow: &str, below: Option<u64>, count: usize) -> Result<Vec<Head>, Error> {
        let connection = self.lock();
        let current = database::current(&connection, flow)?;
        current.ok_or_else(|| Error::NoFlow(flow.to_owned()))?;
        Ok(database::heads(&connection, flow, below, count)?)
    }

    /// The bytes of a component.
    ///
    /// # Errors
    ///
    /// They are gone or damaged; the error names the file.
    pub(crate) fn bytes(&self, digest: &Digest) -> Result<Vec<u8>, Error> {
        self.blobs.read(digest)
    }

    /// Makes a version, unless the current one has this content. `before` is done when little but the last write can go
    /// wrong; if it fails there is no version. When this returns, the version is durable, its components' bytes with it.
    ///
    /// # Errors
    ///
    /// There is no new version.
    pub(crate) fn publish(
        &self,
        candidate: &Candidate<'_>,
        note: Note<'_>,
        before: impl FnOnce() -> io::Result<()>,
    ) -> Result<Published, Error> {
        database::write(&mut self.lock(), |transaction| {
            let published = self.make(transaction, candidate, note)?;
            before().map_err(Error::Before)?;
            Ok(published)
        })
    }

    /// Makes a version of what is found in a project's files, unless that is what was found there last: then whatever was
    /// published since goes on.
    ///
    /// # Errors
    ///
    /// There is no new version.
    pub(crate) fn publish_found(&self, candidate: &Candidate<'_>, message: &str) -> Result<Published, Error> {
        let found = candidate.fingerprint();
        database::write(&mut self.lock(), |transaction| {
            let known = database::found(transaction, candidate.flow)? == Some(found);
            match current(transaction, candidate.flow)? {
                Some(version) if known && version.fingerprint() != found => {
                    Ok(Published { number: version.head.number, outcome: Outcome::Overruled })
                }
                _ => self.make(transaction, candidate, Note { message, restores: None, found: Some(found) }),
            }
        })
    }

    fn make(
        &self,
        transaction: &Transaction<'_>,
        candidate: &Candidate<'_>,
        note: Note<'_>,
    ) -> Result<Published, Error> {
        let flow = candidate.flow;
        if let Some(found) = note.found {
            database::set_found(transaction, flow, &found)?;
        }
        let current = current(transaction, flow)?;
        let number = current.as_ref().map_or(0, |version| version.head.number);
        if current.is_some_and(|version| version.fingerprint() == candidate.fingerprint()) {
            return Ok(Published { number, outcome: Outcome::Unchanged });
        }
        for Part { needed, bytes } in &candidate.parts {
            match bytes {
                Bytes::Here(bytes) => self.blobs.keep(&needed.digest, bytes)?,
                Bytes::Kept => drop(self.blobs.read(&needed.digest)?),
            }
        }
        let number = number + 1;
        database::insert(transaction, number, candidate, note, time::now_ms())?;
        Ok(Published { number, outcome: Outcome::Made })
    }

    /// Whatever was being done when somebody panicked was not committed.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn current(connection: &Connection, flow: &str) -> rusqlite::Result<Option<Version>> {
    match database::current(connection, flow)? {
        Some(number) => database::version(connection, flow, number),
        None => Ok(None),
    }
}
