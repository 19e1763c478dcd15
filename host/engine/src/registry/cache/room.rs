//! Keeping a cache below its size.

use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What the names of compiled components end in.
pub(super) const SUFFIX: &str = ".compiled";
/// What the names of files end in while they are written; one that stays was left by a process that was killed.
pub(super) const TEMPORARY: &str = "part";

struct Kept {
    path: PathBuf,
    size: u64,
    used: SystemTime,
}

/// Removes what was used longest ago until the rest is no larger than this.
pub(super) fn make(directory: &Path, cache_bytes_max: u64) -> io::Result<()> {
    let mut kept = kept(directory)?;
    kept.sort_by_key(|file| file.used);
    let mut size: u64 = kept.iter().map(|file| file.size).sum();
    for file in kept {
        if size <= cache_bytes_max {
            break;
        }
        remove(&file.path)?;
        size -= file.size;
    }
    Ok(())
}

fn kept(directory: &Path) -> io::Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        // Another process may have removed it meanwhile.
        if let Some(metadata) = is_ours(&entry).then(|| entry.metadata().ok()).flatten() {
            kept.push(Kept { path: entry.path(), size: metadata.len(), used: used(&metadata) });
        }
    }
    Ok(kept)
}

fn is_ours(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    let name = name.to_string_lossy();
    name.ends_with(SUFFIX) || name.ends_with(TEMPORARY)
}

fn used(metadata: &Metadata) -> SystemTime {
    metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
