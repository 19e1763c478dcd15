//! What is forgotten, and when: runs that ended by count and age, keys and history by age, channels when they are asked to be.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use sandgate_flow::event::Timestamp;

use super::commit::{signed, write_channel};
use super::places::{Channels, Stored};

/// Runs that are forgotten in one transaction: more would make others wait.
const RUNS_AT_ONCE: u64 = 500;

/// How much is kept, and how many runs that ended there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retention {
    pub(super) ended_runs: u64,
    pub(super) ended_runs_max: u64,
    pub(super) run_age: Duration,
    pub(super) key_age: Duration,
    pub(super) history_age: Duration,
}

impl Retention {
    /// So many more runs have ended.
    pub(super) fn note_ended(&mut self, runs: usize) {
        self.ended_runs += runs as u64;
    }

    /// Whether there are so many that it is worth forgetting some now.
    pub(super) fn is_over(&self) -> bool {
        self.ended_runs > self.ended_runs_max + RUNS_AT_ONCE
    }

    /// Forgets what is to be forgotten, some of it at least.
    pub(super) fn tidy(
        &mut self,
        connection: &mut Connection,
        channels: &mut Channels,
        forget: &[Arc<str>],
        now: Timestamp,
    ) -> rusqlite::Result<()> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let surplus = self.ended_runs.saturating_sub(self.ended_runs_max).min(RUNS_AT_ONCE);
        let mut runs = forget_runs(&transaction, None, surplus)?;
        runs += forget_runs(&transaction, Some(before(now, self.run_age)), RUNS_AT_ONCE)?;
        transaction.prepare_cached("DELETE FROM keys WHERE at < ?1")?.execute([signed(before(now, self.key_age).0)])?;
        let aged = forget_history(&transaction, channels, before(now, self.history_age))?;
        for name in forget {
            forget_channel(&transaction, channels, name)?;
        }
        transaction.commit()?;
        self.ended_runs = self.ended_runs.saturating_sub(runs);
        aged.iter().for_each(|(name, upto)| channels.forget_upto(name, *upto));
        forget.iter().for_each(|name| drop(channels.remove(name)));
        Ok(())
    }
}

fn before(now: Timestamp, age: Duration) -> Timestamp {
    Timestamp::default() + now.since(Timestamp::default()).saturating_sub(age)
}

/// Forgets the oldest runs that ended, those started before some time if one is given.
fn forget_runs(transaction: &Transaction<'_>, before: Option<Timestamp>, runs_max: u64) -> rusqlite::Result<u64> {
    if runs_max == 0 {
        return Ok(0);
    }
    let bound = before.map_or([0xff; 16], first_run_of);
    let mut select =
        transaction.prepare_cached("SELECT run FROM runs WHERE status <> 0 AND run < ?1 ORDER BY run LIMIT ?2")?;
    let runs = select.query_map(params![bound.as_slice(), signed(runs_max)], |row| row.get::<_, Vec<u8>>(0))?;
    let runs = runs.collect::<rusqlite::Result<Vec<_>>>()?;
    for run in &runs {
        for table in ["runs", "events", "snapshots"] {
            transaction.prepare_cached(&format!("DELETE FROM {table} WHERE run = ?1"))?.execute([run])?;
        }
    }
    Ok(runs.len() as u64)
}

/// The least id that a run may have that was started then (RFC 9562, section 5.7): it begins with the milliseconds.
pub(super) fn first_run_of(at: Timestamp) -> [u8; 16] {
    let mut run = [0; 16];
    let milliseconds = (at.0 / 1_000).to_be_bytes();
    run.iter_mut().zip(milliseconds.iter().skip(2)).for_each(|(byte, of_time)| *byte = *of_time);
    run
}

/// Forgets what was said before some time, and answers up to where in each channel.
fn forget_history(
    transaction: &Transaction<'_>,
    channels: &Channels,
    before: Timestamp,
) -> rusqlite::Result<Vec<(Arc<str>, u64)>> {
    let before = signed(before.0);
    let mut forgotten = Vec::new();
    for (name, channel) in channels.iter().filter(|(_, channel)| channel.keeps_something()) {
        let upto: Option<i64> = transaction
            .prepare_cached("SELECT max(last) FROM history WHERE channel = ?1 AND at < ?2")?
            .query_row(params![channel.number, before], |row| row.get(0))
            .optional()?
            .flatten();
        let Some(upto) = upto else { continue };
        transaction
            .prepare_cached("DELETE FROM history WHERE channel = ?1 AND last <= ?2")?
            .execute(params![channel.number, upto])?;
        let forgot = upto.unsigned_abs();
        write_channel(transaction, channel.number, name, Stored { epoch: channel.epoch, forgotten: forgot })?;
        forgotten.push((Arc::clone(name), forgot));
    }
    Ok(forgotten)
}

/// Forgets a channel. Should it ever be begun again, it is another: its epoch is.
fn forget_channel(transaction: &Transaction<'_>, channels: &Channels, name: &str) -> rusqlite::Result<()> {
    let Some(channel) = channels.get(name) else { return Ok(()) };
    for table in ["history", "channels"] {
        transaction.prepare_cached(&format!("DELETE FROM {table} WHERE channel = ?1"))?.execute([channel.number])?;
    }
    transaction.prepare_cached("UPDATE meta SET epoch = epoch + 1")?.execute(())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::{NoContext, Uuid};

    use super::*;

    #[test]
    fn a_run_is_told_by_its_id_to_be_older_than_some_time() {
        let run = |seconds| *Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, 0)).as_bytes();
        let bound = first_run_of(Timestamp(1_700_000_000_000_000));
        assert!(run(1_699_999_999) < bound);
        assert!(run(1_700_000_000) >= bound);
    }
}
