//! How soon a session is answered while runs compute on every processor.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::run_request;
use crate::client::{Client, within};
use crate::figure::{Figure, Samples};
use crate::frames;
use crate::scale::Scale;
use crate::server::Server;

/// What is told.
pub(super) const FIGURES: &[Figure] = &[
    Figure::at_most("ms of a ping, of 100 the 99th, while four runs compute", 5.0),
    Figure::open("ms of a ping, of 100 the 50th, while four runs compute"),
];

const RUNS: u64 = 4;

/// Between two pings, so that each comes upon threads that sleep.
const PAUSE: Duration = Duration::from_millis(5);

pub(super) async fn sample(server: &Server, scale: Scale) -> anyhow::Result<Vec<f64>> {
    // For as long as they are connected, and longer.
    let mut computing = Client::connect_all(server.address(), "spin", RUNS).await?;
    for client in &mut computing {
        client.send(&frames::text(&run_request(1, "{}").replace("run", "start"))).await?;
        // The welcome, and that it has begun.
        within("a run that has begun", client.receive(2)).await?;
    }
    let mut socket = connect(server).await?;
    let mut took = Samples::default();
    for number in 0..scale.pings {
        tokio::time::sleep(PAUSE).await;
        took.add(within("a pong", ping(&mut socket, number)).await?.as_secs_f64() * 1e3);
    }
    let quantile = |percent| took.quantile(percent).context("no ping was answered");
    Ok(vec![quantile(99)?, quantile(50)?])
}

async fn connect(server: &Server) -> anyhow::Result<WebSocketStream<TcpStream>> {
    let stream = TcpStream::connect(server.address()).await?;
    stream.set_nodelay(true)?;
    Ok(client_async(format!("ws://{}/ws/countdown", server.address()), stream).await?.0)
}

async fn ping(socket: &mut WebSocketStream<TcpStream>, number: u64) -> anyhow::Result<Duration> {
    let payload = Bytes::copy_from_slice(&number.to_be_bytes());
    let began = Instant::now();
    socket.send(Message::Ping(payload.clone())).await?;
    loop {
        match socket.next().await.context("the connection is lost")?? {
            Message::Pong(answer) if answer == payload => return Ok(began.elapsed()),
            Message::Close(_) => bail!("the server closes the session"),
            _ => {}
        }
    }
}
