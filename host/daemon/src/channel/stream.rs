//! One channel: where it stands.

use std::sync::Arc;

use super::Epochs;
use crate::message::Position;

/// A stream of entries, numbered from 1 without holes.
pub(super) struct Channel {
    name: Arc<str>,
    epoch: Box<str>,
    offset: u64,
}

impl Channel {
    /// A channel that nothing was entered in yet.
    pub(super) fn new(name: impl Into<Arc<str>>, epochs: &Epochs) -> Self {
        Self { name: name.into(), epoch: epochs.next(), offset: 0 }
    }

    /// The channel of a client.
    pub(super) fn of_client(client: &str, epochs: &Epochs) -> Self {
        Self::new(format!("client:{client}"), epochs)
    }

    /// Where the last entry is.
    pub(super) fn position(&self) -> Position<'_> {
        Position { channel: &self.name, epoch: &self.epoch, offset: self.offset }
    }

    /// Where the next entry is, which is thereby the last.
    pub(super) fn advance(&mut self) -> Position<'_> {
        self.offset += 1;
        self.position()
    }
}
