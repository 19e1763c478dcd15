//! Runs checked flows: WebAssembly components, time and durability. Knows no HTTP and no WebSocket.

pub mod capability;
pub mod clock;
pub mod convert;
pub mod describe;
pub mod journal;
pub mod limits;
pub mod outbox;
pub mod package;
pub mod registry;
pub mod run;
pub mod sandbox;
pub mod simulation;
mod timers;

pub use limits::Limits;
pub use registry::{Component, Components};
