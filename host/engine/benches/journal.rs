//! What making rows durable costs, without runs: `cargo xtask bench core`.

#![expect(clippy::unwrap_used, reason = "a benchmark says so by failing")]

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sandgate_engine::journal::sqlite::{Limits, Sqlite};
use sandgate_engine::journal::{Batch, Journal};
use sandgate_flow::Value;
use sandgate_flow::event::{ActivationId, Cost, Event, Recorded, Returned, RunId, Timestamp};
use uuid::Uuid;

/// Runs that each have one row on its way.
const RUNS: u64 = 64;

/// An activation and its return, as a short step records them.
fn events() -> Vec<Recorded> {
    let returned = Returned::Value(Value::from("what a component returned, a line of text or so"));
    let activation = ActivationId(7);
    [Event::Activated(activation), Event::Returned { activation, returned, cost: Cost::default() }]
        .map(|event| Recorded { at: Timestamp(1_772_352_309_120_001), event })
        .into()
}

/// Appends a row, and when that is durable the next, until there are so many.
fn append(journal: Arc<Sqlite>, run: RunId, number: u64, left: u64, done: SyncSender<()>) {
    let next = Arc::clone(&journal);
    journal.append(Batch {
        run,
        first: number * 2,
        events: events(),
        summary: None,
        snapshot: None,
        entries: Vec::new(),
        end: None,
        told: Box::new(move |durable| {
            durable.unwrap();
            match left - 1 {
                0 => done.send(()).unwrap(),
                left => append(next, run, number + 1, left, done),
            }
        }),
    });
}

fn rows(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let journal = Arc::new(Sqlite::open(folder.path(), &Limits::default()).unwrap().journal);
    let mut group = criterion.benchmark_group("journal");
    group.throughput(Throughput::Elements(RUNS));
    group.bench_function("rows made durable, 64 a commit", |bencher| {
        bencher.iter_custom(|commits| {
            let (done, all) = sync_channel(usize::try_from(RUNS).unwrap());
            let began = Instant::now();
            for _ in 0..RUNS {
                append(Arc::clone(&journal), RunId(Uuid::now_v7()), 0, commits, done.clone());
            }
            (0..RUNS).for_each(|_| all.recv().unwrap());
            began.elapsed()
        });
    });
    group.finish();
    journal.close();
}

criterion_group!(benches, rows);
criterion_main!(benches);
