//! The end of a run, as those who are concerned are told.

use hyper_tungstenite::tungstenite::Utf8Bytes;
use sandgate_flow::event::{Failure, Outcome, RunId};
use serde_json::{Value as Json, json};

use super::Frame;
use crate::message::{self, Ended, Error, Position, code};
use crate::session::closing::Goodbye;

/// A run's end: the output, null if there was none, or why there is none.
pub(crate) struct Ending {
    run: RunId,
    pub(super) end: Result<Json, Error>,
}

impl Ending {
    /// The end of this run.
    pub(crate) fn new(flow: &str, run: RunId, outcome: &Outcome) -> Self {
        let end = match outcome {
            Outcome::Output(value) => value.to_json().map_err(|error| {
                Error::new(code::INTERNAL, format!("flow {flow}: the output cannot be sent: {error}"))
            }),
            Outcome::Completed => Ok(Json::Null),
            Outcome::Failed(failure) => Err(Error::failed(flow, run, failure)),
            Outcome::Cancelled(reason) => Err(Error::cancelled(flow, run, reason)),
        };
        Self { run, end }
    }

    /// As the answer to a request, with where its client's channel has it, if that is known.
    pub(crate) fn answer(&self, request: &Json, position: Option<Position<'_>>) -> Utf8Bytes {
        match (&self.end, position) {
            (Ok(output), Some(position)) => {
                message::result(request, &Ended { run: self.run.to_string(), output, position })
            }
            (Ok(output), None) => message::result(request, &json!({ "run": self.run.to_string(), "output": output })),
            (Err(error), Some(position)) => message::error(request, &error.clone().at(position)),
            (Err(error), None) => message::error(request, error),
        }
    }
}

/// The close frame that says how a run failed.
pub(super) fn close(flow: &str, failure: &Failure) -> Frame {
    Frame::Close(Goodbye::Failed(format!("flow {flow}: {failure}")).frame())
}
