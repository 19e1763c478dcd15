//! The bytes of components, each in a file that is named by their digest.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::{Digest, Error};

/// A folder of components. Several processes may use the same one.
#[derive(Debug)]
pub(super) struct Blobs(PathBuf);

const OWNER_ONLY: u32 = 0o700;
const OWNER_ONLY_FILE: u32 = 0o600;

impl Blobs {
    /// In this folder, which is made if need be.
    pub(super) fn open(folder: PathBuf) -> Result<Self, Error> {
        fs::DirBuilder::new().recursive(true).mode(OWNER_ONLY).create(&folder).map_err(Error::file(&folder))?;
        Ok(Self(folder))
    }

    /// The bytes that have this digest.
    pub(super) fn read(&self, digest: &Digest) -> Result<Vec<u8>, Error> {
        let path = self.path(digest);
        let bytes = fs::read(&path).map_err(Error::file(&path))?;
        if Digest::of(&bytes) == *digest { Ok(bytes) } else { Err(Error::Damaged(path)) }
    }

    /// Keeps bytes. They are durable when this returns. A file that is damaged is written anew.
    pub(super) fn keep(&self, digest: &Digest, bytes: &[u8]) -> Result<(), Error> {
        if self.read(digest).is_ok() {
            return Ok(());
        }
        let path = self.path(digest);
        self.write(&path, bytes).map_err(Error::file(&path))
    }

    /// Removes every file but those of these digests; answers how many.
    pub(super) fn keep_only(&self, digests: &BTreeSet<Digest>) -> Result<usize, Error> {
        let kept: BTreeSet<_> = digests.iter().map(|digest| self.path(digest)).collect();
        let files = || fs::read_dir(&self.0)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>();
        let mut removed = 0;
        for file in files().map_err(Error::file(&self.0))? {
            if !kept.contains(&file) && file.is_file() {
                fs::remove_file(&file).map_err(Error::file(&file))?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Under another name first: whatever stops this, no file has a digest's name and only some of its bytes.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let new = self.0.join(format!("{}.new", Uuid::new_v4()));
        let written = write_new(&new, bytes).and_then(|()| fs::rename(&new, path));
        if written.is_err() {
            // It is no longer of use. One that stays is removed at the next start.
            let _ = fs::remove_file(&new);
        }
        written?;
        File::open(&self.0)?.sync_all()
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.0.join(format!("{digest}.wasm"))
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY_FILE).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
