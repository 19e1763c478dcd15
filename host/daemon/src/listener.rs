//! Takes connections in, as many as there may be, and lets them end when the server stops.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tower::ServiceExt as _;

use crate::limits::{Limits, milliseconds};

/// An address that other machines can reach, while anybody who reaches the server may use it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} can be reached from other machines, and there is no authentication yet: listen on 127.0.0.1 or [::1], behind a \
     proxy that lets only those in who may"
)]
pub(crate) struct BeyondLoopback(SocketAddr);

/// Refuses addresses that other machines can reach.
///
/// # Errors
///
/// The address is one of them.
pub(crate) fn refuse_beyond_loopback(address: SocketAddr) -> Result<(), BeyondLoopback> {
    if address.ip().to_canonical().is_loopback() { Ok(()) } else { Err(BeyondLoopback(address)) }
}

/// A connection that was taken in. It counts against `connections_max`, and the server waits for it to end, until all
/// clones are gone: a session outlives the HTTP connection that it began as.
#[derive(Clone)]
pub(crate) struct Connection(Arc<Held>);

struct Held {
    peer: SocketAddr,
    _permit: OwnedSemaphorePermit,
    _tracked: TaskTrackerToken,
}

impl Connection {
    /// Who is at the other end.
    pub(crate) fn peer(&self) -> SocketAddr {
        self.0.peer
    }
}

/// Serves connections until `shutdown` is cancelled, and then until all have ended or `drain_ms_max` has passed.
pub(crate) async fn run(listener: TcpListener, router: Router, limits: &Limits, shutdown: CancellationToken) {
    raise_open_files();
    let tracker = TaskTracker::new();
    let permits = Arc::new(Semaphore::new(limits.connections_max.min(Semaphore::MAX_PERMITS)));
    let http = http(limits);
    let pause_max = milliseconds(limits.accept_pause_ms_max);
    let accepting = async {
        while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
            let (stream, peer) = accept(&listener, pause_max).await;
            let connection = Connection(Arc::new(Held { peer, _permit: permit, _tracked: tracker.token() }));
            tokio::spawn(serve(http.clone(), stream, router.clone(), connection, shutdown.clone()));
        }
    };
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = accepting => {}
    }
    drop(listener);
    drain(&tracker, milliseconds(limits.drain_ms_max)).await;
}

/// Each connection is an open file, and the number that a process begins with is small for historic reasons.
fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })
    {
        tracing::warn!("the number of open files, and with it of connections, stays at {:?}: {error}", limit.current);
    }
}

fn http(limits: &Limits) -> http1::Builder {
    /// Less is refused by hyper, with a panic.
    const HEADER_BYTES_MIN: usize = 8 * 1024;
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(milliseconds(limits.header_read_ms_max))
        .max_buf_size(limits.header_bytes_max.max(HEADER_BYTES_MIN));
    http
}

/// The next connection. Errors are not the end: those of one connection are its own, and those of the machine, no more
/// file descriptors for instance, pass when others end.
async fn accept(listener: &TcpListener, pause_max: Duration) -> (TcpStream, SocketAddr) {
    let mut pause = Duration::from_millis(5);
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!("no connection can be accepted for {} ms: {error}", pause.as_millis());
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(pause_max);
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn serve(
    http: http1::Builder,
    stream: TcpStream,
    router: Router,
    connection: Connection,
    shutdown: CancellationToken,
) {
    // Messages are small, and are to arrive now.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("{}: {error}", connection.peer());
    }
    let peer = connection.peer();
    let service = hyper::service::service_fn(move |request| answer(router.clone(), request, connection.clone()));
    let mut serving = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let served = tokio::select! {
        served = serving.as_mut() => served,
        () = shutdown.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = served {
        tracing::debug!("{peer}: {error}");
    }
}

async fn answer(
    router: Router,
    mut request: Request<Incoming>,
    connection: Connection,
) -> Result<Response<axum::body::Body>, Infallible> {
    request.extensions_mut().insert(connection);
    router.oneshot(request).await
}

async fn drain(tracker: &TaskTracker, within: Duration) {
    tracker.close();
    if tokio::time::timeout(within, tracker.wait()).await.is_err() {
        tracing::warn!("{} connections had not ended after {} ms, and were cut", tracker.len(), within.as_millis());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_may_be_listened_on() {
        for address in ["127.0.0.1:80", "127.9.9.9:80", "[::1]:80", "[::ffff:127.0.0.1]:80"] {
            assert_eq!(refuse_beyond_loopback(address.parse().unwrap()), Ok(()), "{address}");
        }
        for address in ["0.0.0.0:80", "192.168.0.1:80", "[::]:80"] {
            assert!(refuse_beyond_loopback(address.parse().unwrap()).is_err(), "{address}");
        }
    }
}
