//! How soon the daemon can be used.

use std::time::Instant;

use super::Stage;
use crate::figure::Figure;
use crate::server::Server;

/// What is told.
pub(super) const FIGURES: &[Figure] = &[
    Figure::at_most("ms from exec to ready, components compiled before", 150.0),
    Figure::at_most("ms from exec to ready, nothing compiled yet", 1_000.0),
];

/// The second start finds what the first compiled.
pub(super) async fn sample(stage: &Stage<'_>) -> anyhow::Result<Vec<f64>> {
    stage.project.forget()?;
    let afresh = start(stage).await?;
    let again = start(stage).await?;
    Ok(vec![again, afresh])
}

async fn start(stage: &Stage<'_>) -> anyhow::Result<f64> {
    let began = Instant::now();
    let server = Server::start(stage.subject, stage.project).await?;
    server.ready().await?;
    Ok(began.elapsed().as_secs_f64() * 1e3)
}
