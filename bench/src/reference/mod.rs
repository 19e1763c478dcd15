//! The server to compare with: written by hand for these flows, with tokio-tungstenite, without flows or a sandbox.
//!
//! It has as many threads as the daemon has for sessions, the same socket options and buffers, sends the same messages,
//! and does what is known to be good: a broadcast is one allocation, shared by all queues, and a queue is emptied before
//! the connection is flushed.

mod hub;
mod messages;
mod session;

use std::io::{Read as _, Write as _};
use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::scenario;
use hub::Hub;

/// Serves on a port that is free, says where, and ends with its standard input.
///
/// # Errors
///
/// It cannot listen.
pub(crate) fn serve() -> anyhow::Result<()> {
    scenario::raise_open_files()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    writeln!(std::io::stdout(), "reference: serving at http://{}", listener.local_addr()?)?;
    runtime.spawn(accept(listener));
    // Nothing is ever said here: it is closed when whoever started this is gone.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

async fn accept(listener: TcpListener) {
    let hub = Arc::new(Hub::default());
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, Arc::clone(&hub)));
    }
}

/// A client that is gone, or speaks another protocol, concerns nobody else.
async fn connection(mut stream: TcpStream, hub: Arc<Hub>) {
    let mut start = [0; 8];
    let asks_whether_ready = stream.peek(&mut start).await.is_ok_and(|size| size == 8) && start == *b"GET /rea";
    let _ = if asks_whether_ready { ready(&mut stream).await } else { session::run(stream, &hub).await };
}

async fn ready(stream: &mut TcpStream) -> anyhow::Result<()> {
    let mut head = [0; 1024];
    let _ = stream.read(&mut head).await?;
    Ok(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await?)
}
