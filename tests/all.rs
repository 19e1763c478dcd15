//! What a user would see: the daemon as a real process, and whatever talks to it.

#[cfg(test)]
mod browser;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod support;
