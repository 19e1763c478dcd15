//! One channel: where it stands, and what of it is kept.

use std::collections::VecDeque;
use std::sync::Arc;

use sandgate_engine::journal::{Entry, Place};

use super::body::Body;
use crate::message::Position;

/// How much of a channel is kept in memory.
#[derive(Clone, Copy)]
pub(super) struct Keep {
    pub(super) entries_max: u64,
    pub(super) bytes_max: u64,
}

/// A stream of entries, numbered from 1 without holes. What was entered is kept by the journal, or if that keeps no channels,
/// here, as far as there is room for it.
pub(super) struct Channel {
    /// Of all flows' channels.
    full_name: Arc<str>,
    /// Where its own name begins in that.
    name_at: usize,
    place: Place,
    epoch: Box<str>,
    kept: VecDeque<Vec<u8>>,
    kept_bytes: u64,
}

/// What a client has missed in a channel.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Missed {
    /// These entries, by their offsets.
    Entries(Vec<(u64, Vec<u8>)>),
    /// What the journal has between these offsets: after the one, up to the other.
    InJournal { after: u64, upto: u64 },
}

impl Channel {
    /// A channel of a flow's interface, where it stands.
    pub(super) fn at(full_name: Arc<str>, name_at: usize, place: Place) -> Self {
        Self { epoch: epoch(place.epoch), full_name, name_at, place, kept: VecDeque::new(), kept_bytes: 0 }
    }

    /// Its name, of all flows' channels.
    pub(super) fn full_name(&self) -> &Arc<str> {
        &self.full_name
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        self.full_name.get(self.name_at..).unwrap_or_default()
    }

    /// Where the last entry is.
    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// Where the last entry is, as clients are told.
    pub(super) fn position(&self) -> Position<'_> {
        Position { channel: self.name(), epoch: &self.epoch, offset: self.place.offset }
    }

    /// Enters what a run says: at the place that the journal has given it, or at the next one, and is kept.
    pub(super) fn enter(&mut self, entry: &Entry, place: Option<Place>, keep: Keep) -> Position<'_> {
        match place {
            Some(place) => {
                if place.epoch != self.place.epoch {
                    self.epoch = epoch(place.epoch);
                }
                self.place = place;
            }
            None => {
                self.place.offset += 1;
                self.keep(entry, keep);
            }
        }
        self.position()
    }

    fn keep(&mut self, entry: &Entry, keep: Keep) {
        self.kept_bytes += entry.body.len() as u64;
        self.kept.push_back(entry.body.clone());
        while self.kept.len() > 1
            && (self.kept.len() as u64 > keep.entries_max || self.kept_bytes > keep.bytes_max)
            && let Some(oldest) = self.kept.pop_front()
        {
            self.kept_bytes -= oldest.len() as u64;
        }
    }

    /// What was entered after one offset, up to another.
    pub(super) fn missed(&self, after: u64, upto: u64, in_journal: bool) -> Missed {
        if in_journal {
            return Missed::InJournal { after, upto };
        }
        let first = self.place.offset + 1 - self.kept.len() as u64;
        let entries = (first..).zip(&self.kept).filter(|(offset, _)| (after + 1..=upto).contains(offset));
        Missed::Entries(entries.map(|(offset, body)| (offset, body.clone())).collect())
    }
}

/// An epoch, as clients are told.
pub(super) fn epoch(epoch: u64) -> Box<str> {
    format!("{epoch:016x}").into()
}

/// What an entry will be, which the journal may keep.
pub(super) fn entry(channel: Arc<str>, epoch: u64, body: &Body<'_>) -> Entry {
    Entry { channel, epoch, body: body.encoded() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel() -> Channel {
        Channel::at("countdown everyone".into(), 10, Place { epoch: 7, offset: 0 })
    }

    fn enter(channel: &mut Channel, body: &str, place: Option<Place>) -> u64 {
        let entry = Entry { channel: "countdown everyone".into(), epoch: 7, body: body.into() };
        channel.enter(&entry, place, Keep { entries_max: 2, bytes_max: 10 }).offset
    }

    #[test]
    fn entries_are_numbered_and_the_last_of_them_kept() {
        let mut channel = channel();
        for (offset, body) in (1..).zip(["a", "b", "c"]) {
            assert_eq!(enter(&mut channel, body, None), offset);
        }
        let kept = |entries: &[(u64, &str)]| {
            Missed::Entries(entries.iter().map(|(offset, body)| (*offset, body.as_bytes().to_vec())).collect())
        };
        assert_eq!(channel.missed(0, 3, false), kept(&[(2, "b"), (3, "c")]));
        assert_eq!(channel.missed(2, 3, false), kept(&[(3, "c")]));
        assert_eq!(channel.missed(1, 2, false), kept(&[(2, "b")]));
        enter(&mut channel, "larger than that", None);
        assert_eq!(channel.missed(0, 4, false), kept(&[(4, "larger than that")]));
    }

    #[test]
    fn a_place_of_the_journal_is_taken_and_the_entry_not_kept() {
        let mut channel = channel();
        assert_eq!(enter(&mut channel, "a", Some(Place { epoch: 8, offset: 5 })), 5);
        assert_eq!((channel.name(), channel.position().epoch), ("everyone", "0000000000000008"));
        assert!(channel.kept.is_empty());
    }
}
