//! WebSocket, frame by frame.

use anyhow::Context as _;
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

impl Socket {
    /// Connects to `/ws/<path>`.
    pub(crate) async fn open(daemon: &Daemon, path: &str) -> anyhow::Result<Self> {
        Self::connect(TcpSocket::new_v4()?, daemon, path).await
    }

    /// As [`Self::open`], but the system takes in next to nothing before it is read: whoever sends notices soon that
    /// nobody reads.
    pub(crate) async fn open_narrow(daemon: &Daemon, path: &str) -> anyhow::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(1)?;
        Self::connect(socket, daemon, path).await
    }

    async fn connect(socket: TcpSocket, daemon: &Daemon, path: &str) -> anyhow::Result<Self> {
        let address = daemon.url().strip_prefix("http://").context("not an address")?;
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
        let data = |message: &Message| message.is_text() || message.is_binary() || message.is_close();
        let received = async {
            loop {
                let message = self.0.next().await.context("the connection is lost")??;
                if data(&message) {
                    return Ok(message);
                }
            }
        };
        // Around it all: pings go on for as long as a daemon has nothing to say.
        within("a message", received).await?
    }

    /// Sends a message, and answers what comes back next, whatever it is.
    pub(crate) async fn asked(&mut self, message: Message) -> anyhow::Result<Message> {
        self.send(message).await?;
        Ok(within("an answer", self.0.next()).await?.context("the connection is lost")??)
    }

    /// The code and reason that the daemon closes with, and how many messages came before. Closes too.
    pub(crate) async fn closed(mut self) -> anyhow::Result<(u16, String, usize)> {
        let mut before = 0;
        let frame = loop {
            match self.receive().await? {
                Message::Close(frame) => break frame.context("closed without a code")?,
                _ => before += 1,
            }
        };
        Ok((frame.code.into(), frame.reason.to_string(), before))
    }
}
