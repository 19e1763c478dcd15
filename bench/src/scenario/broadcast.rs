//! What everyone is told.

use super::Since;
use crate::client::{Audience, Client, within};
use crate::figure::Figure;
use crate::frames;
use crate::project::BURST;
use crate::scale::Scale;
use crate::server::Server;

/// What [`batched`] tells.
pub(super) const BATCHED: &[Figure] = &[
    Figure::at_most("CPU seconds a million deliveries, 200 bytes to 1,000 clients, 100 in a burst", 0.8),
    Figure::open("deliveries a second, in bursts"),
];

/// What [`unbatched`] tells.
pub(super) const UNBATCHED: &[Figure] = &[
    Figure::at_most("CPU seconds a million deliveries, 200 bytes to 1,000 clients, one at a time", 3.2),
    Figure::open("deliveries a second, one at a time"),
];

const BYTES: usize = 200;

/// The next burst when all have the last one.
pub(super) async fn batched(server: &Server, scale: Scale) -> anyhow::Result<Vec<f64>> {
    sample(server, Told { flow: "bursts", times: scale.bursts, each: BURST }, scale.listeners).await
}

/// The next message when all have the last one.
pub(super) async fn unbatched(server: &Server, scale: Scale) -> anyhow::Result<Vec<f64>> {
    sample(server, Told { flow: "singles", times: scale.singles, each: 1 }, scale.listeners).await
}

struct Told {
    flow: &'static str,
    /// How often the flow is run.
    times: u64,
    /// How many messages everyone is sent each time.
    each: u64,
}

/// One of those who listen asks for it all.
async fn sample(server: &Server, told: Told, listeners: u64) -> anyhow::Result<Vec<f64>> {
    let mut speaker = Client::connect(server.address(), told.flow).await?;
    let mut others = Audience::new(Client::connect_all(server.address(), told.flow, listeners - 1).await?);
    // What is done first is not like the rest.
    tell(&mut speaker, &mut others, told.each, listeners).await?;
    let since = Since::now(server)?;
    for _ in 0..told.times {
        tell(&mut speaker, &mut others, told.each, listeners).await?;
    }
    let spent = since.spent(server)?;
    let deliveries = told.times * told.each * listeners;
    Ok(vec![spent.cpu_us_each(deliveries), spent.per_second(deliveries)])
}

async fn tell(speaker: &mut Client, others: &mut Audience, each: u64, listeners: u64) -> anyhow::Result<()> {
    let message = frames::text(&"x".repeat(BYTES));
    speaker.send(&message).await?;
    let heard = async {
        speaker.receive(each).await?;
        others.hear(each * (listeners - 1)).await
    };
    within("a broadcast to everyone", heard).await
}
