//! How long a push takes that is on the disk before it leaves, compared with one that is not.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::time::{MissedTickBehavior, interval};

use super::run_request;
use crate::client::{Client, within};
use crate::figure::{Figure, Samples};
use crate::frames;
use crate::scale::Scale;
use crate::server::Server;

/// What is told.
pub(super) const FIGURES: &[Figure] = &[
    Figure::at_most("ms that being kept adds to a push at 100 a second, of 100 the 50th", 2.0),
    Figure::at_most("ms that being kept adds to a push at 100 a second, of 100 the 99th", 15.0),
];

const EVERY: Duration = Duration::from_millis(10);

/// In turn, so that both have the same machine.
pub(super) async fn sample(server: &Server, scale: Scale) -> anyhow::Result<Vec<f64>> {
    let mut kept = Client::connect(server.address(), "said").await?;
    let mut told = Client::connect(server.address(), "told").await?;
    // The welcomes.
    kept.receive(1).await?;
    told.receive(1).await?;
    let (mut of_kept, mut of_told) = (Samples::default(), Samples::default());
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..scale.pings {
        ticks.tick().await;
        of_told.add(push(&mut told).await?);
        of_kept.add(push(&mut kept).await?);
    }
    let added = |percent| {
        let quantile = |samples: &Samples| samples.quantile(percent).context("nothing was pushed");
        anyhow::Ok((quantile(&of_kept)? - quantile(&of_told)?).max(0.0))
    };
    Ok(vec![added(50)?, added(99)?])
}

/// From the request to the push, in milliseconds; then waits for the end as well.
async fn push(client: &mut Client) -> anyhow::Result<f64> {
    let began = Instant::now();
    client.send(&frames::text(&run_request(1, "{}"))).await?;
    within("a push", client.receive(1)).await?;
    let took = began.elapsed().as_secs_f64() * 1e3;
    within("an end", client.receive(1)).await?;
    Ok(took)
}
