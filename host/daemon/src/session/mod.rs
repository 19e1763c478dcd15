//! Sessions: one WebSocket connection each, and one task, which reads and writes at the same time.

pub(crate) mod closing;
mod halves;
mod handshake;
mod part;
mod reader;
mod requests;
mod starting;
mod writer;

use std::sync::Arc;

use sandgate_flow::document::Framing;
use tokio::sync::Semaphore;

use crate::channel::{Interface, Membership};
use crate::limits::{Limits, milliseconds};
use crate::project::Served;
use crate::server::Serving;

pub(crate) use handshake::upgrade;

use closing::{End, Goodbye, Last};
use halves::Halves;
use writer::Writer;

/// A session with a flow.
struct Session {
    serving: Arc<Serving>,
    membership: Membership,
    /// Runs under way that it started.
    runs: Arc<Semaphore>,
}

impl Session {
    fn new(serving: Arc<Serving>, interface: &Arc<Interface>, client: Arc<str>, version: u64) -> Self {
        let membership = interface.join(client, version);
        let runs = serving.limits().runs_per_session_max.min(Semaphore::MAX_PERMITS);
        Self { serving, membership, runs: Arc::new(Semaphore::new(runs)) }
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
        if served.plan.interface.framing == self.framing() { Ok(served) } else { Err(Goodbye::FramingChanged) }
    }
}
