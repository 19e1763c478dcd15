//! The components of a project: those that the program carries, and the project's own over them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use sandgate_engine::{Component, Components, Engine, limits, registry};

use super::Unusable;
use super::folder::{self, Folder};
use super::parallel::in_parallel;
use crate::config::{self, Bounds, ComponentName, Config, Origin};
use crate::platform;
use crate::versions::{Bytes, Digest, Needed, Part};

/// Loads components, and remembers what came of it: one whose bytes are the same is not loaded again.
pub(super) struct Loader {
    engine: Engine,
    loaded: BTreeMap<ComponentName, Loaded>,
}

struct Loaded {
    bytes: Cow<'static, [u8]>,
    /// With all that the engine lets it have.
    unbounded: Outcome,
    /// Within its limits.
    component: Outcome,
    bounds: Bounds,
}

/// A component, or why there is none.
type Outcome = Result<Component, Arc<registry::Error>>;

/// A component that is to be there.
struct Wanted {
    name: ComponentName,
    origin: Origin,
    bounds: Bounds,
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
            let (bounds, previous) = (config.bounds_of(&name, &origin), previous.remove(&name));
            Wanted { name, origin, bounds, previous }
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

    /// A component that was loaded last, as a version of a flow that calls it keeps it.
    pub(super) fn part(&self, name: &str) -> Option<Part<'_>> {
        let name = ComponentName::try_from(name.to_owned()).ok()?;
        let Loaded { bytes, component, bounds, .. } = self.loaded.get(&name)?;
        let component = component.as_ref().ok()?;
        let digest = Digest(component.digest());
        let needed = Needed { name: Arc::clone(component.name()), digest, bounds: bounds.clone() };
        Some(Part { needed, bytes: Bytes::Here(bytes) })
    }

    fn load_one(&self, folder: &Folder, wanted: Wanted) -> Result<Loaded, String> {
        let Wanted { name, origin, bounds, previous } = wanted;
        let bytes = self.bytes(folder, origin)?;
        let maxima = limits::Component::from(self.engine.limits());
        Ok(match previous {
            Some(loaded) if loaded.bytes == bytes && is_settled(&loaded.unbounded) => loaded.within(bounds, &maxima),
            _ => {
                let unbounded = self.engine.load(name.as_str(), &bytes).map_err(Arc::new);
                Loaded::new(bytes, unbounded, bounds, &maxima)
            }
        })
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

impl Loaded {
    fn new(bytes: Cow<'static, [u8]>, unbounded: Outcome, bounds: Bounds, maxima: &limits::Component) -> Self {
        let limits = bounds.within(maxima);
        let component = unbounded.clone().and_then(|unbounded| unbounded.lowered(&limits).map_err(Arc::new));
        Self { bytes, unbounded, component, bounds }
    }

    /// The same, unless its limits have changed.
    fn within(self, bounds: Bounds, maxima: &limits::Component) -> Self {
        if self.component.is_ok() && self.bounds == bounds {
            self
        } else {
            Self::new(self.bytes, self.unbounded, bounds, maxima)
        }
    }
}

/// Whether it would come out the same again.
fn is_settled(component: &Outcome) -> bool {
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
    for (name, component) in &config.components {
        if let Some(origin) = component.origin.clone() {
            origins.insert(name.clone(), origin);
        } else if !origins.contains_key(name) {
            let message =
                format!("[components.{0}.limits] is about a component that there is not: {0:?}", name.as_str());
            unusable.push(Unusable { file: config::FILE.into(), message });
        }
    }
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
