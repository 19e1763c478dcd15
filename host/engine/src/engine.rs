//! The engine: loads components and starts runs.

mod asking;
mod recovery;

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use futures_util::FutureExt as _;
use sandgate_flow::Plan;
use sandgate_flow::document::Durability;
use sandgate_flow::effect::Effect;
use sandgate_flow::event::{self, Event, RunId, Timestamp};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::{broadcast, oneshot};
use uuid::Uuid;

pub use asking::Happened;

use crate::clock::{Clock, System};
use crate::compile::Compile;
use crate::journal::{self, Journal, Key, Keyed, Status, Summary};
use crate::limits::Limits;
use crate::registry::{self, Cache, Component};
use crate::run::{
    Anchor, Begun, Bound, Broken, Core, Directory, Drove, Flows, Instances, Keys, Outside, Pasts, Place, Progress,
    Refused, Room, Run, Stage, Start, Started, Whereabouts, drive, host_failure,
};
use crate::sandbox::Sandbox;

/// How much guests give way to everything else: sessions and timers come first.
const GUEST_NICE: i32 = 5;

/// Room on the stack of a thread that guests run on, beyond what they may use.
const HOST_STACK_BYTES: usize = 2 * 1024 * 1024;

/// How an engine is set up.
#[derive(Clone, Default)]
pub struct Config {
    /// Its bounds.
    pub limits: Limits,
    /// Where compiled components are kept; nowhere compiles them at each start.
    pub cache_dir: Option<PathBuf>,
    /// Whether stateless instances are kept between activations.
    pub instances: Instances,
    /// Where components are compiled.
    pub compile: Compile,
    /// Keeps what happens to durable runs; without one nothing is.
    pub journal: Option<Arc<dyn Journal>>,
    /// What runs sleep by; without one it is the machine's.
    pub clock: Option<Arc<dyn Clock>>,
    /// Where guests run.
    pub guests: Guests,
}

/// Where guests run.
#[derive(Clone, Default)]
pub enum Guests {
    /// On threads of the engine's own, which give way to all others.
    #[default]
    OwnThreads,
    /// On a runtime that somebody else has made, and ends.
    On(Handle),
}

/// What goes on in an engine, at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// Runs that have started and not ended, and are in memory.
    pub runs: usize,
    /// Runs that sleep outside of memory.
    pub asleep: usize,
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
    clock: Arc<dyn Clock>,
    /// Of runs that outlast the process.
    durable: Option<Arc<dyn Journal>>,
    /// Of all others.
    fleeting: Arc<dyn Journal>,
    directory: Arc<Directory>,
    keys: Arc<Keys>,
    flows: OnceLock<Arc<dyn Flows>>,
    progress: broadcast::Sender<Progress>,
    guests: Handle,
    /// None if others have made it, and once the engine is being dropped.
    own_guests: Option<Runtime>,
    room: Arc<Room>,
}

impl Engine {
    /// Sets up the sandbox, the clock and the threads of the guests.
    ///
    /// # Errors
    ///
    /// The limits cannot be met on this machine, or the cache's folder cannot be used.
    pub fn new(config: Config) -> anyhow::Result<Self> {
        let sandbox = Arc::new(Sandbox::new(&Arc::new(config.limits.clone()), config.compile.clone())?);
        Self::with(sandbox, config)
    }

    /// Another engine, for which nothing has happened yet, with the sandbox of this one: components that this one has loaded
    /// can be used with it, and what bounds the sandbox as a whole is as it was. For hosts that are simulated, which are started
    /// often.
    ///
    /// # Errors
    ///
    /// As [`Self::new`].
    pub fn beside(&self, config: Config) -> anyhow::Result<Self> {
        Self::with(Arc::clone(&self.0.sandbox), config)
    }

