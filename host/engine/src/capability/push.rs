//! `push`: send messages to clients.

use std::sync::Arc;

use sandgate_flow::diagnostic::cut;
use sandgate_flow::event::{HostCall, HostFunction, Push, Recipient, Refusal};
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
        self.push_anew(call, to, message).await
    }
}

impl Host {
    async fn push_anew(
        &mut self,
        call: Call,
        to: Recipient,
        message: wit::Message,
    ) -> wasmtime::Result<Result<u32, wit::Error>> {
        if self.caller.core.is_decided() {
            return Ok(Err(wit::Error::Ended));
        }
        self.pause()?;
        let answered = match self.addressed(to, message) {
            Ok((push, sessions)) => {
                let recorded = self.record(call, HostCall::Push { push, sessions }, Answer::Push(Ok(sessions))).await;
                recorded.map(|()| Ok(sessions))
            }
            Err(refusal) => {
                let error = wit::Error::from(refusal.clone());
                let refused = self.refuse(call, refusal, Answer::Push(Err(error.clone()))).await;
                refused.map(|()| Err(error))
            }
        };
        self.resume()?;
        match answered {
            Ok(answer) => Ok(answer),
            Err(HostCallError::Ended) => Ok(Err(wit::Error::Ended)),
            Err(error) => Err(wasmtime::Error::new(error)),
        }
    }

    /// The push, and how many sessions it is for.
    fn addressed(&self, to: Recipient, message: wit::Message) -> Result<(Push, u32), Refusal> {
        let limit = self.limits().push_bytes_max;
        if bytes(&message).len() as u64 > limit {
            return Err(Refusal::TooLarge(limit));
        }
        let push = Push { to, message: value(message)? };
        match self.caller.core.outbox.address(&push) {
            Ok(sessions) => Ok((push, sessions)),
            Err(refused) => Err(refused.into()),
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
}

fn call(to: &Recipient, message: &wit::Message) -> Call {
    let to = to.to_string();
    let case = match message {
        wit::Message::Json(_) => "json",
        wit::Message::Text(_) => "text",
        wit::Message::Binary(_) => "binary",
    };
    Call::new(HostFunction::Push, &[to.as_bytes(), case.as_bytes(), bytes(message)])
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

fn value(message: wit::Message) -> Result<Value, Refusal> {
    match message {
        wit::Message::Json(json) => convert::json(&json.text)
            .map_err(|error| Refusal::Other(format!("the message is not JSON: {error}").into())),
        wit::Message::Text(text) => Ok(Value::String(text.into())),
        wit::Message::Binary(bytes) => Ok(Value::Bytes(bytes.into())),
    }
}

/// An id may be as long as a push. What is recorded of it is not.
impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        const ID_CHARS_MAX: usize = 200;
        match refused {
            Refused::UnknownClient(id) => Self::UnknownClient(cut(&id, ID_CHARS_MAX).into()),
            Refused::Other(reason) => Self::Other(reason.into()),
        }
    }
}

impl From<Refusal> for wit::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UnknownClient(id) => Self::UnknownClient(id.to_string()),
            Refusal::TooLarge(limit) => Self::TooLarge(limit),
            Refusal::Denied(reason) => Self::Denied(reason.to_string()),
            Refusal::Other(reason) => Self::Other(reason.to_string()),
        }
    }
}
