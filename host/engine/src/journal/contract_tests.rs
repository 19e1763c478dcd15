//! What every journal promises; each implementation runs all of it.

use std::sync::{Arc, Mutex};

use sandgate_flow::Value;
use sandgate_flow::event::{ActivationId, Caller, Event, Limits, Outcome, Recorded, RunId, Started, Timestamp};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{Batch, Durable, Entry, Error, Journal, Key, Memory, Query, Sqlite, Status, Summary, digest, sqlite};

pub(super) fn started(of: RunId) -> Recorded {
    let started = Started {
        run: of,
        flow: "countdown".into(),
        version: 1,
        seed: [0; 32],
        limits: Limits { paths_max: 1, activations_max: 1 },
        input: Value::Null,
        message: Value::Null,
        caller: Some(Caller { session: "s".into(), client: "ann".into() }),
        key: Some(of.to_string().into()),
        components: Vec::new(),
    };
    Recorded { at: Timestamp(0), event: Event::Started(Box::new(started)) }
}

pub(super) fn activated(number: u64) -> Recorded {
    Recorded { at: Timestamp(number), event: Event::Activated(ActivationId(number)) }
}

pub(super) fn ended() -> Recorded {
    Recorded { at: Timestamp(99), event: Event::Ended(Outcome::Completed) }
}

/// An id of a run that was started so many seconds after the epoch.
pub(super) fn run(number: u64) -> RunId {
    RunId(Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 1_000_000 + number, 0)))
}

pub(super) fn summary(of: RunId, status: Status) -> Summary {
    Summary {
        run: of,
        flow: "countdown".into(),
        version: 1,
        caller: None,
        key: None,
        started: Timestamp(7),
        ended: None,
        status,
        asleep_until: None,
        told: None,
    }
}

pub(super) fn batch(of: RunId, first: u64, events: Vec<Recorded>) -> Batch {
    let status = if events.contains(&ended()) { Status::Completed } else { Status::Running };
    Batch {
        run: of,
        first,
        summary: (first == 0 || status != Status::Running).then(|| summary(of, status)),
        events,
        snapshot: None,
        entries: Vec::new(),
        end: None,
        told: Box::new(drop),
    }
}

/// Appends, and waits until that is durable.
pub(super) async fn append(journal: &dyn Journal, mut batch: Batch) -> Result<Durable, Error> {
    let (told, durable) = oneshot::channel();
    batch.told = Box::new(|durable| drop(told.send(durable)));
    journal.append(batch);
    durable.await.unwrap()
}

async fn events(journal: &dyn Journal, of: RunId) -> Option<Vec<Recorded>> {
    journal.read(of).await.unwrap().map(|log| log.events)
}

async fn what_was_appended_is_read_in_order(journal: &dyn Journal) {
    let run = run(1);
    append(journal, batch(run, 0, vec![started(run), activated(2)])).await.unwrap();
    append(journal, batch(run, 2, vec![activated(3)])).await.unwrap();
    assert_eq!(events(journal, run).await.unwrap(), [started(run), activated(2), activated(3)]);
    let from = async |number| journal.events(run, number).await.unwrap();
    assert_eq!((from(1).await.first, from(1).await.events), (1, vec![activated(2), activated(3)]));
    assert_eq!((from(2).await.first, from(2).await.events), (2, vec![activated(3)]));
}

async fn batches_are_told_of_in_the_order_in_which_they_were_given(journal: &dyn Journal) {
    let order = Arc::new(Mutex::new(Vec::new()));
    let (done, all) = oneshot::channel();
    let mut done = Some(done);
    for number in 0..100 {
        let (run, order, done) = (run(100 + number), Arc::clone(&order), if number == 99 { done.take() } else { None });
        let told = move |durable: Result<Durable, Error>| {
            durable.unwrap();
            order.lock().unwrap().push(number);
            if let Some(done) = done {
                done.send(()).unwrap();
            }
        };
        journal.append(Batch { told: Box::new(told), ..batch(run, 0, vec![started(run)]) });
    }
    all.await.unwrap();
    assert_eq!(*order.lock().unwrap(), (0..100).collect::<Vec<_>>());
}

async fn runs_are_apart(journal: &dyn Journal) {
    let (one, other) = (run(3), run(4));
    append(journal, batch(one, 0, vec![started(one)])).await.unwrap();
    append(journal, batch(other, 0, vec![started(other)])).await.unwrap();
    assert_eq!(events(journal, one).await.unwrap(), [started(one)]);
    assert_eq!(events(journal, run(5)).await, None);
}

async fn a_run_that_ended_can_be_read(journal: &dyn Journal) {
    let run = run(6);
    append(journal, batch(run, 0, vec![started(run), ended()])).await.unwrap();
    assert_eq!(events(journal, run).await.unwrap(), [started(run), ended()]);
    assert_eq!(journal.summary(run).await.unwrap().unwrap().status, Status::Completed);
}

