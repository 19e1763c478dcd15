//! One life of a host: the engine, the hub and the journal as the daemon puts them together, on a runtime that does nothing
//! unless the simulation lets it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Poll, Waker};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, poll_fn, ready};
use sandgate_engine::Engine;
use sandgate_engine::clock::Clock;
use sandgate_engine::engine::{Config, Guests};
use sandgate_engine::journal::Journal;
use sandgate_engine::journal::sqlite::{ByHand, Histories, Opened};
use sandgate_engine::outbox::Outbox;
use sandgate_engine::run::{Flows, Loaded};
use sandgate_flow::Plan;
use sandgate_flow::event::{Caller, RunId};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::chance::Chance;
use super::clock::Simulated;
use super::ledger::Ledger;
use super::model::FLOWS;
use super::setting::Setting;
use super::store::Store;
use crate::channel::{Disk, Hub, SessionOutbox};
use crate::origin::Allowed;
use crate::project::{Folder, Loader, Projects};
use crate::publishing::{Cases, Drafts, Publisher};
use crate::server::{Server, Serving};
use crate::versions::{self, Served, Versions};

/// What all lives of all simulated hosts share: nothing of it changes.
pub(super) struct Shared {
    publisher: Publisher,
    _folder: TempDir,
}

/// A life of a host.
pub(super) struct Life {
    pub(super) serving: Arc<Serving>,
    pub(super) store: Arc<Store>,
    pub(super) folder: PathBuf,
    /// The engine knows it weakly, so that all of this life is gone with it.
    _hub: Arc<Hub>,
    runtime: Option<Runtime>,
    quiet: Quiet,
}

/// What a life begins with.
pub(super) struct Begin<'a> {
    pub(super) setting: &'a Setting,
    pub(super) clock: &'a Simulated,
    pub(super) ledger: &'a Arc<Mutex<Ledger>>,
    pub(super) chance: Chance,
    pub(super) folder: PathBuf,
}

/// Who waits until nothing goes on.
type Quiet = Arc<Mutex<Option<Waker>>>;

impl Shared {
    /// Loads the components and the flows.
    pub(super) fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let write = |path: String, bytes: &[u8]| -> anyhow::Result<()> {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
            Ok(std::fs::write(path, bytes)?)
        };
        for (id, text) in FLOWS {
            write(format!("flows/{id}.yaml"), text.as_bytes())?;
        }
        for guest in ["all", "naps"] {
            let built = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../target/guests/{guest}.wasm"));
            let bytes = std::fs::read(&built);
            write(format!("components/{guest}.wasm"), &bytes.expect("run `cargo xtask components` first"))?;
        }
        let limits = sandgate_engine::Limits {
            instances_live_max: 256,
            guest_threads: 1,
            // By the machine's clock: none may pass.
            epoch_tick_ms: 24 * 60 * 60 * 1_000,
            ..Default::default()
        };
        let cache_dir = Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/test-cache"));
        let engine = Engine::new(Config { limits, cache_dir, ..Config::default() })?;
        let mut loader = Loader::new(Folder::at(folder.path()), engine.clone());
        let project = loader.load(loader.folder().read_config()?);
        for (id, flow) in &project.flows {
            anyhow::ensure!(flow.served.is_some(), "flow {id}: {:?}; {:?}", flow.problems, project.unusable);
        }
        let publisher = Publisher {
            versions: Versions::new(versions::Store::open(&folder.path().join("data"))?, engine),
            projects: Arc::new(Projects::new(project, None)),
            drafts: Arc::new(Drafts::new(folder.path().join("drafts"))),
            cases: Arc::new(Cases::new(folder.path().join("drafts"), None)),
            limits: Arc::default(),
        };
        Ok(Self { publisher, _folder: folder })
    }
}

