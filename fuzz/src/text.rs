//! Changes to a text, as a person makes them by mistake, or on purpose.

use arbitrary::{Arbitrary, Result, Unstructured};

/// A change somewhere in a text. Places are parts of its length, so that they are in any.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Edit {
    Cut { at: u16, bytes: u8 },
    Repeat { at: u16, bytes: u8, times: u8 },
    Move { at: u16, bytes: u8, to: u16 },
    Insert { at: u16, token: u8 },
    Character { at: u16, character: char },
    Indent { at: u16, spaces: u8 },
}

/// What means something to one of the readers of texts.
const TOKENS: [&str; 48] = [
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    ":",
    ": ",
    ",",
    "- ",
    "? ",
    "&a ",
    "*a",
    "!t ",
    "!!str ",
    "|\n",
    ">-\n",
    "# ",
    "'",
    "\"",
    "\\",
    "%YAML 1.2\n",
    "---\n",
    "...\n",
    "\n",
    "\r\n",
    "\t",
    " ",
    "<<: *a",
    "${",
    "}",
    "$${",
    "`",
    "@",
    "~",
    ".inf",
    "0x",
    "1e999",
    "010",
    "\"\\ud800\"",
    "\u{feff}",
    "\u{2028}",
    "\u{85}",
    "\0",
    "if: ",
    "next: ",
    "with: ",
    "on-error: ",
];

/// The text after some changes.
pub(crate) fn edited(mut text: String, u: &mut Unstructured<'_>, edits_max: usize) -> Result<String> {
    /// What repeats itself does not grow beyond it.
    const BYTES_MAX: usize = 64 * 1024;
    for _ in 0..u.int_in_range(0..=edits_max)? {
        edit(&mut text, u.arbitrary()?);
        if text.len() > BYTES_MAX {
            break;
        }
    }
    Ok(text)
}

fn edit(text: &mut String, edit: Edit) {
    match edit {
        Edit::Cut { at, bytes } => text.replace_range(span(text, at, bytes), ""),
        Edit::Repeat { at, bytes, times } => {
            let span = span(text, at, bytes);
            let repeated = text[span.clone()].repeat(usize::from(times));
            text.insert_str(span.end, &repeated);
        }
        Edit::Move { at, bytes, to } => {
            let span = span(text, at, bytes);
            let moved = text[span.clone()].to_owned();
            text.replace_range(span, "");
            text.insert_str(place(text, to), &moved);
        }
        Edit::Insert { at, token } => text.insert_str(place(text, at), TOKENS[usize::from(token) % TOKENS.len()]),
        Edit::Character { at, character } => text.insert(place(text, at), character),
        Edit::Indent { at, spaces } => {
            let place = place(text, at);
            let line = text[..place].rfind('\n').map_or(0, |end| end + 1);
            text.insert_str(line, &" ".repeat(usize::from(spaces % 8)));
        }
    }
}

fn place(text: &str, at: u16) -> usize {
    text.floor_char_boundary(text.len() * usize::from(at) / usize::from(u16::MAX))
}

fn span(text: &str, at: u16, bytes: u8) -> std::ops::Range<usize> {
    let start = place(text, at);
    start..text.ceil_char_boundary((start + usize::from(bytes)).min(text.len()))
}
