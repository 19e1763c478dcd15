//! What the channels of an interface are called, and where new ones begin.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use sandgate_engine::journal::sqlite::{Histories, History};
use sandgate_engine::journal::{self, Place};
use uuid::Uuid;

use super::lock;
use super::stream::Channel;

/// The name of everyone's channel.
pub(super) const EVERYONE: &str = "everyone";
/// What the names of clients' channels begin with.
const CLIENT: &str = "client:";

/// Names a flow's channels. In the journal they are called by the flow as well: `countdown everyone`.
pub(super) struct Naming {
    prefix: Box<str>,
    everyone: Arc<str>,
    kept: Kept,
}

/// Where what is said in channels is kept.
#[derive(Clone)]
pub(super) enum Kept {
    /// In memory: each channel gets an epoch of its own, since one that is forgotten and begun again must not be taken for the
    /// first.
    InMemory(Arc<AtomicU64>),
    /// On disk. A channel that nothing was said in yet gets the journal's epoch, which is another once one has been forgotten:
    /// so it is the same after a restart.
    OnDisk(Disk),
}

/// A journal on disk, and where channels stood in it when it was opened.
#[derive(Clone)]
pub(crate) struct Disk(Arc<OnDisk>);

struct OnDisk {
    journal: Arc<dyn Histories>,
    epoch: AtomicU64,
    /// By flow, until its interface is made.
    standing: Mutex<HashMap<String, Standing>>,
}

/// Where channels stood, by their names in the journal.
type Standing = Vec<(Arc<str>, Place)>;

impl Disk {
    /// A journal, with what was found in it.
    pub(crate) fn new(journal: Arc<dyn Histories>, epoch: u64, channels: Vec<(Arc<str>, Place)>) -> Self {
        let mut standing: HashMap<String, Standing> = HashMap::new();
        for (name, place) in channels {
            if let Some((flow, _)) = name.split_once(' ') {
                standing.entry(flow.to_owned()).or_default().push((Arc::clone(&name), place));
            }
        }
        Self(Arc::new(OnDisk { journal, epoch: AtomicU64::new(epoch), standing: Mutex::new(standing) }))
    }
}

impl Kept {
    /// New epochs: who was connected to an earlier process can tell.
    pub(super) fn in_memory() -> Self {
        let (high, low) = Uuid::new_v4().as_u64_pair();
        Self::InMemory(Arc::new(AtomicU64::new(high ^ low)))
    }

    fn epoch(&self) -> u64 {
        match self {
            Self::InMemory(next) => next.fetch_add(1, Ordering::Relaxed),
            Self::OnDisk(disk) => disk.0.epoch.load(Ordering::Relaxed),
        }
    }
}

impl Naming {
    pub(super) fn new(flow: &Arc<str>, kept: Kept) -> Self {
        let prefix = format!("{flow} ").into();
        Self { everyone: format!("{flow} {EVERYONE}").into(), prefix, kept }
    }

    #[cfg(test)]
    pub(super) fn in_memory(flow: &Arc<str>) -> Self {
        Self::new(flow, Kept::in_memory())
    }

    /// Everyone's channel, in the journal.
    pub(super) fn everyone(&self) -> &Arc<str> {
        &self.everyone
    }

    /// A client's channel, in the journal.
    pub(super) fn client(&self, client: &str) -> Arc<str> {
        format!("{}{CLIENT}{client}", self.prefix).into()
    }

    /// The client whose channel this is, by its name in the journal.
    pub(super) fn client_of<'a>(&self, full_name: &'a str) -> Option<&'a str> {
        full_name.get(self.prefix.len()..)?.strip_prefix(CLIENT)
    }

    /// A channel, as it begins.
    pub(super) fn channel(&self, full_name: Arc<str>) -> Channel {
        self.channel_at(full_name, Place { epoch: self.kept.epoch(), offset: 0 })
    }

    fn channel_at(&self, full_name: Arc<str>, place: Place) -> Channel {
        Channel::at(full_name, self.prefix.len(), place)
    }

    /// A client's channel, as it begins.
    pub(super) fn of_client(&self, client: &str) -> Channel {
        self.channel(self.client(client))
    }

    /// The epoch of a channel in which something is said for the first time, as far as the journal is to know.
    pub(super) fn epoch(&self) -> u64 {
        match &self.kept {
            Kept::InMemory(_) => 0,
            Kept::OnDisk(_) => self.kept.epoch(),
        }
    }

    /// Whether the journal keeps what is said.
    pub(super) fn is_on_disk(&self) -> bool {
        matches!(self.kept, Kept::OnDisk(_))
    }

    /// The channels that there were when the host was started. Answered once.
    pub(super) fn standing(&self) -> Vec<Channel> {
        let Kept::OnDisk(disk) = &self.kept else { return Vec::new() };
        let standing = lock(&disk.0.standing).remove(self.prefix.trim_end()).unwrap_or_default();
        standing.into_iter().map(|(name, place)| self.channel_at(name, place)).collect()
    }

    /// What was said in a channel after one offset, up to another.
    ///
    /// # Errors
    ///
    /// It could not be read.
    pub(super) async fn history(&self, channel: Arc<str>, after: u64, upto: u64) -> Result<History, journal::Error> {
        match &self.kept {
            Kept::InMemory(_) => Ok(History::default()),
            Kept::OnDisk(disk) => disk.0.journal.history(channel, after, upto).await,
        }
    }

    /// Forgets a channel: if it is begun again, it is another.
    pub(super) fn forget(&self, channel: &Channel) {
        if let Kept::OnDisk(disk) = &self.kept
            && channel.place().offset > 0
        {
            disk.0.epoch.fetch_add(1, Ordering::Relaxed);
            disk.0.journal.forget(Arc::clone(channel.full_name()));
        }
    }
}
