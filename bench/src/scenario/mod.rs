//! What is measured, a file each.

mod asleep;
mod broadcast;
mod idle;
mod latency;
mod ping;
mod ready;
mod rounds;
mod runs;
mod timers;

use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::figure::Figure;
use crate::project::Project;
use crate::scale::Scale;
use crate::server::{Server, Subject};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Scenario {
    /// One run that goes round its loop and says nothing
    Rounds,
    /// One run that goes round its loop and tells its client each time
    Pushes,
    /// Whole short runs, by clients that each have one under way
    Runs,
    /// The same of a flow that is durable
    Durable,
    /// What being durable adds to a push
    Latency,
    /// Durable runs that sleep for long: what they hold, and how soon the daemon is back with them
    Asleep,
    /// Durable runs that fall due in one second
    Due,
    /// Broadcasts in bursts
    Batched,
    /// Broadcasts one at a time: the next when all have the last
    Unbatched,
    /// Sessions that do nothing
    Idle,
    /// From the start of the process to the first session, with compiled components and without
    Ready,
    /// Pings while runs compute on every processor
    Ping,
    /// Runs that sleep
    Timers,
}

/// What a scenario is measured on.
pub(crate) struct Stage<'a> {
    pub(crate) subject: Subject,
    pub(crate) project: &'a Project,
    pub(crate) scale: Scale,
}

impl Scenario {
    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rounds => "rounds",
            Self::Pushes => "pushes",
            Self::Runs => "runs",
            Self::Durable => "durable",
            Self::Latency => "latency",
            Self::Asleep => "asleep",
            Self::Due => "due",
            Self::Batched => "batched",
            Self::Unbatched => "unbatched",
            Self::Idle => "idle",
            Self::Ready => "ready",
            Self::Ping => "ping",
            Self::Timers => "timers",
        }
    }

    /// What it tells, in the order of its samples.
    pub(crate) fn figures(self) -> &'static [Figure] {
        match self {
            Self::Rounds => rounds::SILENT,
            Self::Pushes => rounds::PUSHING,
            Self::Runs => runs::FIGURES,
            Self::Durable => runs::KEPT,
            Self::Latency => latency::FIGURES,
            Self::Asleep => asleep::FIGURES,
            Self::Due => asleep::DUE,
            Self::Batched => broadcast::BATCHED,
            Self::Unbatched => broadcast::UNBATCHED,
            Self::Idle => idle::FIGURES,
            Self::Ready => ready::FIGURES,
            Self::Ping => ping::FIGURES,
            Self::Timers => timers::FIGURES,
        }
    }

    /// Whether there is something to compare with: what does nothing but go round a loop has no equal by hand.
    pub(crate) fn subjects(self) -> &'static [Subject] {
        match self {
            Self::Rounds | Self::Ready | Self::Durable | Self::Latency | Self::Asleep | Self::Due => &[Subject::Daemon],
            _ => &[Subject::Daemon, Subject::Reference],
        }
    }

    /// Measures once, with a server of its own.
    ///
    /// # Errors
    ///
    /// The server does not do what is asked of it.
    pub(crate) async fn sample(self, stage: &Stage<'_>) -> anyhow::Result<Vec<f64>> {
        match self {
            Self::Ready => return ready::sample(stage).await,
            Self::Asleep => return asleep::sample(stage).await,
            _ => {}
        }
        let server = Server::start(stage.subject, stage.project).await?;
        match self {
            Self::Rounds => rounds::silent(&server, stage.scale).await,
            Self::Pushes => rounds::pushing(&server, stage.scale).await,
            Self::Runs => runs::sample(&server, "countdown", stage.scale).await,
            Self::Durable => runs::sample(&server, "kept", stage.scale).await,
            Self::Latency => latency::sample(&server, stage.scale).await,
            Self::Due => asleep::due(stage, &server).await,
            Self::Batched => broadcast::batched(&server, stage.scale).await,
            Self::Unbatched => broadcast::unbatched(&server, stage.scale).await,
            Self::Idle => idle::sample(&server, stage.scale).await,
            Self::Ping => ping::sample(&server, stage.scale).await,
            Self::Timers | Self::Ready | Self::Asleep => timers::sample(&server, stage.scale).await,
        }
    }
}

/// A request to run a flow with this input.
fn run_request(id: u64, input: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"run","params":{{"input":{input}}}}}"#)
}

/// What passed between two moments: on the clock, and of the server's CPU time.
struct Spent {
    wall: Duration,
    cpu: Duration,
}

struct Since {
    wall: Instant,
    cpu: Duration,
}

impl Since {
    fn now(server: &Server) -> anyhow::Result<Self> {
        Ok(Self { cpu: server.cpu()?, wall: Instant::now() })
    }

    fn spent(&self, server: &Server) -> anyhow::Result<Spent> {
        Ok(Spent { wall: self.wall.elapsed(), cpu: server.cpu()?.saturating_sub(self.cpu) })
    }
}

impl Spent {
    /// How many a second.
    fn per_second(&self, count: u64) -> f64 {
        count as f64 / self.wall.as_secs_f64()
    }

    /// Microseconds of CPU time for each of so many; the same as seconds for each million.
    fn cpu_us_each(&self, count: u64) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / count as f64
    }
}

/// Each session is an open file at both ends.
///
/// # Errors
///
/// The system does not allow it.
pub(crate) fn raise_open_files() -> anyhow::Result<()> {
    let limit = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })?)
}
