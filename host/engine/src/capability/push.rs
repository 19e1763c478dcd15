//! `push`: send messages to clients.

use std::sync::Arc;

use sandgate_flow::event::{HostCall, Push, Recipient};
use sandgate_flow::value::Value;

use super::Host;
use super::bindings::sandgate::flow::push as wit;
use super::past::{Answer, Call};
use crate::convert;
use crate::limits::Reached;
use crate::outbox::Refused;
use crate::run::HostCallError;

impl wit::Host for Host {
    async fn push(&mut self, to: wit::Recipient, message: wit::Message) -> wasmtime::Result<Result<u32, wit::Error>> {
        self.enter()?;
        let to = recipient(to);
        self.count(&to, &message)?;
        let call = call(&to, &message);
        if let Some(Answer::Push(answer)) = self.caller.past.answer(&call)? {
            return Ok(answer);
        }
        let answer = self.push_anew(to, message).await?;
        self.note(call, Answer::Push(answer.clone()));
        Ok(answer)
    }
}

impl Host {
    async fn push_anew(&mut self, to: Recipient, message: wit::Message) -> wasmtime::Result<Result<u32, wit::Error>> {
        if self.caller.core.is_decided() {
            return Ok(Err(wit::Error::Ended));
        }
        if let Err(error) = self.check_size(&message) {
            return Ok(Err(error));
        }
        let push = match value(message) {
            Ok(message) => Push { to, message },
            Err(error) => return Ok(Err(error)),
        };
        match self.caller.core.outbox.address(&push) {
            Ok(sessions) => self.record(push, sessions).await,
            Err(refused) => Ok(Err(refused.into())),
        }
    }

    /// Counts what is pushed, also when it is pushed again: an activation that sleeps has no more to spend than others.
    fn count(&mut self, to: &Recipient, message: &wit::Message) -> Result<(), Reached> {
        let limit = self.limits().activation_push_bytes_max;
        let pushed = (bytes_of(to) + bytes(message).len()) as u64;
        self.caller.pushed_bytes = self.caller.pushed_bytes.saturating_add(pushed);
        if self.caller.pushed_bytes > limit {
            let message = format!("pushed {} bytes", self.caller.pushed_bytes);
            return Err(Reached { limit: "activation_push_bytes_max", value: limit, message });
        }
        Ok(())
    }

    fn check_size(&self, message: &wit::Message) -> Result<(), wit::Error> {
        let limit = self.limits().push_bytes_max;
        if bytes(message).len() as u64 > limit { Err(wit::Error::TooLarge(limit)) } else { Ok(()) }
    }

    async fn record(&mut self, push: Push, sessions: u32) -> wasmtime::Result<Result<u32, wit::Error>> {
        self.pause()?;
        let recorded = self.caller.core.call_host(self.caller.activation, HostCall::Push { push, sessions }).await;
        self.resume()?;
        match recorded {
            Ok(()) => Ok(Ok(sessions)),
            Err(HostCallError::Ended) => Ok(Err(wit::Error::Ended)),
            Err(error) => Err(wasmtime::Error::new(error)),
        }
    }
}

fn call(to: &Recipient, message: &wit::Message) -> Call {
    let to = to.to_string();
    let case = match message {
        wit::Message::Json(_) => "json",
        wit::Message::Text(_) => "text",
        wit::Message::Binary(_) => "binary",
    };
    Call::new("push", &[to.as_bytes(), case.as_bytes(), bytes(message)])
}

/// A message as it crosses the border.
fn bytes(message: &wit::Message) -> &[u8] {
    match message {
        wit::Message::Json(json) => json.text.as_bytes(),
        wit::Message::Text(text) => text.as_bytes(),
        wit::Message::Binary(bytes) => bytes,
    }
}

/// What a recipient holds.
fn bytes_of(to: &Recipient) -> usize {
    match to {
        Recipient::Everyone | Recipient::Caller => 0,
        Recipient::Clients(ids) => ids.iter().map(|id| size_of_val(id) + id.len()).sum(),
        Recipient::Group(name) => name.len(),
    }
}

fn recipient(to: wit::Recipient) -> Recipient {
    match to {
        wit::Recipient::Everyone => Recipient::Everyone,
        wit::Recipient::Caller => Recipient::Caller,
        wit::Recipient::Clients(ids) => Recipient::Clients(ids.into_iter().map(Arc::from).collect()),
        wit::Recipient::Group(name) => Recipient::Group(name.into()),
    }
}

fn value(message: wit::Message) -> Result<Value, wit::Error> {
    match message {
        wit::Message::Json(json) => {
            convert::json(&json.text).map_err(|error| wit::Error::Other(format!("the message is not JSON: {error}")))
        }
        wit::Message::Text(text) => Ok(Value::String(text.into())),
        wit::Message::Binary(bytes) => Ok(Value::Bytes(bytes.into())),
    }
}

impl From<Refused> for wit::Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::UnknownClient(id) => Self::UnknownClient(id),
            Refused::Other(reason) => Self::Other(reason),
        }
    }
}
