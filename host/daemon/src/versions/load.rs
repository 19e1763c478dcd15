//! Makes what can be run of what lies on the disk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use sandgate_engine::{Component, Components, Engine, limits, registry};

use super::{Error, Needed, Served, Store, Version, check, on_large_stack};

/// Published versions, as they are run. Cheap to clone.
///
/// ```text
/// let served = versions.load("countdown", 3)?;      // blocks: within `spawn_blocking`
/// let start = Start { plan: served.plan, version: served.version, components: served.components, ... };
/// ```
#[derive(Clone)]
pub(crate) struct Versions(Arc<Inner>);

struct Inner {
    store: Store,
    engine: Engine,
    /// Those that somebody holds.
    held: Mutex<Held>,
}

type Held = HashMap<(Arc<str>, u64), Weak<Served>>;

impl Versions {
    /// Those of a store, run by this engine.
    pub(crate) fn new(store: Store, engine: Engine) -> Self {
        Self(Arc::new(Inner { store, engine, held: Mutex::default() }))
    }

    /// What lies on the disk.
    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    /// The engine that runs them.
    pub(crate) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// Any version, current or not, checked and with its components loaded; no file of a project is looked at. The same
    /// one for as long as somebody holds it. Blocks: reads files, and compiles what is not in the cache.
    ///
    /// # Errors
    ///
    /// There is no such version, its files are damaged, or this program cannot run it.
    pub(crate) fn load(&self, flow: &str, number: u64) -> Result<Arc<Served>, Error> {
        if let Some(served) = self.held(flow, number) {
            return Ok(served);
        }
        let version = self.0.store.version(flow, number)?;
        let components = self.components(&version)?;
        Ok(self.hold(served(version, components)?))
    }

    /// As [`Self::load`], of the version that new runs take.
    ///
    /// # Errors
    ///
    /// The same.
    pub(crate) fn load_current(&self, flow: &str) -> Result<Arc<Served>, Error> {
        self.load(flow, self.0.store.current(flow)?.head.number)
    }

    /// Takes a version that was made ready elsewhere for the one of its number, if nobody holds that yet.
    pub(crate) fn hold(&self, served: Served) -> Arc<Served> {
        let key = (Arc::clone(&served.plan.flow), served.version);
        let mut all = self.lock();
        if let Some(held) = all.get(&key).and_then(Weak::upgrade) {
            return held;
        }
        all.retain(|_, held| held.strong_count() > 0);
        let served = Arc::new(served);
        all.insert(key, Arc::downgrade(&served));
        served
    }

    /// The components that a version calls.
    pub(crate) fn components(&self, version: &Version) -> Result<Components, Error> {
        let all: Result<Vec<_>, _> = version.components.iter().map(|needed| self.component(version, needed)).collect();
        Ok(Components::new(all?))
    }

    /// From another version, if one that is held calls the same.
    fn component(&self, version: &Version, needed: &Needed) -> Result<Component, Error> {
        let limits = needed.bounds.within(&limits::Component::from(self.0.engine.limits()));
        let same = |component: &&Component| component.digest() == needed.digest.0 && *component.limits() == limits;
        let held: Vec<_> = self.lock().values().filter_map(Weak::upgrade).collect();
        if let Some(component) = held.iter().filter_map(|it| it.components.get(&needed.name)).find(same) {
            return Ok(component.clone());
        }
        let fault = |source: registry::Error| {
            let (flow, number) = (version.head.flow.to_string(), version.head.number);
            Error::Component { flow, number, source: Box::new(source) }
        };
        let bytes = self.0.store.bytes(&needed.digest)?;
        self.0.engine.load(&needed.name, &bytes).and_then(|loaded| loaded.lowered(&limits)).map_err(fault)
    }

    pub(crate) fn held(&self, flow: &str, number: u64) -> Option<Arc<Served>> {
        self.lock().get(&(Arc::from(flow), number)).and_then(Weak::upgrade)
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn served(version: Version, components: Components) -> Result<Served, Error> {
    let Version { head, text, .. } = version;
    let (flow, number) = (head.flow.to_string(), head.number);
    let checked = on_large_stack(|| check(&text, &components, |_| Vec::new())).map_err(Error::Thread)?;
    let plan = checked.map_err(|problems| Error::Check { flow, number, problems })?;
    Ok(Served { plan: Arc::new(plan), version: number, components: Arc::new(components), text: text.into() })
}
