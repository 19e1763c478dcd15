//! A simulation of the whole host but for its sockets: clients with what they had, sessions, the engine with the platform's
//! components, the journal on a disk that crashes. One seed decides everything. See docs/testing.md.

#![expect(clippy::print_stdout, reason = "what was found is for whoever runs it")]

mod chance;
mod checks;
mod clock;
mod device;
mod disk;
mod doings;
mod host;
mod ledger;
mod model;
mod setting;
mod store;
mod trace;
mod world;

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use host::Shared;
use world::World;

/// How many seeds the ordinary tests run.
const SEEDS: u64 = 50;

/// Stack for guests that are entered on the thread.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// What came of a seed.
struct Verdict {
    seed: u64,
    trace: String,
    wrong: Option<String>,
}

fn simulate(shared: &Shared, seed: u64) -> Verdict {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let folder = folder.expect("a folder can be made");
    let mut world = World::new(shared, folder.path(), seed);
    let ran = std::panic::catch_unwind(AssertUnwindSafe(|| world.run()));
    let wrong = ran.unwrap_or_else(|_| Err("it panicked, which standard error has".to_owned())).err();
    Verdict { seed, trace: world.trace.text().to_owned(), wrong }
}

/// Simulates these seeds on some threads, and answers those that failed, until there are several.
fn simulate_all(first: u64, count: u64, threads: u64) -> Vec<Verdict> {
    const FAILED_MAX: usize = 10;
    let (next, failed) = (AtomicU64::new(first), Mutex::new(Vec::new()));
    let work = || {
        // Of each thread its own, so that what one simulates is not another's concern.
        let shared = Shared::new().expect("the components were built");
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let done = seed - first;
            if done >= count || failed.lock().expect("no panic").len() >= FAILED_MAX {
                return;
            }
            let verdict = simulate(&shared, seed);
            if verdict.wrong.is_some() {
                failed.lock().expect("no panic").push(verdict);
            }
            if (done + 1).is_multiple_of(100) {
                println!("{} of {count} seeds", done + 1);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work).expect("a thread");
        }
    });
    let mut failed = failed.into_inner().expect("no panic");
    failed.sort_by_key(|verdict| verdict.seed);
    failed
}

/// A number of the environment, which `cargo xtask simulate` sets.
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn no_seed_breaks_a_promise() {
    let first = asked("SANDGATE_SIMULATE_FROM").unwrap_or(0);
    let count = asked("SANDGATE_SIMULATE_COUNT").unwrap_or(SEEDS);
    if count == 1 {
        // What the host says of it.
        let said = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(std::io::stderr);
        said.init();
    }
    let threads = thread::available_parallelism().map_or(1, |it| it.get() as u64);
    let failed = simulate_all(first, count, threads.min(count));
    failed.iter().for_each(tell);
    let seeds: Vec<_> = failed.iter().map(|verdict| verdict.seed).collect();
    assert!(seeds.is_empty(), "again: cargo xtask simulate --seed {}", seeds[0]);
}

/// Says what is wrong, and leaves what happened in a file.
fn tell(Verdict { seed, trace, wrong }: &Verdict) {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    std::fs::write(target.join(format!("simulated-{seed}.txt")), trace).expect("target can be written");
    println!("seed {seed}: {}", wrong.as_deref().unwrap_or_default());
    println!("  what happened is in target/simulated-{seed}.txt");
}

#[test]
fn the_same_seed_is_the_same_each_time() {
    let shared = Shared::new().expect("the components were built");
    for seed in [3, 8, 21] {
        let [one, other] = [(), ()].map(|()| on_a_thread(&shared, seed));
        assert!(one.trace.lines().count() > 20, "{}", one.trace);
        assert_eq!(one.trace, other.trace, "seed {seed}");
    }
}

fn on_a_thread(shared: &Shared, seed: u64) -> Verdict {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK_BYTES);
        thread.spawn_scoped(scope, || simulate(shared, seed)).expect("a thread").join().expect("no panic")
    })
}
