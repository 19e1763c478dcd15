//! What is served over plain HTTP.

pub(crate) mod components;
pub(crate) mod flows;
mod problem;
pub(crate) mod run;
mod told;

pub(crate) use problem::Problem;
