//! What is wrong with a text, where, and what to do about it.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

/// Something wrong in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in lower case: names the thing and the value.
    pub message: String,
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// What is said at that place.
    pub label: Option<String>,
    /// Another place that has to do with it, and what is said there.
    pub related: Option<Box<Related>>,
    /// What to do.
    pub help: Option<String>,
}

/// Another place that a problem has to do with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// What is said there.
    pub label: String,
}

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// What the text describes cannot be used.
    Error,
    /// It can be used, and is probably not what was meant.
    Warning,
}

/// Whether escapes for a terminal's colours are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// They are not.
    Never,
    /// They are.
    Always,
}

/// A problem for programs: as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The line that it ends on.
    pub end_line: usize,
    /// The column after its last character.
    pub end_column: usize,
    /// What to do.
    pub help: Option<String>,
}

/// Problems beyond this many are counted, not shown.
const SHOWN_MAX: usize = 50;

/// What is wrong with one text is told up to this many problems.
const PROBLEMS_MAX: usize = 500;

/// As much as a message holds: what it quotes may be as long as a document.
const MESSAGE_CHARS_MAX: usize = 1_000;

/// A name longer than this is not compared with others: that takes time by the square of the length.
const NAME_BYTES_MAX: usize = 40;

/// Names beyond this many are not listed in a message.
const LISTED_MAX: usize = 12;

impl Problem {
    /// An error at this place.
    pub fn error(span: Range<usize>, message: impl Into<String>) -> Self {
        let message = line(&message.into());
        Self { severity: Severity::Error, message, span, label: None, related: None, help: None }
    }

    /// With this said at the place.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: Some(line(&label.into())), ..self }
    }

    /// With this said at another place.
    #[must_use]
    pub fn related(self, span: Range<usize>, label: impl Into<String>) -> Self {
        Self { related: Some(Box::new(Related { span, label: line(&label.into()) })), ..self }
    }

    /// With this to do; nothing changes where there is nothing to say.
    #[must_use]
    pub fn help(self, help: impl Into<Option<String>>) -> Self {
        Self { help: help.into().map(|help| line(&help)).or(self.help), ..self }
    }

    /// For programs.
    pub fn report(&self, text: &str) -> Report {
        let (line, column) = line_column(text, self.span.start);
        let (end_line, end_column) = line_column(text, self.span.end.max(self.span.start));
        let (severity, message, help) = (self.severity, self.message.clone(), self.help.clone());
        Report { severity, message, line, column, end_line, end_column, help }
    }
}

/// The problems of a text for people, each with the lines that it is about.
pub fn render(path: &str, text: &str, problems: &[Problem], color: Color) -> String {
    let renderer = match color {
        Color::Never => Renderer::plain(),
        Color::Always => Renderer::styled(),
    };
    let text = &*without_c1(text);
    let mut rendered: Vec<_> =
        problems.iter().take(SHOWN_MAX).map(|problem| renderer.render(&[group(path, text, problem)])).collect();
    if let Some(more) = problems.len().checked_sub(SHOWN_MAX).filter(|more| *more > 0) {
        rendered.push(format!("and {more} more"));
    }
    rendered.join("\n\n") + "\n"
}

fn group<'a>(path: &'a str, text: &'a str, problem: &'a Problem) -> Group<'a> {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let primary = AnnotationKind::Primary.span(clamp(text, &problem.span)).label(problem.label.as_deref());
    let related = problem
        .related
        .iter()
        .map(|related| AnnotationKind::Context.span(clamp(text, &related.span)).label(Some(related.label.as_str())));
    let snippet = Snippet::source(text).path(path).annotation(primary).annotations(related);
    level
        .primary_title(problem.message.as_str())
        .element(snippet)
        .elements(problem.help.iter().map(|help| Level::HELP.message(help.as_str())))
}

