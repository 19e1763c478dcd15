//! Runs checked flows: WebAssembly components, time and durability. Knows no HTTP and no WebSocket.

mod capability;
pub mod clock;
pub mod compile;
pub mod convert;
pub mod describe;
pub mod engine;
pub mod journal;
pub mod limits;
pub mod outbox;
pub mod package;
pub mod registry;
pub mod run;
mod sandbox;
pub mod simulation;
mod timers;

pub use engine::Engine;
pub use limits::Limits;
pub use registry::{Component, Components};
