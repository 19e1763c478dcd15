//! What a user would see: the daemon as a real process, and whatever talks to it.

#[cfg(test)]
mod browser;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod compiling;
#[cfg(test)]
mod components;
#[cfg(test)]
mod disk;
mod durable;
mod everyone;
#[cfg(test)]
mod framing;
#[cfg(test)]
mod guests;
#[cfg(test)]
mod http;
#[cfg(test)]
mod journals;
mod killed;
mod limits;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod publishing;
#[cfg(test)]
mod reload;
#[cfg(test)]
mod rename;
mod runs;
#[cfg(test)]
mod serving;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod studio;
#[cfg(test)]
mod studio_api;
#[cfg(test)]
mod support;
#[cfg(test)]
mod threads;
#[cfg(test)]
mod versions;
