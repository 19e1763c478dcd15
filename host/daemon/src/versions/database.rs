//! The tables: what is read from them, and what is written.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use super::{Candidate, Digest, Error, Head, Needed, Note, Version};
use crate::config::Bounds;

/// How long one process waits for another that writes.
const WRITE_WAIT_MS_MAX: u64 = 10_000;

const OWNER_ONLY_FILE: u32 = 0o600;

/// What makes each format of the one before it. A database says in `user_version` how many it has been through. These
/// never change; more come after them.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE version (
        flow TEXT NOT NULL,
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        ending TEXT NOT NULL,
        message TEXT NOT NULL,
        published_ms INTEGER NOT NULL,
        restores INTEGER,
        PRIMARY KEY (flow, number)
    ) STRICT;
    CREATE TABLE component (
        flow TEXT NOT NULL,
        number INTEGER NOT NULL,
        name TEXT NOT NULL,
        digest BLOB NOT NULL,
        bounds TEXT NOT NULL,
        PRIMARY KEY (flow, number, name),
        FOREIGN KEY (flow, number) REFERENCES version (flow, number)
    ) STRICT;
    CREATE TABLE found (
        flow TEXT NOT NULL PRIMARY KEY,
        fingerprint BLOB NOT NULL
    ) STRICT;
"];

const HEAD: &str = "flow, number, ending, message, published_ms, restores, \
                    number = (SELECT max(number) FROM version AS of_flow WHERE of_flow.flow = version.flow)";

/// The database in this file, which is made if need be. Several processes may use the same one.
pub(super) fn open(path: &Path) -> Result<Connection, Error> {
    // What SQLite puts beside it has the same mode.
    let made = OpenOptions::new().write(true).create(true).truncate(false).mode(OWNER_ONLY_FILE).open(path);
    made.map_err(Error::file(path))?;
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_millis(WRITE_WAIT_MS_MAX))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    write(&mut connection, |transaction| migrate(path, transaction))?;
    Ok(connection)
}

fn migrate(path: &Path, transaction: &Transaction<'_>) -> Result<(), Error> {
    let found: usize = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = MIGRATIONS.len();
    if found > known {
        return Err(Error::Newer { path: path.to_owned(), found, known });
    }
    for migration in MIGRATIONS.iter().skip(found) {
        transaction.execute_batch(migration)?;
    }
    Ok(transaction.pragma_update(None, "user_version", known)?)
}

/// Does something that is written as a whole or not at all, with no other writer beside it.
pub(super) fn write<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

/// The number of the current version.
pub(super) fn current(connection: &Connection, flow: &str) -> rusqlite::Result<Option<u64>> {
    connection.query_row("SELECT max(number) FROM version WHERE flow = ?1", [flow], |row| row.get(0))
}

/// Every flow that has a version, by id.
pub(super) fn flows(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT DISTINCT flow FROM version ORDER BY flow")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// At most `count` versions below a number, newest first.
pub(super) fn heads(
    connection: &Connection,
    flow: &str,
    below: Option<u64>,
    count: usize,
) -> rusqlite::Result<Vec<Head>> {
    let sql = format!(
        "SELECT {HEAD} FROM version WHERE flow = ?1 AND (?2 IS NULL OR number < ?2) ORDER BY number DESC LIMIT ?3"
    );
    let mut statement = connection.prepare(&sql)?;
    statement.query_map(params![flow, below, count as u64], head)?.collect()
}

/// A version, if there is it.
pub(super) fn version(connection: &Connection, flow: &str, number: u64) -> rusqlite::Result<Option<Version>> {
    let sql = format!("SELECT {HEAD}, text FROM version WHERE flow = ?1 AND number = ?2");
    let found = connection.query_row(&sql, params![flow, number], |row| Ok((head(row)?, row.get("text")?)));
    let Some((head, text)) = found.optional()? else { return Ok(None) };
    Ok(Some(Version { head, text, components: components(connection, flow, number)? }))
}

fn components(connection: &Connection, flow: &str, number: u64) -> rusqlite::Result<Vec<Needed>> {
    let sql = "SELECT name, digest, bounds FROM component WHERE flow = ?1 AND number = ?2 ORDER BY name";
    let mut statement = connection.prepare(sql)?;
    let read = |row: &Row<'_>| {
        let name: String = row.get(0)?;
        Ok(Needed { name: name.into(), digest: Digest(row.get(1)?), bounds: bounds(row, 2)? })
    };
    statement.query_map(params![flow, number], read)?.collect()
}

fn bounds(row: &Row<'_>, index: usize) -> rusqlite::Result<Bounds> {
    let text: String = row.get(index)?;
    let wrong = |error: serde_json::Error| {
        rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error))
    };
    serde_json::from_str(&text).map_err(wrong)
}

fn head(row: &Row<'_>) -> rusqlite::Result<Head> {
    let flow: String = row.get(0)?;
    Ok(Head {
        flow: flow.into(),
        number: row.get(1)?,
        ending: row.get(2)?,
        message: row.get(3)?,
        published_ms: row.get(4)?,
        restores: row.get(5)?,
        current: row.get(6)?,
    })
}

/// The digests of all components that any version calls.
pub(super) fn digests(connection: &Connection) -> rusqlite::Result<Vec<Digest>> {
    let mut statement = connection.prepare("SELECT DISTINCT digest FROM component")?;
    statement.query_map([], |row| Ok(Digest(row.get(0)?)))?.collect()
}

/// Writes a version.
pub(super) fn insert(
    transaction: &Transaction<'_>,
    number: u64,
    candidate: &Candidate<'_>,
    note: Note<'_>,
    published_ms: u64,
) -> rusqlite::Result<()> {
    let Candidate { flow, text, ending, parts } = candidate;
    transaction.execute(
        "INSERT INTO version (flow, number, text, ending, message, published_ms, restores) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![flow, number, text, ending, note.message, published_ms, note.restores],
    )?;
    for Needed { name, digest, bounds } in parts.iter().map(|part| &part.needed) {
        // This has nothing that JSON could not say.
        let bounds = serde_json::to_string(bounds).unwrap_or_default();
        transaction.execute(
            "INSERT INTO component (flow, number, name, digest, bounds) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![flow, number, name, digest.0, bounds],
        )?;
    }
    Ok(())
}

/// What a project's files were when they were looked at last.
pub(super) fn found(connection: &Connection, flow: &str) -> rusqlite::Result<Option<Digest>> {
    let sql = "SELECT fingerprint FROM found WHERE flow = ?1";
    connection.query_row(sql, [flow], |row| Ok(Digest(row.get(0)?))).optional()
}

/// Remembers what a project's files are.
pub(super) fn set_found(transaction: &Transaction<'_>, flow: &str, found: &Digest) -> rusqlite::Result<()> {
    // Nothing is written, and waited for, if that is known.
    let sql = "INSERT INTO found (flow, fingerprint) VALUES (?1, ?2) \
               ON CONFLICT (flow) DO UPDATE SET fingerprint = excluded.fingerprint \
               WHERE fingerprint <> excluded.fingerprint";
    transaction.execute(sql, params![flow, found.0]).map(drop)
}
