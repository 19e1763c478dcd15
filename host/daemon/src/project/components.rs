//! The components of a project: those that the program carries, and the project's own over them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use sandgate_engine::{Component, Components, Engine, registry};

use super::Unusable;
use super::folder::{self, Folder};
use super::parallel::in_parallel;
use crate::config::{ComponentName, Config, Origin};
use crate::platform;

/// Loads components, and remembers what came of it: one whose bytes are the same is not loaded again.
pub(super) struct Loader {
    engine: Engine,
    loaded: BTreeMap<ComponentName, Loaded>,
}

struct Loaded {
    bytes: Cow<'static, [u8]>,
    /// Or why there is none.
    component: Result<Component, Arc<registry::Error>>,
}

/// A component that is to be there.
struct Wanted {
    name: ComponentName,
    origin: Origin,
    previous: Option<Loaded>,
}

impl Loader {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine, loaded: BTreeMap::new() }
    }

    /// The components as the files are now, and those that cannot be used.
    pub(super) fn load(&mut self, folder: &Folder, config: &Config) -> (Components, Vec<Unusable>) {
        let (origins, mut unusable) = origins(folder, config);
        let mut previous = std::mem::take(&mut self.loaded);
        let wanted = origins.into_iter().map(|(name, origin)| {
            let previous = previous.remove(&name);
            Wanted { name, origin, previous }
        });
        let load = |wanted: Wanted| {
            let shown = shown(folder, &wanted.name, &wanted.origin);
            (wanted.name.clone(), shown, self.load_one(folder, wanted))
        };
        let threads = ("sandgate-load", self.engine.limits().compiles_max);
        for (name, file, loaded) in in_parallel(wanted.collect(), threads, load) {
            match &loaded {
                Ok(Loaded { component: Ok(_), .. }) => {}
                Ok(Loaded { component: Err(error), .. }) => {
                    unusable.push(Unusable { file, message: error.to_string() })
                }
                Err(message) => unusable.push(Unusable { file, message: message.clone() }),
            }
            self.loaded.extend(loaded.ok().map(|loaded| (name, loaded)));
        }
        (Components::new(self.loaded.values().filter_map(|loaded| loaded.component.clone().ok())), unusable)
    }

    fn load_one(&self, folder: &Folder, wanted: Wanted) -> Result<Loaded, String> {
        let bytes = self.bytes(folder, wanted.origin)?;
        let component = match wanted.previous {
            Some(Loaded { bytes: same, component }) if same == bytes && is_settled(&component) => component,
            _ => self.engine.load(wanted.name.as_str(), &bytes).map_err(Arc::new),
        };
        Ok(Loaded { bytes, component })
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

/// Whether it would come out the same again.
fn is_settled(component: &Result<Component, Arc<registry::Error>>) -> bool {
    component.as_ref().map_or_else(|error| !error.may_pass(), |_| true)
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
