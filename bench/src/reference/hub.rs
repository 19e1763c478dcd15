//! Who is connected.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio_tungstenite::tungstenite::Message;

/// All sessions, each with its queue.
#[derive(Default)]
pub(super) struct Hub(Mutex<Sessions>);

#[derive(Default)]
struct Sessions {
    queues: HashMap<u64, Sender<Message>>,
    begun: u64,
}

/// As the daemon's `queue_entries_max`.
const QUEUE_ENTRIES_MAX: usize = 16_384;

impl Hub {
    /// Adds a session, under a number of its own.
    pub(super) fn join(&self) -> (u64, Sender<Message>, Receiver<Message>) {
        let (sender, receiver) = mpsc::channel(QUEUE_ENTRIES_MAX);
        let mut sessions = self.lock();
        sessions.begun += 1;
        let number = sessions.begun;
        sessions.queues.insert(number, sender.clone());
        (number, sender, receiver)
    }

    /// Takes a session away.
    pub(super) fn leave(&self, number: u64) {
        self.lock().queues.remove(&number);
    }

    /// Queues a message for everyone. One whose queue is full is cut off.
    pub(super) fn broadcast(&self, message: &Message) {
        self.lock().queues.retain(|_, queue| queue.try_send(message.clone()).is_ok());
    }

    fn lock(&self) -> MutexGuard<'_, Sessions> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
