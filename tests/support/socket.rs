//! WebSocket, frame by frame.

use anyhow::{Context as _, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::daemon::Daemon;
use super::within;

/// A connection to a flow.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

/// How much the system takes in for a connection before it is read.
pub(crate) enum Buffer {
    /// What is usual.
    Usual,
    /// As little as there can be: who sends notices soon that nobody reads.
    Small,
}

impl Socket {
    /// Connects to `/ws/<path>`.
    pub(crate) async fn open(daemon: &Daemon, path: &str, buffer: Buffer) -> anyhow::Result<Self> {
        let address = daemon.url().strip_prefix("http://").context("not an address")?;
        let socket = TcpSocket::new_v4()?;
        if matches!(buffer, Buffer::Small) {
            socket.set_recv_buffer_size(1)?;
        }
        let stream = within("a connection", socket.connect(address.parse()?)).await??;
        let request = format!("ws://{address}/ws/{path}").into_client_request()?;
        let unbounded = WebSocketConfig::default().max_frame_size(None).max_message_size(None);
        let connected = within("a handshake", client_async_with_config(request, stream, Some(unbounded))).await?;
        Ok(Self(connected?.0))
    }

    /// Sends a message.
    pub(crate) async fn send(&mut self, message: impl Into<Message>) -> anyhow::Result<()> {
        Ok(within("room to send", self.0.send(message.into())).await??)
    }

    /// The next text, bytes or close.
    pub(crate) async fn receive(&mut self) -> anyhow::Result<Message> {
        loop {
            match within("a message", self.0.next()).await?.context("the connection is lost")?? {
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
                message => return Ok(message),
            }
        }
    }

    /// The code and reason that the daemon closes with, and how many messages came before.
    pub(crate) async fn closed(&mut self) -> anyhow::Result<(u16, String, usize)> {
        let mut before = 0;
        loop {
            match self.receive().await? {
                Message::Close(Some(frame)) => return Ok((frame.code.into(), frame.reason.to_string(), before)),
                Message::Close(None) => bail!("closed without a code"),
                _ => before += 1,
            }
        }
    }
}
