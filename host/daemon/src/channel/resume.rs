//! Clients that come back are sent what they missed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::body::Body;
use super::clients::Member;
use super::naming::EVERYONE;
use super::stream::{Channel, Missed, epoch};
use super::{Frame, Interface, Membership, lock};
use crate::message::{self, Error, Had, Position, code};

/// What a session is to be sent of one channel.
struct Gap {
    channel: Arc<str>,
    name: Box<str>,
    /// The channel's epoch, and up to where.
    epoch: Box<str>,
    upto: u64,
    had: Had,
    missed: Missed,
}

impl Membership {
    /// Sends what was missed since these positions, up to where the session joined, then the answer, and then what was held
    /// back.
    ///
    /// # Errors
    ///
    /// The session is not one that comes back, or a position is none of its channels'; it goes on without.
    pub(crate) async fn resume(&self, positions: BTreeMap<String, Had>, request: Option<&Json>) -> Result<(), Error> {
        let (gaps, stands) = self.gaps(positions)?;
        let mut frames = Vec::new();
        for gap in gaps {
            frames.extend(gap.frames(self.interface()).await?);
        }
        let answer = request.map(|id| Frame::Text(message::result(id, &json!({ "positions": stands }))));
        frames.extend(answer);
        if self.queue().release(frames) { Ok(()) } else { Err(too_late()) }
    }

    fn gaps(&self, positions: BTreeMap<String, Had>) -> Result<(Vec<Gap>, Json), Error> {
        let mut state = lock(&self.interface().state);
        let Some([of_everyone, of_client]) = state.clients.member(self.client(), self.session()).map(Member::joined)
        else {
            return Err(too_late());
        };
        let (everyone, client) = (&state.everyone, state.clients.known(self.client()).ok_or_else(too_late)?);
        let in_journal = self.interface().naming.is_on_disk();
        let own = [(everyone, of_everyone), (client, of_client)];
        let mut gaps = Vec::new();
        for (name, had) in positions {
            let (channel, joined) =
                own.iter().find(|(channel, _)| channel.name() == name).ok_or_else(|| not_own(&name, self.client()))?;
            if *epoch(joined.epoch) == *had.epoch && had.offset > joined.offset {
                return Err(beyond(&name, had.offset, joined.offset));
            }
            gaps.push(Gap::new(channel, joined.epoch, joined.offset, had, in_journal));
        }
        let stands = own.map(|(channel, joined)| {
            (channel.name().to_owned(), json!({ "epoch": epoch(joined.epoch), "offset": joined.offset }))
        });
        Ok((gaps, Json::Object(stands.into_iter().collect())))
    }
}

impl Gap {
    fn new(channel: &Channel, joined_epoch: u64, upto: u64, had: Had, in_journal: bool) -> Self {
        let of_epoch = epoch(joined_epoch);
        let after = if *of_epoch == *had.epoch { had.offset } else { 0 };
        Self {
            channel: Arc::clone(channel.full_name()),
            name: channel.name().into(),
            epoch: of_epoch,
            upto,
            had,
            missed: channel.missed(after, upto, in_journal),
        }
    }

    /// What was missed, and what of it is gone.
    async fn frames(self, interface: &Interface) -> Result<Vec<Frame>, Error> {
        let entries = match self.missed {
            Missed::Entries(entries) => entries,
            Missed::InJournal { after, upto } if after == upto => Vec::new(),
            Missed::InJournal { after, upto } => {
                let history = interface.naming.history(Arc::clone(&self.channel), after, upto).await;
                history.map_err(|error| Error::new(code::INTERNAL, error.to_string()))?.entries
            }
        };
        let mut frames = Vec::new();
        let mut next = self.had.offset + 1;
        if *self.epoch != *self.had.epoch {
            frames.push(message::gap(&self.name, &self.had.epoch, next, None));
            next = 1;
        }
        for (offset, body) in entries {
            let Some(body) = Body::decode(&body) else { continue };
            if offset > next {
                frames.push(message::gap(&self.name, &self.epoch, next, Some(offset - 1)));
            }
            frames.push(body.frame(Position { channel: &self.name, epoch: &self.epoch, offset }));
            next = offset + 1;
        }
        if next <= self.upto {
            frames.push(message::gap(&self.name, &self.epoch, next, Some(self.upto)));
        }
        Ok(frames.into_iter().map(Frame::Text).collect())
    }
}

fn too_late() -> Error {
    let what = "resume is the first that a session asks, soon after its welcome, and the address names its client";
    Error::new(code::INVALID_PARAMS, what)
}

fn not_own(channel: &str, client: &str) -> Error {
    let name = sandgate_flow::diagnostic::cut(channel, 200);
    let what = format!("{name:?} is no channel of this session: it has {EVERYONE} and client:{client}");
    Error::new(code::INVALID_PARAMS, what)
}

fn beyond(channel: &str, had: u64, stands: u64) -> Error {
    let what = format!("offset {had} of {channel} is beyond its end: it stands at {stands}");
    Error::new(code::INVALID_PARAMS, what)
}
