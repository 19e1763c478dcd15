//! A daemon that is killed again and again while hundreds of runs are under way.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, ensure};
use futures_util::future::try_join_all;
use serde_json::{Value as Json, json};
use tokio::sync::Notify;

use crate::support::daemon::Daemon;
use crate::support::had::Had;
use crate::support::project::Project;
use crate::support::session::Session;

/// Step, sleep, step, push; and then the output.
const STEPS: &str = "
    format: 1
    flow: steps
    interface: { protocol: websocket, input: { a: { type: integer }, ms: { type: integer } } }
    start: first
    nodes:
      first: { call: counter.next, with: { count: \"${input.a}\", operator: decrement }, next: pause }
      pause: { call: function.sleep, with: { milliseconds: \"${input.ms}\" }, next: second }
      second: { call: counter.next, with: { index: \"${first}\", count: \"${input.a}\", operator: decrement }, next: show }
      show: { call: client.reply, with: { message: \"${second}\" }, next: done }
      done: { call: output.result, with: { value: \"${[first, second]}\" } }
    ";

const CLIENTS: u64 = 20;
const RUNS_EACH: u64 = 11;
const KILLS: u64 = 6;
/// A push and an output.
const ENTRIES: u64 = CLIENTS * RUNS_EACH * 2;

/// Runs are told by what they count down from.
fn a(client: u64, run: u64) -> u64 {
    client * 1_000 + run + 10
}

/// What a client has, over all the daemon's lives.
struct Client {
    address: String,
    had: Had,
    /// How many of its runs were acknowledged.
    started: u64,
    /// By the run's number: what was pushed, and what came out.
    pushed: BTreeMap<u64, u64>,
    ended: BTreeMap<u64, Json>,
}

impl Client {
    fn new(number: u64) -> Self {
        let address = format!("steps?client=client-{number}");
        Self { address, had: Had::default(), started: 0, pushed: BTreeMap::new(), ended: BTreeMap::new() }
    }

    fn has_all(&self) -> bool {
        self.ended.len() as u64 == RUNS_EACH
    }

    /// Starts its runs, each with a key: it may have to ask again.
    async fn start(&mut self, session: &mut Session, number: u64) -> anyhow::Result<()> {
        while self.started < RUNS_EACH {
            let run = self.started;
            let input = json!({ "a": a(number, run), "ms": (number * 37 + run * 113) % 900 });
            session.call("start", json!({ "input": input, "key": run.to_string() })).await?;
            self.started += 1;
        }
        Ok(())
    }

    /// Takes what it is sent, until it has everything.
    async fn listen(&mut self, mut session: Session, heard: &Heard) -> anyhow::Result<()> {
        while !self.has_all() {
            let Ok(notification) = session.next().await else { return Ok(()) };
            self.take(&notification)?;
            heard.one_more();
        }
        Ok(())
    }

    fn take(&mut self, notification: &Json) -> anyhow::Result<()> {
        self.had.take(notification)?;
        let params = &notification["params"];
        if notification["method"] == "push" {
            let value = params["message"].as_u64().with_context(|| notification.to_string())?;
            ensure!(self.pushed.insert(value + 1, value).is_none(), "pushed twice: {notification}");
        } else {
            let first = params["value"].get(0).and_then(Json::as_u64).with_context(|| notification.to_string())?;
            let output = params["value"].clone();
            ensure!(output == json!([first, first - 1]), "not what was recorded: {notification}");
            ensure!(self.ended.insert(first, output).is_none(), "ended twice: {notification}");
        }
        Ok(())
    }
}

/// How much all clients together have heard, and when it is time to kill.
struct Heard {
    count: AtomicU64,
    kill_at: u64,
    enough: Notify,
}

impl Heard {
    fn one_more(&self) {
        if self.count.fetch_add(1, Ordering::Relaxed) + 1 >= self.kill_at {
            self.enough.notify_one();
        }
    }
}

/// By run and the number of the first event.
type Rows = BTreeMap<(Vec<u8>, i64), Vec<u8>>;

/// The rows of events, as they are on the disk.
fn rows(data: &Path) -> anyhow::Result<Rows> {
    let database = rusqlite::Connection::open(data.join("journal.sqlite"))?;
    let mut select = database.prepare("SELECT run, first, body FROM events")?;
    let rows = select.query_map((), |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Serves once: clients come back, and listen until they have everything or the daemon is killed.
async fn live(daemon: &mut Daemon, clients: &mut [Client], kill_at: u64) -> anyhow::Result<()> {
    let heard = Heard { count: AtomicU64::new(0), kill_at, enough: Notify::new() };
    let so_far: u64 = clients.iter().map(|client| (client.pushed.len() + client.ended.len()) as u64).sum();
    heard.count.store(so_far, Ordering::Relaxed);
    let (served, heard) = (&*daemon, &heard);
    let listening = clients.iter_mut().enumerate().map(|(number, client)| async move {
        let mut session = client.had.resume(served, &client.address).await?;
        // The rest are started in the next life: it is killed in the middle of that too.
        if client.start(&mut session, number as u64).await.is_err() {
            return Ok(());
        }
        client.listen(session, heard).await
    });
    tokio::select! {
        listened = try_join_all(listening) => { listened?; }
        () = heard.enough.notified() => {}
    }
    daemon.kill()
}

#[tokio::test]
async fn nothing_is_lost_or_said_twice_however_often_the_daemon_is_killed() -> anyhow::Result<()> {
    let project = Project::of(&[("flows/steps.yaml", STEPS)])?;
    let data = tempfile::tempdir()?;
    let seed = u64::from(std::process::id());
    killed_again_and_again(&project, data.path(), seed).await.with_context(|| format!("seed {seed}"))
}

async fn killed_again_and_again(project: &Project, data: &Path, seed: u64) -> anyhow::Result<()> {
    let mut clients: Vec<_> = (0..CLIENTS).map(Client::new).collect();
    let mut recorded = Rows::new();
    for life in 0..=KILLS {
        let mut daemon = Daemon::keeping(project.path(), data, &[])?;
        // Somewhere in the next part of all that there is to hear.
        let part = ENTRIES / KILLS;
        let kill_at = if life < KILLS { life * part + 1 + (seed * 7_919 + life * 104_729) % part } else { u64::MAX };
        live(&mut daemon, &mut clients, kill_at).await?;
        let rows = rows(data)?;
        for (place, row) in &recorded {
            ensure!(rows.get(place) == Some(row), "what was recorded has changed");
        }
        recorded = rows;
    }
    for client in &clients {
        let has = (client.pushed.len() as u64, client.ended.len() as u64);
        ensure!(has == (RUNS_EACH, RUNS_EACH), "{} has {has:?}", client.address);
    }
    Ok(())
}
