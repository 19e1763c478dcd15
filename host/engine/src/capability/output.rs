//! `output`: end the run with a result.

use sandgate_flow::event::HostCall;

use super::Host;
use super::bindings::sandgate::flow::output as wit;
use super::bindings::sandgate::flow::types::Json;
use super::past::{Answer, Call};
use crate::convert;
use crate::run::HostCallError;

impl wit::Host for Host {
    async fn output(&mut self, value: Json) -> wasmtime::Result<Result<(), wit::Error>> {
        self.enter()?;
        let call = Call::new("output", &[value.text.as_bytes()]);
        if let Some(Answer::Output(answer)) = self.caller.past.answer(&call)? {
            return Ok(answer);
        }
        let answer = self.output_anew(&value).await?;
        self.note(call, Answer::Output(answer.clone()));
        Ok(answer)
    }
}

impl Host {
    async fn output_anew(&mut self, value: &Json) -> wasmtime::Result<Result<(), wit::Error>> {
        if self.caller.core.is_decided() {
            return Ok(Err(self.is_late()));
        }
        let limit = self.limits().output_bytes_max;
        let size = value.text.len();
        if size as u64 > limit {
            let reason = format!("an output of {size} bytes is too large: output_bytes_max is {limit}");
            return Ok(Err(wit::Error::Other(reason)));
        }
        let value = match convert::json(&value.text) {
            Ok(value) => value,
            Err(error) => return Ok(Err(wit::Error::Other(format!("the output is not JSON: {error}")))),
        };
        self.pause()?;
        let recorded = self.caller.core.call_host(self.caller.activation, HostCall::Output(value)).await;
        self.resume()?;
        match recorded {
            Ok(()) => Ok(Ok(())),
            Err(HostCallError::Ended) => Ok(Err(self.is_late())),
            Err(error) => Err(wasmtime::Error::new(error)),
        }
    }

    fn is_late(&self) -> wit::Error {
        if self.caller.core.has_output() { wit::Error::AlreadyOutput } else { wit::Error::Ended }
    }
}
