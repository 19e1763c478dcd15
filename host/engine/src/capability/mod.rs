//! What components may ask of the host. Each capability is a file: its calls, checked and recorded. They are linked here,
//! and nowhere else.

mod branches;
mod log;
mod output;
mod past;
mod push;
mod timer;

use std::sync::Arc;

use sandgate_flow::data::Data;
use sandgate_flow::event::{ActivationId, Cost, HostCall, Refusal};
use sandgate_flow::plan::NodeIndex;
use wasmtime::UpdateDeadline;
use wasmtime::component::{HasSelf, Linker};

pub(crate) use log::Rate;
use past::{Answer, Call};
pub(crate) use past::{Diverged, Past, Unloaded};

use crate::limits::{self, Reached};
use crate::registry::Allowance;
use crate::run::{Core, HostCallError};
use crate::sandbox::{Bounds, Meter, Sleepers};

/// The host's side of the contract with components, made of `wit/`.
pub(crate) mod bindings {
    wasmtime::component::bindgen!({
        path: "../../wit",
        inline: "
            package sandgate:host;
            world host {
                import sandgate:flow/push@0.1.0;
                import sandgate:flow/timer@0.1.0;
                import sandgate:flow/output@0.1.0;
                import sandgate:flow/log@0.1.0;
                import sandgate:flow/branches@0.1.0;
            }
        ",
        world: "sandgate:host/host",
        imports: {
            "sandgate:flow/push.push": async | trappable,
            "sandgate:flow/timer.sleep": async | trappable,
            "sandgate:flow/output.output": async | trappable,
            default: trappable,
        },
    });
}

/// The interfaces that the host offers, for messages.
pub(crate) const OFFERED: [&str; 6] = [
    "sandgate:flow/types",
    "sandgate:flow/push",
    "sandgate:flow/timer",
    "sandgate:flow/output",
    "sandgate:flow/log",
    "sandgate:flow/branches",
];

/// Those of them by which a component waits for the host: these functions are `async` in the bindings.
const SUSPENDING: [&str; 3] = ["sandgate:flow/push", "sandgate:flow/timer", "sandgate:flow/output"];

/// Whether the host offers an interface, as a component imports it.
pub(crate) fn offers(import: &str) -> bool {
    OFFERED.contains(&without_version(import))
}

/// Whether a component that imports this interface may wait for the host.
pub(crate) fn may_suspend(import: &str) -> bool {
    SUSPENDING.contains(&without_version(import))
}

fn without_version(import: &str) -> &str {
    import.split('@').next().unwrap_or(import)
}

/// What a store holds: whom its instance works for, and what it may use.
pub(crate) struct Host {
    /// The activation that is being served.
    pub(crate) caller: Caller,
    /// What its component may use.
    pub(crate) allowance: Arc<Allowance>,
    /// Memory and tables.
    pub(crate) bounds: Bounds,
    /// CPU time.
    pub(crate) meter: Meter,
    /// Among whom the activation is while it sleeps.
    pub(crate) sleepers: Arc<Sleepers>,
}

/// The activation that host calls come from.
#[derive(Clone)]
pub(crate) struct Caller {
    /// Its run.
    pub(crate) core: Arc<Core>,
    /// Itself.
    pub(crate) activation: ActivationId,
    /// Its node.
    pub(crate) node: NodeIndex,
    /// The run's data as they were when it was activated; for a gateway.
    pub(crate) data: Option<Arc<Data>>,
    /// Host calls so far.
    pub(crate) host_calls: u64,
    /// What was pushed so far.
    pub(crate) pushed_bytes: u64,
    /// Log lines so far.
    pub(crate) log_lines: u64,
    /// How many of them were written when the activation was begun before, on the stack of a thread.
    pub(crate) log_lines_written: u64,
    /// What these held.
    pub(crate) log_bytes: u64,
    /// What it has asked of the host before it was unloaded, and since.
    pub(crate) past: Past,
}

impl Host {
    /// Counts a host call.
    fn enter(&mut self) -> wasmtime::Result<&mut Caller> {
        let limit = self.limits().activation_host_calls_max;
        self.caller.host_calls += 1;
        if self.caller.host_calls > limit {
            let message = "made too many host calls".to_owned();
            return Err(Reached { limit: "activation_host_calls_max", value: limit, message }.into());
        }
        Ok(&mut self.caller)
    }

    /// Notes a call that was made, and what it was answered.
    fn note(&mut self, call: Call, answer: Answer) {
        let Caller { past, core, .. } = &mut self.caller;
        past.note(call, answer, &core.limits);
    }

    /// An epoch has passed while the guest was busy.
    ///
    /// # Errors
    ///
    /// The activation has used up its time, or that for which it may be entered at once.
    pub(crate) fn tick(&mut self) -> wasmtime::Result<UpdateDeadline> {
        self.look()?;
        self.meter.tick()
    }

    /// The guest is about to wait for the host.
    fn pause(&mut self) -> Result<(), Reached> {
        self.meter.pause();
        self.look()
    }

    /// The guest goes on.
    fn resume(&mut self) -> Result<(), Reached> {
        self.meter.resume();
        self.look()
    }

    /// Counts how long the activation has been awake.
    fn look(&mut self) -> Result<(), Reached> {
        let Caller { past, core, .. } = &mut self.caller;
        past.wall.look(core.clock.now(), self.allowance.limits.activation_wall_ms_max)
    }

    /// What the activation has taken so far.
    pub(crate) fn cost(&self) -> Cost {
        Cost {
            cpu_us: u64::try_from(self.meter.spent().as_micros()).unwrap_or(u64::MAX),
            memory_bytes: self.bounds.memory_bytes() as u64,
        }
    }

    /// Records a call, which may then be answered, and notes the answer.
    async fn record(&mut self, call: Call, host_call: HostCall, answer: Answer) -> Result<(), HostCallError> {
        let Caller { core, activation, .. } = &self.caller;
        core.call_host(*activation, host_call, call.arguments).await?;
        self.note(call, answer);
        Ok(())
    }

    /// Records a call that changes nothing, since it is refused for this reason.
    async fn refuse(&mut self, call: Call, refusal: Refusal, answer: Answer) -> Result<(), HostCallError> {
        let host_call = HostCall::Refused { function: call.function, refusal };
        match self.record(call, host_call, answer).await {
            // Nobody asks again for what an activation was answered whose run has ended.
            Err(HostCallError::Ended) => Ok(()),
            recorded => recorded,
        }
    }

    /// What bounds the guest, and no other.
    fn limits(&self) -> &limits::Component {
        &self.allowance.limits
    }
}

/// Links every capability.
pub(crate) fn add_to_linker(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    bindings::sandgate::flow::types::add_to_linker::<_, HasSelf<Host>>(linker, |host| host)?;
    bindings::sandgate::flow::push::add_to_linker::<_, HasSelf<Host>>(linker, |host| host)?;
    bindings::sandgate::flow::timer::add_to_linker::<_, HasSelf<Host>>(linker, |host| host)?;
    bindings::sandgate::flow::output::add_to_linker::<_, HasSelf<Host>>(linker, |host| host)?;
    bindings::sandgate::flow::log::add_to_linker::<_, HasSelf<Host>>(linker, |host| host)?;
    bindings::sandgate::flow::branches::add_to_linker::<_, HasSelf<Host>>(linker, |host| host)
}

impl bindings::sandgate::flow::types::Host for Host {}
