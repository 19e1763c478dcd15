//! Where an expression ends within a text: knows the strings of CEL and the nesting of brackets, and nothing else.

/// Where the bracket is closed that is open at `from`, if it is.
pub(super) fn closing(text: &str, from: usize, open: u8, close: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    let mut depth = 0_usize;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => at = string_end(bytes, at)?,
            _ if byte == close && depth == 0 => return Some(at),
            _ => {
                depth = if byte == close { depth - 1 } else { depth + usize::from(byte == open) };
                at += 1;
            }
        }
    }
    None
}

/// Whether every bracket of this text is closed in it, and none else.
pub(super) fn is_balanced(text: &str) -> bool {
    [(b'(', b')'), (b'[', b']'), (b'{', b'}')].into_iter().all(|(open, close)| {
        // Of all that could close a bracket before the text, only the one put after it does.
        let closed = format!("{text}{}", char::from(close));
        closing(&closed, 0, open, close) == Some(text.len())
    })
}

/// Where the string ends that begins with the quote at `start`.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = *bytes.get(start)?;
    let raw = is_raw(bytes, start);
    let triple = bytes.get(start..start + 3) == Some(&[quote; 3]);
    let width = if triple { 3 } else { 1 };
    let mut at = start + width;
    loop {
        match *bytes.get(at)? {
            b'\\' if !raw => at += 2,
            byte if byte == quote && bytes.get(at..at + width)?.iter().all(|it| *it == quote) => {
                return Some(at + width);
            }
            _ => at += 1,
        }
    }
}

/// Whether the word before a quote makes its string a raw one: `r`, `br`, in either case.
fn is_raw(bytes: &[u8], quote: usize) -> bool {
    let before = bytes.get(..quote).unwrap_or_default();
    let letters = before.iter().rev().take_while(|it| it.is_ascii_alphanumeric() || **it == b'_').count();
    let word = before.get(quote - letters..).unwrap_or_default().to_ascii_lowercase();
    matches!(&*word, b"r" | b"br")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brace(text: &str) -> Option<usize> {
        closing(text, 0, b'{', b'}')
    }

    #[test]
    fn strings_and_nested_braces_do_not_close() {
        for inside in [
            "a",
            "{'a': {'b': 1}}",
            "'}'",
            "\"}\"",
            r"'\'}'",
            r"r'\'",
            r"bR'}\'",
            "'''}'} \"}\" '''",
            "\"\"\"}\"\"\"",
            "'' + '}'",
            "br'}'",
            "'é}'",
            r"'\\'",
        ] {
            assert_eq!(brace(&format!("{inside}}} '")), Some(inside.len()), "{inside}");
        }
    }

    #[test]
    fn what_is_not_closed_has_no_end() {
        for text in ["", "a", "{a}", "'}", "'''}''", "\"\\\"}", "'\\", "r'}\\"] {
            assert_eq!(brace(text), None, "{text}");
        }
    }

    #[test]
    fn a_word_that_ends_with_r_makes_no_raw_string() {
        assert_eq!(brace(r"[for'\'}']}"), Some(10));
    }

    #[test]
    fn balance() {
        for text in ["a", "f(a)[0]", "{'a': ')'}"] {
            assert!(is_balanced(text), "{text}");
        }
        for text in ["a)", "(a", "a] + [b", "a) + (b", "'"] {
            assert!(!is_balanced(text), "{text}");
        }
    }
}
