//! One session: one task, which reads, and writes what is in its queue.

use std::thread;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio_tungstenite::tungstenite::handshake::server::{Request as Handshake, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async_with_config};

use super::hub::Hub;
use super::messages::{self, Request};
use crate::project::{BURST, NAP_MS};

/// Serves a session to its end.
///
/// # Errors
///
/// The client is gone, or sent what nobody asked for.
pub(super) async fn run(stream: TcpStream, hub: &Hub) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    let mut path = String::new();
    #[expect(clippy::result_large_err, reason = "the library's callback")]
    let note = |request: &Handshake, response: Response| {
        request.uri().path().clone_into(&mut path);
        Ok(response)
    };
    let socket = accept_hdr_async_with_config(stream, note, Some(config())).await?;
    let (number, sender, queue) = hub.join();
    let mut session = Session { socket, flow: Flow::at(&path), sender, hub };
    let done = session.serve(queue).await;
    hub.leave(number);
    done
}

/// As the daemon has it for reading; for writing, what a burst fits into.
fn config() -> WebSocketConfig {
    const READ_BUFFER_BYTES: usize = 4 * 1024;
    const WRITE_BUFFER_BYTES: usize = 64 * 1024;
    WebSocketConfig::default().read_buffer_size(READ_BUFFER_BYTES).write_buffer_size(WRITE_BUFFER_BYTES)
}

/// What is done for each request.
#[derive(Clone, Copy)]
enum Flow {
    Countdown,
    Broadcast(u64),
    Nap,
    Spin,
}

impl Flow {
    fn at(path: &str) -> Self {
        match path.trim_start_matches("/ws/") {
            "bursts" => Self::Broadcast(BURST),
            "singles" => Self::Broadcast(1),
            "nap" => Self::Nap,
            "spin" => Self::Spin,
            _ => Self::Countdown,
        }
    }
}

struct Session<'a> {
    socket: WebSocketStream<TcpStream>,
    flow: Flow,
    sender: Sender<Message>,
    hub: &'a Hub,
}

impl Session<'_> {
    async fn serve(&mut self, mut queue: Receiver<Message>) -> anyhow::Result<()> {
        if !matches!(self.flow, Flow::Broadcast(_)) {
            self.socket.send(messages::welcome()?).await?;
        }
        loop {
            tokio::select! {
                received = self.socket.next() => match received {
                    Some(Ok(Message::Text(text))) => self.answer(text).await?,
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(error.into()),
                    None => return Ok(()),
                },
                Some(message) = queue.recv() => self.write(message, &mut queue).await?,
            }
        }
    }

    /// All there is, then one flush.
    async fn write(&mut self, first: Message, queue: &mut Receiver<Message>) -> anyhow::Result<()> {
        self.socket.feed(first).await?;
        while let Ok(message) = queue.try_recv() {
            self.socket.feed(message).await?;
        }
        Ok(self.socket.flush().await?)
    }

    async fn answer(&mut self, text: Utf8Bytes) -> anyhow::Result<()> {
        match self.flow {
            Flow::Broadcast(times) => {
                let message = Message::Text(text);
                (0..times).for_each(|_| self.hub.broadcast(&message));
                Ok(())
            }
            Flow::Countdown => self.count_down(&serde_json::from_str(&text)?).await,
            Flow::Nap => self.nap(&serde_json::from_str(&text)?),
            Flow::Spin => self.spin(&serde_json::from_str(&text)?).await,
        }
    }

    async fn count_down(&mut self, request: &Request<'_>) -> anyhow::Result<()> {
        for (offset, number) in (1..).zip((1..=request.a()).rev()) {
            self.socket.feed(messages::push(offset, number)?).await?;
        }
        self.socket.feed(messages::answer(request.id, request.a() + 1)?).await?;
        Ok(self.socket.flush().await?)
    }

    fn nap(&self, request: &Request<'_>) -> anyhow::Result<()> {
        let answer = messages::answer(request.id, 1)?;
        let sender = self.sender.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(NAP_MS)).await;
            // A client that has left wants no answer.
            let _ = sender.send(answer).await;
        });
        Ok(())
    }

    /// A thread that computes without end, at the priority of the daemon's guests.
    async fn spin(&mut self, request: &Request<'_>) -> anyhow::Result<()> {
        const GUEST_NICE: i32 = 5;
        thread::spawn(|| {
            // At its own priority it would spin as well, and the figure would be worse.
            let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), GUEST_NICE);
            loop {
                std::hint::spin_loop();
            }
        });
        Ok(self.socket.send(messages::answer(request.id, 1)?).await?)
    }
}
