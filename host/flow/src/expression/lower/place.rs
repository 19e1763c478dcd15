//! Where the parts of an expression are written.

use std::ops::Range;

use cel::common::ast::SourceInfo;

use crate::expression::scan;

/// The places of CEL's tree. It knows but one token of each node; the rest is read out of the source.
pub(super) struct Places<'a> {
    pub(super) source: &'a str,
    pub(super) offsets: &'a SourceInfo,
}

impl Places<'_> {
    /// Where a node's own token is: its name, its literal, its operator or its opening bracket.
    pub(super) fn token(&self, id: u64) -> Range<usize> {
        let place = |offset: u32| offset as usize;
        let (start, last) = self.offsets.offset_for(id).unwrap_or_default();
        let start = self.source.floor_char_boundary(place(start));
        start..self.source.ceil_char_boundary(place(last) + 1).max(start)
    }

    /// From an opening bracket to its closing one.
    pub(super) fn to_bracket(&self, span: Range<usize>) -> Range<usize> {
        let pair = match self.source.as_bytes().get(span.start) {
            Some(b'(') => (b'(', b')'),
            Some(b'[') => (b'[', b']'),
            Some(b'{') => (b'{', b'}'),
            _ => return span,
        };
        let end = scan::closing(self.source, span.start + 1, pair.0, pair.1).map_or(span.end, |at| at + 1);
        span.start..end
    }

    /// The name that is written before a bracket.
    pub(super) fn name_before(&self, bracket: usize, name: &str) -> Range<usize> {
        let before = self.source.get(..bracket).unwrap_or_default().trim_end();
        before.len().saturating_sub(name.len())..before.len()
    }

    /// Where a field's name ends that follows a dot.
    pub(super) fn name_end(&self, after_dot: usize, name: &str) -> usize {
        let rest = self.source.get(after_dot..).unwrap_or_default();
        let spaces = rest.len() - rest.trim_start().len();
        (after_dot + spaces + name.len()).min(self.source.len())
    }
}
