//! The halves of a connection after its handshake: one reads, the other writes.
//!
//! Only reading is left to tungstenite. What a session writes are bytes that many sessions share, and no session has a
//! buffer for it.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::StreamExt as _;
use hyper_tungstenite::tungstenite::protocol::Role;
use hyper_tungstenite::tungstenite::{Error, Message};
use hyper_tungstenite::{HyperWebsocketStream, WebSocketStream};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// What a client sends, as messages.
pub(super) struct Incoming {
    socket: WebSocketStream<Reading>,
    read: Read,
}

/// How much of what has arrived was read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Read {
    /// Perhaps not all.
    Some,
    /// All, when it was last looked at.
    All,
}

/// Both halves.
pub(super) struct Halves {
    pub(super) incoming: Incoming,
    pub(super) outgoing: OwnedWriteHalf,
}

impl Halves {
    /// The connection below a handshake that is over; none if it is not TCP.
    pub(super) async fn of(socket: HyperWebsocketStream) -> Option<Self> {
        let config = *socket.get_config();
        let parts = socket.into_inner().into_inner().downcast::<TokioIo<TcpStream>>().ok()?;
        let (half, outgoing) = parts.io.into_inner().into_split();
        let (part, role) = (parts.read_buf.to_vec(), Role::Server);
        let socket = WebSocketStream::from_partially_read(Reading(half), part, role, Some(config)).await;
        Some(Self { incoming: Incoming { socket, read: Read::Some }, outgoing })
    }
}

impl Incoming {
    /// The next message; none when the client has closed. May be dropped and called again.
    pub(super) async fn next(&mut self) -> Option<Result<Message, Error>> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// A session is mostly woken to write. To find out that nothing has come, tungstenite would clear its buffer first.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Message, Error>>> {
        if self.read == Read::All && self.socket.get_ref().0.as_ref().poll_read_ready(cx).is_pending() {
            return Poll::Pending;
        }
        let next = self.socket.poll_next_unpin(cx);
        self.read = if next.is_pending() { Read::All } else { Read::Some };
        next
    }

    /// Drops whatever still comes, until the client has closed the connection.
    pub(super) async fn drain(&mut self) -> io::Result<u64> {
        tokio::io::copy(self.socket.get_mut(), &mut tokio::io::sink()).await
    }
}

/// The half that reads. What tungstenite would write by itself, answers to pings and to a close, goes nowhere: it could
/// come into the middle of a message, so the session says it.
struct Reading(OwnedReadHalf);

impl AsyncRead for Reading {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Reading {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
