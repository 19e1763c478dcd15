//! What a journal on disk keeps over restarts, and what it finds out.

use std::path::Path;

use sandgate_flow::event::RunId;

use super::super::contract_tests::{activated, append, batch, ended, run, started};
use super::super::{Batch, Entry, Error, Journal as _, Place, Status};
use super::*;

fn open(folder: &Path) -> Opened {
    Sqlite::open(folder, &Limits::default()).unwrap()
}

fn entry(channel: &str, body: &str) -> Entry {
    Entry { channel: channel.into(), epoch: 7, body: body.into() }
}

async fn say(journal: &Sqlite, of: RunId, entries: &[Entry]) -> Vec<u64> {
    let said = Batch { entries: entries.to_vec(), ..batch(of, 0, vec![started(of)]) };
    append(journal, said).await.unwrap().places.iter().map(|place| place.offset).collect()
}

fn bodies(history: &History) -> Vec<(u64, &str)> {
    history.entries.iter().map(|(offset, body)| (*offset, std::str::from_utf8(body).unwrap())).collect()
}

#[tokio::test]
async fn runs_and_channels_are_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (under_way, asleep, over) = (run(1), run(2), run(3));
    let first = open(folder.path());
    let journal = first.journal;
    assert_eq!(say(&journal, under_way, &[entry("f everyone", "a"), entry("f everyone", "b")]).await, [1, 2]);
    let mut sleeps = batch(asleep, 0, vec![started(asleep)]);
    sleeps.summary.as_mut().unwrap().asleep_until = Some(Timestamp(5));
    append(&journal, sleeps).await.unwrap();
    append(&journal, batch(over, 0, vec![started(over), ended()])).await.unwrap();
    drop(journal);
    assert!(!folder.path().join("journal.sqlite-wal").exists(), "the log is written into the database at the end");

    let again = open(folder.path());
    assert_eq!(again.damage, Vec::<String>::new());
    let unended = |run, asleep_until| Unended { run, asleep_until };
    assert_eq!(again.unended, [unended(under_way, None), unended(asleep, Some(Timestamp(5)))]);
    assert_eq!(again.channels, [("f everyone".into(), Place { epoch: 7, offset: 2 })]);
    assert_eq!(again.epoch, first.epoch);
    let log = again.journal.read(under_way).await.unwrap().unwrap();
    assert_eq!((log.events, log.summary.unwrap().status), (vec![started(under_way)], Status::Running));
    let history = again.journal.history("f everyone".into(), 0, 2).await.unwrap();
    assert_eq!(bodies(&history), [(1, "a"), (2, "b")]);
    assert_eq!(say(&again.journal, run(4), &[entry("f everyone", "c")]).await, [3]);
}

#[tokio::test]
async fn history_is_kept_by_count_and_what_is_gone_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { history_entries_max: 2, ..Limits::default() };
    let journal = Sqlite::open(folder.path(), &limits).unwrap().journal;
    for (number, body) in (1..).zip(["a", "b", "c", "d"]) {
        say(&journal, run(number), &[entry("f everyone", body)]).await;
    }
    let history = journal.history("f everyone".into(), 1, 4).await.unwrap();
    assert_eq!(bodies(&history), [(3, "c"), (4, "d")]);
    let history = journal.history("f everyone".into(), 3, 3).await.unwrap();
    assert_eq!(bodies(&history), []);
}

#[tokio::test]
async fn what_is_too_old_is_forgotten_and_offsets_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let limits =
        Limits { history_ms_max: 0, ended_runs_stored_ms_max: 0, key_ms_max: 0, tidy_every_ms: 1, ..Limits::default() };
    let journal = Sqlite::open(folder.path(), &limits).unwrap().journal;
    let (over, under_way) = (run(1), run(2));
    let said = Batch { entries: vec![entry("f everyone", "a")], ..batch(over, 0, vec![started(over), ended()]) };
    append(&journal, said).await.unwrap();
    append(&journal, batch(under_way, 0, vec![started(under_way)])).await.unwrap();
    while journal.read(over).await.unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    assert!(journal.read(under_way).await.unwrap().is_some());
    while !journal.history("f everyone".into(), 0, 1).await.unwrap().entries.is_empty() {
        tokio::task::yield_now().await;
    }
    drop(journal);
    let again = open(folder.path());
    assert_eq!(again.channels, [("f everyone".into(), Place { epoch: 7, offset: 1 })]);
}

#[tokio::test]
async fn more_runs_than_are_kept_are_forgotten_the_oldest_first() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { ended_runs_stored_max: 2, tidy_every_ms: 1, ..Limits::default() };
    let journal = Sqlite::open(folder.path(), &limits).unwrap().journal;
    let runs: Vec<_> = (0..4)
        .map(|ago| {
            let now = uuid::Timestamp::now(uuid::NoContext).to_unix().0;
            RunId(uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, now - 10 + ago, 0)))
        })
        .collect();
    for of in &runs {
        append(&journal, batch(*of, 0, vec![started(*of), ended()])).await.unwrap();
    }
    while journal.read(runs[1]).await.unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    assert!(journal.read(runs[2]).await.unwrap().is_some());
}

