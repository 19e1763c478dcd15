//! Where the daemon that serves from a data folder can be reached. Commands ask it, rather than write beside it.

use std::fs;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use serde::{Deserialize, Serialize};

/// A daemon that serves from a data folder. Its file is removed with this.
pub(super) struct Running(PathBuf);

/// What its file says.
#[derive(Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Reached {
    pub(super) pid: i32,
    pub(super) url: String,
}

const FILE: &str = "daemon.json";

impl Running {
    /// Says in a data folder that this process serves from it.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(super) fn at(data: &Path, address: SocketAddr) -> std::io::Result<Self> {
        let path = data.join(FILE);
        let url = format!("http://{address}");
        let reached = Reached { pid: Pid::as_raw(Some(rustix::process::getpid())), url };
        fs::write(&path, serde_json::to_vec(&reached)?)?;
        Ok(Self(path))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that stays says that a process serves that is gone.
        let _ = fs::remove_file(&self.0);
    }
}

impl Reached {
    /// The daemon that serves from a data folder, if one does. A file that one has left which was killed counts for
    /// nothing.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub(super) fn of(data: &Path) -> std::io::Result<Option<Self>> {
        let text = match fs::read(data.join(FILE)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        let reached: Option<Self> = serde_json::from_slice(&text).ok();
        Ok(reached.filter(Self::lives))
    }

    fn lives(&self) -> bool {
        let Some(pid) = Pid::from_raw(self.pid).filter(|_| self.pid > 0) else { return false };
        // That of another user may not be signalled, and is there.
        matches!(test_kill_process(pid), Ok(()) | Err(Errno::PERM))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_daemon_is_found_while_it_lives() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(Reached::of(data.path()).unwrap(), None);
        let running = Running::at(data.path(), "127.0.0.1:8080".parse().unwrap()).unwrap();
        assert_eq!(Reached::of(data.path()).unwrap().unwrap().url, "http://127.0.0.1:8080");
        drop(running);
        assert_eq!(Reached::of(data.path()).unwrap(), None);
    }

    #[test]
    fn the_file_of_one_that_was_killed_counts_for_nothing() {
        let data = tempfile::tempdir().unwrap();
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        let pid = i32::try_from(gone.id()).unwrap();
        gone.wait().unwrap();
        for text in [format!("{{\"pid\":{pid},\"url\":\"http://127.0.0.1:1\"}}"), "{\"pid\":0".to_owned()] {
            fs::write(data.path().join(FILE), text).unwrap();
            assert_eq!(Reached::of(data.path()).unwrap(), None);
        }
    }
}
