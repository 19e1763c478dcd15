//! `timer`: let time pass.

use std::time::Duration;

use sandgate_flow::event::{HostCall, HostFunction, Timestamp};

use super::Host;
use super::bindings::sandgate::flow::timer as wit;
use super::past::{Answer, Call, Unloaded};
use crate::limits::Reached;
use crate::run::HostCallError;

impl wit::Host for Host {
    /// An activation that sleeps for longer than a limit is unloaded at once, if it is cheap to run again; any other when
    /// somebody wants its room.
    async fn sleep(&mut self, milliseconds: u64) -> wasmtime::Result<()> {
        self.enter()?;
        let call = Call::new(HostFunction::Sleep, &[&milliseconds.to_le_bytes()]);
        if self.caller.past.answer(&call)?.is_some() {
            // Whoever is run again after a sleep is due: it is run again for that.
            return Ok(());
        }
        let due = self.due(milliseconds)?;
        self.pause()?;
        let recorded = self.record(call, HostCall::Sleep { due }, Answer::Sleep).await;
        self.look()?;
        self.caller.past.wall.sleep();
        match recorded {
            Ok(()) if self.is_unloaded_for(milliseconds) => return Err(wasmtime::Error::new(Unloaded { due })),
            Ok(()) => self.sleep_until(due).await?,
            // Nobody waits for it any more.
            Err(HostCallError::Ended) => {}
            Err(error) => return Err(wasmtime::Error::new(error)),
        }
        Ok(self.resume()?)
    }
}

impl Host {
    fn due(&self, milliseconds: u64) -> Result<Timestamp, Reached> {
        let limit = self.limits().sleep_ms_max;
        if milliseconds > limit {
            let message = format!("wanted to sleep for {milliseconds} ms");
            return Err(Reached { limit: "sleep_ms_max", value: limit, message });
        }
        Ok(self.caller.core.clock.now() + Duration::from_millis(milliseconds))
    }

    async fn sleep_until(&self, due: Timestamp) -> Result<(), Unloaded> {
        let sleep = self.caller.core.clock.sleep_until(due);
        tokio::select! {
            biased;
            () = sleep => Ok(()),
            () = self.sleepers.wanted(due), if self.caller.past.is_known() => Err(Unloaded { due }),
        }
    }

    /// Whether it is better to run the activation again, when this sleep is due, than to keep its instance.
    fn is_unloaded_for(&self, milliseconds: u64) -> bool {
        let limits = &self.caller.core.limits;
        milliseconds > limits.unload_after_ms
            && self.meter.spent_ms() < limits.unload_cpu_ms_max
            && self.caller.past.is_short(limits)
    }
}
