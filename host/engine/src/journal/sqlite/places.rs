//! Where channels stand: offsets are given inside a commit, and hold only once it is done.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::{Entry, Place};

/// How much of a channel is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keep {
    pub(super) entries_max: u64,
    pub(super) bytes_max: u64,
}

/// Where every channel stands, after the last commit.
#[derive(Default)]
pub(super) struct Channels {
    by_name: HashMap<Arc<str>, Channel>,
    next: i64,
}

/// One channel.
#[derive(Clone, Debug)]
pub(super) struct Channel {
    /// Its number in the tables.
    pub(super) number: i64,
    pub(super) epoch: u64,
    /// Of its last entry.
    pub(super) offset: u64,
    /// What is kept, the oldest first.
    kept: VecDeque<Segment>,
    kept_bytes: u64,
}

/// Entries that were said in one commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) bytes: u64,
}

/// What the table of channels says of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) epoch: u64,
    /// The offset up to which nothing is kept.
    pub(super) forgotten: u64,
}

/// What one commit says in each channel that it says something in.
#[derive(Default)]
pub(super) struct Said {
    channels: Vec<InChannel>,
    by_name: HashMap<Arc<str>, usize>,
}

/// What one commit says in one channel.
pub(super) struct InChannel {
    pub(super) name: Arc<str>,
    pub(super) number: i64,
    pub(super) epoch: u64,
    /// Whether the channel is new.
    pub(super) is_new: bool,
    /// The offset of the first of the bodies.
    pub(super) first: u64,
    pub(super) bodies: Vec<Vec<u8>>,
    bytes: u64,
}

impl InChannel {
    pub(super) fn segment(&self) -> Segment {
        Segment { first: self.first, last: self.first + self.bodies.len() as u64 - 1, bytes: self.bytes }
    }
}

impl Channel {
    /// Whether there is anything to forget.
    pub(super) fn keeps_something(&self) -> bool {
        !self.kept.is_empty()
    }
}

impl Channels {
    /// Adds a channel that was stored, with what is kept of it.
    pub(super) fn restore(&mut self, name: Arc<str>, number: i64, stored: Stored, kept: VecDeque<Segment>) {
        let offset = kept.back().map_or(stored.forgotten, |segment| segment.last);
        let kept_bytes = kept.iter().map(|segment| segment.bytes).sum();
        self.next = self.next.max(number + 1);
        self.by_name.insert(name, Channel { number, epoch: stored.epoch, offset, kept, kept_bytes });
    }

