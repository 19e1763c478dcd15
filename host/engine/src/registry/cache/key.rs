//! The key that a cache marks its files with.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use hmac::Hmac;
use hmac::digest::KeyInit as _;
use sha2::Sha256;

use super::OWNER_ONLY_FILE;

/// The name of the key's file.
const FILE: &str = "key";
/// A block of SHA-256: RFC 2104 takes a key of this size as it is.
const KEY_BYTES: usize = 64;

/// Random, and known to this cache alone.
#[derive(Clone)]
pub(super) struct Key([u8; KEY_BYTES]);

/// A key is shown nowhere.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// The key of the cache in this folder, made if it has none.
    pub(super) fn of(directory: &Path) -> io::Result<Self> {
        let path = directory.join(FILE);
        match Self::read(&path)? {
            Some(key) => Ok(key),
            None => Self::make(directory, &path),
        }
    }

    /// A keyed hash, to be fed.
    pub(super) fn hashing(&self) -> Hmac<Sha256> {
        Hmac::new(&self.0.into())
    }

    /// None if there is no file, or one that others could have read or written: its key is worth nothing.
    fn read(path: &Path) -> io::Result<Option<Self>> {
        let metadata = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let own = metadata.uid() == rustix::process::geteuid().as_raw() && metadata.mode() & 0o077 == 0;
        let key = if metadata.is_file() && own { <[u8; KEY_BYTES]>::try_from(fs::read(path)?).ok() } else { None };
        if key.is_none() {
            fs::remove_file(path)?;
        }
        Ok(key.map(Self))
    }

    /// Linked to its name when it is written whole. Where another process was first, its key is taken.
    fn make(directory: &Path, path: &Path) -> io::Result<Self> {
        let mut key = [0; KEY_BYTES];
        getrandom::fill(&mut key).map_err(|error| io::Error::other(error.to_string()))?;
        let temporary = directory.join(format!("{FILE}.{}.{}", uuid::Uuid::new_v4().simple(), super::room::TEMPORARY));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY_FILE).open(&temporary)?;
        let linked = file.write_all(&key).and_then(|()| fs::hard_link(&temporary, path));
        fs::remove_file(&temporary)?;
        match linked {
            Ok(()) => Ok(Self(key)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::read(path)?.ok_or(error),
            Err(error) => Err(error),
        }
    }
}
