//! The client's side: sessions that count what they are sent.

use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, anyhow, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::frames::{self, Counted, Counter};

/// Beyond this, whatever is waited for does not come.
const WAIT: Duration = Duration::from_secs(120);

/// Waits for something, which is called `what` should it not come.
///
/// # Errors
///
/// It fails, or does not come.
pub(crate) async fn within<T>(what: &str, waited: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let came = tokio::time::timeout(WAIT, waited).await;
    came.map_err(|_| anyhow!("not in {} s", WAIT.as_secs())).flatten().with_context(|| what.to_owned())
}

/// A session whose messages are counted.
pub(crate) struct Client {
    stream: TcpStream,
    counter: Counter,
    /// Messages that came and were not waited for yet.
    ahead: u64,
    /// How many of its pings were answered.
    answered: u64,
}

const READ_BYTES: usize = 64 * 1024;

impl Client {
    /// Connects to `/ws/<flow>`. Whatever the server says to everyone from then on comes.
    pub(crate) async fn connect(address: SocketAddr, flow: &str) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let request = format!(
            "GET /ws/{flow} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut client = Self { stream, counter: Counter::default(), ahead: 0, answered: 0 };
        client.handshake().await?;
        client.settle().await?;
        Ok(client)
    }

    /// So many sessions, some of them begun at the same time.
    pub(crate) async fn connect_all(address: SocketAddr, flow: &str, count: u64) -> anyhow::Result<Vec<Self>> {
        const AT_ONCE: usize = 32;
        let connecting = stream::iter(0..count).map(|_| Self::connect(address, flow)).buffer_unordered(AT_ONCE);
        within(&format!("{count} sessions with {flow}"), connecting.try_collect()).await
    }

    async fn handshake(&mut self) -> anyhow::Result<()> {
        const HEAD_BYTES_MAX: usize = 4 * 1024;
        const END: &[u8] = b"\r\n\r\n";
        let mut head = Vec::with_capacity(HEAD_BYTES_MAX);
        loop {
            ensure!(self.stream.read_buf(&mut head).await? > 0, "the connection was closed in the handshake");
            if let Some(end) = head.windows(END.len()).position(|window| window == END) {
                let (head, rest) = head.split_at(end + END.len());
                ensure!(head.starts_with(b"HTTP/1.1 101 "), "no session: {}", String::from_utf8_lossy(head));
                self.ahead = self.counter.count(rest)?.messages;
                return Ok(());
            }
            ensure!(head.len() < HEAD_BYTES_MAX, "the head of the answer to the handshake does not end");
        }
    }

    /// A server may answer the handshake before the session has begun, but not a ping.
    async fn settle(&mut self) -> anyhow::Result<()> {
        self.send(&frames::ping()).await?;
        while self.answered == 0 {
            self.ahead += self.read().await?;
        }
        Ok(())
    }

    /// Sends a frame, as [`frames`] makes them.
    pub(crate) async fn send(&mut self, frame: &[u8]) -> anyhow::Result<()> {
        Ok(self.stream.write_all(frame).await?)
    }

    /// Waits until so many more messages have come.
    pub(crate) async fn receive(&mut self, messages: u64) -> anyhow::Result<()> {
        while self.ahead < messages {
            self.ahead += self.read().await?;
        }
        self.ahead -= messages;
        Ok(())
    }

    /// Reads once, and answers how many messages that were.
    async fn read(&mut self) -> anyhow::Result<u64> {
        let counted = loop {
            self.stream.readable().await?;
            match BUFFER.with_borrow_mut(|buffer| self.try_read(buffer)) {
                Ok(counted) => break counted?,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        };
        self.answered += counted.pongs;
        for _ in 0..counted.pings {
            self.send(&frames::pong()).await?;
        }
        Ok(counted.messages)
    }

    fn try_read(&mut self, buffer: &mut [u8]) -> io::Result<anyhow::Result<Counted>> {
        let size = self.stream.try_read(buffer)?;
        if size == 0 {
            return Ok(Err(anyhow!("the server has closed the connection")));
        }
        Ok(self.counter.count(buffer.get(..size).unwrap_or_default()))
    }
}

thread_local! {
    /// One for all sessions, so that each costs this program little.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES]);
}

/// Sessions that listen, each on its own, and count together. They stop when this is dropped.
pub(crate) struct Audience {
    heard: Arc<Heard>,
    listening: JoinSet<anyhow::Result<()>>,
}

/// What all have heard.
#[derive(Default)]
struct Heard {
    messages: AtomicU64,
    wanted: AtomicU64,
    reached: Notify,
}

impl Audience {
    /// Lets these sessions listen from now on.
    pub(crate) fn new(clients: Vec<Client>) -> Self {
        let heard = Arc::new(Heard::default());
        let listening = clients.into_iter().map(|client| listen(client, Arc::clone(&heard))).collect();
        Self { heard, listening }
    }

    /// Waits until so many more messages have come, over all sessions.
    ///
    /// # Errors
    ///
    /// A session ended, or more came than was waited for.
    pub(crate) async fn hear(&mut self, messages: u64) -> anyhow::Result<()> {
        let wanted = self.heard.wanted.fetch_add(messages, Ordering::Relaxed) + messages;
        loop {
            match self.heard.messages.load(Ordering::Relaxed) {
                heard if heard == wanted => return Ok(()),
                heard => ensure!(heard < wanted, "{heard} messages came where {wanted} were due"),
            }
            tokio::select! {
                () = self.heard.reached.notified() => {}
                Some(ended) = self.listening.join_next() => ended??,
            }
        }
    }
}

async fn listen(mut client: Client, heard: Arc<Heard>) -> anyhow::Result<()> {
    loop {
        let messages = client.ahead + client.read().await?;
        client.ahead = 0;
        let before = heard.messages.fetch_add(messages, Ordering::Relaxed);
        if before + messages >= heard.wanted.load(Ordering::Relaxed) {
            heard.reached.notify_one();
        }
    }
}
