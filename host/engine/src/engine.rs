//! The engine: loads components and starts runs.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use futures_util::FutureExt as _;
use sandgate_flow::event::{Event, Outcome, RunId, Started};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::clock::{Clock, System};
use crate::compile::Compile;
use crate::journal::{self, Journal};
use crate::limits::Limits;
use crate::registry::{self, Cache, Component};
use crate::run::{Bound, Core, Instances, Outside, Refused, Room, Run, Stage, Start, drive, host_failure};
use crate::sandbox::Sandbox;

/// How much guests give way to everything else: sessions and timers come first.
const GUEST_NICE: i32 = 5;

/// Room on the stack of a thread that guests run on, beyond what they may use.
const HOST_STACK_BYTES: usize = 2 * 1024 * 1024;

/// How an engine is set up.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Its bounds.
    pub limits: Limits,
    /// Where compiled components are kept; nowhere compiles them at each start.
    pub cache_dir: Option<PathBuf>,
    /// Whether stateless instances are kept between activations.
    pub instances: Instances,
    /// Where components are compiled.
    pub compile: Compile,
}

/// What goes on in an engine, at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// Runs that have started and not ended.
    pub runs: usize,
    /// Instances that are alive, those among them that wait for their run's next activation.
    pub instances: usize,
}

/// Runs flows. Cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    limits: Arc<Limits>,
    sandbox: Arc<Sandbox>,
    cache: Option<Cache>,
    instances: Instances,
    clock: Arc<System>,
    journal: Arc<dyn Journal>,
    /// None once the engine is being dropped.
    guests: Option<Runtime>,
    room: Arc<Room>,
}

impl Engine {
    /// Sets up the sandbox, the clock and the threads of the guests.
    ///
    /// # Errors
    ///
    /// The limits cannot be met on this machine, or the cache's folder cannot be used.
    pub fn new(config: Config) -> anyhow::Result<Self> {
        let limits = Arc::new(config.limits);
        Ok(Self(Arc::new(Inner {
            sandbox: Arc::new(Sandbox::new(&limits, config.compile)?),
            cache: config.cache_dir.map(|dir| cache(dir, &limits)).transpose()?,
            instances: config.instances,
            clock: Arc::new(System::start()?),
            journal: Arc::new(journal::Memory::new(limits.ended_runs_kept_max, limits.ended_bytes_kept_max)),
            guests: Some(guest_runtime(&limits)?),
            room: Arc::default(),
            limits,
        })))
    }

    /// The bounds.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// What goes on in it now.
    pub fn under_way(&self) -> UnderWay {
        UnderWay { runs: self.0.room.runs(), instances: self.0.sandbox.admission.live() }
    }

    /// Loads a component under the name that flows call it by. Blocks while it compiles.
    ///
    /// # Errors
    ///
    /// Its bytes are not a component that this host can run; the error says why.
    pub fn load(&self, name: &str, bytes: &[u8]) -> Result<Component, registry::Error> {
        let limit = self.0.limits.component_bytes_max;
        if bytes.len() > limit {
            return Err(registry::Error::TooLarge { name: name.to_owned(), size: bytes.len(), limit });
        }
        Component::load(&self.0.sandbox, self.0.cache.as_ref(), name, bytes)
    }

    /// Starts a run. Resolves when its start is durable.
    ///
    /// # Errors
    ///
    /// The run was not started.
    pub async fn start(&self, start: Start) -> Result<Run, Refused> {
        let clock: Arc<dyn Clock> = Arc::clone(&self.0.clock) as Arc<dyn Clock>;
        let (run, task) = self.prepare(start, clock).await?;
        self.spawn(task);
        Ok(run)
    }

    /// Spawns a task where guests run.
    pub(crate) fn spawn<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) {
        if let Some(guests) = &self.0.guests {
            guests.spawn(task);
        }
    }

    /// Records a run's start, and makes the task that performs it, on any clock.
    pub(crate) async fn prepare(
        &self,
        start: Start,
        clock: Arc<dyn Clock>,
    ) -> Result<(Run, impl Future<Output = ()> + Send + use<>), Refused> {
        let place = self.0.room.take(&start.input, &start.message, &self.0.limits)?;
        let bound = Bound::new(&start.plan, &start.components)?;
        let id = RunId(Uuid::now_v7());
        let started = started(id, &start, &self.0.limits)?;
        let core = Arc::new(Core::new(
            id,
            start.plan,
            Outside {
                limits: Arc::clone(&self.0.limits),
                clock,
                journal: Arc::clone(&self.0.journal),
                outbox: start.outbox,
            },
        ));
        let broken = |error: &dyn std::fmt::Display| Refused::Journal(journal::Error(error.to_string()));
        let effects = core.record(Event::Started(Box::new(started))).map_err(|error| broken(&error))?;
        core.commit().await.map_err(|error| broken(&error))?;
        let run = Run::new(id, core.ended());
        core.outbox.started(&run);
        let stage = Arc::new(Stage {
            core,
            bound,
            sandbox: Arc::clone(&self.0.sandbox),
            idle: Arc::default(),
            system_clock: Arc::clone(&self.0.clock),
            instances: self.0.instances,
        });
        let cancelled = run.cancelled();
        let task = async move {
            let driven = AssertUnwindSafe(drive(Arc::clone(&stage), effects, cancelled)).catch_unwind().await;
            let reason = match driven {
                Ok(Ok(())) => "the run ended without an outcome".to_owned(),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "the host panicked while it performed this run; its log has the place".to_owned(),
            };
            stage.core.give_up(Outcome::Failed(host_failure(reason)));
            stage.sandbox.admission.forget(&stage.idle);
            drop(place);
        };
        Ok((run, task))
    }
}

impl Drop for Inner {
    /// Runs under way end with the engine; their threads are not waited for, since a guest may be busy on one.
    fn drop(&mut self) {
        if let Some(guests) = self.guests.take() {
            guests.shutdown_background();
        }
    }
}

fn cache(directory: PathBuf, limits: &Limits) -> anyhow::Result<Cache> {
    let shown = directory.display().to_string();
    Cache::open(directory, limits.cache_bytes_max).with_context(|| format!("{shown} cannot keep compiled components"))
}

fn guest_runtime(limits: &Limits) -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(limits.guest_threads.max(1))
        .thread_name("sandgate-guest")
        // A guest that is entered at once runs on it.
        .thread_stack_size(limits.stack_bytes_max.saturating_add(HOST_STACK_BYTES))
        .on_thread_start(give_way)
        .build()
}

/// Lowers the priority of this thread. On Linux a nice value is a thread's own (sched(7)).
fn give_way() {
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), GUEST_NICE) {
        tracing::warn!("guests run at the host's own priority: {error}");
    }
}

fn started(run: RunId, start: &Start, limits: &Limits) -> Result<Started, Refused> {
    let digest = |name: &Arc<str>| start.components.get(name).map(|it| (Arc::clone(name), it.digest()));
    let mut components: Vec<_> = start.plan.nodes.iter().filter_map(|node| digest(&node.component)).collect();
    components.sort_unstable();
    components.dedup();
    Ok(Started {
        run,
        version: start.version,
        seed: seed()?,
        limits: limits.of_run(),
        input: start.input.clone(),
        message: start.message.clone(),
        caller: start.caller.clone(),
        components,
    })
}

fn seed() -> Result<[u8; 32], Refused> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| Refused::Random(error.to_string()))?;
    Ok(seed)
}
