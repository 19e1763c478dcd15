//! What a crash leaves of the files of a journal.
//!
//! A commit of the journal is on the disk when it was written. Of one that was being written, each sector may be there or
//! not, whatever was written before it. The log comes before the database: pages go from one into the other only once the
//! log is on the disk.

use std::path::{Path, PathBuf};
use std::{fs, io};

use sandgate_engine::journal::sqlite::{ByHand, FILE};

use super::chance::Chance;

/// The least that a disk writes whole.
const SECTOR_BYTES: usize = 512;

/// The head of a write-ahead log.
const LOG_HEAD_BYTES: usize = 32;

/// The files of a journal.
struct Files {
    database: Vec<u8>,
    log: Vec<u8>,
    mark: Option<Vec<u8>>,
}

/// What became of the commit that was under way.
#[derive(Clone, Copy, Debug)]
pub(super) enum Left {
    /// There was none, or it was on the disk.
    Whole,
    /// Nothing of it was on the disk.
    Nothing,
    /// Parts of it were.
    Torn,
    /// The log was on the disk, and parts of what goes from there into the database.
    Checkpoint,
}

/// Leaves in another folder what the disk has after a crash.
pub(super) fn crash(journal: &ByHand, folder: &Path, then: &Path, chance: &mut Chance) -> io::Result<Left> {
    let before = Files::read(folder)?;
    let mut chance = chance.fork();
    if chance.one_in(4) {
        before.write(then)?;
        return Ok(Left::Nothing);
    }
    // Without effect if nothing is being written.
    journal.write();
    let after = Files::read(folder)?;
    let (left, files) = match chance.below(3) {
        _ if before.log == after.log && before.database == after.database => (Left::Whole, before),
        0 => (Left::Whole, Files { mark: before.mark, ..after }),
        1 if before.database != after.database => {
            let database = torn(&before.database, after.database, &mut chance);
            (Left::Checkpoint, Files { database, mark: before.mark, log: after.log })
        }
        _ => {
            let head = after.log.get(..LOG_HEAD_BYTES).unwrap_or_default().to_vec();
            let mut log = torn(&before.log, after.log, &mut chance);
            // SQLite waits for the head of a new log before it writes the rest.
            log.splice(..LOG_HEAD_BYTES.min(log.len()), head);
            (Left::Torn, Files { log, ..before })
        }
    };
    files.write(then)?;
    Ok(left)
}

/// Of what was written, some sectors as they were before.
fn torn(before: &[u8], after: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
    let mut file = after;
    let mut end = before.len();
    for (at, sector) in (0..).step_by(SECTOR_BYTES).zip(file.chunks_mut(SECTOR_BYTES)) {
        if chance.one_in(2) {
            end = end.max(at + sector.len());
            continue;
        }
        let was = before.get(at..).unwrap_or_default();
        for (byte, was) in sector.iter_mut().zip(was.iter().chain(std::iter::repeat(&0))) {
            *byte = *was;
        }
    }
    file.truncate(end);
    file
}

fn paths(folder: &Path) -> [PathBuf; 3] {
    [FILE.to_owned(), format!("{FILE}-wal"), "journal.mark".to_owned()].map(|name| folder.join(name))
}

fn read_if_there(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

impl Files {
    fn read(folder: &Path) -> io::Result<Self> {
        let [database, log, mark] = paths(folder);
        Ok(Self {
            database: fs::read(database)?,
            log: read_if_there(&log)?.unwrap_or_default(),
            mark: read_if_there(&mark)?,
        })
    }

    fn write(&self, folder: &Path) -> io::Result<()> {
        let [database, log, mark] = paths(folder);
        fs::create_dir_all(folder)?;
        fs::write(database, &self.database)?;
        fs::write(log, &self.log)?;
        self.mark.iter().try_for_each(|bytes| fs::write(&mark, bytes))
    }
}