async fn runs_are_listed_the_youngest_first(journal: &dyn Journal) {
    let runs = [run(1_001), run(1_002), run(1_003)];
    for run in runs {
        let events = if run == runs[1] { vec![started(run), ended()] } else { vec![started(run)] };
        append(journal, batch(run, 0, events)).await.unwrap();
    }
    let listed = async |query: Query| -> Vec<RunId> {
        journal.list(query).await.unwrap().iter().map(|summary| summary.run).collect()
    };
    let all = Query { limit: 3, ..Query::default() };
    assert_eq!(listed(all.clone()).await, [runs[2], runs[1], runs[0]]);
    assert_eq!(listed(Query { before: Some(runs[2]), limit: 1, ..all.clone() }).await, [runs[1]]);
    assert_eq!(listed(Query { status: Some(Status::Completed), limit: 1, ..all.clone() }).await, [runs[1]]);
    assert_eq!(listed(Query { flow: Some("other".into()), ..all }).await, []);
}

async fn a_key_stands_for_the_run_that_was_started_with_it(journal: &dyn Journal) {
    let run = run(8);
    append(journal, batch(run, 0, vec![started(run)])).await.unwrap();
    let key = Key { flow: "countdown".into(), client: "ann".into(), key: run.to_string().into() };
    let keyed = journal.find(key.clone()).await.unwrap().unwrap();
    assert_eq!((keyed.run, keyed.input), (run, digest(&Value::Null)));
    assert_eq!(journal.find(Key { client: "bob".into(), ..key.clone() }).await.unwrap(), None);
    assert_eq!(journal.find(Key { flow: "other".into(), ..key }).await.unwrap(), None);
}

async fn what_is_said_comes_back_with_its_batch(journal: &dyn Journal) {
    let run = run(9);
    let entry = |body: &str| Entry { channel: "countdown everyone".into(), epoch: 1, body: body.into() };
    let entries = vec![entry("a"), entry("b")];
    let durable = append(journal, Batch { entries: entries.clone(), ..batch(run, 0, vec![started(run)]) }).await;
    assert_eq!(durable.unwrap().entries, entries);
}

async fn contract(journal: &dyn Journal) {
    what_was_appended_is_read_in_order(journal).await;
    batches_are_told_of_in_the_order_in_which_they_were_given(journal).await;
    runs_are_apart(journal).await;
    a_run_that_ended_can_be_read(journal).await;
    runs_are_listed_the_youngest_first(journal).await;
    a_key_stands_for_the_run_that_was_started_with_it(journal).await;
    what_is_said_comes_back_with_its_batch(journal).await;
    assert_eq!(journal.health(), Ok(()));
}

#[tokio::test]
async fn memory_keeps_the_contract() {
    contract(&Memory::new(10, 1_000_000)).await;
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    contract(&Sqlite::open(folder.path(), &sqlite::Limits::default()).unwrap().journal).await;
}

#[tokio::test]
async fn memory_forgets_the_oldest_of_the_runs_that_ended() {
    let journal = Memory::new(1, 1_000_000);
    let (first, second) = (run(1), run(2));
    append(&journal, batch(first, 0, vec![started(first), ended()])).await.unwrap();
    append(&journal, batch(second, 0, vec![started(second), ended()])).await.unwrap();
    assert_eq!(events(&journal, first).await, None);
    assert!(events(&journal, second).await.is_some());
    // Its last activation may still return.
    append(&journal, batch(first, 2, vec![activated(3)])).await.unwrap();
    assert_eq!(events(&journal, first).await, None);
}

#[tokio::test]
async fn memory_forgets_runs_that_ended_when_they_hold_too_much() {
    let journal = Memory::new(10, 2_000);
    let output = |run, size: usize| {
        let output = Event::Ended(Outcome::Output(Value::Bytes(vec![0; size].into())));
        let events = vec![started(run), Recorded { at: Timestamp(99), event: output }];
        Batch { summary: Some(summary(run, Status::Output)), ..batch(run, 0, events) }
    };
    let runs = [run(1), run(2), run(3), run(4)];
    append(&journal, output(runs[0], 1_000)).await.unwrap();
    assert!(events(&journal, runs[0]).await.is_some());
    append(&journal, output(runs[1], 1_000)).await.unwrap();
    assert_eq!(events(&journal, runs[0]).await, None);
    assert!(events(&journal, runs[1]).await.is_some());
    // One that is under way is kept, whatever it holds.
    append(&journal, batch(runs[2], 0, vec![started(runs[2]), activated(1)])).await.unwrap();
    append(&journal, output(runs[3], 10_000)).await.unwrap();
    assert_eq!(events(&journal, runs[3]).await, None);
    assert!(events(&journal, runs[2]).await.is_some());
}
