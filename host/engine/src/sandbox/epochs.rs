//! The tick by which busy guests make room for others.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Ticks for as long as it lives. The thread is the system's own, so that no runtime that is kept busy can hold it up.
pub(super) struct Epochs {
    _until_dropped: Sender<std::convert::Infallible>,
}

impl Epochs {
    pub(super) fn start(engine: &wasmtime::Engine, tick_ms: u64) -> std::io::Result<Self> {
        let (until_dropped, dropped) = channel();
        let engine = engine.weak();
        let tick = Duration::from_millis(tick_ms.max(1));
        std::thread::Builder::new().name("sandgate-epochs".into()).spawn(move || {
            while dropped.recv_timeout(tick) == Err(RecvTimeoutError::Timeout) {
                match engine.upgrade() {
                    Some(engine) => engine.increment_epoch(),
                    None => return,
                }
            }
        })?;
        Ok(Self { _until_dropped: until_dropped })
    }
}
