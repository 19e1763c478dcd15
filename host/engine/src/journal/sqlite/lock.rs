//! One process at a time in a data folder.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

/// Held for as long as it lives, and given back by the system when the process ends, however it does.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why a folder cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody has it.
    #[error("{folder} is in use by {holder}", folder = folder.display())]
    Held {
        /// The folder.
        folder: PathBuf,
        /// Who says so in it.
        holder: String,
    },
    /// It cannot be locked.
    #[error("{folder} cannot be locked: {error}", folder = folder.display())]
    Io {
        /// The folder.
        folder: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

impl Lock {
    /// Takes the folder, and writes into it who has it.
    ///
    /// # Errors
    ///
    /// Another process has it, or it cannot be written to.
    pub fn take(folder: &Path) -> Result<Self, LockError> {
        let failed = |error| LockError::Io { folder: folder.to_owned(), error };
        let path = folder.join("lock");
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                return Err(LockError::Held { folder: folder.to_owned(), holder: holder(&mut file) });
            }
            Err(error) => return Err(failed(error.into())),
        }
        let written = file.set_len(0).and_then(|()| write!(file, "process {}", std::process::id()));
        written.map_err(failed)?;
        Ok(Self { _file: file })
    }
}

/// Who a locked file says has it: it is written by whoever has it.
fn holder(file: &mut File) -> String {
    const HOLDER_BYTES_MAX: u64 = 100;
    let mut text = String::new();
    let read = file.take(HOLDER_BYTES_MAX).read_to_string(&mut text);
    if read.is_err() || text.is_empty() { "another process".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_had_by_one_at_a_time_and_says_by_whom() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path()).unwrap();
        let refused = Lock::take(folder.path()).unwrap_err().to_string();
        let own = format!("{} is in use by process {}", folder.path().display(), std::process::id());
        assert_eq!(refused, own);
        drop(lock);
        assert!(Lock::take(folder.path()).is_ok());
    }
}
