//! How fast one run goes round its loop.

use super::{Since, Spent, run_request};
use crate::client::{Client, within};
use crate::figure::Figure;
use crate::frames;
use crate::scale::Scale;
use crate::server::Server;

/// What [`silent`] tells.
pub(super) const SILENT: &[Figure] =
    &[Figure::at_least("rounds (count, positive) a second in one run", 300_000.0), Figure::open("CPU us a round")];

/// What [`pushing`] tells.
pub(super) const PUSHING: &[Figure] = &[
    Figure::at_least("rounds with a push (count, positive, show) a second, to one client", 110_000.0),
    Figure::open("CPU us a round with a push"),
];

/// A run whose answer is all that its client is told.
pub(super) async fn silent(server: &Server, scale: Scale) -> anyhow::Result<Vec<f64>> {
    sample(server, "rounds", scale.rounds, |_| 1).await
}

/// A run that tells its client each number.
pub(super) async fn pushing(server: &Server, scale: Scale) -> anyhow::Result<Vec<f64>> {
    sample(server, "countdown", scale.rounds, |rounds| rounds + 1).await
}

async fn sample(server: &Server, flow: &str, rounds: u64, messages: fn(u64) -> u64) -> anyhow::Result<Vec<f64>> {
    let mut client = Client::connect(server.address(), flow).await?;
    // The welcome.
    client.receive(1).await?;
    run(server, &mut client, rounds / 10, messages).await?;
    let spent = run(server, &mut client, rounds, messages).await?;
    Ok(vec![spent.per_second(rounds), spent.cpu_us_each(rounds)])
}

async fn run(server: &Server, client: &mut Client, rounds: u64, messages: fn(u64) -> u64) -> anyhow::Result<Spent> {
    let request = frames::text(&run_request(1, &format!(r#"{{"a":{rounds}}}"#)));
    let since = Since::now(server)?;
    client.send(&request).await?;
    within(&format!("a run of {rounds} rounds"), client.receive(messages(rounds))).await?;
    since.spent(server)
}
