//! An instance of a component, alone in its store.

use std::sync::Arc;

use sandgate_flow::event::{Failure, Timestamp};
use tokio::sync::OwnedSemaphorePermit;
use wasmtime::Store;
use wasmtime::component::{ComponentExportIndex, Func, Val};

use super::{Bounds, Bulk, Meter, Returns, failure_of};
use crate::capability::bindings::sandgate::flow::{branches::Branch, types::Json};
use crate::capability::{Caller, Host, Past, Unloaded};
use crate::registry::Component;

/// An instance, and the permit that it lives by. After a failure it must be dropped: a trap poisons its store.
pub(crate) struct Instance {
    store: Store<Host>,
    instance: wasmtime::component::Instance,
    _permit: OwnedSemaphorePermit,
}

/// Why an instance did not return.
pub(crate) enum Stopped {
    /// It failed.
    Failed(Failure),
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
        Self::Failed(failure)
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
    /// A new instance, for this activation.
    ///
    /// # Errors
    ///
    /// It did not come up: its start function trapped or went over a limit.
    pub(crate) async fn new(
        component: &Component,
        permit: OwnedSemaphorePermit,
        caller: Caller,
    ) -> Result<Self, Stopped> {
        let limits = Arc::clone(&caller.core.limits);
        let mut meter = Meter::new(&limits, Arc::clone(&caller.core.clock));
        meter.begin();
        let host = Host { caller, bounds: Bounds::new(&limits), meter };
        let mut store = Store::new(component.linked().engine(), host);
        store.limiter(|host| &mut host.bounds);
        store.set_hostcall_fuel(limits.crossing_bytes_max);
        store.set_max_component_handles(limits.handles_max);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut store| Ok(store.data_mut().meter.tick()?));
        match component.linked().instantiate_async(&mut store).await {
            Ok(instance) => Ok(Self { store, instance, _permit: permit }),
            Err(error) => Err(stopped(&store, &error)),
        }
    }

    /// Gives an instance that has been kept to another activation of its run.
    pub(crate) fn begin(&mut self, caller: Caller) {
        let host = self.store.data_mut();
        host.caller = caller;
        host.bounds.begin();
        host.meter.begin();
        self.store.set_epoch_deadline(1);
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
        let routed = match self.function(export) {
            Ok(function) => route(&mut self.store, function, branches, config).await,
            Err(error) => Err(error),
        };
        routed.map_err(|error| stopped(&self.store, &error))
    }

    fn function(&mut self, export: &ComponentExportIndex) -> wasmtime::Result<Func> {
        self.instance
            .get_func(&mut self.store, export)
            .ok_or_else(|| wasmtime::Error::msg("the function is not exported any more"))
    }
}

async fn route(
    store: &mut Store<Host>,
    function: Func,
    branches: &[Branch],
    config: Option<&Json>,
) -> wasmtime::Result<Result<Vec<u32>, String>> {
    let typed = function.typed::<(&[Branch], Option<&Json>), (Result<Vec<u32>, String>,)>(&mut *store)?;
    let (routed,) = typed.call_async(store, (branches, config)).await?;
    Ok(routed)
}

fn stopped(store: &Store<Host>, error: &wasmtime::Error) -> Stopped {
    let Host { caller, bounds, .. } = store.data();
    match error.downcast_ref::<Unloaded>() {
        Some(unloaded) => Stopped::Unloaded { due: unloaded.due, past: caller.past.rewound() },
        None => Stopped::Failed(failure_of(caller.core.plan.node(caller.node), error, bounds, &caller.core.limits)),
    }
}
