//! What was seen of a simulation, in words that are the same each time: ids and epochs, which chance makes, are numbered.

use std::collections::HashMap;
use std::fmt::Write as _;

use sandgate_flow::event::Timestamp;

use super::clock::BEGIN;

/// What happened, a line each.
#[derive(Default)]
pub(super) struct Trace {
    text: String,
    names: HashMap<String, usize>,
}

impl Trace {
    pub(super) fn note(&mut self, at: Timestamp, who: &str, what: &str) {
        let what = self.numbered(what);
        let ms = at.since(BEGIN).as_micros();
        // Writing to a text cannot fail.
        let _ = writeln!(self.text, "{}.{:03} {who}: {what}", ms / 1_000, ms % 1_000);
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// With a number for each id (8-4-4-4-12 digits) and epoch (16).
    fn numbered(&mut self, text: &str) -> String {
        let is_of_id = |char: char| char.is_ascii_hexdigit() || char == '-';
        let mut numbered = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_of_id) {
            let (before, from) = rest.split_at(start);
            let (id, after) = from.split_at(from.find(|char| !is_of_id(char)).unwrap_or(from.len()));
            numbered.push_str(before);
            if matches!(id.len(), 16 | 36) {
                let count = self.names.len();
                let number = self.names.entry(id.to_owned()).or_insert(count);
                let _ = write!(numbered, "#{number}");
            } else {
                numbered.push_str(id);
            }
            rest = after;
        }
        numbered.push_str(rest);
        numbered
    }
}
