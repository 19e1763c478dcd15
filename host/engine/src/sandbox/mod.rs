//! Where guests run: one store for each instance, bounded in memory, stack and CPU time, on threads of their own.

mod admission;
mod bounds;
mod bulk;
mod config;
mod epochs;
mod failure;
mod instance;
mod meter;
mod wall;

use std::sync::Arc;

use wasmtime::Precompiled;
use wasmtime::component::{Component, InstancePre, Linker};

pub(crate) use admission::{Admission, Admitted, Idle, Permit, Sleepers};
pub(crate) use bounds::Bounds;
pub(crate) use bulk::{Bulk, Returns};
pub(crate) use epochs::Turn;
pub(crate) use failure::{failure_of, in_one_line};
pub(crate) use instance::{Arguments, Instance, Stopped};
pub(crate) use meter::{Entry, Meter};
pub(crate) use wall::Wall;

use crate::capability::{self, Host};
use crate::compile::{Compile, Compiler, Failure};
use crate::limits::Limits;
use epochs::Epochs;
use failure::limit_of_load;

/// Compiles and links components, and makes room for their instances.
pub(crate) struct Sandbox {
    pub(crate) engine: wasmtime::Engine,
    linker: Linker<Host>,
    /// None compiles here.
    compiler: Option<Compiler>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) admission: Admission,
    epochs: Epochs,
}

impl Sandbox {
    /// Reserves the address space for as many instances as the limits allow, and starts the epochs.
    pub(crate) fn new(limits: &Arc<Limits>, compile: Compile) -> anyhow::Result<Self> {
        let engine = wasmtime::Engine::new(&config::wasmtime(limits)).map_err(|error| {
            let instances = limits.instances_live_max;
            unusable(error.context(format!("where address space is short, lower instances_live_max from {instances}")))
        })?;
        let mut linker = Linker::new(&engine);
        capability::add_to_linker(&mut linker).map_err(unusable)?;
        let epochs = Epochs::start(&engine, limits.epoch_tick_ms)?;
        let compiler = match compile {
            Compile::Here => None,
            Compile::By(program) => Some(Compiler::new(program, Arc::clone(limits))),
        };
        let (limits, admission) = (Arc::clone(limits), Admission::new(limits));
        Ok(Self { engine, linker, compiler, limits, admission, epochs })
    }

    /// Compiles a component. Blocks for as long as that may take.
    pub(crate) fn compile(&self, bytes: &[u8]) -> Result<Component, Failure> {
        let compiled = match &self.compiler {
            None => Component::from_binary(&self.engine, bytes),
            Some(compiler) => self.take(&compiler.compile(bytes)?)?,
        };
        compiled.map_err(|error| match limit_of_load(&error, &self.limits) {
            Some(reached) => Failure::Component(in_one_line(&error.context(reached))),
            None => Failure::Component(in_one_line(&error)),
        })
    }

    /// A turn of a task that does not wait.
    pub(crate) fn turn(&self) -> Turn {
        self.epochs.turn()
    }

    /// Code that a child of this process made of a component, which may be one that this engine does not run.
    fn take(&self, code: &[u8]) -> Result<wasmtime::Result<Component>, Failure> {
        if wasmtime::Engine::detect_precompiled(code) != Some(Precompiled::Component) {
            return Err(Failure::compiler("answered what is no compiled component"));
        }
        #[expect(unsafe_code, reason = "a child of this process wrote it, which is the compiler and nobody else")]
        Ok(unsafe { Component::deserialize(&self.engine, code) })
    }

    /// Links a component to the capabilities.
    pub(crate) fn link(&self, component: &Component) -> wasmtime::Result<Arc<InstancePre<Host>>> {
        self.linker.instantiate_pre(component).map(Arc::new)
    }
}

/// An engine that compiles what any [`Sandbox`] runs, and runs nothing.
pub(crate) fn compiling_engine() -> wasmtime::Result<wasmtime::Engine> {
    wasmtime::Engine::new(&config::code())
}

fn unusable(error: wasmtime::Error) -> anyhow::Error {
    anyhow::anyhow!("the sandbox cannot be set up: {error:#}")
}
