//! Compiled components on disk, so that a start does not compile what the last one did.
//!
//! Compiled code is trusted as the host itself is, so a file counts only if it carries this cache's own mark: a keyed
//! hash (HMAC-SHA-256, RFC 2104) whose key is made with the cache and is readable by its owner alone. What another hand
//! put there, or a disk damaged, is never run.

mod key;
mod room;
#[cfg(test)]
mod tests;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::hash::{Hash as _, Hasher};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use key::Key;

/// A folder of compiled components. Several processes may use the same one.
#[derive(Debug)]
pub struct Cache {
    directory: PathBuf,
    key: Key,
    cache_bytes_max: u64,
}

const OWNER_ONLY: u32 = 0o700;
const OWNER_ONLY_FILE: u32 = 0o600;
const MARK_BYTES: usize = 32;

impl Cache {
    /// The cache in this folder, which is made if need be and closed to everyone but its owner. What it holds is kept
    /// below `cache_bytes_max`.
    ///
    /// # Errors
    ///
    /// The folder cannot be made or is another user's, or its key cannot be read or made.
    pub fn open(directory: PathBuf, cache_bytes_max: u64) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(OWNER_ONLY).create(&directory)?;
        close_to_others(&directory)?;
        let key = Key::of(&directory)?;
        Ok(Self { directory, key, cache_bytes_max })
    }

    /// The component of this digest as this engine compiled it, if it is here. A file that is damaged or not this
    /// cache's own is removed.
    pub fn get(&self, engine: &Engine, digest: &[u8; 32]) -> Option<Component> {
        let name = name(engine, digest);
        let path = self.directory.join(&name);
        match self.read(engine, &name, &path) {
            Ok(component) => component,
            Err(problem) => {
                tracing::warn!(path = %path.display(), %problem, "removed a file from the cache of compiled components");
                let _ = fs::remove_file(&path);
                None
            }
        }
    }

    /// Keeps a component for later. A cache that cannot be written costs time and nothing else, so that a failure is
    /// logged and no more.
    pub fn put(&self, engine: &Engine, digest: &[u8; 32], component: &Component) {
        if let Err(problem) = self.write(engine, digest, component) {
            let path = self.directory.display();
            tracing::warn!(%path, %problem, "could not write to the cache of compiled components");
        }
    }

    fn read(&self, engine: &Engine, name: &str, path: &Path) -> Result<Option<Component>, String> {
        let marked = match load(path) {
            Ok(marked) => marked,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        let (mark, code) = marked.split_first_chunk::<MARK_BYTES>().ok_or("it is cut off")?;
        self.marking(name, code).verify_slice(mark).map_err(|_| "it is damaged, or not of this cache's making")?;
        #[expect(unsafe_code, reason = "the mark shows that these bytes are what `write` got from `serialize`")]
        let component = unsafe { Component::deserialize(engine, code) };
        component.map(Some).map_err(|error| error.to_string())
    }

    fn write(&self, engine: &Engine, digest: &[u8; 32], component: &Component) -> io::Result<()> {
        let name = name(engine, digest);
        let code = component.serialize().map_err(|error| io::Error::other(error.to_string()))?;
        if code.len() as u64 > self.cache_bytes_max {
            return Ok(());
        }
        let mark = self.marking(&name, &code).finalize().into_bytes();
        store(&self.directory.join(name), &[&mark, &code])?;
        room::make(&self.directory, self.cache_bytes_max)
    }

    /// Of the name too, so that one component's file cannot be passed off as another's.
    fn marking(&self, name: &str, code: &[u8]) -> Hmac<Sha256> {
        self.key.hashing().chain_update(name).chain_update(code)
    }
}

/// The file's name: the component and everything of the engine that its compiled code depends on.
fn name(engine: &Engine, digest: &[u8; 32]) -> String {
    let mut hasher = Digesting(Sha256::new_with_prefix(digest));
    engine.precompile_compatibility_hash().hash(&mut hasher);
    let hash = hasher.0.finalize();
    hash.iter().map(|byte| format!("{byte:02x}")).chain([room::SUFFIX.to_owned()]).collect()
}

/// What is hashed, digested: 64 bits would be too few to name a component by.
struct Digesting(Sha256);

impl Hasher for Digesting {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

/// The file's bytes. Its time is set to now: the room is made where use is longest ago.
fn load(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let _ = file.set_modified(SystemTime::now());
    Ok(bytes)
}

/// Writes the whole file under another name first, so that no reader ever sees a part of it.
fn store(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let temporary = path.with_extension(format!("{}.{}", uuid::Uuid::new_v4().simple(), room::TEMPORARY));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY_FILE).open(&temporary)?;
    let written = parts.iter().try_for_each(|part| file.write_all(part)).and_then(|()| fs::rename(&temporary, path));
    written.inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })
}

fn close_to_others(directory: &Path) -> io::Result<()> {
    let metadata = fs::metadata(directory)?;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        let message = format!("{} is another user's: choose a folder of your own", directory.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
    }
    fs::set_permissions(directory, fs::Permissions::from_mode(OWNER_ONLY))
}
