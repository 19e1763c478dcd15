//! Sends a session what is in its queue.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;

use bytes::Bytes;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::task::consume_budget;
use tokio::time::timeout;

use super::closing::{End, Goodbye};
use super::part::{Kind, Part, Place};
use crate::channel::{Frame, Outgoing, Overflowed};
use crate::limits::{Limits, milliseconds};

/// Writes to a connection.
pub(super) struct Writer<'a> {
    queue: &'a Outgoing,
    limits: &'a Limits,
    outgoing: &'a OwnedWriteHalf,
    /// What is being written: the first of it may be in the middle.
    parts: VecDeque<Part>,
    /// How much was added to them since all was written.
    bytes: usize,
}

/// How many frames are given to the system at once.
const PARTS_AT_ONCE: usize = 256;

/// For how many frames a session that has nothing to send keeps room.
const PARTS_KEPT: usize = 4;

impl<'a> Writer<'a> {
    /// Has written nothing yet.
    pub(super) fn new(queue: &'a Outgoing, limits: &'a Limits, outgoing: &'a OwnedWriteHalf) -> Self {
        Self { queue, limits, outgoing, parts: VecDeque::new(), bytes: 0 }
    }

    /// Writes until there is a reason to stop.
    pub(super) async fn run(&mut self) -> End {
        loop {
            if let Err(end) = self.burst().await {
                return end;
            }
        }
    }

    /// The frame that was begun and must be ended before anything else is said.
    pub(super) fn begun(self) -> Option<Part> {
        self.parts.into_iter().next().filter(Part::is_begun)
    }

    /// Waits for something to send, and sends all there is.
    async fn burst(&mut self) -> Result<(), End> {
        let mut next = Some(self.queue.next().await);
        // Others get their turn, however much there is to be sent.
        consume_budget().await;
        while let Some(frame) = next {
            match frame.map_err(|Overflowed| self.overflowed())? {
                Frame::Text(text) => self.message(Kind::Text, text.into()).await?,
                Frame::Binary(bytes) => self.message(Kind::Binary, bytes).await?,
                Frame::Ping => self.add(Part::new(Kind::Ping, Place::Last, Bytes::new())).await?,
                Frame::Pong(bytes) => self.add(Part::new(Kind::Pong, Place::Last, bytes)).await?,
                Frame::Close(frame) => {
                    self.write().await?;
                    return Err(End::Closes(frame));
                }
            }
            next = self.queue.try_next();
        }
        self.write().await
    }

    /// A message, in parts if it is large: each of them is to be written in time.
    async fn message(&mut self, mut kind: Kind, mut rest: Bytes) -> Result<(), End> {
        let size = self.limits.fragment_bytes_max.max(1);
        while rest.len() > size {
            self.add(Part::new(kind, Place::Before, rest.split_to(size))).await?;
            kind = Kind::Continuation;
        }
        self.add(Part::new(kind, Place::Last, rest)).await
    }

    /// One more to be written, which happens now if there are many or they are large.
    async fn add(&mut self, part: Part) -> Result<(), End> {
        self.bytes += part.bytes();
        self.parts.push_back(part);
        if self.bytes > self.limits.fragment_bytes_max || self.parts.len() >= PARTS_AT_ONCE {
            self.write().await?;
        }
        Ok(())
    }

    /// Writes all parts. Most often the system takes them at once, and then nothing is waited for, and no timer made.
    async fn write(&mut self) -> Result<(), End> {
        self.try_write()?;
        if !self.parts.is_empty() {
            self.write_rest().await?;
        }
        // A burst is not to be paid for as long as the session lasts.
        self.parts.shrink_to(PARTS_KEPT);
        self.bytes = 0;
        Ok(())
    }

    /// Writes when there is room, unless that takes too long or the queue overflows meanwhile.
    async fn write_rest(&mut self) -> Result<(), End> {
        let (queue, within) = (self.queue, milliseconds(self.limits.write_ms_max));
        let writing = async {
            while !self.parts.is_empty() {
                self.outgoing.writable().await.map_err(|_| End::Lost)?;
                self.try_write()?;
            }
            Ok(())
        };
        tokio::select! {
            biased;
            written = timeout(within, writing) => written.unwrap_or_else(|_| Err(self.timed_out())),
            () = queue.overflowed() => Err(self.overflowed()),
        }
    }

    /// Writes as much as the system takes now.
    fn try_write(&mut self) -> Result<(), End> {
        while !self.parts.is_empty() {
            match BUFFER.with_borrow_mut(|buffer| self.outgoing.try_write(gathered(&self.parts, buffer))) {
                Ok(0) => return Err(End::Lost),
                Ok(bytes) => self.written(bytes),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(_) => return Err(End::Lost),
            }
        }
        Ok(())
    }

    /// So many bytes have been written.
    fn written(&mut self, mut bytes: usize) {
        while let Some(part) = self.parts.front_mut() {
            if bytes < part.bytes() {
                return part.written(bytes);
            }
            bytes -= part.bytes();
            self.parts.pop_front();
        }
    }

    fn timed_out(&self) -> End {
        closes(format!("nothing could be sent to this client: write_ms_max is {}", self.limits.write_ms_max))
    }

    fn overflowed(&self) -> End {
        closes(format!(
            "too much waits for this client: queue_bytes_max is {}, queue_entries_max {}",
            self.limits.queue_bytes_max, self.limits.queue_entries_max
        ))
    }
}

fn closes(slow: String) -> End {
    End::Closes(Goodbye::Slow(slow).frame())
}

thread_local! {
    /// What is being given to the system: one for all sessions, since none keeps it. To gather many small frames in it
    /// costs less than to hand them over one by one.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

fn gathered<'a>(parts: &VecDeque<Part>, buffer: &'a mut Vec<u8>) -> &'a [u8] {
    buffer.clear();
    parts.iter().for_each(|part| part.append_to(buffer));
    buffer
}
