//! The components of a project: those that the program carries, and the project's own over them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

use sandgate_engine::{Component, Components, Engine};

use super::Unusable;
use super::folder::{self, Folder};
use crate::config::{ComponentName, Config, Origin};
use crate::platform;

/// Loads components, and remembers them: one whose bytes are the same is not loaded again.
pub(super) struct Loader {
    engine: Engine,
    loaded: BTreeMap<ComponentName, Loaded>,
}

struct Loaded {
    bytes: Cow<'static, [u8]>,
    component: Component,
}

impl Loader {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine, loaded: BTreeMap::new() }
    }

    /// The components as the files are now, and those that cannot be used.
    pub(super) fn load(&mut self, folder: &Folder, config: &Config) -> (Components, Vec<Unusable>) {
        let (origins, mut unusable) = origins(folder, config);
        self.loaded.retain(|name, _| origins.contains_key(name));
        for (name, origin) in origins {
            let shown = shown(folder, &name, &origin);
            if let Err(message) = self.load_one(folder, name, origin) {
                unusable.push(Unusable { file: shown, message });
            }
        }
        (Components::new(self.loaded.values().map(|loaded| loaded.component.clone())), unusable)
    }

    fn load_one(&mut self, folder: &Folder, name: ComponentName, origin: Origin) -> Result<(), String> {
        let previous = self.loaded.remove(&name);
        let bytes = self.bytes(folder, origin)?;
        let component = match previous {
            Some(previous) if previous.bytes == bytes => previous.component,
            _ => self.engine.load(name.as_str(), &bytes).map_err(|error| error.to_string())?,
        };
        self.loaded.insert(name, Loaded { bytes, component });
        Ok(())
    }

    fn bytes(&self, folder: &Folder, origin: Origin) -> Result<Cow<'static, [u8]>, String> {
        match origin {
            Origin::File(path) => {
                let limit = ("component_bytes_max", self.engine.limits().component_bytes_max);
                folder::read(&folder.path().join(path), limit)
                    .map(Cow::Owned)
                    .map_err(|error| format!("the file cannot be read: {error}"))
            }
            Origin::Platform(name) => match platform::component(&name) {
                Some(embedded) => Ok(Cow::Borrowed(embedded.bytes)),
                None => Err(format!("this program carries no component {name:?}; it has {}", platform::listed())),
            },
        }
    }
}

/// Where each component comes from. Files in `components/` stand over the program's, and what the configuration names
/// stands over both.
fn origins(folder: &Folder, config: &Config) -> (BTreeMap<ComponentName, Origin>, Vec<Unusable>) {
    let mut unusable = Vec::new();
    let mut origins = BTreeMap::new();
    if config.project.platform_components {
        let own = platform::COMPONENTS.iter().map(|embedded| embedded.name.to_owned());
        origins.extend(own.filter_map(|name| Some((name.clone().try_into().ok()?, Origin::Platform(name)))));
    }
    match folder.component_files() {
        Ok(files) => files.into_iter().for_each(|file| match name(&file) {
            Ok(name) => drop(origins.insert(name, Origin::File(from_project(folder, file)))),
            Err(message) => unusable.push(Unusable { file: folder.shown(&file), message }),
        }),
        Err(error) => unusable.push(Unusable::folder(folder, &folder.components(), &error)),
    }
    origins.extend(config.components.clone());
    (origins, unusable)
}

fn name(file: &std::path::Path) -> Result<ComponentName, String> {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned().try_into()
}

fn from_project(folder: &Folder, file: PathBuf) -> PathBuf {
    file.strip_prefix(folder.path()).map(PathBuf::from).unwrap_or(file)
}

fn shown(folder: &Folder, name: &ComponentName, origin: &Origin) -> String {
    match origin {
        Origin::File(path) => folder.shown(path),
        Origin::Platform(_) => format!("component {}", name.as_str()),
    }
}
