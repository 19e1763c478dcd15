//! The tick by which busy guests make room for others.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Ticks for as long as it lives. The thread is the system's own, so that no runtime that is kept busy can hold it up.
pub(super) struct Epochs {
    ticks: Arc<AtomicU64>,
    _until_dropped: Sender<std::convert::Infallible>,
}

/// The turn of a task that does not wait: over with the next tick.
pub(crate) struct Turn {
    ticks: Arc<AtomicU64>,
    began: u64,
}

impl Epochs {
    pub(super) fn start(engine: &wasmtime::Engine, tick_ms: u64) -> std::io::Result<Self> {
        let (until_dropped, dropped) = channel();
        let engine = engine.weak();
        let tick = Duration::from_millis(tick_ms.max(1));
        let ticks = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&ticks);
        std::thread::Builder::new().name("sandgate-epochs".into()).spawn(move || {
            while dropped.recv_timeout(tick) == Err(RecvTimeoutError::Timeout) {
                counted.fetch_add(1, Ordering::Relaxed);
                match engine.upgrade() {
                    Some(engine) => engine.increment_epoch(),
                    None => return,
                }
            }
        })?;
        Ok(Self { ticks, _until_dropped: until_dropped })
    }

    pub(super) fn turn(&self) -> Turn {
        Turn { ticks: Arc::clone(&self.ticks), began: self.ticks.load(Ordering::Relaxed) }
    }
}

impl Turn {
    /// Whether others are to have theirs.
    pub(crate) fn is_over(&self) -> bool {
        self.ticks.load(Ordering::Relaxed) != self.began
    }
}
