//! The components that have been loaded: compiled, described and linked.

mod cache;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sandgate_flow::catalog::{self, Catalog};
use wasmtime::component::{ComponentExportIndex, InstancePre};

pub use cache::Cache;

use crate::capability::{self, Host, OFFERED};
use crate::compile::Failure;
use crate::convert::Signature;
use crate::describe::{self, Described};
use crate::sandbox::Sandbox;

/// A component that can be called. Cheap to clone.
#[derive(Clone)]
pub struct Component(Arc<Loaded>);

struct Loaded {
    id: ComponentId,
    name: Arc<str>,
    digest: [u8; 32],
    about: catalog::Component,
    /// Of each activity, in the order of `about`.
    activities: Vec<Exported>,
    gateway: Option<ComponentExportIndex>,
    waits: Waits,
    linked: Arc<InstancePre<Host>>,
}

/// Whether a component may wait for the host while it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waits {
    /// It imports a function that may suspend it.
    Perhaps,
    /// It imports none.
    Never,
}

/// A function that a node calls.
pub(crate) struct Exported {
    /// Where the component has it.
    pub(crate) index: ComponentExportIndex,
    /// How its arguments and its result are converted.
    pub(crate) signature: Signature,
}

/// Tells loaded components apart, also two of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ComponentId(u64);

/// Why a component cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is too large.
    #[error("component {name:?} has {size} bytes: component_bytes_max is {limit}")]
    TooLarge {
        /// The component.
        name: String,
        /// Its size.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// Its bytes are not a component, or one whose functions no flow can call.
    #[error("component {name:?}: {source}")]
    Describe {
        /// The component.
        name: String,
        /// What is wrong.
        source: describe::Error,
    },
    /// It imports what the host does not offer.
    #[error("component {name:?} imports {import}, which this host does not offer: it offers {offered}")]
    UnknownImport {
        /// The component.
        name: String,
        /// The interface.
        import: String,
        /// What there is.
        offered: String,
    },
    /// It is not valid, or imports a function that the host's interface does not have.
    #[error("component {name:?} does not load: {reason}")]
    Invalid {
        /// The component.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// It was not compiled, for a reason that may have passed when it is loaded again.
    #[error("component {name:?} does not load: {reason}")]
    NotCompiled {
        /// The component.
        name: String,
        /// What happened.
        reason: String,
    },
}

impl Error {
    /// Whether the same bytes may load another time.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::NotCompiled { .. })
    }

    fn of_compiling(name: &str, failure: Failure) -> Self {
        let name = name.to_owned();
        match failure {
            Failure::Component(reason) => Self::Invalid { name, reason },
            Failure::Compiler(reason) => Self::NotCompiled { name, reason },
        }
    }
}

impl Component {
    /// Compiles a component, or takes it from the cache, and links it.
    pub(crate) fn load(sandbox: &Sandbox, cache: Option<&Cache>, name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let described =
            describe::describe(bytes).map_err(|source| Error::Describe { name: name.to_owned(), source })?;
        check_imports(name, &described)?;
        let invalid = |error: wasmtime::Error| Error::Invalid { name: name.to_owned(), reason: format!("{error:#}") };
        let compiled =
            compile(sandbox, cache, &described, bytes).map_err(|failure| Error::of_compiling(name, failure))?;
        let linked = sandbox.link(&compiled).map_err(invalid)?;
        Ok(Self(Arc::new(loaded(name, described, linked).map_err(invalid)?)))
    }

    /// The name that flows call it by.
    pub fn name(&self) -> &Arc<str> {
        &self.0.name
    }

    /// The SHA-256 of its bytes.
    pub fn digest(&self) -> [u8; 32] {
        self.0.digest
    }

    /// What is known about it.
    pub fn about(&self) -> &catalog::Component {
        &self.0.about
    }

    pub(crate) fn id(&self) -> ComponentId {
        self.0.id
    }

    pub(crate) fn linked(&self) -> &InstancePre<Host> {
        &self.0.linked
    }

