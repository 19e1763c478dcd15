//! From a place in a text's value to the place in the source, past quotes, escapes and folded lines.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

use super::Text;

/// Where these bytes of a text's value stand in the source; all of the text if that cannot be told.
pub(super) fn within(source: &str, text: &Text, bytes: Range<usize>) -> Range<usize> {
    let place = source.get(text.span.clone()).and_then(|written| Walk::new(written).find(&text.value, bytes));
    place.map_or_else(|| text.span.clone(), |place| text.span.start + place.start..text.span.start + place.end)
}

/// A walk along a text as it is written and along its value at once.
struct Walk<'a> {
    written: Peekable<CharIndices<'a>>,
    length: usize,
    quote: Option<char>,
    /// How many bytes of the value were read.
    read: usize,
    /// Where the last character of the value that was read is written.
    last: Range<usize>,
}

impl<'a> Walk<'a> {
    fn new(written: &'a str) -> Self {
        let mut characters = written.char_indices().peekable();
        let quote = characters.next_if(|(_, first)| matches!(first, '"' | '\'')).map(|(_, quote)| quote);
        let begin = quote.map_or(0, char::len_utf8);
        Self { written: characters, length: written.len(), quote, read: 0, last: begin..begin }
    }

    /// Where these bytes of the value are written; nothing if the two do not match.
    fn find(mut self, value: &str, bytes: Range<usize>) -> Option<Range<usize>> {
        self.read_to(value, bytes.start)?;
        if bytes.is_empty() {
            return Some(self.last.end..self.last.end);
        }
        self.read_to(value, bytes.start + 1)?;
        let start = self.last.start;
        self.read_to(value, bytes.end)?;
        Some(start..self.last.end)
    }

    fn read_to(&mut self, value: &str, bytes: usize) -> Option<()> {
        while self.read < bytes {
            let next = value.get(self.read..)?.chars().next()?;
            let start = self.place();
            if self.step(next)? {
                self.read += next.len_utf8();
                self.last = start..self.place();
            }
        }
        Some(())
    }

    fn place(&mut self) -> usize {
        self.written.peek().map_or(self.length, |(place, _)| *place)
    }

    /// Reads one thing that is written; answers whether it stands for `next`.
    fn step(&mut self, next: char) -> Option<bool> {
        let (_, here) = self.written.next()?;
        match (self.quote, here) {
            (Some('"'), '\\') => Some(self.escape()),
            (Some('\''), '\'') => self.written.next_if(|(_, second)| *second == '\'').map(|_| true),
            _ if here == next => Some(true),
            (_, '\n') => Some(next == ' '),
            _ => here.is_whitespace().then_some(false),
        }
    }

    /// Reads the rest of an escape; one before a line break stands for nothing.
    fn escape(&mut self) -> bool {
        let digits = match self.written.next() {
            Some((_, 'x')) => 2,
            Some((_, 'u')) => 4,
            Some((_, 'U')) => 8,
            Some((_, kind)) => return kind != '\n',
            None => 0,
        };
        let code =
            self.written.by_ref().take(digits).fold(0, |code, (_, digit)| code * 16 + digit.to_digit(16).unwrap_or(0));
        if (0xd800..0xdc00).contains(&code) {
            // The other half of a surrogate pair, as JSON writes it: `\uXXXX`.
            self.written.by_ref().take(6).for_each(drop);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the `x` of the value is found in the source.
    fn place_of_x(written: &str, value: &str) -> String {
        let source = format!("if: {written}\n");
        let text = Text { value: value.into(), span: 4..4 + written.len() };
        let x = value.find('x').unwrap();
        source[within(&source, &text, x..x + 1)].to_owned()
    }

    #[test]
    fn quotes_escapes_and_folds_are_seen_through() {
        assert_eq!(place_of_x("a > x", "a > x"), "x");
        assert_eq!(place_of_x("'it''s x'", "it's x"), "x");
        assert_eq!(place_of_x(r#""\u00e9 \ud83d\ude00 \" x""#, "é 😀 \" x"), "x");
        assert_eq!(place_of_x("a  \n   x", "a x"), "x");
        assert_eq!(place_of_x("a\n\n  b\n    x", "a\n\nb\n  x"), "x");
        assert_eq!(place_of_x("\"a \\\n  x\"", "a x"), "x");
    }

    #[test]
    fn an_alias_is_shown_whole() {
        assert_eq!(place_of_x("*same", "a > x"), "*same");
    }
}
