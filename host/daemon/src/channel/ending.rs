//! The end of a run, as those who are concerned are told.

use std::sync::Arc;

use sandgate_flow::document::Framing;
use sandgate_flow::event::{Outcome, RunId};
use serde_json::Value as Json;

use super::Frame;
use super::clients::{Clients, Member};
use super::interface::raw;
use super::outbox::{Answer, Starter};
use super::stream::Channel;
use crate::message::{self, Ended, Error, Position, code};
use crate::session::closing::Goodbye;

/// A run's end, encoded as far as it can be without knowing its place.
pub(super) enum Ending {
    /// The output, null if there was none, or why there is none.
    JsonRpc { run: RunId, end: Result<Json, Error> },
    /// What is sent, if anything is.
    Raw(Option<Frame>),
}

impl Ending {
    /// The end of this run.
    pub(super) fn new(flow: &str, framing: Framing, run: RunId, outcome: &Outcome) -> Self {
        match framing {
            Framing::JsonRpc => Self::JsonRpc { run, end: end(flow, run, outcome) },
            Framing::Raw => Self::Raw(raw_end(flow, outcome)),
        }
    }

    /// Enters it in the channel of the client that started the run.
    pub(super) fn tell_starter(&self, channel: &mut Channel, members: &[Member], starter: &Starter) {
        let position = channel.advance();
        match self {
            Self::JsonRpc { run, end } => {
                let notification = notification(position, *run, end);
                for member in members {
                    let answer = starter.answer.at_end().filter(|_| member.session == starter.session);
                    let answer = answer.map(|id| answer_to(id, position, *run, end));
                    member.queue.push(answer.unwrap_or_else(|| notification.clone()));
                }
            }
            Self::Raw(Some(close @ Frame::Close(_))) => {
                starter.queue().iter().for_each(|queue| queue.finish(close.clone()));
            }
            Self::Raw(frame) => frame.iter().for_each(|frame| {
                members.iter().for_each(|member| member.queue.push(frame.clone()));
            }),
        }
    }

    /// Enters an output in everyone's channel. A failure is for the starter alone.
    pub(super) fn tell_everyone(&self, everyone: &mut Channel, clients: &Clients, starter: Option<&Starter>) {
        match self {
            Self::JsonRpc { run, end: end @ Ok(_) } => {
                let notification = notification(everyone.advance(), *run, end);
                clients.members().for_each(|(_, member)| member.queue.push(notification.clone()));
            }
            Self::Raw(Some(frame @ (Frame::Text(_) | Frame::Binary(_)))) => {
                everyone.advance();
                let told = |client: &Arc<str>| starter.is_some_and(|starter| starter.client == *client);
                let others = clients.members().filter(|(client, _)| !told(client));
                others.for_each(|(_, member)| member.queue.push(frame.clone()));
            }
            Self::JsonRpc { .. } | Self::Raw(_) => {}
        }
    }
}

fn end(flow: &str, run: RunId, outcome: &Outcome) -> Result<Json, Error> {
    match outcome {
        Outcome::Output(value) => value
            .to_json()
            .map_err(|error| Error::new(code::INTERNAL, format!("flow {flow}: the output cannot be sent: {error}"))),
        Outcome::Completed => Ok(Json::Null),
        Outcome::Failed(failure) => Err(Error::failed(flow, run, failure)),
        Outcome::Cancelled(reason) => Err(Error::cancelled(flow, run, reason)),
    }
}

fn notification(position: Position<'_>, run: RunId, end: &Result<Json, Error>) -> Frame {
    Frame::Text(match end {
        Ok(value) => message::output(position, run, value),
        Err(error) => message::failed(position, run, error),
    })
}

fn answer_to(id: &Json, position: Position<'_>, run: RunId, end: &Result<Json, Error>) -> Frame {
    Frame::Text(match end {
        Ok(output) => message::result(id, &Ended { run: run.to_string(), output, position }),
        Err(error) => message::error(id, &error.clone().at(position)),
    })
}

/// Raw framing has no word for a failure: its session is closed, with the reason.
fn raw_end(flow: &str, outcome: &Outcome) -> Option<Frame> {
    match outcome {
        Outcome::Output(value) => Some(raw(value)),
        Outcome::Completed | Outcome::Cancelled(_) => None,
        Outcome::Failed(failure) => Some(Frame::Close(Goodbye::Failed(format!("flow {flow}: {failure}")).frame())),
    }
}

impl Answer {
    /// The request that is answered when the run has ended.
    fn at_end(&self) -> Option<&Json> {
        match self {
            Self::AtEnd(id) => Some(id),
            Self::AtOnce(_) | Self::Nothing => None,
        }
    }
}