    /// The functions that nodes can call, and how their values are converted.
    pub fn activities(&self) -> impl Iterator<Item = (&catalog::Activity, &Signature)> {
        self.0.about.activities.iter().zip(self.0.activities.iter().map(|exported| &exported.signature))
    }

    /// The place of a function that a node calls, for [`Self::activity`].
    pub(crate) fn find(&self, interface: &str, function: &str) -> Option<usize> {
        let same = |it: &catalog::Activity| &*it.interface == interface && &*it.function == function;
        self.0.about.activities.iter().position(same)
    }

    /// The function at this place, and how it is called.
    pub(crate) fn activity(&self, at: usize) -> Option<(&catalog::Activity, &Exported)> {
        self.0.about.activities.get(at).zip(self.0.activities.get(at))
    }

    /// Whether it may wait for the host.
    pub(crate) fn waits(&self) -> Waits {
        self.0.waits
    }

    /// Where a gateway's `route` is exported.
    pub(crate) fn gateway(&self) -> Option<&ComponentExportIndex> {
        self.0.gateway.as_ref()
    }
}

impl fmt::Debug for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Component").field("name", &self.0.name).finish_non_exhaustive()
    }
}

fn check_imports(name: &str, described: &Described) -> Result<(), Error> {
    match described.imports.iter().find(|import| !capability::offers(import)) {
        None => Ok(()),
        Some(import) => {
            Err(Error::UnknownImport { name: name.to_owned(), import: import.clone(), offered: OFFERED.join(", ") })
        }
    }
}

fn compile(
    sandbox: &Sandbox,
    cache: Option<&Cache>,
    described: &Described,
    bytes: &[u8],
) -> Result<wasmtime::component::Component, Failure> {
    if let Some(cached) = cache.and_then(|cache| cache.get(&sandbox.engine, &described.digest)) {
        return Ok(cached);
    }
    let compiled = sandbox.compile(bytes)?;
    if let Some(cache) = cache {
        cache.put(&sandbox.engine, &described.digest, &compiled);
    }
    Ok(compiled)
}

fn loaded(name: &str, described: Described, linked: Arc<InstancePre<Host>>) -> wasmtime::Result<Loaded> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let compiled = linked.component();
    let find = |interface: &str, function: &str| {
        let interface_index = compiled.get_export_index(None, interface);
        interface_index
            .and_then(|index| compiled.get_export_index(Some(&index), function))
            .ok_or_else(|| wasmtime::Error::msg(format!("{interface} does not export {function}")))
    };
    let activities = described
        .component
        .activities
        .iter()
        .map(|activity| {
            let index = find(&activity.interface, &activity.function)?;
            Ok(Exported { index, signature: Signature::new(activity) })
        })
        .collect::<wasmtime::Result<_>>()?;
    let waits = if described.imports.iter().any(|import| capability::may_suspend(import)) {
        Waits::Perhaps
    } else {
        Waits::Never
    };
    let gateway = described.gateway.as_deref().map(|interface| find(interface, "route")).transpose()?;
    Ok(Loaded {
        id: ComponentId(NEXT.fetch_add(1, Ordering::Relaxed)),
        name: name.into(),
        digest: described.digest,
        about: described.component,
        activities,
        gateway,
        waits,
        linked,
    })
}

/// Components by the names that flows call them by.
#[derive(Clone, Debug, Default)]
pub struct Components {
    by_name: BTreeMap<Arc<str>, Component>,
    catalog: Arc<Catalog>,
}

impl Components {
    /// These components; of two with one name the later one.
    pub fn new(components: impl IntoIterator<Item = Component>) -> Self {
        let by_name: BTreeMap<_, _> = components.into_iter().map(|it| (Arc::clone(it.name()), it)).collect();
        let about = by_name.iter().map(|(name, it)| (Arc::clone(name), it.about().clone())).collect();
        Self { by_name, catalog: Arc::new(Catalog { components: about }) }
    }

    /// A component by its name.
    pub fn get(&self, name: &str) -> Option<&Component> {
        self.by_name.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Component> {
        self.by_name.values()
    }

    /// What flows are checked against.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }
}
