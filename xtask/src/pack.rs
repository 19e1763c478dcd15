//! Packing: a component as cargo built it, with its WIT, its docs and its component.toml inside.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::Result;
use crate::components::{Profile, crates, file_name};
use crate::process::{ROOT, command, root, run, shown};

/// What a platform component may weigh, packed.
const COMPONENT_BYTES_MAX: u64 = 40 * 1024;

/// Packs the platform's components into target/components/, and the guests into target/guests/. What is newer than all
/// that it is made of is left alone; what is no component any more is deleted, since the daemon carries all that is there.
///
/// # Errors
///
/// Something cannot be packed, or a platform component is too large or wants WASI.
pub(crate) fn all(profile: Profile) -> Result {
    let packer = profile.folder().join("pack");
    for component in folder("components", "target/components", &packer)? {
        component.is_slim()?;
    }
    folder("tests/guests", "target/guests", &packer)?;
    Ok(())
}

fn folder(from: &str, into: &str, packer: &Path) -> Result<Vec<Component>> {
    let into = root().join(into);
    fs::create_dir_all(&into).map_err(|error| format!("cannot create {}: {error}", shown(&into)))?;
    let components: Vec<_> = crates(from)?.into_iter().map(|source| Component::new(source, &into)).collect();
    remove_others(&into, &components)?;
    for component in &components {
        component.pack(packer)?;
    }
    Ok(components)
}

fn remove_others(folder: &Path, components: &[Component]) -> Result {
    let entries = folder.read_dir().map_err(|error| format!("cannot read {}: {error}", shown(folder)))?;
    let other = |path: &PathBuf| components.iter().all(|component| component.packed != *path);
    for path in entries.flatten().map(|entry| entry.path()).filter(other) {
        fs::remove_file(&path).map_err(|error| format!("cannot remove {}: {error}", shown(&path)))?;
        println!("removed {}: its source is gone", shown(&path));
    }
    Ok(())
}

struct Component {
    name: String,
    /// Its crate.
    source: PathBuf,
    /// As cargo built it.
    built: PathBuf,
    packed: PathBuf,
}

impl Component {
    fn new(source: PathBuf, into: &Path) -> Self {
        let name = file_name(&source);
        let artifact = format!("{}.wasm", name.replace('-', "_"));
        let built = root().join("components/target/wasm32-unknown-unknown/release").join(artifact);
        Self { packed: into.join(format!("{name}.wasm")), name, source, built }
    }

    fn pack(&self, packer: &Path) -> Result {
        if self.is_fresh(packer) {
            return Ok(());
        }
        // Renamed when it is whole, so that nobody reads half of it and none is left behind by an interruption.
        let partly = self.packed.with_extension("part");
        let mut pack = command(&packer.to_string_lossy(), ROOT);
        pack.args([&self.built, &partly]);
        // Dependencies first: the contract, then what is the component's own.
        pack.arg("--wit").arg(root().join("wit")).arg("--wit").arg(self.source.join("wit"));
        if let Some(manifest) = self.manifest() {
            pack.arg("--component-toml").arg(manifest);
        }
        run(&mut pack).map_err(|error| format!("cannot pack {}: {error}", self.name))?;
        fs::rename(&partly, &self.packed).map_err(|error| format!("cannot rename {}: {error}", shown(&partly)))?;
        println!("packed {} ({} bytes)", shown(&self.packed), size(&self.packed)?);
        Ok(())
    }

    fn manifest(&self) -> Option<PathBuf> {
        Some(self.source.join("component.toml")).filter(|path| path.is_file())
    }

    /// Whether what is packed is newer than all that it is made of.
    fn is_fresh(&self, packer: &Path) -> bool {
        let own = [self.built.clone(), packer.to_path_buf()].into_iter().chain(self.manifest());
        let wit = [root().join("wit"), self.source.join("wit")].into_iter().flat_map(files);
        match modified(&self.packed) {
            Some(packed) => own.chain(wit).all(|input| modified(&input).is_some_and(|input| input < packed)),
            None => false,
        }
    }

    /// # Errors
    ///
    /// It is larger than a platform component may be, or imports WASI.
    fn is_slim(&self) -> Result {
        let bytes = size(&self.packed)?;
        if bytes > COMPONENT_BYTES_MAX {
            return Err(format!("{} packed is {bytes} bytes, and may be {COMPONENT_BYTES_MAX}", self.name));
        }
        let built = fs::read(&self.built).map_err(|error| format!("cannot read {}: {error}", shown(&self.built)))?;
        if built.windows(b"wasi:".len()).any(|part| part == b"wasi:") {
            return Err(format!("{} imports WASI: a platform component does without", self.name));
        }
        Ok(())
    }
}

/// The files of a folder and the folder itself, whose time changes when one goes.
fn files(folder: PathBuf) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    entries.chain([folder.clone()]).collect()
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

fn size(path: &Path) -> Result<u64> {
    path.metadata().map(|metadata| metadata.len()).map_err(|error| format!("cannot read {}: {error}", shown(path)))
}
