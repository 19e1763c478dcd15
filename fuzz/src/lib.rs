//! What strangers send, generated: documents, expressions, values, messages, frames and components.
//!
//! Each target takes bytes. They are the input as it is, or after a [`GENERATED`] byte what a generator decides by, so
//! that libFuzzer, the seeds of the tests and the files of the corpus all go the same way. A target does with its input
//! what production does, and panics where what must always hold does not. See docs/testing.md.

#![expect(clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "a finding is a panic")]

pub mod chance;
pub mod component;
pub mod document;
pub mod expression;
pub mod frame;
mod input;
mod invariant;
mod json;
pub mod message;
mod platform;
mod target;
mod text;
mod types;
pub mod value;

pub use input::GENERATED;
pub use target::{ALL, Target, Verdict};
