//! `timer`: let time pass.

use std::time::Duration;

use sandgate_flow::event::HostCall;

use super::Host;
use super::bindings::sandgate::flow::timer as wit;
use crate::limits::Reached;
use crate::run::HostCallError;

impl wit::Host for Host {
    /// Once the run's end is decided, sleeping returns at once: nobody waits for it any more.
    async fn sleep(&mut self, milliseconds: u64) -> wasmtime::Result<()> {
        self.enter()?;
        let limit = self.limits().sleep_ms_max;
        if milliseconds > limit {
            let message = format!("wanted to sleep for {milliseconds} ms");
            return Err(Reached { limit: "sleep_ms_max", value: limit, message }.into());
        }
        let core = &self.caller.core;
        let due = core.clock.now() + Duration::from_millis(milliseconds);
        self.meter.pause();
        let recorded = core.call_host(self.caller.activation, HostCall::Sleep { due }).await;
        if recorded.is_ok() {
            core.clock.sleep_until(due).await;
        }
        self.meter.resume();
        match recorded {
            Ok(()) | Err(HostCallError::Ended) => Ok(()),
            Err(error) => Err(wasmtime::Error::new(error)),
        }
    }
}