/// A text with a dot for each control character that the renderer lets through, and a terminal obeys as it does an escape:
/// those of C1 (ISO 6429). Both take two bytes, so that every place stays where it is.
fn without_c1(text: &str) -> Cow<'_, str> {
    let is_c1 = |character| ('\u{80}'..='\u{9f}').contains(&character);
    if text.contains(is_c1) { Cow::Owned(text.replace(is_c1, "·")) } else { Cow::Borrowed(text) }
}

/// The part of a span that is in the text: the renderer panics beyond it, and within a character.
fn clamp(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    start..text.ceil_char_boundary(span.end.max(start))
}

/// Whether there are as many problems as are told: to look for more only takes time.
pub(crate) fn enough(problems: &[Problem]) -> bool {
    problems.len() >= PROBLEMS_MAX
}

/// By position, each once, and not more than anyone reads.
pub(crate) fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
    problems.dedup();
    problems.truncate(PROBLEMS_MAX);
    problems
}

/// The line and the column of a byte, both from 1, the column in characters.
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let (before, _) = text.split_at(text.floor_char_boundary(offset));
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
    (line, column)
}

/// A help text with the nearest of the known names, if one is near.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, known).map(|nearest| format!("did you mean `{nearest}`?"))
}

/// The nearest of the known names, if one is near: a third of the letters may differ.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let far = if name.len() > NAME_BYTES_MAX {
        0
    } else {
        lower.chars().count().saturating_sub(1).min(lower.len().div_ceil(3))
    };
    known
        .into_iter()
        .filter(|candidate| far > 0 && candidate.len() <= NAME_BYTES_MAX)
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= far)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A text as one line that leaves a terminal and a log as they are: control characters are escaped.
pub fn printable(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// A text as a message: one line, and as much of it as anyone reads.
pub fn line(text: &str) -> String {
    printable(&cut(text, MESSAGE_CHARS_MAX))
}

/// As much of a text as a message can hold.
pub fn cut(text: &str, chars_max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// Names for a message: `a`, `b` and `c`.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut rest = names.into_iter();
    let mut names: Vec<_> = rest.by_ref().take(LISTED_MAX).map(|name| format!("`{name}`")).collect();
    let more = rest.count();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    match names.pop() {
        None => "none".into(),
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} and {last}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a: 1\n计数: ü\n";
        assert_eq!(line_column(text, 0), (1, 1));
        assert_eq!(line_column(text, text.find('ü').unwrap()), (2, 5));
        assert_eq!(line_column(text, usize::MAX), (3, 1));
    }

    #[test]
    fn a_span_beyond_the_text_is_rendered_at_its_end() {
        let rendered = render("a.yaml", "ü", &[Problem::error(1..99, "odd").help("mend it".to_owned())], Color::Never);
        assert!(rendered.contains("a.yaml:1:1"), "{rendered}");
        assert!(rendered.contains("help: mend it"), "{rendered}");
    }

    #[test]
    fn what_a_message_quotes_neither_breaks_its_line_nor_fills_it() {
        let problem = Problem::error(0..0, "unknown key `a\n\u{9b}31m`").help("x".repeat(2_000));
        assert_eq!(problem.message, r"unknown key `a\n\u{9b}31m`");
        assert_eq!(problem.help.unwrap().chars().count(), MESSAGE_CHARS_MAX + 1);
    }

    #[test]
    fn no_line_that_is_shown_has_what_a_terminal_obeys() {
        let text = "a: \u{9b}31m\u{1b}[31m\u{7f}\n";
        let rendered = render("a.yaml", text, &[Problem::error(text.len() - 1..text.len(), "odd")], Color::Never);
        assert!(rendered.contains("a.yaml:1:14") && rendered.contains("a: ·31m"), "{rendered}");
        assert!(!rendered.chars().any(|character| character.is_control() && character != '\n'), "{rendered:?}");
    }

    #[test]
    fn a_name_is_suggested_when_it_is_near() {
        assert_eq!(nearest("couter", ["counter", "client"]), Some("counter"));
        assert_eq!(nearest("zebra", ["counter", "client"]), None);
        assert_eq!(nearest("c", ["a", "b"]), None);
    }
}
