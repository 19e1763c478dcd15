//! Channels: ordered streams of what clients are sent, and the sessions that are sent it.
//!
//! On each interface there is one for everyone and one for each client. The offsets of a channel are given, and the
//! queues of its sessions fed, under one lock, so that all its sessions are sent the same entries in the same order.
//!
//! The end of a run is an entry of its starter's channel, and if the run has pushed to everyone, its output is an entry
//! of everyone's channel too. The starter's own sessions are then sent both, since offsets have no holes; both name the
//! run, and who follows runs takes the first. With raw framing there is no run to tell them by and no offset to miss:
//! there the starter's sessions are sent the first alone.

mod clients;
mod ending;
mod interface;
mod outbox;
mod queue;
mod stream;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use hyper_tungstenite::tungstenite::Utf8Bytes;
use hyper_tungstenite::tungstenite::protocol::CloseFrame;
use sandgate_flow::document::Framing;
use uuid::Uuid;

use crate::limits::Limits;

pub(crate) use interface::{Interface, LEFT, Membership};
pub(crate) use outbox::{Answer, SessionOutbox, Starter, ToEveryone};
use queue::News;
pub(crate) use queue::{Overflowed, Queue, Weigh};

/// The interfaces of all flows. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Hub(Arc<Inner>);

struct Inner {
    limits: Arc<Limits>,
    epochs: Epochs,
    interfaces: Mutex<HashMap<Key, Arc<Interface>>>,
}

/// A flow, and how its messages are framed.
type Key = (Arc<str>, Framing);

impl Hub {
    /// No interfaces yet, and new epochs: who was connected to an earlier process can tell.
    pub(crate) fn new(limits: Arc<Limits>) -> Self {
        Self(Arc::new(Inner { limits, epochs: Epochs::random(), interfaces: Mutex::default() }))
    }

    /// The interface of a flow. One that changes its framing is another: its clients speak another protocol.
    pub(crate) fn interface(&self, flow: &Arc<str>, framing: Framing) -> Arc<Interface> {
        let interface = || Arc::new(Interface::new(Arc::clone(flow), framing, &self.0.limits, self.0.epochs.clone()));
        Arc::clone(lock(&self.0.interfaces).entry((Arc::clone(flow), framing)).or_insert_with(interface))
    }
}

/// Gives each channel an epoch of its own: one that is forgotten and begun again must not be taken for the first.
#[derive(Clone)]
struct Epochs(Arc<AtomicU64>);

impl Epochs {
    fn random() -> Self {
        let (high, low) = Uuid::new_v4().as_u64_pair();
        Self(Arc::new(AtomicU64::new(high ^ low)))
    }

    fn next(&self) -> Box<str> {
        format!("{:016x}", self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed)).into()
    }
}

/// What is sent to a session. Cheap to clone: a broadcast is encoded once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Frame {
    /// A text.
    Text(Utf8Bytes),
    /// Bytes.
    Binary(Bytes),
    /// Is anybody there?
    Ping,
    /// The answer to a ping, with its payload.
    Pong(Bytes),
    /// The last there is.
    Close(CloseFrame),
}

impl Weigh for Frame {
    fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) | Self::Pong(bytes) => bytes.len(),
            Self::Ping | Self::Close(_) => 0,
        }
    }
}

/// What a session is to be sent.
pub(crate) type Outgoing = Queue<Frame>;

/// A lock is poisoned by a panic, which is reported where it happens; what is behind these locks is whole between calls.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
