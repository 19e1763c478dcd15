//! `sandgate serve`: serves a project's flows until it is told to stop.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use sandgate_engine::journal::Journal;
use sandgate_engine::journal::sqlite::{Histories, Sqlite, Unended};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::place::{Changed, Place};
use super::running::Running;
use crate::channel::{Disk, Hub};
use crate::config::Server as Section;
use crate::listener;
use crate::origin::Allowed;
use crate::output::{self, Explained};
use crate::project::{self, Folder, Project};
use crate::publishing::Publisher;
use crate::recalled::Recalled;
use crate::server::Server;

/// Serve the flows of a project over WebSocket and HTTP
///
/// Publishes what is new or changed in its flows/ first. A flow that has errors goes on in the version that was published
/// last, and harms no other: the log and the page at / say what is wrong with it.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The project's folder [default: this one; if that is no project, whatever was published in --data is served]
    project: Option<PathBuf>,
    /// The address and port; port 0 takes one that is free [default: of sandgate.toml, or 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Where versions, runs, what they said, and compiled components are kept [default: .sandgate in the project's folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Serve anew whatever changes in the project's files; runs under way keep what they began with
    #[arg(long)]
    dev: bool,
    /// Let pages of this origin connect, https://shop.example for instance; may be given more than once
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  sandgate serve                       the project in this folder, at http://127.0.0.1:8080
  sandgate serve shop --dev            reloads whatever changes
  sandgate serve shop --listen 127.0.0.1:0 --allow-origin http://localhost:3000
  sandgate serve --data /var/lib/shop  what was published there, without the project";

const PORT: u16 = 8080;

pub(super) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let place = Place::find_or_empty(arguments.project.as_deref(), arguments.data.clone())?;
    let config = place.read_config()?;
    let listen = arguments.listen.or(config.server.listen).unwrap_or((Ipv4Addr::LOCALHOST, PORT).into());
    listener::refuse_beyond_loopback(listen)?;
    let origins = origins(&arguments, &config.server, listen)?;
    let watched = watched(&arguments, &place)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("sandgate").build()?;
    // Before anything is compiled or published: one that cannot serve changes nothing.
    let listener = runtime.block_on(bind(listen))?;
    let stored = Sqlite::open(&place.data, &config.limits.engine.journal).context("what is stored cannot be used")?;
    let journal = Arc::new(stored.journal);
    let publisher = place.open(config, Changed::Published, Some(Arc::clone(&journal) as Arc<dyn Journal>))?;
    let left_over = publisher.versions.store().sweep()?;
    if left_over > 0 {
        tracing::info!("removed {left_over} files of components that no version calls");
    }
    project::announce(&publisher.projects.current(), None);
    stored.damage.iter().for_each(|damage| tracing::error!("what is stored is damaged: {damage}; all else is used"));
    let disk = Disk::new(Arc::clone(&journal) as Arc<dyn Histories>, stored.epoch, stored.channels);
    let served = runtime.block_on(serve(publisher, disk, stored.unended, Listening { listener, origins, watched }));
    // A reload that is under way is not waited for.
    runtime.shutdown_background();
    journal.close();
    served.map(|()| ExitCode::SUCCESS)
}

/// The folder whose changes are looked for.
fn watched(arguments: &Arguments, place: &Place) -> anyhow::Result<Option<Folder>> {
    match &place.folder {
        Some(folder) => Ok(arguments.dev.then(|| folder.clone())),
        None if arguments.dev => {
            Err(Explained::new("--dev looks for changes in a project's files, and there is no project")
                .help("name the project's folder, or leave --dev out")
                .into())
        }
        None => Ok(None),
    }
}

async fn bind(listen: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(listen).await.map_err(|error| {
        Explained::new(format!("{listen} cannot be listened on: {error}"))
            .help("`--listen 127.0.0.1:0` takes a port that is free")
            .into()
    })
}

/// How a server listens.
struct Listening {
    listener: TcpListener,
    origins: Allowed,
    /// The folder whose changes are looked for.
    watched: Option<Folder>,
}

async fn serve(publisher: Publisher, disk: Disk, unended: Vec<Unended>, how: Listening) -> anyhow::Result<()> {
    let Listening { listener, origins, watched } = how;
    let shutdown = stop_on_signals()?;
    let address = listener.local_addr()?;
    let _running =
        Running::at(publisher.versions.store().folder(), address).context("the data folder cannot be used")?;
    let ready = ready(&publisher.projects.current(), address);
    if let Some(folder) = watched {
        tokio::spawn(project::watch(folder, Arc::clone(&publisher.projects), shutdown.clone()));
    }
    let limits = Arc::clone(&publisher.limits);
    let (engine, projects) = (publisher.versions.engine().clone(), Arc::clone(&publisher.projects));
    let hub = Hub::new(Arc::clone(&limits), engine.clone(), Some(disk));
    if !unended.is_empty() {
        tracing::info!("{} runs go on that had not ended", unended.len());
    }
    engine.recover(Arc::new(Recalled::new(publisher.versions.clone(), hub.clone())), &unended);
    // What is tried is heard of by nobody else: it has a journal of its own, which forgets it.
    let aside =
        engine.beside(sandgate_engine::engine::Config { limits: limits.engine.clone(), ..Default::default() })?;
    let server = Server { aside, engine, projects, publisher, hub, limits, origins };
    output::line(ready).context("standard output is closed")?;
    server.serve(listener, shutdown).await;
    tracing::info!("stopped");
    Ok(())
}

fn origins(arguments: &Arguments, section: &Section, listen: SocketAddr) -> anyhow::Result<Allowed> {
    Ok(Allowed::new(listen, arguments.allow_origin.iter().chain(&section.allow_origin))?)
}

/// Where to look. Programs that start this one read the first line.
fn ready(project: &Project, address: SocketAddr) -> String {
    let Project { name, flows, .. } = project;
    let count = flows.values().filter(|flow| flow.served.is_some()).count();
    let mut ready = format!("sandgate: serving {count} flows of {name} at http://{address}");
    let width = flows.keys().map(|id| id.len()).max().unwrap_or(0).max("Studio".len());
    // Writing to a text cannot fail.
    let _ = write!(ready, "\n  {:width$}  http://{address}/", "all");
    let _ = write!(ready, "\n  {:width$}  http://{address}/studio", "Studio");
    for (id, flow) in flows {
        let errors = if flow.served.is_some() { "" } else { "  (its file has errors)" };
        let _ = write!(ready, "\n  {id:width$}  http://{address}/try/{id}{errors}");
    }
    ready
}

/// Cancelled at the first signal to stop; the second one ends the program where it stands.
fn stop_on_signals() -> anyhow::Result<CancellationToken> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let shutdown = CancellationToken::new();
    let token = shutdown.clone();
    tokio::spawn(async move {
        either(&mut terminate, &mut interrupt).await;
        tracing::info!("stopping: sessions are closed; once more stops at once");
        token.cancel();
        either(&mut terminate, &mut interrupt).await;
        std::process::exit(1);
    });
    Ok(shutdown)
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}
