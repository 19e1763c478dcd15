//! Ends early when asked to, so that what was started is stopped.

use anyhow::bail;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Runs to the end, or until SIGINT or SIGTERM comes.
///
/// # Errors
///
/// Those of the work, or a signal came.
pub(crate) fn until_stopped(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    // One thread: the servers are to have the processors.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        tokio::select! {
            done = work => done,
            () = stopped(&mut interrupt, &mut terminate) => bail!("stopped by a signal"),
        }
    })
}

async fn stopped(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
