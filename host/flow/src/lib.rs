//! Flow documents, their checks, and what a run of one does next. Pure: no file, no clock, no runtime, no sandbox.
//!
//! A text becomes a [`document`], a [`check`](mod@check) makes a [`plan`] of it, and [`step`](step()) folds the [`event`]s of a run over its
//! [`state`] and says which [`effect`]s follow. Recovery is that fold over a journal; a simulation needs no more either.

pub mod cases;
pub mod catalog;
pub mod check;
pub mod data;
pub mod diagnostic;
pub mod document;
pub mod effect;
pub mod event;
pub mod expression;
pub mod parse;
pub mod plan;
pub mod schema;
pub mod state;
pub mod step;
pub mod trace;
pub mod value;

pub use check::check;
pub use plan::Plan;
pub use state::State;
pub use step::step;
pub use value::Value;
