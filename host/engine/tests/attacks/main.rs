//! The engine under attack: each guest does one thing that it should not, and the exact error of each is written here.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says so by failing")]

mod at_once;
mod border;
mod compiling;
mod damage;
mod gateways;
mod guest;
mod loading;
mod log;
mod lowered;
mod memory;
mod speech;
#[path = "../support/mod.rs"]
mod support;
mod time;
mod together;
mod wall;

use sandgate_engine::Limits;
use sandgate_engine::engine::Config;
use sandgate_flow::event::Outcome;

use guest::Guest;
use support::engine;

/// Small, so that all of it takes seconds.
fn limits() -> Limits {
    Limits {
        instances_live_max: 64,
        memory_bytes_max: 16 * 1024 * 1024,
        table_elements_max: 1_000,
        handles_max: 100,
        stack_bytes_max: 64 * 1024,
        activation_cpu_ms_max: 50,
        activation_host_calls_max: 1_000,
        crossing_bytes_max: 1024 * 1024,
        push_bytes_max: 64 * 1024,
        activation_push_bytes_max: 256 * 1024,
        // Far more than the tests take, also on a machine that does much else.
        permit_wait_ms_max: 120_000,
        ..Limits::default()
    }
}

/// Runs a flow that calls the guest, on virtual time, and answers what was seen: its pushes, and how it ended.
async fn attack(guest: &Guest) -> String {
    attack_within(limits(), guest).await
}

async fn attack_within(limits: Limits, guest: &Guest) -> String {
    let engine = engine(Config { limits, ..Config::default() });
    let observed = guest.flow().simulate(&engine, serde_json::json!({})).await;
    let pushes = observed.pushes.iter().map(|push| format!("push to {}: {}\n", push.to, push.message));
    pushes.chain([told(&observed.outcome)]).collect()
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Output(value) => format!("output: {value}"),
        Outcome::Completed => "completed".to_owned(),
        Outcome::Failed(failure) => format!("{}: {failure}", failure.kind.name()),
        Outcome::Cancelled(reason) => format!("cancelled: {reason}"),
    }
}
