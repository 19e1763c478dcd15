//! What an entry says, as it is kept: all of its frame but where it is.

use std::borrow::Cow;

use hyper_tungstenite::tungstenite::Utf8Bytes;
use sandgate_flow::event::RunId;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use crate::message::{self, Error, Position};

/// What an entry says. Its first byte is kept too: its method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body<'a> {
    method: Method,
    /// The parameters after the position, as JSON without its braces.
    content: Cow<'a, str>,
}

/// The method of an entry's notification. The byte that it is kept as never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Push,
    Output,
    Failed,
}

impl<'a> Body<'a> {
    /// A run has pushed this.
    pub(super) fn push(run: RunId, message: &RawValue) -> Self {
        Self { method: Method::Push, content: format!(r#""run":"{run}","message":{}"#, message.get()).into() }
    }

    /// A run has ended so: with an output, null if there was none, or not.
    pub(super) fn end(run: RunId, end: &Result<Json, Error>) -> Self {
        let (method, member, value) = match end {
            Ok(value) => (Method::Output, "value", value.to_string()),
            Err(error) => (Method::Failed, "error", json!(error).to_string()),
        };
        Self { method, content: format!(r#""run":"{run}","{member}":{value}"#).into() }
    }

    /// As it is kept.
    pub(super) fn encoded(&self) -> Vec<u8> {
        [self.method.byte()].into_iter().chain(self.content.bytes()).collect()
    }

    /// What was kept; none if that is something else.
    pub(super) fn decode(kept: &'a [u8]) -> Option<Self> {
        let (method, content) = kept.split_first()?;
        Some(Self { method: Method::of(*method)?, content: std::str::from_utf8(content).ok()?.into() })
    }

    /// As it is sent from this place.
    pub(super) fn frame(&self, position: Position<'_>) -> Utf8Bytes {
        message::entry(self.method.name(), position, &self.content)
    }
}

impl Method {
    fn byte(self) -> u8 {
        match self {
            Self::Push => b'p',
            Self::Output => b'o',
            Self::Failed => b'f',
        }
    }

    fn of(byte: u8) -> Option<Self> {
        [Self::Push, Self::Output, Self::Failed].into_iter().find(|method| method.byte() == byte)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Output => "output",
            Self::Failed => "failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const RUN: RunId = RunId(Uuid::nil());
    const POSITION: Position<'_> = Position { channel: "client:a\"b", epoch: "e1", offset: 7 };

    #[test]
    fn a_push_is_written_in_the_order_of_the_protocol_and_is_kept_as_it_was_written() {
        let message = RawValue::from_string(r#"{"b":1,"a":1.50}"#.to_owned()).unwrap();
        let body = Body::push(RUN, &message);
        assert_eq!(Body::decode(&body.encoded()), Some(body.clone()));
        assert_eq!(
            body.frame(POSITION).as_str(),
            r#"{"jsonrpc":"2.0","method":"push","params":{"channel":"client:a\"b","epoch":"e1","offset":7,"run":"00000000-0000-0000-0000-000000000000","message":{"b":1,"a":1.50}}}"#
        );
    }

    #[test]
    fn an_end_is_an_output_or_a_failure() {
        let told = |end| serde_json::from_str::<Json>(Body::end(RUN, &end).frame(POSITION).as_str()).unwrap();
        let output = told(Ok(json!([1])));
        assert_eq!((&output["method"], &output["params"]["value"]), (&json!("output"), &json!([1])));
        let failed = told(Err(Error::new(-1, "no")));
        assert_eq!((&failed["method"], &failed["params"]["error"]["message"]), (&json!("failed"), &json!("no")));
    }
}
