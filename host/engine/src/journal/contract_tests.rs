//! What every journal promises; each implementation runs all of it.

use sandgate_flow::Value;
use sandgate_flow::event::{ActivationId, Event, Limits, Outcome, Recorded, RunId, Started, Timestamp};
use uuid::Uuid;

use super::{Journal, Log, Memory};

fn started(of: RunId) -> Recorded {
    let started = Started {
        run: of,
        version: 1,
        seed: [0; 32],
        limits: Limits { paths_max: 1, activations_max: 1 },
        input: Value::Null,
        message: Value::Null,
        caller: None,
        components: Vec::new(),
    };
    Recorded { at: Timestamp(0), event: Event::Started(Box::new(started)) }
}

fn activated(number: u64) -> Recorded {
    Recorded { at: Timestamp(number), event: Event::Activated(ActivationId(number)) }
}

fn ended() -> Recorded {
    Recorded { at: Timestamp(99), event: Event::Ended(Outcome::Completed) }
}

fn run(number: u128) -> RunId {
    RunId(Uuid::from_u128(number))
}

async fn read(journal: &dyn Journal, of: RunId) -> Option<Log> {
    journal.read(of).await.unwrap()
}

async fn what_was_appended_is_read_in_order(journal: &dyn Journal) {
    journal.append(run(1), vec![started(run(1)), activated(2)]).await.unwrap();
    journal.append(run(1), vec![activated(3)]).await.unwrap();
    let log = read(journal, run(1)).await.unwrap();
    assert_eq!(log, Log { snapshot: None, events: vec![started(run(1)), activated(2), activated(3)] });
}

async fn an_append_counts_from_the_call_on(journal: &dyn Journal) {
    let first = journal.append(run(2), vec![started(run(2))]);
    let second = journal.append(run(2), vec![activated(2)]);
    second.await.unwrap();
    first.await.unwrap();
    assert_eq!(read(journal, run(2)).await.unwrap().events, [started(run(2)), activated(2)]);
}

async fn runs_are_apart(journal: &dyn Journal) {
    journal.append(run(3), vec![started(run(3))]).await.unwrap();
    journal.append(run(4), vec![started(run(4))]).await.unwrap();
    assert_eq!(read(journal, run(3)).await.unwrap().events, [started(run(3))]);
    assert_eq!(read(journal, run(5)).await, None);
}

async fn a_run_that_ended_can_be_read(journal: &dyn Journal) {
    journal.append(run(6), vec![started(run(6)), ended()]).await.unwrap();
    assert_eq!(read(journal, run(6)).await.unwrap().events, [started(run(6)), ended()]);
}

async fn contract(journal: &dyn Journal) {
    what_was_appended_is_read_in_order(journal).await;
    an_append_counts_from_the_call_on(journal).await;
    runs_are_apart(journal).await;
    a_run_that_ended_can_be_read(journal).await;
}

#[tokio::test]
async fn memory_keeps_the_contract() {
    contract(&Memory::new(10, 1_000_000)).await;
}

#[tokio::test]
async fn memory_forgets_the_oldest_of_the_runs_that_ended() {
    let journal = Memory::new(1, 1_000_000);
    journal.append(run(1), vec![started(run(1)), ended()]).await.unwrap();
    journal.append(run(2), vec![started(run(2)), ended()]).await.unwrap();
    assert_eq!(read(&journal, run(1)).await, None);
    assert!(read(&journal, run(2)).await.is_some());
    // Its last activation may still return.
    journal.append(run(1), vec![activated(3)]).await.unwrap();
    assert_eq!(read(&journal, run(1)).await, None);
}

#[tokio::test]
async fn memory_forgets_runs_that_ended_when_they_hold_too_much() {
    let journal = Memory::new(10, 2_000);
    let output = |size: usize| Recorded {
        at: Timestamp(99),
        event: Event::Ended(Outcome::Output(Value::Bytes(vec![0; size].into()))),
    };
    journal.append(run(1), vec![started(run(1)), output(1_000)]).await.unwrap();
    assert!(read(&journal, run(1)).await.is_some());
    journal.append(run(2), vec![started(run(2)), output(1_000)]).await.unwrap();
    assert_eq!(read(&journal, run(1)).await, None);
    assert!(read(&journal, run(2)).await.is_some());
    // One that is under way is kept, whatever it holds.
    journal.append(run(3), vec![started(run(3)), activated(1)]).await.unwrap();
    journal.append(run(4), vec![started(run(4)), output(10_000)]).await.unwrap();
    assert_eq!(read(&journal, run(4)).await, None);
    assert!(read(&journal, run(3)).await.is_some());
}
