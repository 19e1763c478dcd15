//! What is asked of the tables.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use sandgate_flow::State;
use sandgate_flow::event::{Recorded, RunId, Timestamp};
use uuid::Uuid;

use super::super::{Error, Key, Keyed, Log, Numbered, Query, Status, Summary};
use super::commit::{number_of, place_of_events, place_of_history, place_of_key, scope_of, signed};
use super::format::unseal;
use super::places::{Channels, Segment, Stored};
use super::retention::first_run_of;
use super::{History, Unended};

type Result<T> = std::result::Result<T, Error>;

/// A run's log from its last snapshot on.
pub(super) fn log(connection: &Connection, run: RunId) -> Result<Option<Log>> {
    let snapshot = snapshot(connection, run)?;
    let from = snapshot.as_ref().map_or(0, |state| state.events());
    let events = events(connection, run, from, usize::MAX)?;
    match (&snapshot, events.first == from) {
        (None, true) if events.events.is_empty() => Ok(None),
        (_, true) => Ok(Some(Log { summary: summary(connection, run)?, snapshot, events: events.events })),
        (_, false) => Err(damaged(run, "its first events are missing")),
    }
}

fn snapshot(connection: &Connection, run: RunId) -> Result<Option<State>> {
    let id = run.0.as_bytes().as_slice();
    let body: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM snapshots WHERE run = ?1")
        .and_then(|mut select| select.query_row([id], |row| row.get(0)).optional())
        .map_err(reading)?;
    let unsealed = body.map(|body| unseal(id, &body)).transpose();
    unsealed.map_err(|wrong| damaged(run, &format!("its snapshot: {wrong}")))
}

/// The events of a run from this number on, without a hole: all of some rows, until there are so many of them.
pub(super) fn events(connection: &Connection, run: RunId, from: u64, events_max: usize) -> Result<Numbered> {
    let mut select = connection
        .prepare_cached(
            "SELECT first, body FROM events WHERE run = ?1 AND first >=
             coalesce((SELECT max(first) FROM events WHERE run = ?1 AND first <= ?2), 0) ORDER BY first",
        )
        .map_err(reading)?;
    let mut rows = select.query(params![run.0.as_bytes().as_slice(), signed(from)]).map_err(reading)?;
    let mut numbered = Numbered { first: from, events: Vec::new() };
    let mut next = None;
    while numbered.events.len() < events_max
        && let Some(row) = rows.next().map_err(reading)?
    {
        let first: u64 = row.get::<_, i64>(0).map_err(reading)?.unsigned_abs();
        let body: Vec<u8> = row.get(1).map_err(reading)?;
        if next.is_some_and(|next| next != first) {
            return Err(damaged(run, &format!("its events before number {first} are missing")));
        }
        let events: Vec<Recorded> = unseal(&place_of_events(run, first), &body)
            .map_err(|wrong| damaged(run, &format!("its events from number {first} on: {wrong}")))?;
        next = Some(first + events.len() as u64);
        let skipped = usize::try_from(from.saturating_sub(first)).unwrap_or(usize::MAX);
        if numbered.events.is_empty() {
            numbered.first = first.max(from);
        }
        numbered.events.extend(events.into_iter().skip(skipped));
    }
    Ok(numbered)
}

/// What is known of a run at a glance.
pub(super) fn summary(connection: &Connection, run: RunId) -> Result<Option<Summary>> {
    connection
        .prepare_cached("SELECT run, body FROM runs WHERE run = ?1")
        .and_then(|mut select| select.query_row([run.0.as_bytes().as_slice()], sealed_summary).optional())
        .map_err(reading)?
        .map(|(run, body)| unsealed_summary(run, &body))
        .transpose()
}

/// The runs that are asked for, the youngest first. One whose summary is damaged is listed as such.
pub(super) fn list(connection: &Connection, query: &Query) -> Result<Vec<Summary>> {
    let newest = query.until.map_or([0xff; 16], first_run_of);
    let before = query.before.map_or(newest, |run| newest.min(*run.0.as_bytes()));
    let oldest = query.since.map_or([0; 16], first_run_of);
    let mut select = connection
        .prepare_cached(
            "SELECT run, body FROM runs WHERE run < ?1 AND run >= ?2 AND (?3 IS NULL OR flow = ?3)
             AND (?4 IS NULL OR status = ?4) ORDER BY run DESC LIMIT ?5",
        )
        .map_err(reading)?;
    let rows = select
        .query_map(
            params![
                before.as_slice(),
                oldest.as_slice(),
                query.flow.as_deref(),
                query.status.map(number_of),
                signed(query.limit as u64)
            ],
            sealed_summary,
        )
        .map_err(reading)?;
    rows.map(|row| {
        let (run, body) = row.map_err(reading)?;
        Ok(unsealed_summary(run, &body).unwrap_or_else(|_| damaged_summary(run)))
    })
    .collect()
}

fn sealed_summary(row: &Row<'_>) -> rusqlite::Result<(RunId, Vec<u8>)> {
    Ok((RunId(Uuid::from_bytes(row.get(0)?)), row.get(1)?))
}

fn unsealed_summary(run: RunId, body: &[u8]) -> Result<Summary> {
    unseal(run.0.as_bytes(), body).map_err(|wrong| damaged(run, &format!("what is known of it: {wrong}")))
}

fn damaged_summary(run: RunId) -> Summary {
    Summary {
        run,
        flow: "".into(),
        version: 0,
        caller: None,
        key: None,
        started: Timestamp::default(),
        ended: None,
        status: Status::Damaged,
        asleep_until: None,
        told: None,
    }
}