    pub(super) fn get(&self, name: &str) -> Option<&Channel> {
        self.by_name.get(name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Channel)> {
        self.by_name.iter()
    }

    /// Gives an entry the place after the last, of this commit or an earlier one.
    pub(super) fn place(&self, said: &mut Said, entry: &Entry) -> Place {
        let at = said.by_name.get(&entry.channel).copied().unwrap_or_else(|| {
            let known = self.by_name.get(&entry.channel);
            said.channels.push(InChannel {
                name: Arc::clone(&entry.channel),
                number: known.map_or(self.next + said.channels.len() as i64, |channel| channel.number),
                epoch: known.map_or(entry.epoch, |channel| channel.epoch),
                is_new: known.is_none(),
                first: known.map_or(0, |channel| channel.offset) + 1,
                bodies: Vec::new(),
                bytes: 0,
            });
            said.by_name.insert(Arc::clone(&entry.channel), said.channels.len() - 1);
            said.channels.len() - 1
        });
        let Some(channel) = said.channels.get_mut(at) else { return Place { epoch: 0, offset: 0 } };
        let offset = channel.first + channel.bodies.len() as u64;
        channel.bytes += entry.body.len() as u64;
        channel.bodies.push(entry.body.clone());
        Place { epoch: channel.epoch, offset }
    }

    /// Up to which offset a channel is to be forgotten when this is added to it; nothing if none of it is.
    pub(super) fn forgotten_with(&self, added: &InChannel, keep: Keep) -> Option<u64> {
        let (mut entries, mut bytes) = (added.bodies.len() as u64, added.bytes);
        let channel = self.by_name.get(&added.name)?;
        entries += channel.kept.iter().map(|it| it.last - it.first + 1).sum::<u64>();
        bytes += channel.kept_bytes;
        let mut forgotten = None;
        for segment in &channel.kept {
            if entries <= keep.entries_max && bytes <= keep.bytes_max {
                break;
            }
            entries -= segment.last - segment.first + 1;
            bytes -= segment.bytes;
            forgotten = Some(segment.last);
        }
        forgotten
    }

    /// The commit is done: what it said holds.
    pub(super) fn advance(&mut self, said: &Said, forgotten: &[(Arc<str>, u64)]) {
        for added in &said.channels {
            let fresh = || Channel {
                number: added.number,
                epoch: added.epoch,
                offset: 0,
                kept: VecDeque::new(),
                kept_bytes: 0,
            };
            let channel = self.by_name.entry(Arc::clone(&added.name)).or_insert_with(fresh);
            let segment = added.segment();
            self.next = self.next.max(added.number + 1);
            channel.offset = segment.last;
            channel.kept_bytes += segment.bytes;
            channel.kept.push_back(segment);
        }
        for (name, upto) in forgotten {
            self.forget_upto(name, *upto);
        }
    }

    /// Nothing of a channel is kept up to this offset.
    pub(super) fn forget_upto(&mut self, name: &str, upto: u64) {
        let Some(channel) = self.by_name.get_mut(name) else { return };
        while let Some(segment) = channel.kept.pop_front_if(|segment| segment.last <= upto) {
            channel.kept_bytes -= segment.bytes;
        }
    }

    /// Forgets a channel altogether.
    pub(super) fn remove(&mut self, name: &str) -> Option<Channel> {
        self.by_name.remove(name)
    }
}

impl Said {
    pub(super) fn channels(&self) -> &[InChannel] {
        &self.channels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(channel: &str, body: &str) -> Entry {
        Entry { channel: channel.into(), epoch: 9, body: body.into() }
    }

    fn say(channels: &mut Channels, bodies: &[&str], keep: Keep) -> Vec<u64> {
        let mut said = Said::default();
        let places = bodies.iter().map(|body| channels.place(&mut said, &entry("a", body)).offset).collect();
        let forgotten =
            said.channels().iter().filter_map(|it| Some((Arc::clone(&it.name), channels.forgotten_with(it, keep)?)));
        let forgotten: Vec<_> = forgotten.collect();
        channels.advance(&said, &forgotten);
        places
    }

    const MUCH: Keep = Keep { entries_max: 100, bytes_max: 100 };

    #[test]
    fn offsets_go_on_without_holes_and_hold_only_once_committed() {
        let mut channels = Channels::default();
        assert_eq!(say(&mut channels, &["x", "y"], MUCH), [1, 2]);
        // A commit that failed.
        channels.place(&mut Said::default(), &entry("a", "z"));
        assert_eq!(say(&mut channels, &["z"], MUCH), [3]);
        assert_eq!(channels.get("a").unwrap().offset, 3);
    }

    #[test]
    fn channels_of_one_commit_have_numbers_of_their_own() {
        let mut channels = Channels::default();
        let mut said = Said::default();
        channels.place(&mut said, &entry("a", "x"));
        channels.place(&mut said, &entry("b", "x"));
        channels.advance(&said, &[]);
        assert_ne!(channels.get("a").unwrap().number, channels.get("b").unwrap().number);
    }

    #[test]
    fn what_is_over_the_bounds_is_forgotten_the_oldest_first_but_never_the_last() {
        let mut channels = Channels::default();
        let keep = Keep { entries_max: 3, bytes_max: 6 };
        say(&mut channels, &["x", "y"], keep);
        say(&mut channels, &["x", "y"], keep);
        assert_eq!(channels.get("a").unwrap().kept, [Segment { first: 3, last: 4, bytes: 2 }]);
        say(&mut channels, &["larger than that"], keep);
        assert_eq!(channels.get("a").unwrap().kept, [Segment { first: 5, last: 5, bytes: 16 }]);
    }
}
