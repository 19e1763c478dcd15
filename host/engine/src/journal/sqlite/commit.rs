//! One commit: the batches of many runs, durable together or not at all.

use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use sandgate_flow::event::{RunId, Timestamp};

use super::super::{Batch, Durable, Entry, Error, Key, Keyed, Place, Status, Summary};
use super::format::seal;
use super::places::{Channels, InChannel, Keep, Said, Stored};

/// A batch, ready to be written: what can be done before is done by whoever appends it.
pub(super) struct Row {
    run: RunId,
    first: u64,
    events: Vec<u8>,
    summary: Option<Summary>,
    snapshot: Option<(u64, Vec<u8>)>,
    key: Option<(Key, Keyed)>,
    entries: Vec<Entry>,
    end: Option<usize>,
    at: Timestamp,
    begins: bool,
    told: Box<dyn FnOnce(Result<Durable, Error>) + Send>,
}

impl Row {
    pub(super) fn new(batch: Batch) -> Self {
        let begins = batch.begins();
        Self {
            key: batch.key(),
            run: batch.run,
            first: batch.first,
            events: seal(&place_of_events(batch.run, batch.first), &batch.events),
            snapshot: batch.snapshot.map(|state| (state.events(), seal(batch.run.0.as_bytes(), &state))),
            at: batch.events.last().map_or(Timestamp::default(), |last| last.at),
            summary: batch.summary,
            entries: batch.entries,
            end: batch.end,
            begins,
            told: batch.told,
        }
    }

    /// Whether a run begins with it: nobody has seen anything of it, so it may fail.
    pub(super) fn begins(&self) -> bool {
        self.begins
    }

    /// Whether a run ends with it.
    pub(super) fn ends(&self) -> bool {
        self.summary.as_ref().is_some_and(|summary| summary.status != Status::Running)
    }

    /// About how much is written for it.
    pub(super) fn bytes(&self) -> usize {
        let entries: usize = self.entries.iter().map(|entry| entry.body.len()).sum();
        self.events.len() + entries + self.snapshot.as_ref().map_or(0, |(_, state)| state.len())
    }

    /// Tells whoever appended it that it is durable.
    pub(super) fn done(self, places: Vec<Place>) {
        (self.told)(Ok(Durable { entries: self.entries, places }));
    }

    /// Tells whoever appended it that it is not, and will not be.
    pub(super) fn failed(self, error: Error) {
        (self.told)(Err(error));
    }
}

/// Whose key it is, as a text: a flow's id holds no space.
pub(super) fn scope_of(key: &Key) -> String {
    format!("{} {}", key.flow, key.client)
}

/// What the checksum of a key's row covers besides what it stands for.
pub(super) fn place_of_key(scope: &str, key: &str) -> Vec<u8> {
    [scope.as_bytes(), b"\n", key.as_bytes()].concat()
}

/// What the checksum of a row of events covers besides them.
pub(super) fn place_of_events(run: RunId, first: u64) -> [u8; 24] {
    let mut place = [0; 24];
    let bytes = run.0.as_bytes().iter().copied().chain(first.to_le_bytes());
    place.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    place
}

/// What the checksum of a row of history covers besides it.
pub(super) fn place_of_history(channel: i64, first: u64) -> [u8; 16] {
    let mut place = [0; 16];
    let bytes = channel.to_le_bytes().into_iter().chain(first.to_le_bytes());
    place.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    place
}

/// What a commit has done to the channels, once it is done.
pub(super) struct Committed {
    pub(super) said: Said,
    pub(super) forgotten: Vec<(Arc<str>, u64)>,
    /// For each row, where its entries are.
    pub(super) places: Vec<Vec<Place>>,
}

/// Writes these rows and waits until they are on the disk.
pub(super) fn commit(
    connection: &mut Connection,
    channels: &Channels,
    keep: Keep,
    rows: &[Row],
) -> rusqlite::Result<Committed> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut said = Said::default();
    let mut places = Vec::with_capacity(rows.len());
    for row in rows {
        let placed: Vec<_> = row.entries.iter().map(|entry| channels.place(&mut said, entry)).collect();
        let told = row.end.and_then(|end| placed.get(end)).copied();
        write(&transaction, row, told)?;
        places.push(placed);
    }
    let at = rows.iter().map(|row| row.at).max().unwrap_or_default();
    let mut forgotten = Vec::new();
    for added in said.channels() {
        say(&transaction, added, at)?;
        if let Some(upto) = channels.forgotten_with(added, keep) {
            transaction
                .prepare_cached("DELETE FROM history WHERE channel = ?1 AND last <= ?2")?
                .execute(params![added.number, signed(upto)])?;
            forgotten.push((Arc::clone(&added.name), upto));
        }
    }
    transaction.prepare_cached("UPDATE meta SET commits = commits + 1")?.execute(())?;
    transaction.commit()?;
    Ok(Committed { said, forgotten, places })
}

fn write(transaction: &Transaction<'_>, row: &Row, told: Option<Place>) -> rusqlite::Result<()> {
    let run = row.run.0.as_bytes().as_slice();
    if let Some(summary) = &row.summary {
        write_summary(transaction, &Summary { told, ..summary.clone() })?;
    }
    transaction.prepare_cached("INSERT INTO events (run, first, body) VALUES (?1, ?2, ?3)")?.execute(params![
        run,
        signed(row.first),
        row.events
    ])?;
    if let Some((events, state)) = &row.snapshot {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO snapshots (run, events, body) VALUES (?1, ?2, ?3)")?
            .execute(params![run, signed(*events), state])?;
    }
    if let Some((key, keyed)) = &row.key {
        let scope = scope_of(key);
        let body = seal(&place_of_key(&scope, &key.key), keyed);
        transaction
            .prepare_cached("INSERT INTO keys (scope, key, at, body) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![scope, &*key.key, signed(row.at.0), body])?;
    }
    Ok(())
}

pub(super) fn write_summary(transaction: &Connection, summary: &Summary) -> rusqlite::Result<()> {
    let run = summary.run.0.as_bytes().as_slice();
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO runs (run, flow, status, asleep_until, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            run,
            &*summary.flow,
            number_of(summary.status),
            summary.asleep_until.map(|due| signed(due.0)),
            seal(run, summary),
        ])?;
    Ok(())
}

/// The number of a status in the tables. Never changes.
pub(super) fn number_of(status: Status) -> i64 {
    match status {
        Status::Running => 0,
        Status::Output => 1,
        Status::Completed => 2,
        Status::Failed => 3,
        Status::Cancelled => 4,
        Status::Damaged => 5,
    }
}

fn say(transaction: &Transaction<'_>, added: &InChannel, at: Timestamp) -> rusqlite::Result<()> {
    if added.is_new {
        write_channel(transaction, added.number, &added.name, Stored { epoch: added.epoch, forgotten: 0 })?;
    }
    let segment = added.segment();
    transaction
        .prepare_cached("INSERT INTO history (channel, last, first, at, bytes, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![
            added.number,
            signed(segment.last),
            signed(segment.first),
            signed(at.0),
            signed(segment.bytes),
            seal(&place_of_history(added.number, segment.first), &added.bodies),
        ])?;
    Ok(())
}

pub(super) fn write_channel(connection: &Connection, number: i64, name: &str, stored: Stored) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO channels (channel, name, body) VALUES (?1, ?2, ?3)")?
        .execute(params![number, name, seal(name.as_bytes(), &stored)])?;
    Ok(())
}

/// As SQLite has integers; none that is stored is that large.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