/// The runs that have not ended. What is damaged on the way is named, and passed over.
pub(super) fn unended(connection: &Connection, damage: &mut Vec<String>) -> Vec<Unended> {
    let mut runs = Vec::new();
    let read = |order: &str, runs: &mut Vec<Unended>| -> rusqlite::Result<()> {
        let mut select = connection
            .prepare(&format!("SELECT run, asleep_until FROM runs INDEXED BY runs_under_way WHERE status = 0 ORDER BY asleep_until {order}"))?;
        let mut rows = select.query(())?;
        while let Some(row) = rows.next()? {
            if let Ok(run) = Uuid::from_slice(&row.get::<_, Vec<u8>>(0)?) {
                let asleep_until = row.get::<_, Option<i64>>(1)?.map(|due| Timestamp(due.unsigned_abs()));
                runs.push(Unended { run: RunId(run), asleep_until });
            }
        }
        Ok(())
    };
    if let Err(error) = read("ASC", &mut runs) {
        damage.push(format!("the table of runs: {error}"));
        // From the other end up to the damage.
        if let Err(error) = read("DESC", &mut runs) {
            tracing::debug!("from the other end as well: {error}");
        }
        runs.sort_unstable_by_key(|unended| unended.run);
        runs.dedup_by_key(|unended| unended.run);
    }
    runs
}

/// How many runs there are that have ended.
pub(super) fn ended_runs(connection: &Connection) -> rusqlite::Result<u64> {
    let count: i64 = connection.query_row("SELECT count(*) FROM runs WHERE status <> 0", (), |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// The run of a key.
pub(super) fn keyed(connection: &Connection, key: &Key) -> Result<Option<Keyed>> {
    let scope = scope_of(key);
    let body: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM keys WHERE scope = ?1 AND key = ?2")
        .and_then(|mut select| select.query_row(params![scope, &*key.key], |row| row.get(0)).optional())
        .map_err(reading)?;
    let unsealed = body.map(|body| unseal(&place_of_key(&scope, &key.key), &body)).transpose();
    unsealed.map_err(|wrong| Error::Damaged(format!("key {:?} of flow {}: {wrong}", key.key, key.flow)))
}

/// Every channel, with what is kept of it. One that is damaged is named, and passed over: it begins anew.
pub(super) fn channels(connection: &Connection, damage: &mut Vec<String>) -> rusqlite::Result<Channels> {
    let mut kept: HashMap<i64, VecDeque<Segment>> = HashMap::new();
    let mut select = connection.prepare("SELECT channel, first, last, bytes FROM history ORDER BY channel, last")?;
    let mut rows = select.query(())?;
    while let Some(row) = rows.next()? {
        let number = |at| row.get::<_, i64>(at).map(i64::unsigned_abs);
        let segment = Segment { first: number(1)?, last: number(2)?, bytes: number(3)? };
        kept.entry(row.get(0)?).or_default().push_back(segment);
    }
    let mut channels = Channels::default();
    let mut select = connection.prepare("SELECT channel, name, body FROM channels")?;
    let mut rows = select.query(())?;
    while let Some(row) = rows.next()? {
        let (number, name, body): (i64, String, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        match unseal::<Stored>(name.as_bytes(), &body) {
            Ok(stored) => channels.restore(name.into(), number, stored, kept.remove(&number).unwrap_or_default()),
            Err(wrong) => damage.push(format!("channel {name:?}: {wrong}")),
        }
    }
    Ok(channels)
}

/// What was said in a channel after one offset, up to another.
pub(super) fn history(connection: &Connection, name: &str, after: u64, upto: u64) -> Result<History> {
    let mut select = connection
        .prepare_cached(
            "SELECT history.channel, first, history.body FROM history JOIN channels USING (channel)
             WHERE name = ?1 AND last > ?2 AND first <= ?3 ORDER BY last",
        )
        .map_err(reading)?;
    let mut rows = select.query(params![name, signed(after), signed(upto)]).map_err(reading)?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next().map_err(reading)? {
        let (number, first, body): (i64, i64, Vec<u8>) =
            (row.get(0).map_err(reading)?, row.get(1).map_err(reading)?, row.get(2).map_err(reading)?);
        let first = first.unsigned_abs();
        match unseal::<Vec<Vec<u8>>>(&place_of_history(number, first), &body) {
            Ok(bodies) => entries.extend((first..).zip(bodies).filter(|(at, _)| *at > after && *at <= upto)),
            // Whoever asks is told that it is gone.
            Err(wrong) => tracing::error!("the history of {name:?} from offset {first} on is damaged: {wrong}"),
        }
    }
    Ok(History { entries })
}

pub(super) fn damaged(run: RunId, what: &str) -> Error {
    Error::Damaged(format!("run {run}: {what}"))
}

pub(super) fn reading(error: rusqlite::Error) -> Error {
    let is_damage = matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
    );
    if is_damage { Error::Damaged(error.to_string()) } else { Error::Reading(error.to_string()) }
}

/// The names of channels, with where each stands, by name.
pub(super) fn standing(channels: &Channels) -> Vec<(Arc<str>, super::super::Place)> {
    let place = |channel: &super::places::Channel| super::super::Place { epoch: channel.epoch, offset: channel.offset };
    let mut standing: Vec<_> = channels.iter().map(|(name, channel)| (Arc::clone(name), place(channel))).collect();
    standing.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    standing
}
