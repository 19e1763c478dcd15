//! Sessions: one WebSocket connection each, and one task, which reads and writes at the same time.

pub(crate) mod closing;
mod halves;
mod handshake;
mod part;
mod reader;
mod requests;
mod starting;
mod writer;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use sandgate_flow::document::Framing;
use tokio::sync::Semaphore;

use crate::channel::{Client, Frame, Interface, Membership, Queue};
use crate::limits::{Limits, milliseconds};
use crate::project::Served;
use crate::server::Serving;

pub(crate) use handshake::upgrade;

use closing::{End, Goodbye, Last};
use halves::Halves;
use writer::Writer;

/// A session with a flow.
pub(crate) struct Session {
    serving: Arc<Serving>,
    pub(crate) membership: Membership,
    /// Runs under way that it started.
    runs: Arc<Semaphore>,
    pub(crate) patience: Arc<Patience>,
}

/// What is said is held back from a session for as long as it may still ask for what it missed.
pub(crate) struct Patience {
    comes_back: AtomicBool,
    queue: Weak<Queue<Frame>>,
}

impl Patience {
    /// Whether the session may still ask for what it missed; from now on it may not.
    fn ends(&self) -> bool {
        self.comes_back.swap(false, Ordering::Relaxed)
    }

    /// Lets out what is held back, unless the session has asked for something meanwhile: that it waits for its answer must not
    /// be taken for silence.
    pub(crate) fn is_over(&self) {
        if self.ends()
            && let Some(queue) = self.queue.upgrade()
        {
            queue.release(Vec::new());
        }
    }
}

impl Session {
    pub(crate) fn new(
        serving: Arc<Serving>,
        interface: &Arc<Interface>,
        client: Arc<str>,
        version: u64,
        who: Client,
    ) -> Self {
        let membership = interface.join(client, version, who);
        let limits = serving.limits();
        let runs = limits.runs_per_session_max.min(Semaphore::MAX_PERMITS);
        let comes_back = who == Client::Named && interface.framing() == Framing::JsonRpc;
        let queue = Arc::downgrade(membership.queue());
        let patience = Arc::new(Patience { comes_back: AtomicBool::new(comes_back), queue });
        if comes_back {
            // Who only listens is not to wait for long.
            tokio::spawn(go_on(Arc::clone(&patience), milliseconds(limits.resume_wait_ms)));
        }
        Self { serving, membership, runs: Arc::new(Semaphore::new(runs)), patience }
    }

    /// Reads and writes until one side has had enough, then leaves and says goodbye.
    async fn run(self, mut halves: Halves) {
        let Halves { incoming, outgoing } = &mut halves;
        let (queue, limits) = (Arc::clone(self.membership.queue()), Arc::clone(&self.serving.server.limits));
        let mut writer = Writer::new(&queue, &limits, outgoing);
        let end = tokio::select! {
            end = reader::read(&self, incoming) => end,
            end = writer.run() => end,
            () = self.serving.shutdown.cancelled() => End::Closes(Goodbye::Stopping.frame()),
        };
        let begun = writer.begun();
        self.log(&end);
        // Runs that end with their caller are not to wait for a client that is slow to say goodbye.
        drop(self);
        closing::close(halves, Last { begun, end }, milliseconds(limits.close_ms_max)).await;
    }

    fn log(&self, end: &End) {
        let (session, flow) = (self.membership.session(), self.flow());
        match end {
            End::Closes(frame) => {
                tracing::info!("session {session} of flow {flow} is closed ({}): {}", frame.code, frame.reason)
            }
            End::Closed(_) | End::Lost => tracing::debug!("session {session} of flow {flow} was left"),
        }
    }

    fn limits(&self) -> &Limits {
        self.serving.limits()
    }

    fn flow(&self) -> &Arc<str> {
        self.membership.interface().flow()
    }

    fn framing(&self) -> Framing {
        self.membership.interface().framing()
    }

    /// The flow as it is served now.
    fn served(&self) -> Result<Arc<Served>, Goodbye> {
        let served = self.serving.served(self.flow()).map_err(Goodbye::NotServed)?;
        let interface = self.serving.server.hub.interface(&served.plan);
        if Arc::ptr_eq(&interface, self.membership.interface()) { Ok(served) } else { Err(Goodbye::InterfaceChanged) }
    }
}

/// Lets out what is held back for a session, after some time.
async fn go_on(patience: Arc<Patience>, after: Duration) {
    tokio::time::sleep(after).await;
    patience.is_over();
}
