//! What the commands print: data on standard output, as text or as JSON, and errors on standard error.

use std::fmt;
use std::io::{self, IsTerminal, Write};

use sandgate_flow::Value;
use sandgate_flow::diagnostic::Color;
use serde::Serialize;

use crate::config;

/// How data is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// An error with a word on what to do.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Explained {
    message: String,
    help: Option<String>,
}

/// Colours of a terminal, by what they stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// It went well.
    Good,
    /// It did not.
    Bad,
    /// A heading, or what a line is about.
    Strong,
    /// Beside the point.
    Faint,
}

/// A text in a style; as it is where there are no colours.
pub(crate) struct Styled<'a> {
    text: &'a str,
    style: Option<Style>,
}

impl Explained {
    /// An error without help.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// With this to do.
    #[must_use]
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl Style {
    /// A text in this style.
    pub(crate) fn of(self, text: &str, color: Color) -> Styled<'_> {
        Styled { text, style: (color == Color::Always).then_some(self) }
    }

    fn escape(self) -> &'static str {
        match self {
            Self::Good => "\x1b[1;32m",
            Self::Bad => "\x1b[1;31m",
            Self::Strong => "\x1b[1m",
            Self::Faint => "\x1b[2m",
        }
    }
}

impl fmt::Display for Styled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.style {
            None => f.write_str(self.text),
            Some(style) => write!(f, "{}{}\x1b[0m", style.escape(), self.text),
        }
    }
}

/// Whether standard output takes colours: it is a terminal, and `NO_COLOR` is not set.
pub(crate) fn color() -> Color {
    color_of(io::stdout().is_terminal())
}

/// Whether standard error takes colours.
pub(crate) fn error_color() -> Color {
    color_of(io::stderr().is_terminal())
}

fn color_of(is_terminal: bool) -> Color {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if is_terminal && !refused { Color::Always } else { Color::Never }
}

/// Prints a line on standard output, at once.
///
/// # Errors
///
/// Nobody reads it any more, say.
pub(crate) fn line(text: impl fmt::Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Prints a value as one line of JSON.
///
/// # Errors
///
/// Nobody reads it any more, say.
pub(crate) fn json(value: &impl Serialize) -> io::Result<()> {
    line(serde_json::to_string(value)?)
}

/// A value for people, with every character escaped that would move the cursor of a terminal.
pub(crate) fn shown(value: &Value) -> String {
    let mut shown = String::new();
    for character in value.to_string().chars() {
        if character.is_control() {
            shown.extend(character.escape_debug());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Prints an error on standard error.
pub(crate) fn error(error: &anyhow::Error) {
    // Where standard error is closed, nobody can be told.
    let _ = write_error(&mut io::stderr().lock(), error, error_color());
}

/// Prints problems that are rendered already on standard error.
pub(crate) fn problems(rendered: &str) {
    // As above.
    let _ = io::stderr().lock().write_all(rendered.as_bytes());
}

fn write_error(out: &mut impl Write, error: &anyhow::Error, color: Color) -> io::Result<()> {
    if let Some(rendered) = error.downcast_ref::<Box<config::Error>>() {
        return write!(out, "{}", rendered.render(color));
    }
    writeln!(out, "{}: {error:#}", Style::Bad.of("error", color))?;
    let help = error.downcast_ref::<Explained>().and_then(|it| it.help.as_deref());
    help.map_or(Ok(()), |help| writeln!(out, "{}: {help}", Style::Strong.of("help", color)))
}

/// Whether an error is only that whoever read standard output has left, as `head` does.
pub(crate) fn reader_left(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(error: &anyhow::Error) -> String {
        let mut out = Vec::new();
        write_error(&mut out, error, Color::Never).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_error_is_followed_by_what_to_do() {
        let error = Explained::new("there is no flow \"a\"").help("the flows are b and c").into();
        assert_eq!(written(&error), "error: there is no flow \"a\"\nhelp: the flows are b and c\n");
    }

    #[test]
    fn a_text_cannot_reach_the_terminal_that_it_is_shown_on() {
        assert_eq!(shown(&"three 三".into()), "three 三");
        assert_eq!(shown(&"\x1b[2Jgone".into()), r"\u{1b}[2Jgone");
    }
}
