//! What a session holds that does nothing.

use crate::client::Client;
use crate::figure::Figure;
use crate::scale::Scale;
use crate::server::Server;

/// What is told.
pub(super) const FIGURES: &[Figure] = &[Figure::at_most("KiB an idle session, of 5,000", 12.0)];

/// The first sessions are not counted: they bring in what all share.
pub(super) async fn sample(server: &Server, scale: Scale) -> anyhow::Result<Vec<f64>> {
    const FIRST: u64 = 10;
    let _first = welcomed(server, FIRST).await?;
    let before = server.resident_kib()?;
    let _sessions = welcomed(server, scale.idle).await?;
    let more = server.resident_kib()?.saturating_sub(before);
    Ok(vec![more as f64 / scale.idle as f64])
}

async fn welcomed(server: &Server, count: u64) -> anyhow::Result<Vec<Client>> {
    let mut sessions = Client::connect_all(server.address(), "countdown", count).await?;
    for session in &mut sessions {
        session.receive(1).await?;
    }
    Ok(sessions)
}
