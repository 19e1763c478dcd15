//! The components that have been loaded: compiled, described and linked.

mod allowance;
mod cache;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sandgate_flow::catalog::{self, Catalog};
use wasmtime::component::{ComponentExportIndex, InstancePre};

pub(crate) use allowance::Allowance;
pub use cache::Cache;

use crate::capability::{self, Host, OFFERED};
use crate::compile::Failure;
use crate::convert::Signature;
use crate::describe::{self, Described};
use crate::limits::{self, Reached};
use crate::sandbox::{Sandbox, in_one_line};

/// A component that can be called. Cheap to clone.
#[derive(Clone)]
pub struct Component {
    loaded: Arc<Loaded>,
    allowance: Arc<Allowance>,
}

struct Loaded {
    id: ComponentId,
    name: Arc<str>,
    digest: [u8; 32],
    about: catalog::Component,
    /// Of each activity, in the order of `about`.
    activities: Vec<Exported>,
    gateway: Option<ComponentExportIndex>,
    imports: Vec<String>,
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
    /// It begins with more than it may use.
    #[error("component {name:?} does not load: {reached}")]
    NeedsTooMuch {
        /// The component.
        name: String,
        /// The limit.
        reached: Reached,
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
    /// Compiles a component, or takes it from the cache, and links it. It may use all that the engine lets a component
    /// have.
    pub(crate) fn load(sandbox: &Sandbox, cache: Option<&Cache>, name: &str, bytes: &[u8]) -> Result<Self, Error> {
        let described =
            describe::describe(bytes).map_err(|source| Error::Describe { name: name.to_owned(), source })?;
        check_imports(name, &described)?;
        let invalid = |error: wasmtime::Error| Error::Invalid { name: name.to_owned(), reason: in_one_line(&error) };
        let compiled =
            compile(sandbox, cache, &described, bytes).map_err(|failure| Error::of_compiling(name, failure))?;
        let linked = sandbox.link(&compiled).map_err(invalid)?;
        let loaded = Arc::new(loaded(name, described, linked).map_err(invalid)?);
        Ok(Self { loaded, allowance: Arc::new(Allowance::new(limits::Component::from(&*sandbox.limits))) })
    }

    /// The same component with less: of each limit the lower one. It is not compiled again.
    ///
    /// # Errors
    ///
    /// It begins with more.
    pub fn lowered(&self, limits: &limits::Component) -> Result<Self, Error> {
        let limits = self.limits().lower(limits);
        match needs_too_much(self.linked().component(), &limits) {
            None => Ok(Self { loaded: Arc::clone(&self.loaded), allowance: Arc::new(Allowance::new(limits)) }),
            Some(reached) => Err(Error::NeedsTooMuch { name: self.name().to_string(), reached }),
        }
    }

    /// The same component, for runs that are to share nothing with others.
    fn apart(&self) -> Self {
        let allowance = Arc::new(Allowance::new(self.limits().clone()));
        Self { loaded: Arc::clone(&self.loaded), allowance }
    }

    /// What it may use.
    pub fn limits(&self) -> &limits::Component {
        &self.allowance.limits
    }

    pub(crate) fn allowance(&self) -> &Arc<Allowance> {
        &self.allowance
    }

    /// The name that flows call it by.
    pub fn name(&self) -> &Arc<str> {
        &self.loaded.name
    }

    /// The SHA-256 of its bytes.
    pub fn digest(&self) -> [u8; 32] {
        self.loaded.digest
    }

    /// The interfaces of the host that it imports, by name: `sandgate:flow/push@0.1.0`.
    pub fn imports(&self) -> &[String] {
        &self.loaded.imports
    }

    /// What is known about it.
    pub fn about(&self) -> &catalog::Component {
        &self.loaded.about
    }

    pub(crate) fn id(&self) -> ComponentId {
        self.loaded.id
    }

    pub(crate) fn linked(&self) -> &InstancePre<Host> {
        &self.loaded.linked
    }

    /// The functions that nodes can call, and how their values are converted.
    pub fn activities(&self) -> impl Iterator<Item = (&catalog::Activity, &Signature)> {
        let signatures = self.loaded.activities.iter().map(|exported| &exported.signature);
        self.loaded.about.activities.iter().zip(signatures)
    }

    /// The place of a function that a node calls, for [`Self::activity`].
    pub(crate) fn find(&self, interface: &str, function: &str) -> Option<usize> {
        let same = |it: &catalog::Activity| &*it.interface == interface && &*it.function == function;
        self.loaded.about.activities.iter().position(same)
    }

    /// The function at this place, and how it is called.
    pub(crate) fn activity(&self, at: usize) -> Option<(&catalog::Activity, &Exported)> {
        self.loaded.about.activities.get(at).zip(self.loaded.activities.get(at))
    }

    /// Whether it may wait for the host.
    pub(crate) fn waits(&self) -> Waits {
        self.loaded.waits
    }

    /// Where a gateway's `route` is exported.
    pub(crate) fn gateway(&self) -> Option<&ComponentExportIndex> {
        self.loaded.gateway.as_ref()
    }
}

impl fmt::Debug for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Component").field("name", &self.loaded.name).finish_non_exhaustive()
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

/// The limit that one memory or table is above from the beginning. Whether all are together shows when they are made.
fn needs_too_much(compiled: &wasmtime::component::Component, limits: &limits::Component) -> Option<Reached> {
    const PAGE_BYTES: u64 = 64 * 1024;
    let needs = compiled.resources_required()?;
    let memory = needs.max_initial_memory_size.unwrap_or(0).saturating_mul(PAGE_BYTES);
    let table = needs.max_initial_table_size.unwrap_or(0);
    let reached = |limit, value, message| Some(Reached { limit, value, message });
    if memory > limits.memory_bytes_max {
        reached("memory_bytes_max", limits.memory_bytes_max, format!("needs {memory} bytes of memory"))
    } else if table > limits.table_elements_max {
        reached("table_elements_max", limits.table_elements_max, format!("needs a table of {table} elements"))
    } else {
        None
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
        imports: described.imports,
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

    /// The same components, for runs that are to share nothing with others: those on another clock.
    pub(crate) fn apart(&self) -> Self {
        let by_name = self.by_name.iter().map(|(name, it)| (Arc::clone(name), it.apart())).collect();
        Self { by_name, catalog: Arc::clone(&self.catalog) }
    }

    /// What flows are checked against.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }
}
