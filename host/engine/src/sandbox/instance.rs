//! An instance of a component, alone in its store.

use std::sync::Arc;

use sandgate_flow::event::{Cost, Failure, Timestamp};
use wasmtime::Store;
use wasmtime::component::{ComponentExportIndex, Func, TypedFunc, Val};

use super::meter::NotAtOnce;
use super::{Bounds, Bulk, Entry, Meter, Permit, Returns, failure_of};
use crate::capability::bindings::sandgate::flow::{branches::Branch, types::Json};
use crate::capability::{Caller, Host, Past, Unloaded};
use crate::registry::Component;

/// An instance, and the permit that it lives by. After a failure it must be dropped: a trap poisons its store.
pub(crate) struct Instance {
    store: Store<Host>,
    instance: wasmtime::component::Instance,
    /// The gateway's function, once it has been called: to look at its type takes longer than to call it.
    route: Option<Route>,
    _permit: Permit,
}

type Route = TypedFunc<(&'static [Branch], Option<&'static Json>), (Result<Vec<u32>, String>,)>;

/// Why an instance did not return.
pub(crate) enum Stopped {
    /// It failed, and took so much.
    Failed(Box<Failure>, Cost),
    /// It was entered at once and took too long: it is to be run again, on a fiber.
    NotAtOnce {
        /// How many lines it has logged, which it will log again.
        log_lines: u64,
    },
    /// It sleeps, and is to be run again when that is due.
    Unloaded {
        /// When.
        due: Timestamp,
        /// What it has asked of the host.
        past: Past,
    },
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure), Cost::default())
    }
}

/// What a function is called with.
pub(crate) enum Arguments {
    /// One value for each parameter, and how many results there are: one or none.
    Dynamic(Vec<Val>, usize),
    /// Many bytes.
    Bulk(Bulk, Returns),
}

impl Instance {
    /// A new instance, for this activation. It may wait, unlike one that is [made at once](Self::at_once).
    ///
    /// # Errors
    ///
    /// It did not come up: its start function trapped or went over a limit.
    pub(crate) async fn new(component: &Component, permit: Permit, caller: Caller) -> Result<Self, Stopped> {
        let mut store = store(component, &permit, caller, Entry::OnFiber);
        match component.linked().instantiate_async(&mut store).await {
            Ok(instance) => Ok(Self { store, instance, route: None, _permit: permit }),
            Err(error) => Err(stopped(&store, &error)),
        }
    }

    /// A new instance of a component that never waits for the host.
    ///
    /// # Errors
    ///
    /// As [`Self::new`], or it took too long.
    pub(crate) fn at_once(component: &Component, permit: Permit, caller: Caller) -> Result<Self, Stopped> {
        let mut store = store(component, &permit, caller, Entry::AtOnce);
        match component.linked().instantiate(&mut store) {
            Ok(instance) => Ok(Self { store, instance, route: None, _permit: permit }),
            Err(error) => Err(stopped(&store, &error)),
        }
    }

    /// Gives an instance that has been kept to another activation of its run.
    pub(crate) fn begin(&mut self, caller: Caller, entry: Entry) {
        let host = self.store.data_mut();
        host.caller = caller;
        host.bounds.begin();
        host.meter.begin(entry);
        self.store.set_epoch_deadline(1);
    }

    /// What the activation has taken so far.
    pub(crate) fn cost(&self) -> Cost {
        self.store.data().cost()
    }

    /// Lets go of the activation's data: a run that changes them while they are held must copy them.
    pub(crate) fn rest(&mut self) {
        self.store.data_mut().caller.data = None;
    }

    /// Calls a function, and answers its result if it has one.
    ///
    /// # Errors
    ///
    /// It did not return.
    pub(crate) async fn call(
        &mut self,
        export: &ComponentExportIndex,
        arguments: Arguments,
    ) -> Result<Option<Val>, Stopped> {
        let called = match (self.function(export), arguments) {
            (Ok(function), Arguments::Dynamic(arguments, results)) => {
                let mut returned = vec![Val::Bool(false); results];
                let called = function.call_async(&mut self.store, &arguments, &mut returned).await;
                called.map(|()| returned.pop())
            }
            (Ok(function), Arguments::Bulk(bulk, returns)) => bulk.call(&mut self.store, function, returns).await,
            (Err(error), _) => Err(error),
        };
        called.map_err(|error| stopped(&self.store, &error))
    }

