//! What a daemon holds for runs, instances and sessions: `docs/operations.md` has the figures.
//!
//! `cargo build --release -p sandgate && cargo run --release -p sandgate-tests --example held`

#![expect(clippy::print_stdout, reason = "it is read in a terminal")]

#[expect(dead_code, clippy::indexing_slicing, reason = "the tests' own: most of it is not needed here")]
#[path = "../support/mod.rs"]
mod support;

use std::fs;

use anyhow::Context as _;
use serde_json::json;

use support::daemon::Daemon;
use support::project::Project;
use support::session::Session;

/// Pushes, and then sleeps for a day.
const NAP: &str = "
format: 1
flow: nap
interface: { protocol: websocket }
start: it
nodes:
  it: { call: naps.go, with: { milliseconds: 86400000 } }
";

/// No sleep is long enough for an instance to be given up.
const KEPT: &str = "
[limits]
runs_per_session_max = 100000
[limits.engine]
unload_after_ms = 1000000000
";

const UNLOADED: &str = "
[limits]
runs_per_session_max = 100000
";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    println!("{:32} {:>12} {:>12} {:>8} {:>8}", "", "KiB in all", "KiB each", "maps", "threads");
    sleeping("sleeping runs", UNLOADED, &[1_000, 10_000, 50_000]).await?;
    sleeping("runs with an instance each", KEPT, &[1_000, 4_000]).await?;
    idle("idle sessions", &[1_000, 5_000]).await?;
    away("clients that are away", &[1_000, 10_000]).await
}

async fn sleeping(what: &str, limits: &str, counts: &[usize]) -> anyhow::Result<()> {
    let daemon = Project::of(&[("flows/nap.yaml", NAP), ("sandgate.toml", limits)])?.with_guest("naps")?.serve(&[])?;
    let mut session = Session::open(&daemon, "nap").await?;
    let mut started = 0;
    // The first run is not counted: it brings in what all share.
    let mut before = None;
    for count in [1].iter().chain(counts) {
        for _ in started..*count {
            session.start(json!({})).await?;
            session.until("push everyone 1").await?;
        }
        started = *count;
        // What was asked last is answered last.
        session.so_far().await?;
        let held = Held::by(&daemon)?;
        held.show(&format!("{started} {what}"), before.get_or_insert(held), started - 1);
    }
    Ok(())
}

async fn idle(what: &str, counts: &[usize]) -> anyhow::Result<()> {
    let daemon = Project::of(&[("flows/nap.yaml", NAP)])?.with_guest("naps")?.serve(&[])?;
    let mut sessions = vec![Session::open(&daemon, "nap").await?];
    let before = Held::by(&daemon)?;
    for count in counts {
        while sessions.len() < *count {
            sessions.push(Session::open(&daemon, "nap").await?);
        }
        Held::by(&daemon)?.show(&format!("{count} {what}"), &before, count - 1);
    }
    Ok(())
}

/// One after the other, each under an id of its own.
async fn away(what: &str, counts: &[usize]) -> anyhow::Result<()> {
    let daemon = Project::of(&[("flows/nap.yaml", NAP)])?.with_guest("naps")?.serve(&[])?;
    drop(Session::open(&daemon, "nap").await?);
    let before = Held::by(&daemon)?;
    let mut gone = 0;
    for count in counts {
        for _ in gone..*count {
            drop(Session::open(&daemon, "nap").await?);
        }
        gone = *count;
        Held::by(&daemon)?.show(&format!("{gone} {what}"), &before, gone);
    }
    Ok(())
}

/// What the kernel says that a process holds.
#[derive(Clone, Copy)]
struct Held {
    resident_kib: usize,
    maps: usize,
    threads: usize,
}

impl Held {
    fn by(daemon: &Daemon) -> anyhow::Result<Self> {
        let process = format!("/proc/{}", daemon.pid());
        let status = fs::read_to_string(format!("{process}/status"))?;
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let line = line.with_context(|| format!("the kernel does not say {name}"))?;
            anyhow::Ok(line.trim().trim_end_matches(" kB").parse()?)
        };
        let maps = fs::read_to_string(format!("{process}/maps"))?.lines().count();
        Ok(Self { resident_kib: number("VmRSS:")?, maps, threads: number("Threads:")? })
    }

    /// Shows it, and what each of `count` takes that have come since.
    fn show(&self, what: &str, before: &Self, count: usize) {
        let more = self.resident_kib.saturating_sub(before.resident_kib);
        let each = if count == 0 { 0.0 } else { more as f64 / count as f64 };
        println!("{what:32} {:>12} {each:>12.1} {:>8} {:>8}", self.resident_kib, self.maps, self.threads);
    }
}
