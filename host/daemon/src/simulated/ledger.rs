//! What is known to be on the disk, over all lives of a host, and what must be true of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use futures_util::FutureExt as _;
use sandgate_engine::journal::sqlite::{ByHand, Histories as _};
use sandgate_engine::journal::{Durable, Entry, Journal as _, Place, Query};
use sandgate_flow::event::{Event, Recorded, RunId, Timestamp};

use super::checks;

/// Bodies by offset, of each epoch of each channel.
pub(super) type Said = BTreeMap<(Arc<str>, u64), BTreeMap<u64, Vec<u8>>>;

/// What the journal has told, and what was found in it.
#[derive(Default)]
pub(super) struct Ledger {
    /// What is durable of each run's log.
    pub(super) logs: BTreeMap<RunId, Vec<Recorded>>,
    /// What was said, by the channel's name in the journal, its epoch and the offset.
    pub(super) said: Said,
    /// When sessions left whose flows cancel their runs then, by their ids.
    pub(super) left: HashMap<Arc<str>, Timestamp>,
    /// Whether the journal keeps all that was said.
    pub(super) keeps_all: bool,
    /// What is wrong.
    pub(super) wrong: Vec<String>,
}

impl Ledger {
    /// A batch is durable.
    pub(super) fn told(&mut self, run: RunId, first: u64, events: Vec<Recorded>, durable: &Durable) {
        let log = self.logs.entry(run).or_default();
        if log.len() as u64 == first {
            log.extend(events);
        } else {
            self.wrong.push(format!("run {run}: events from number {first} on came after {} events", log.len()));
        }
        if durable.entries.len() != durable.places.len() {
            self.wrong.push(format!(
                "run {run}: it said {} things in {} places",
                durable.entries.len(),
                durable.places.len()
            ));
        }
        for (Entry { channel, body, .. }, Place { epoch, offset }) in durable.entries.iter().zip(&durable.places) {
            self.say(channel, *epoch, *offset, body);
        }
    }

    fn say(&mut self, channel: &Arc<str>, epoch: u64, offset: u64, body: &[u8]) {
        let said = self.said.entry((Arc::clone(channel), epoch)).or_default();
        let last = said.last_key_value().map_or(0, |(last, _)| *last);
        match said.insert(offset, body.to_vec()) {
            Some(before) if before != body => {
                let (before, now) = (String::from_utf8_lossy(&before), String::from_utf8_lossy(body));
                self.wrong.push(format!("{channel}: {before} was at offset {offset}, where now is {now}"));
            }
            None if self.keeps_all && offset != last + 1 => {
                self.wrong.push(format!("{channel}: offset {offset} follows {last}"));
            }
            _ => {}
        }
    }

    /// What is in the journal now must be all that it has told, and may be more: the last commit was not told.
    pub(super) fn compare(&mut self, journal: &ByHand, channels: &[(Arc<str>, Place)]) {
        let query = Query { limit: usize::MAX >> 1, ..Query::default() };
        let runs = now(journal.list(query));
        let found: BTreeMap<_, _> = runs.iter().map(|it| (it.run, whole_log(journal, it.run))).collect();
        for (run, log) in &self.logs {
            match found.get(run) {
                None => self.wrong.push(format!("run {run} was lost")),
                Some(events) if !events.starts_with(log) => {
                    self.wrong
                        .push(format!("run {run}: of {} events that were told, some are gone or others", log.len()));
                }
                Some(_) => {}
            }
        }
        self.logs.extend(found);
        for (name, Place { epoch, offset }) in channels {
            for (at, body) in now(journal.history(Arc::clone(name), 0, *offset)).entries {
                self.say(name, *epoch, at, &body);
            }
        }
        for ((name, epoch), said) in &self.said {
            let stands = channels.iter().find(|(channel, _)| channel == name).map(|(_, place)| *place);
            let last = said.last_key_value().map_or(0, |(last, _)| *last);
            if stands.is_none_or(|place| place.epoch == *epoch && place.offset != last) {
                self.wrong.push(format!("{name}: it stood at {last}, and is at {stands:?}"));
            }
        }
    }

    /// What a client is told at a place must be on the disk.
    pub(super) fn is_said(&self, channel: &str, epoch: &str, offset: u64) -> bool {
        let Ok(epoch) = u64::from_str_radix(epoch, 16) else { return false };
        self.said.get(&(Arc::from(channel), epoch)).is_some_and(|said| said.contains_key(&offset))
    }

    /// Looks at every log, once all runs should have ended.
    pub(super) fn finish(&mut self) {
        let mut keys = HashMap::new();
        for (run, log) in &self.logs {
            if let Err(wrong) = checks::log(log, &self.left) {
                let last = log.get(log.len().saturating_sub(3)..).unwrap_or_default();
                self.wrong.push(format!("run {run}: {wrong}\n  its last events are {last:?}"));
            }
            if let Some(Event::Started(started)) = log.first().map(|first| &first.event)
                && let (Some(key), Some(caller)) = (&started.key, &started.caller)
                && let Some(other) = keys.insert((started.flow.clone(), caller.client.clone(), key.clone()), *run)
            {
                self.wrong.push(format!("runs {other} and {run} have one key, {key:?} of {}", caller.client));
            }
        }
        if self.keeps_all {
            self.wrong.extend(checks::said(&self.logs, &self.said));
        }
    }
}

fn whole_log(journal: &ByHand, run: RunId) -> Vec<Recorded> {
    let mut log = Vec::new();
    loop {
        let more = now(journal.events(run, log.len() as u64)).events;
        if more.is_empty() {
            return log;
        }
        log.extend(more);
    }
}

/// Of a journal that answers at once.
fn now<T>(answer: impl Future<Output = Result<T, sandgate_engine::journal::Error>>) -> T {
    answer.now_or_never().expect("it does not wait").expect("it can be read")
}
