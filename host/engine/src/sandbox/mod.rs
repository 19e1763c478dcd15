//! Where guests run: one store for each instance, bounded in memory, stack and CPU time, on threads of their own.

mod admission;
mod bounds;
mod bulk;
mod config;
mod epochs;
mod failure;
mod instance;
mod meter;

use std::sync::Arc;

use wasmtime::component::{Component, InstancePre, Linker};

pub(crate) use admission::{Admission, Admitted, Idle, Permit, Sleepers};
pub(crate) use bounds::Bounds;
pub(crate) use bulk::{Bulk, Returns};
pub(crate) use epochs::Turn;
pub(crate) use failure::failure_of;
pub(crate) use instance::{Arguments, Instance, Stopped};
pub(crate) use meter::{Entry, Meter};

use crate::capability::{self, Host};
use crate::limits::Limits;
use epochs::Epochs;
use failure::limit_of_load;

/// Compiles and links components, and makes room for their instances.
pub(crate) struct Sandbox {
    pub(crate) engine: wasmtime::Engine,
    linker: Linker<Host>,
    limits: Limits,
    pub(crate) admission: Admission,
    epochs: Epochs,
}

impl Sandbox {
    /// Reserves the address space for as many instances as the limits allow, and starts the epochs.
    pub(crate) fn new(limits: &Limits) -> anyhow::Result<Self> {
        let engine = wasmtime::Engine::new(&config::wasmtime(limits)).map_err(|error| {
            let instances = limits.instances_live_max;
            unusable(error.context(format!("where address space is short, lower instances_live_max from {instances}")))
        })?;
        let mut linker = Linker::new(&engine);
        capability::add_to_linker(&mut linker).map_err(unusable)?;
        let epochs = Epochs::start(&engine, limits.epoch_tick_ms)?;
        Ok(Self { engine, linker, limits: limits.clone(), admission: Admission::new(limits), epochs })
    }

    /// Compiles a component. Takes as long as it takes.
    pub(crate) fn compile(&self, bytes: &[u8]) -> wasmtime::Result<Component> {
        Component::from_binary(&self.engine, bytes).map_err(|error| match limit_of_load(&error, &self.limits) {
            Some(reached) => error.context(reached),
            None => error,
        })
    }

    /// A turn of a task that does not wait.
    pub(crate) fn turn(&self) -> Turn {
        self.epochs.turn()
    }

    /// Links a component to the capabilities.
    pub(crate) fn link(&self, component: &Component) -> wasmtime::Result<Arc<InstancePre<Host>>> {
        self.linker.instantiate_pre(component).map(Arc::new)
    }
}

fn unusable(error: wasmtime::Error) -> anyhow::Error {
    anyhow::anyhow!("the sandbox cannot be set up: {error:#}")
}
