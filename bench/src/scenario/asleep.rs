//! Runs that sleep: what they hold, how soon the daemon is back with them, and how late they wake.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use futures_util::future::try_join_all;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value as Json, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::Stage;
use crate::client::within;
use crate::figure::{Figure, Samples};
use crate::server::Server;

/// What is told of those that sleep for long.
pub(super) const FIGURES: &[Figure] = &[
    Figure::at_most("KiB in memory per sleeping run, of 100,000", 2.0),
    Figure::at_most("s from exec to ready with 10,000 asleep", 2.0),
    Figure::at_most("s from exec to ready with 100,000 asleep", 10.0),
];

/// What is told of those that fall due in one second.
pub(super) const DUE: &[Figure] = &[
    Figure::at_most("ms late, of 100 the 50th, of 10,000 runs that fall due in one second", 15.0),
    Figure::at_most("ms late, of 100 the 99th, of 10,000 runs that fall due in one second", 300.0),
    Figure::at_most("ms late, of 100 the 50th, of 240 runs that fall due in one second", 15.0),
    Figure::at_most("ms late, of 100 the 99th, of 240 runs that fall due in one second", 388.0),
];

const SESSIONS: u64 = 128;
const AN_HOUR_MS: u64 = 3_600_000;

type Socket = WebSocketStream<TcpStream>;

/// Fills a data folder in two steps, and starts anew after each.
pub(super) async fn sample(stage: &Stage<'_>) -> anyhow::Result<Vec<f64>> {
    stage.project.forget()?;
    let server = Server::start(stage.subject, stage.project).await?;
    let tenth = stage.scale.asleep / 10;
    start_all(&server, tenth, AN_HOUR_MS).await?;
    drop(server);
    let (server, few) = restart(stage).await?;
    let before = server.resident_kib()?;
    start_all(&server, stage.scale.asleep - tenth, AN_HOUR_MS).await?;
    let after = server.resident_kib()?;
    drop(server);
    let (_server, many) = restart(stage).await?;
    let each = after.saturating_sub(before) as f64 / (stage.scale.asleep - tenth) as f64;
    stage.project.forget()?;
    Ok(vec![each, few, many])
}

async fn restart(stage: &Stage<'_>) -> anyhow::Result<(Server, f64)> {
    let began = Instant::now();
    let server = Server::start(stage.subject, stage.project).await?;
    server.ready().await?;
    Ok((server, began.elapsed().as_secs_f64()))
}

/// Starts so many runs that sleep, and waits until all are acknowledged. Their sessions leave.
async fn start_all(server: &Server, count: u64, ms: u64) -> anyhow::Result<()> {
    let each = count.div_ceil(SESSIONS);
    let starting = (0..SESSIONS).map(|_| async move {
        let mut socket = connect(server).await?;
        for _ in 0..each {
            socket.send(start_request(ms, 0)).await?;
            receive(&mut socket).await?;
        }
        anyhow::Ok(())
    });
    within("runs that sleep", try_join_all(starting)).await.map(drop)
}

/// Many runs, and as many as another durable engine was measured with.
pub(super) async fn due(stage: &Stage<'_>, server: &Server) -> anyhow::Result<Vec<f64>> {
    const FEW: u64 = 240;
    let mut late = due_in_one_second(server, stage.scale.due).await?;
    late.extend(due_in_one_second(server, FEW.min(stage.scale.due)).await?);
    Ok(late)
}

/// Starts runs that fall due in the same second, evenly, and notes how late their outputs come.
async fn due_in_one_second(server: &Server, runs: u64) -> anyhow::Result<Vec<f64>> {
    const FROM_NOW_MS: u64 = 12_000;
    let window = now_ms()? + FROM_NOW_MS;
    let sleeping = (0..SESSIONS).map(|session| async move {
        let mut socket = connect(server).await?;
        let mut late = Vec::new();
        let mut waiting = 0;
        for run in (session..runs).step_by(usize::try_from(SESSIONS)?) {
            let due = window + run * 1_000 / runs;
            socket.send(start_request(due.saturating_sub(now_ms()?), due)).await?;
            waiting += 1;
        }
        while waiting > 0 {
            let message = receive(&mut socket).await?;
            if let Some(due) = message.pointer("/params/value").and_then(Json::as_u64) {
                late.push(now_ms()?.saturating_sub(due) as f64);
                waiting -= 1;
            }
        }
        anyhow::Ok(late)
    });
    let mut late = Samples::default();
    for ms in within("runs that wake", try_join_all(sleeping)).await?.into_iter().flatten() {
        late.add(ms);
    }
    let quantile = |percent| late.quantile(percent).context("nobody slept");
    Ok(vec![quantile(50)?, quantile(99)?])
}

async fn connect(server: &Server) -> anyhow::Result<Socket> {
    let stream = TcpStream::connect(server.address()).await?;
    stream.set_nodelay(true)?;
    let (mut socket, _) = client_async(format!("ws://{}/ws/asleep", server.address()), stream).await?;
    // The welcome.
    receive(&mut socket).await?;
    Ok(socket)
}

fn start_request(ms: u64, due: u64) -> Message {
    let params = json!({ "input": { "ms": ms, "due": due } });
    Message::text(json!({ "jsonrpc": "2.0", "id": 1, "method": "start", "params": params }).to_string())
}

async fn receive(socket: &mut Socket) -> anyhow::Result<Json> {
    loop {
        match socket.next().await.context("the connection is lost")?? {
            Message::Text(text) => {
                let message: Json = serde_json::from_str(&text)?;
                if message.get("error").is_some() {
                    bail!("refused: {message}");
                }
                return Ok(message);
            }
            Message::Close(frame) => bail!("closed: {frame:?}"),
            _ => {}
        }
    }
}

fn now_ms() -> anyhow::Result<u64> {
    Ok(u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_millis())?)
}