impl Life {
    /// Starts the host with what is in the folder.
    pub(super) fn begin(shared: &Shared, begin: Begin<'_>) -> anyhow::Result<Self> {
        let Begin { setting, clock, ledger, chance, folder } = begin;
        let Opened { journal, channels, epoch, unended, damage } =
            ByHand::open(&folder, &setting.limits.engine.journal)?;
        anyhow::ensure!(damage.is_empty(), "a crash is taken for damage: {}", damage.join("; "));
        journal.checkpoint_after(setting.checkpoint_after_pages)?;
        ledger.lock().unwrap_or_else(PoisonError::into_inner).compare(&journal, &channels);
        let store = Arc::new(Store {
            journal,
            clock: clock.clone(),
            ledger: Arc::clone(ledger),
            chance: Mutex::new(chance),
            slow_ms_max: setting.read_ms_max,
            fails_one_in: AtomicU64::new(setting.read_fails_one_in),
        });
        let quiet = Quiet::default();
        let runtime = runtime(&quiet)?;
        let engine = shared.publisher.versions.engine().beside(Config {
            limits: setting.limits.engine.clone(),
            journal: Some(Arc::clone(&store) as Arc<dyn Journal>),
            clock: Some(Arc::new(clock.clone()) as Arc<dyn Clock>),
            guests: Guests::On(runtime.handle().clone()),
            ..Config::default()
        })?;
        let disk = Disk::new(Arc::clone(&store) as Arc<dyn Histories>, epoch, channels);
        let limits = Arc::new(setting.limits.clone());
        let hub = Hub::new(Arc::clone(&limits), engine.clone(), Some(disk));
        let known = Arc::new(hub.clone());
        let projects = Arc::clone(&shared.publisher.projects);
        engine.recover(Arc::new(Known { projects: Arc::clone(&projects), hub: Arc::downgrade(&known) }), &unended);
        let listen: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
        let origins = Allowed::new(listen, &[] as &[&str])?;
        let (aside, publisher) = (engine.clone(), shared.publisher.clone());
        let server = Server { engine, aside, projects, publisher, hub, limits, origins };
        let none = || Arc::new(Semaphore::new(0));
        let shutdown = CancellationToken::new();
        let serving = Arc::new(Serving { server, trials: none(), case_requests: none(), shutdown });
        Ok(Self { serving, store, folder, _hub: known, runtime: Some(runtime), quiet })
    }

    /// Lets everything go on that can, until nothing can without that time passes.
    pub(super) fn settle(&self) {
        let Some(runtime) = &self.runtime else { return };
        let mut asked = false;
        runtime.block_on(poll_fn(|cx| {
            let mut quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
            if asked && quiet.is_none() {
                return Poll::Ready(());
            }
            asked = true;
            *quiet = Some(cx.waker().clone());
            Poll::Pending
        }));
    }

    /// Runs something that spawns tasks.
    pub(super) fn enter<T>(&self, work: impl FnOnce() -> T) -> T {
        let _entered = self.runtime.as_ref().map(Runtime::enter);
        work()
    }
}

impl Drop for Life {
    /// The tasks go first: what they would still do must find nobody.
    fn drop(&mut self) {
        self.runtime.take();
    }
}

/// A runtime that says when it has nothing to do.
fn runtime(quiet: &Quiet) -> std::io::Result<Runtime> {
    let quiet = Arc::clone(quiet);
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .on_thread_park(move || {
            let waiting = quiet.lock().unwrap_or_else(PoisonError::into_inner).take();
            waiting.into_iter().for_each(Waker::wake);
        })
        .build()
}

/// What runs need that are recalled, for as long as this life lasts. Flows are at hand: to load one takes no thread.
struct Known {
    projects: Arc<Projects>,
    hub: Weak<Hub>,
}

impl Known {
    fn hub(&self) -> Arc<Hub> {
        self.hub.upgrade().expect("nothing goes on after the life of its host")
    }
}

impl Flows for Known {
    fn load(&self, flow: &str, _: u64) -> BoxFuture<'static, Result<Loaded, String>> {
        let served = self.projects.current().flows.get(flow).and_then(|flow| flow.served.clone());
        let loaded = |it: Arc<Served>| Loaded { plan: Arc::clone(&it.plan), components: Arc::clone(&it.components) };
        ready(served.map(loaded).ok_or_else(|| format!("there is no flow {flow}"))).boxed()
    }

    fn has_left(&self, plan: &Plan, caller: Option<&Caller>) -> bool {
        self.hub().has_left(plan, caller)
    }

    fn outbox(&self, _: RunId, plan: &Plan, caller: Option<&Caller>) -> Arc<dyn Outbox> {
        Arc::new(SessionOutbox::again(self.hub().interface(plan), caller.cloned()))
    }
}
