//! How late runs wake that sleep.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::future::try_join_all;

use super::run_request;
use crate::client::{Client, within};
use crate::figure::{Figure, Samples};
use crate::frames;
use crate::project::NAP_MS;
use crate::scale::Scale;
use crate::server::Server;

/// What is told. The time to start a run and to answer is in it.
pub(super) const FIGURES: &[Figure] = &[
    Figure::open("ms late, of 100 the 99th, of 1,000 runs that sleep for a second"),
    Figure::open("ms late, of 100 the 50th, of 1,000 runs that sleep for a second"),
];

/// The runs are started evenly over as long as each sleeps.
pub(super) async fn sample(server: &Server, scale: Scale) -> anyhow::Result<Vec<f64>> {
    let clients = Client::connect_all(server.address(), "nap", scale.sleepers).await?;
    let apart = Duration::from_millis(NAP_MS) / u32::try_from(scale.sleepers)?;
    let began = tokio::time::Instant::now();
    let napping = (0..).zip(clients).map(|(number, client)| nap(client, began + apart * number));
    let mut late = Samples::default();
    for took in within("runs that sleep", try_join_all(napping)).await? {
        late.add(took.saturating_sub(Duration::from_millis(NAP_MS)).as_secs_f64() * 1e3);
    }
    let quantile = |percent| late.quantile(percent).context("nobody slept");
    Ok(vec![quantile(99)?, quantile(50)?])
}

async fn nap(mut client: Client, at: tokio::time::Instant) -> anyhow::Result<Duration> {
    let request = frames::text(&run_request(1, "{}"));
    // The welcome.
    client.receive(1).await?;
    tokio::time::sleep_until(at).await;
    let began = Instant::now();
    client.send(&request).await?;
    client.receive(1).await?;
    Ok(began.elapsed())
}