    /// Calls a function of a component that never waits for the host.
    ///
    /// # Errors
    ///
    /// It did not return, or not in its time.
    pub(crate) fn call_at_once(
        &mut self,
        export: &ComponentExportIndex,
        arguments: &[Val],
        results: usize,
    ) -> Result<Option<Val>, Stopped> {
        let called = self.function(export).and_then(|function| {
            let mut returned = [Val::Bool(false)];
            function.call(&mut self.store, arguments, returned.get_mut(..results).unwrap_or_default())?;
            let [result] = returned;
            Ok((results > 0).then_some(result))
        });
        called.map_err(|error| stopped(&self.store, &error))
    }

    /// Asks a gateway, and answers the places of the branches that it chose, or its error.
    ///
    /// # Errors
    ///
    /// It did not return.
    pub(crate) async fn route(
        &mut self,
        export: &ComponentExportIndex,
        branches: &[Branch],
        config: Option<&Json>,
    ) -> Result<Result<Vec<u32>, String>, Stopped> {
        let routed = match self.gateway(export) {
            Ok(route) => route.call_async(&mut self.store, (branches, config)).await,
            Err(error) => Err(error),
        };
        routed.map(|(chosen,)| chosen).map_err(|error| stopped(&self.store, &error))
    }

    /// Asks a gateway that never waits for the host.
    ///
    /// # Errors
    ///
    /// It did not return, or not in its time.
    pub(crate) fn route_at_once(
        &mut self,
        export: &ComponentExportIndex,
        branches: &[Branch],
        config: Option<&Json>,
    ) -> Result<Result<Vec<u32>, String>, Stopped> {
        let routed = self.gateway(export).and_then(|route| route.call(&mut self.store, (branches, config)));
        routed.map(|(chosen,)| chosen).map_err(|error| stopped(&self.store, &error))
    }

    fn function(&mut self, export: &ComponentExportIndex) -> wasmtime::Result<Func> {
        self.instance
            .get_func(&mut self.store, export)
            .ok_or_else(|| wasmtime::Error::msg("the function is not exported any more"))
    }

    fn gateway(&mut self, export: &ComponentExportIndex) -> wasmtime::Result<Route> {
        if let Some(route) = self.route {
            return Ok(route);
        }
        let route = self.function(export)?.typed(&self.store)?;
        self.route = Some(route);
        Ok(route)
    }
}

/// A store for one instance, within its limits.
fn store(component: &Component, permit: &Permit, caller: Caller, entry: Entry) -> Store<Host> {
    let allowance = Arc::clone(component.allowance());
    let limits = &component.allowance().limits;
    let mut meter = Meter::new(limits, &caller.core.limits, Arc::clone(&caller.core.clock));
    meter.begin(entry);
    let sleepers = Arc::clone(&permit.sleepers);
    let host = Host { caller, allowance, bounds: Bounds::new(limits), meter, sleepers };
    let mut store = Store::new(component.linked().engine(), host);
    store.limiter(|host| &mut host.bounds);
    store.set_hostcall_fuel(usize::try_from(limits.crossing_bytes_max).unwrap_or(usize::MAX));
    store.set_max_component_handles(usize::try_from(limits.handles_max).unwrap_or(usize::MAX));
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut store| store.data_mut().tick());
    store
}

fn stopped(store: &Store<Host>, error: &wasmtime::Error) -> Stopped {
    let host = store.data();
    if let Some(unloaded) = error.downcast_ref::<Unloaded>() {
        return Stopped::Unloaded { due: unloaded.due, past: host.caller.past.rewound() };
    }
    if error.is::<NotAtOnce>() {
        return Stopped::NotAtOnce { log_lines: host.caller.log_lines };
    }
    Stopped::Failed(Box::new(failure_of(host, error)), host.cost())
}