#[tokio::test]
async fn a_channel_that_was_forgotten_begins_anew_in_another_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { tidy_every_ms: 1, ..Limits::default() };
    let first = Sqlite::open(folder.path(), &limits).unwrap();
    say(&first.journal, run(1), &[entry("f client:ann", "a")]).await;
    first.journal.forget("f client:ann".into());
    while !first.journal.history("f client:ann".into(), 0, 1).await.unwrap().entries.is_empty() {
        tokio::task::yield_now().await;
    }
    drop(first.journal);
    let again = open(folder.path());
    assert_eq!(again.channels, []);
    assert_ne!(again.epoch, first.epoch);
}

#[tokio::test]
async fn a_folder_is_made_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("made/data");
    drop(open(&data));
    assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn what_is_appended_after_the_end_fails() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(folder.path()).journal;
    journal.close();
    assert_eq!(append(&journal, batch(run(1), 0, vec![started(run(1))])).await, Err(Error::Closed));
}

/// A journal with some runs, as it lies on the disk after the process was killed: with its write-ahead log.
async fn killed() -> (tempfile::TempDir, Vec<RunId>) {
    let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let journal = open(folder.path()).journal;
    let runs: Vec<_> = (1..=20).map(run).collect();
    for of in &runs {
        let events = vec![started(*of), activated(1), activated(2)];
        append(&journal, Batch { entries: vec![entry("f everyone", "a")], ..batch(*of, 0, events) }).await.unwrap();
    }
    for file in [FILE, "journal.sqlite-wal", "journal.mark"] {
        std::fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
    }
    (copy, runs)
}

/// Whether the runs, and what they said, are all there as they were.
async fn is_whole(journal: &Sqlite, runs: &[RunId]) -> bool {
    for of in runs {
        match journal.read(*of).await {
            Ok(Some(log)) if log.summary.is_some() && log.events == [started(*of), activated(1), activated(2)] => {}
            _ => return false,
        }
    }
    let said = journal.history("f everyone".into(), 0, runs.len() as u64).await;
    said.is_ok_and(|said| said.entries.len() == runs.len())
}

/// What is found out of a journal with damaged files: that it cannot be opened, or is damaged, or a run is.
async fn is_found_out(folder: &Path, runs: &[RunId]) -> bool {
    let Ok(opened) = Sqlite::open(folder, &Limits::default()) else { return true };
    let mut found = !opened.damage.is_empty();
    for of in runs {
        found |= opened.journal.read(*of).await.is_err();
    }
    let said = opened.journal.history("f everyone".into(), 0, runs.len() as u64).await;
    // What is missing of it is told as a gap.
    found |= said.is_err() || said.is_ok_and(|said| said.entries.len() < runs.len());
    found || is_whole(&opened.journal, runs).await
}

#[tokio::test]
async fn after_a_kill_all_is_there() {
    let (folder, runs) = killed().await;
    let opened = open(folder.path());
    assert_eq!(opened.damage, Vec::<String>::new());
    assert!(is_whole(&opened.journal, &runs).await);
}

#[tokio::test]
async fn every_flipped_bit_of_the_files_is_found_out_or_harms_nothing() {
    let (folder, runs) = killed().await;
    for file in [FILE, "journal.sqlite-wal"] {
        let whole = std::fs::read(folder.path().join(file)).unwrap();
        // One in each stretch of the file, another one in each.
        for at in (0..whole.len()).step_by(whole.len() / 60).map(|at| (at + at / 7 % 97).min(whole.len() - 1)) {
            let copy = tempfile::tempdir().unwrap();
            for file in [FILE, "journal.sqlite-wal", "journal.mark"] {
                std::fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
            }
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            std::fs::write(copy.path().join(file), flipped).unwrap();
            assert!(is_found_out(copy.path(), &runs).await, "byte {at} of {file}");
        }
    }
}

#[tokio::test]
async fn every_flipped_bit_of_a_database_without_a_log_is_found_out_or_harms_nothing() {
    let (folder, runs) = killed().await;
    // It is written into the database when it is closed.
    drop(open(folder.path()));
    let whole = std::fs::read(folder.path().join(FILE)).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 120).map(|at| (at + at / 7 % 97).min(whole.len() - 1)) {
        let copy = tempfile::tempdir().unwrap();
        std::fs::copy(folder.path().join("journal.mark"), copy.path().join("journal.mark")).unwrap();
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        std::fs::write(copy.path().join(FILE), flipped).unwrap();
        assert!(is_found_out(copy.path(), &runs).await, "byte {at}");
    }
}

#[tokio::test]
async fn files_that_were_cut_off_are_found_out() {
    let (folder, runs) = killed().await;
    for file in [FILE, "journal.sqlite-wal"] {
        let whole = std::fs::read(folder.path().join(file)).unwrap();
        for part in 1..20 {
            let copy = tempfile::tempdir().unwrap();
            for file in [FILE, "journal.sqlite-wal", "journal.mark"] {
                std::fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
            }
            let cut = &whole[..whole.len() * part / 20];
            std::fs::write(copy.path().join(file), cut).unwrap();
            assert!(is_found_out(copy.path(), &runs).await, "{part}/20 of {file}");
        }
    }
}
