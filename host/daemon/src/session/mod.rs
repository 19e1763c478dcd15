//! Sessions: one WebSocket connection each, and one task, which reads and writes at the same time.

pub(crate) mod closing;
mod handshake;
mod reader;
mod requests;
mod starting;
mod writer;

use std::sync::Arc;

use futures_util::StreamExt as _;
use hyper_tungstenite::HyperWebsocketStream as Socket;
use hyper_tungstenite::tungstenite::protocol::CloseFrame;
use sandgate_flow::document::Framing;
use tokio::sync::Semaphore;

use crate::channel::{Interface, Membership};
use crate::limits::{Limits, milliseconds};
use crate::project::Served;
use crate::server::Serving;

pub(crate) use handshake::upgrade;

use closing::Goodbye;

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
    async fn run(self, socket: Socket) {
        let (mut sink, mut stream) = socket.split();
        let shutdown = self.serving.shutdown.clone();
        let goodbye = tokio::select! {
            () = reader::read(&self, &mut stream) => None,
            goodbye = writer::write(self.membership.queue(), self.limits(), &mut sink) => goodbye,
            () = shutdown.cancelled() => Some(Goodbye::Stopping.frame()),
        };
        let within = milliseconds(self.limits().close_ms_max);
        self.log(goodbye.as_ref());
        // Runs that end with their caller are not to wait for a client that is slow to say goodbye.
        drop(self);
        if let Ok(socket) = sink.reunite(stream) {
            closing::close(socket, goodbye, within).await;
        }
    }

    fn log(&self, goodbye: Option<&CloseFrame>) {
        let (session, flow) = (self.membership.session(), self.flow());
        match goodbye {
            Some(frame) => {
                tracing::info!("session {session} of flow {flow} is closed ({}): {}", frame.code, frame.reason)
            }
            None => tracing::debug!("session {session} of flow {flow} was left"),
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