    fn with(sandbox: Arc<Sandbox>, config: Config) -> anyhow::Result<Self> {
        let limits = Arc::new(config.limits);
        let (guests, own_guests) = match config.guests {
            Guests::On(guests) => (guests, None),
            Guests::OwnThreads => {
                let own = guest_runtime(&limits)?;
                (own.handle().clone(), Some(own))
            }
        };
        Ok(Self(Arc::new(Inner {
            sandbox,
            cache: config.cache_dir.map(|dir| cache(dir, &limits)).transpose()?,
            instances: config.instances,
            clock: match config.clock {
                Some(clock) => clock,
                None => Arc::new(System::start()?),
            },
            durable: config.journal,
            fleeting: Arc::new(journal::Memory::new(limits.ended_runs_kept_max, limits.ended_bytes_kept_max)),
            directory: Arc::default(),
            keys: Arc::default(),
            flows: OnceLock::new(),
            progress: broadcast::Sender::new(limits.progress_kept_max.max(1)),
            guests,
            own_guests,
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
        UnderWay {
            runs: self.0.room.runs(),
            asleep: self.0.directory.asleep(),
            instances: self.0.sandbox.admission.live(),
        }
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

    /// Starts a run. Resolves when its start is durable, by which time it may have gone further.
    ///
    /// # Errors
    ///
    /// The run was not started.
    pub async fn start(&self, start: Start) -> Result<Started, Refused> {
        let journal = self.journal_of(&start.plan);
        let claim = match key_of(&start) {
            Some(key) => match self.0.keys.claim(journal.as_ref(), key).await? {
                Ok(claim) => Some(claim),
                Err(keyed) => return known(keyed, &start),
            },
            None => None,
        };
        let Prepared { anchor, begun, task } = self.prepare(start, journal, Arc::clone(&self.0.clock))?;
        let run = anchor.run();
        self.0.directory.add(anchor);
        self.spawn(follow(Arc::clone(&self.0.directory), run.id(), task));
        let begun = begun.await.unwrap_or(Err(journal::Error::Closed));
        drop(claim);
        begun?;
        Ok(Started::New(run))
    }

    /// A run under way, brought back into memory if it sleeps outside of it; none if it has ended, or never was.
    pub async fn find(&self, run: RunId) -> Option<Run> {
        loop {
            let woken = self.0.directory.woken();
            match self.0.directory.find(run) {
                Whereabouts::Live(run) => return Some(run),
                Whereabouts::ToBeWoken => {
                    // A task of its own, since whoever looks for it may be gone in the middle.
                    let (engine, (found, finding)) = (self.clone(), oneshot::channel());
                    self.spawn(async move { drop(found.send(engine.wake(run).await)) });
                    if let Ok(Some(run)) = finding.await {
                        return Some(run);
                    }
                }
                Whereabouts::Waking => woken.await,
                Whereabouts::Unknown => return None,
            }
        }
    }

    /// Cancels a run, soon: one that sleeps outside of memory is brought back for it. Without effect on one that has ended.
    pub fn cancel(&self, run: RunId, reason: &str) {
        let (engine, reason) = (self.clone(), reason.to_owned());
        self.spawn(async move {
            if let Some(run) = engine.find(run).await {
                run.cancel(&reason);
            }
        });
    }

    /// Spawns a task where guests run.
    pub(crate) fn spawn<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) {
        self.0.guests.spawn(task);
    }

    fn journal_of(&self, plan: &Plan) -> Arc<dyn Journal> {
        match (plan.interface.durability, &self.0.durable) {
            (Durability::Durable, Some(durable)) => Arc::clone(durable),
            _ => Arc::clone(&self.0.fleeting),
        }
    }

    /// The journal of cases: nothing of theirs lasts.
    pub(crate) fn fleeting(&self) -> Arc<dyn Journal> {
        Arc::clone(&self.0.fleeting)
    }

    /// Records a run's start, and makes the task that performs it, on any clock.
    pub(crate) fn prepare(
        &self,
        start: Start,
        journal: Arc<dyn Journal>,
        clock: Arc<dyn Clock>,
    ) -> Result<Prepared<impl Future<Output = Drove> + Send + use<>>, Refused> {
        let place = self.0.room.take(&start.input, &start.message, &self.0.limits)?;
        let bound = Bound::new(&start.plan, &start.components)?;
        let id = RunId(Uuid::now_v7());
        let started = started(id, &start, &self.0.limits)?;
        let summary = summary(&started, clock.now());
        let (limits, progress) = (Arc::clone(&self.0.limits), self.0.progress.clone());
        let outside = Outside { limits, clock, journal, progress, outbox: start.outbox };
        let (core, begun) = Core::new(start.plan, summary.clone(), outside);
        let core = Arc::new(core);
        let broken = |error: Broken| Refused::Journal(journal::Error::Storing(error.to_string()));
        let effects = core.record(Event::Started(Box::new(started))).map_err(broken)?;
        let anchor = Anchor::new(&summary, core.ended());
        let task = self.task(core, bound, Pasts::default(), effects, place, &anchor);
        Ok(Prepared { anchor, begun, task })
    }

    /// The task that performs a run, and answers what became of it once that is durable.
    fn task(
        &self,
        core: Arc<Core>,
        bound: Bound,
        pasts: Pasts,
        effects: Vec<Effect>,
        place: Place,
        anchor: &Anchor,
    ) -> impl Future<Output = Drove> + Send + use<> {
        let stage = Arc::new(Stage {
            core,
            bound,
            sandbox: Arc::clone(&self.0.sandbox),
            idle: Arc::default(),
            system_clock: Arc::clone(&self.0.clock),
            instances: self.0.instances,
            pasts,
            unloaded: AtomicUsize::new(0),
            directory: Arc::clone(&self.0.directory),
        });
        let cancelled = anchor.cancelled();
        async move {
            let driven = AssertUnwindSafe(drive(Arc::clone(&stage), effects, cancelled)).catch_unwind().await;
            let drove = match driven {
                Ok(Ok(drove)) => drove,
                Ok(Err(error)) => given_up(&stage, error.to_string()),
                Err(_) => {
                    let reason = "the host panicked while it performed this run; its log has the place";
                    given_up(&stage, reason.to_owned())
                }
            };
            stage.sandbox.admission.forget(&stage.idle);
            // A run of which nothing became durable has never been.
            let _ = stage.core.settle().await;
            drop(place);
            drove
        }
    }
}

/// Performs a run until it is in memory no more. Runs do not keep their engine.
async fn follow(directory: Arc<Directory>, run: RunId, task: impl Future<Output = Drove> + Send) {
    if task.await == Drove::ToItsEnd {
        directory.remove(run);
    }
}

/// A run whose start has been recorded.
pub(crate) struct Prepared<T> {
    pub(crate) anchor: Anchor,
    /// Resolves when the start is durable, or is not.
    pub(crate) begun: Begun,
    /// Performs it.
    pub(crate) task: T,
}

fn given_up(stage: &Stage, reason: String) -> Drove {
    stage.core.give_up(host_failure(reason));
    Drove::ToItsEnd
}

impl Drop for Inner {
    /// Runs under way end with the engine; their threads are not waited for, since a guest may be busy on one.
    fn drop(&mut self) {
        if let Some(guests) = self.own_guests.take() {
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

/// Why a run is cancelled whose flow has `on-leave: cancel`.
pub const LEFT: &str = "its caller left";

fn key_of(start: &Start) -> Option<Key> {
    let (key, caller) = start.key.clone().zip(start.caller.as_ref())?;
    Some(Key { flow: Arc::clone(&start.plan.flow), client: Arc::clone(&caller.client), key })
}

/// The run that was started with the same key, if it was started with the same input.
fn known(keyed: Keyed, start: &Start) -> Result<Started, Refused> {
    if keyed.input == journal::digest(&start.input) {
        return Ok(Started::Before(keyed.run));
    }
    Err(Refused::Key(start.key.clone().unwrap_or_default()))
}

fn summary(started: &event::Started, now: Timestamp) -> Summary {
    Summary {
        run: started.run,
        flow: Arc::clone(&started.flow),
        version: started.version,
        caller: started.caller.clone(),
        key: started.key.clone(),
        started: now,
        ended: None,
        status: Status::Running,
        asleep_until: None,
        told: None,
    }
}

fn started(run: RunId, start: &Start, limits: &Limits) -> Result<event::Started, Refused> {
    let digest = |name: &Arc<str>| start.components.get(name).map(|it| (Arc::clone(name), it.digest()));
    let mut components: Vec<_> = start.plan.nodes.iter().filter_map(|node| digest(&node.component)).collect();
    components.sort_unstable();
    components.dedup();
    Ok(event::Started {
        run,
        flow: Arc::clone(&start.plan.flow),
        version: start.version,
        seed: seed()?,
        limits: limits.of_run(),
        input: start.input.clone(),
        message: start.message.clone(),
        caller: start.caller.clone(),
        key: start.key.clone(),
        components,
    })
}

fn seed() -> Result<[u8; 32], Refused> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| Refused::Random(error.to_string()))?;
    Ok(seed)
}
