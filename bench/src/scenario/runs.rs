//! Whole short runs.

use anyhow::ensure;
use futures_util::future::try_join_all;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value as Json;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

use super::{Since, run_request};
use crate::client::{Client, within};
use crate::figure::Figure;
use crate::frames;
use crate::scale::Scale;
use crate::server::Server;

/// What is told.
pub(super) const FIGURES: &[Figure] = &[
    Figure::at_least("whole runs (a = 3, with pushes) a second, 64 clients with one each", 22_000.0),
    Figure::at_most("CPU us a whole run", 43.0),
];

/// What is told of runs that are kept.
pub(super) const KEPT: &[Figure] = &[
    Figure::at_least("durable runs (a = 3, with pushes) a second, 64 clients with one each", 6_000.0),
    Figure::at_most("CPU us a durable run", 300.0),
];

/// Where the countdown starts.
const A: u64 = 3;

/// Three pushes and the answer.
const MESSAGES: u64 = A + 1;

/// Each client starts its next run when it has all of the last.
pub(super) async fn sample(server: &Server, flow: &str, scale: Scale) -> anyhow::Result<Vec<f64>> {
    look(server, flow).await?;
    let each = scale.runs.div_ceil(scale.runners);
    let mut clients = Client::connect_all(server.address(), flow, scale.runners).await?;
    // The welcome.
    try_join_all(clients.iter_mut().map(|client| client.receive(1))).await?;
    runs(&mut clients, each.div_ceil(10)).await?;
    let since = Since::now(server)?;
    runs(&mut clients, each).await?;
    let spent = since.spent(server)?;
    let runs = each * scale.runners;
    Ok(vec![spent.per_second(runs), spent.cpu_us_each(runs)])
}

async fn runs(clients: &mut [Client], each: u64) -> anyhow::Result<()> {
    let running = try_join_all(clients.iter_mut().map(|client| one_after_the_other(client, each)));
    within("whole runs", running).await.map(drop)
}

async fn one_after_the_other(client: &mut Client, count: u64) -> anyhow::Result<()> {
    let request = frames::text(&request());
    for _ in 0..count {
        client.send(&request).await?;
        client.receive(MESSAGES).await?;
    }
    Ok(())
}

fn request() -> String {
    run_request(1, &format!(r#"{{"a":{A}}}"#))
}

/// Looks at one run: later ones are counted alone, and must be the runs that are meant.
async fn look(server: &Server, flow: &str) -> anyhow::Result<()> {
    let stream = tokio::net::TcpStream::connect(server.address()).await?;
    let (mut socket, _) = client_async(format!("ws://{}/ws/{flow}", server.address()), stream).await?;
    socket.send(Message::text(request())).await?;
    let mut told = Vec::new();
    let listening = async {
        while let Some(message) = socket.next().await {
            told.push(in_short(&serde_json::from_str(message?.to_text()?)?));
            if told.len() as u64 > MESSAGES {
                break;
            }
        }
        Ok(())
    };
    within("one run", listening).await?;
    ensure!(told == ["welcome", "push 3", "push 2", "push 1", "output 0"], "not the run that is measured: {told:?}");
    Ok(())
}

fn in_short(message: &Json) -> String {
    let at = |path| message.pointer(path);
    match (at("/method").and_then(Json::as_str), at("/params/message"), at("/result/output")) {
        (Some(method), Some(said), _) => format!("{method} {said}"),
        (Some(method), None, _) => method.to_owned(),
        (None, _, Some(output)) => format!("output {output}"),
        (None, _, None) => message.to_string(),
    }
}
