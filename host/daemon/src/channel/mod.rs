//! Channels: ordered streams of what clients are sent, and the sessions that are sent it.
//!
//! On each interface there is one for everyone and one for each client. The offsets of a channel are given, and the
//! queues of its sessions fed, under one lock, so that all its sessions are sent the same entries in the same order.
//!
//! The end of a run is an entry of its starter's channel, and if the run has pushed to everyone, its output is an entry
//! of everyone's channel too. The starter's own sessions are then sent both, since offsets have no holes; both name the
//! run, and who follows runs takes the first. With raw framing there is no run to tell them by and no offset to miss:
//! there the starter's sessions are sent the first alone.

mod body;
mod clients;
mod ending;
mod interface;
mod naming;
mod outbox;
mod queue;
mod resume;
mod stream;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use hyper_tungstenite::tungstenite::Utf8Bytes;
use hyper_tungstenite::tungstenite::protocol::CloseFrame;
use sandgate_engine::Engine;
use sandgate_flow::Plan;
use sandgate_flow::document::{Durability, Framing, OnLeave};
use sandgate_flow::event::Caller;

use crate::limits::Limits;

pub(crate) use ending::Ending;
pub(crate) use interface::{Client, Interface, Membership};
pub(crate) use naming::Disk;
use naming::Kept;
pub(crate) use outbox::{Answer, SessionOutbox, Starting};
use queue::News;
pub(crate) use queue::{Overflowed, Queue, Weigh};

/// The interfaces of all flows. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Hub(Arc<Inner>);

struct Inner {
    limits: Arc<Limits>,
    engine: Engine,
    in_memory: Kept,
    on_disk: Kept,
    interfaces: Mutex<HashMap<Key, Arc<Interface>>>,
}

/// A flow, how its messages are framed, and whether what is said lasts.
type Key = (Arc<str>, Framing, Durability);

impl Hub {
    /// No interfaces yet. What is said by durable runs is kept in the journal, if there is one.
    pub(crate) fn new(limits: Arc<Limits>, engine: Engine, disk: Option<Disk>) -> Self {
        let in_memory = Kept::in_memory();
        let on_disk = disk.map_or_else(|| in_memory.clone(), Kept::OnDisk);
        Self(Arc::new(Inner { limits, engine, in_memory, on_disk, interfaces: Mutex::default() }))
    }

    /// The interface of a flow. One that changes its framing is another, since its clients speak another protocol; and so is
    /// one that changes its durability, since its channels are numbered by somebody else.
    pub(crate) fn interface(&self, plan: &Plan) -> Arc<Interface> {
        self.interface_of(&plan.flow, plan.interface.framing, plan.interface.durability)
    }

    fn interface_of(&self, flow: &Arc<str>, framing: Framing, durability: Durability) -> Arc<Interface> {
        let Inner { limits, engine, in_memory, on_disk, interfaces } = &*self.0;
        let kept = match durability {
            Durability::Durable => on_disk,
            Durability::Fleeting => in_memory,
        };
        let interface = || Arc::new(Interface::new(Arc::clone(flow), framing, limits, kept.clone(), engine.clone()));
        Arc::clone(lock(interfaces).entry((Arc::clone(flow), framing, durability)).or_insert_with(interface))
    }

    /// Whether nobody is there any more for a run that ends when its caller leaves.
    pub(crate) fn has_left(&self, plan: &Plan, caller: Option<&Caller>) -> bool {
        let is_there = || caller.is_some_and(|caller| self.interface(plan).is_there(&caller.client, &caller.session));
        plan.interface.on_leave == OnLeave::Cancel && !is_there()
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
