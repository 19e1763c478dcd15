//! Sends a session what is in its queue.

use std::time::Duration;

use bytes::Bytes;
use futures_util::SinkExt as _;
use futures_util::stream::SplitSink;
use hyper_tungstenite::tungstenite::protocol::CloseFrame;
use hyper_tungstenite::tungstenite::protocol::frame::Frame as Fragment;
use hyper_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use hyper_tungstenite::tungstenite::{self, Message};
use tokio::time::timeout;

use super::Socket;
use super::closing::Goodbye;
use crate::channel::{Frame, Outgoing, Overflowed};
use crate::limits::{Limits, milliseconds};

/// Writes until there is a reason to stop, and answers the close frame to send; none if the connection is lost.
pub(super) async fn write(
    queue: &Outgoing,
    limits: &Limits,
    sink: &mut SplitSink<Socket, Message>,
) -> Option<CloseFrame> {
    let mut writer = Writer { queue, limits, sink };
    match writer.run().await {
        Stop::Last(frame) => Some(frame),
        Stop::Slow(goodbye) => Some(goodbye.frame()),
        Stop::Lost => None,
    }
}

struct Writer<'a> {
    queue: &'a Outgoing,
    limits: &'a Limits,
    sink: &'a mut SplitSink<Socket, Message>,
}

enum Stop {
    Last(CloseFrame),
    Slow(Goodbye),
    Lost,
}

impl Writer<'_> {
    async fn run(&mut self) -> Stop {
        loop {
            if let Err(stop) = self.burst().await {
                return stop;
            }
        }
    }

    /// Waits for something to send, sends all there is, and flushes once.
    async fn burst(&mut self) -> Result<(), Stop> {
        let mut next = Some(self.queue.next().await);
        while let Some(frame) = next {
            match frame.map_err(|Overflowed| self.overflowed())? {
                Frame::Text(text) => self.message(text.into(), Data::Text).await?,
                Frame::Binary(bytes) => self.message(bytes, Data::Binary).await?,
                Frame::Ping => self.feed(Message::Ping(Bytes::new())).await?,
                Frame::Close(frame) => {
                    self.flush().await?;
                    return Err(Stop::Last(frame));
                }
            }
            next = self.queue.try_next();
        }
        self.flush().await
    }

    /// A message, in parts if it is large: the connection's buffer keeps the size that it once had.
    async fn message(&mut self, mut rest: Bytes, first: Data) -> Result<(), Stop> {
        let size = self.limits.fragment_bytes_max.max(1);
        let mut opcode = first;
        loop {
            let part = rest.split_to(rest.len().min(size));
            let last = rest.is_empty();
            self.feed(Message::Frame(Fragment::message(part, OpCode::Data(opcode), last))).await?;
            if last {
                return Ok(());
            }
            opcode = Data::Continue;
        }
    }

    async fn feed(&mut self, message: Message) -> Result<(), Stop> {
        let within = milliseconds(self.limits.write_ms_max);
        let written = bounded(self.queue, within, self.sink.feed(message)).await;
        written.map_err(|why| self.stop(why))
    }

    async fn flush(&mut self) -> Result<(), Stop> {
        let within = milliseconds(self.limits.write_ms_max);
        let written = bounded(self.queue, within, self.sink.flush()).await;
        written.map_err(|why| self.stop(why))
    }

    fn stop(&self, why: Unwritten) -> Stop {
        match why {
            Unwritten::Lost => Stop::Lost,
            Unwritten::Overflowed => self.overflowed(),
            Unwritten::TimedOut => Stop::Slow(Goodbye::Slow(format!(
                "nothing could be sent to this client: write_ms_max is {}",
                self.limits.write_ms_max
            ))),
        }
    }

    fn overflowed(&self) -> Stop {
        Stop::Slow(Goodbye::Slow(format!(
            "too much waits for this client: queue_bytes_max is {}, queue_entries_max {}",
            self.limits.queue_bytes_max, self.limits.queue_entries_max
        )))
    }
}

enum Unwritten {
    Lost,
    Overflowed,
    TimedOut,
}

/// Writes, unless it takes too long or the queue overflows meanwhile.
async fn bounded(
    queue: &Outgoing,
    within: Duration,
    write: impl Future<Output = Result<(), tungstenite::Error>>,
) -> Result<(), Unwritten> {
    tokio::select! {
        biased;
        written = timeout(within, write) => match written {
            Ok(written) => written.map_err(|_| Unwritten::Lost),
            Err(_) => Err(Unwritten::TimedOut),
        },
        () = queue.overflowed() => Err(Unwritten::Overflowed),
    }
}
