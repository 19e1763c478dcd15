//! `output`: end the run with a result.

use sandgate_flow::event::{HostCall, HostFunction, Refusal};
use sandgate_flow::value::Value;

use super::Host;
use super::bindings::sandgate::flow::output as wit;
use super::bindings::sandgate::flow::types::Json;
use super::past::{Answer, Call};
use crate::convert;
use crate::run::HostCallError;

impl wit::Host for Host {
    async fn output(&mut self, value: Json) -> wasmtime::Result<Result<(), wit::Error>> {
        self.enter()?;
        let call = Call::new(HostFunction::Output, &[value.text.as_bytes()]);
        if let Some(Answer::Output(answer)) = self.caller.past.answer(&call)? {
            return Ok(answer);
        }
        self.output_anew(call, &value).await
    }
}

impl Host {
    async fn output_anew(&mut self, call: Call, value: &Json) -> wasmtime::Result<Result<(), wit::Error>> {
        if self.caller.core.is_decided() {
            return Ok(Err(self.is_late()));
        }
        self.pause()?;
        let answered = match self.checked(value) {
            Ok(value) => self.record(call, HostCall::Output(value), Answer::Output(Ok(()))).await.map(Ok),
            Err(reason) => {
                let error = wit::Error::Other(reason.clone());
                let refused =
                    self.refuse(call, Refusal::Other(reason.into()), Answer::Output(Err(error.clone()))).await;
                refused.map(|()| Err(error))
            }
        };
        self.resume()?;
        match answered {
            Ok(answer) => Ok(answer),
            Err(HostCallError::Ended) => Ok(Err(self.is_late())),
            Err(error) => Err(wasmtime::Error::new(error)),
        }
    }

    fn checked(&self, value: &Json) -> Result<Value, String> {
        let limit = self.limits().output_bytes_max;
        let size = value.text.len();
        if size as u64 > limit {
            return Err(format!("an output of {size} bytes is too large: output_bytes_max is {limit}"));
        }
        convert::json(&value.text).map_err(|error| format!("the output is not JSON: {error}"))
    }

    fn is_late(&self) -> wit::Error {
        if self.caller.core.has_output() { wit::Error::AlreadyOutput } else { wit::Error::Ended }
    }
}
