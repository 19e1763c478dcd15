//! From the events of a YAML parser to a literal. JSON is YAML too (YAML 1.2.2, section 1.2).

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, Options, Parser, ScalarStyle};

use super::{LIMITS, scalar, syntax};
use crate::diagnostic::{Problem, enough, line_column};
use crate::document::{Entries, Kind, Literal, Text};
use crate::value::Value;

/// Reads a text that holds one document; reports all that is wrong up to the first error of syntax, or enough of it.
pub(super) fn read(text: &str, problems: &mut Vec<Problem>) -> Option<Literal> {
    let mut tree = Tree { text, open: Vec::new(), anchors: BTreeMap::new(), values: 0, root: None, problems };
    let mut options = Options::default();
    options.flow_nesting_limit = LIMITS.depth_max;
    options.block_nesting_limit = LIMITS.depth_max;
    for event in Parser::new_from_str_with_options(text, options) {
        let grown = match event {
            Ok((event, span)) => tree.grow(event, &place(text, span)),
            Err(error) => Err(syntax::problem(text, &error)),
        };
        if let Err(problem) = grown {
            tree.problems.push(problem);
            return None;
        }
        if enough(tree.problems) {
            return None;
        }
    }
    tree.root
}

/// A literal that grows with each event. An error ends it; what can be passed over goes to the problems.
struct Tree<'t> {
    text: &'t str,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Literal>,
    values: usize,
    root: Option<Literal>,
    problems: &'t mut Vec<Problem>,
}

/// A list or a map whose end is still to come.
struct Open {
    start: usize,
    anchor: usize,
    holds: Holds,
}

enum Holds {
    Items(Vec<Literal>),
    Entries(HalfMap),
}

/// A map whose end is still to come.
#[derive(Default)]
struct HalfMap {
    entries: Vec<(Text, Literal)>,
    /// Where each key stands first.
    keys: BTreeMap<Arc<str>, Range<usize>>,
    /// A key whose value is still to come.
    key: Option<Text>,
}

impl Tree<'_> {
    fn grow(&mut self, event: Event<'_>, place: &Place) -> Result<(), Problem> {
        self.refuse_tag(place);
        let span = place.span.clone();
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let kind = if place.tag.is_some() { Kind::Broken } else { self.scalar(&text, style, &span) };
                self.place(Literal { span, kind }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => self.open(span.start, anchor, Holds::Items(Vec::new())),
            Event::MappingStart(_, anchor, _) => self.open(span.start, anchor, Holds::Entries(HalfMap::default())),
            Event::SequenceEnd | Event::MappingEnd => self.close(span.end),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::DocumentStart(..) if self.root.is_some() => {
                Err(Problem::error(span, "a second document begins here").help("keep one in each file".to_owned()))
            }
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: &Range<usize>) -> Kind {
        if style != ScalarStyle::Plain {
            return Kind::Scalar(text.into());
        }
        match scalar::plain(text) {
            Ok(value) => Kind::Scalar(value),
            Err(refused) => {
                self.problems.push(Problem::error(span.clone(), refused.message).help(refused.help));
                Kind::Broken
            }
        }
    }

    fn refuse_tag(&mut self, place: &Place) {
        let Some(tag) = &place.tag else { return };
        let written = self.text.get(tag.clone()).unwrap_or_default();
        let help = match written.strip_prefix("!!") {
            Some(_) => "take it out".to_owned(),
            None => format!("put it in quotes to make it a text or an expression: \"{written}\""),
        };
        let message = format!("`{written}` is a tag in YAML, and tags have no meaning here");
        self.problems.push(Problem::error(tag.clone(), message).help(help));
    }

    fn open(&mut self, start: usize, anchor: usize, holds: Holds) -> Result<(), Problem> {
        self.open.push(Open { start, anchor, holds });
        self.limit(Size { values: 1, depth: 0 }, start..start)
    }

    fn close(&mut self, end: usize) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let kind = match open.holds {
            Holds::Items(items) => Kind::List(items),
            Holds::Entries(map) => Kind::Map(Entries(map.entries)),
        };
        self.values = self.values.saturating_sub(1);
        self.place(Literal { span: open.start..end.max(open.start), kind }, open.anchor)
    }

    /// An alias is a copy: what it repeats counts again, so that a small text cannot grow without end.
    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), Problem> {
        let Some(size) = self.anchors.get(&anchor).map(Size::of) else {
            return Err(Problem::error(span, "this alias stands within what it repeats"));
        };
        self.limit(Size { values: size.values.saturating_sub(1), depth: size.depth }, span.clone())?;
        let kind = self.anchors.get(&anchor).map_or(Kind::Broken, |literal| literal.kind.clone());
        self.place(Literal { span, kind }, 0)
    }

    /// Puts a literal where the next one is due.
    fn place(&mut self, literal: Literal, anchor: usize) -> Result<(), Problem> {
        self.limit(Size { values: 1, depth: 0 }, literal.span.clone())?;
        if anchor != 0 {
            self.anchors.insert(anchor, literal.clone());
        }
        match self.open.last_mut().map(|open| &mut open.holds) {
            None => self.root = Some(literal),
            Some(Holds::Items(items)) => items.push(literal),
            Some(Holds::Entries(map)) => match map.key.take() {
                None => map.key = Some(key_of(literal, self.text, self.problems)),
                Some(key) => map.insert(key, literal, self.text, self.problems),
            },
        }
        Ok(())
    }

    fn limit(&mut self, more: Size, span: Range<usize>) -> Result<(), Problem> {
        self.values = self.values.saturating_add(more.values);
        if self.open.len() + more.depth > LIMITS.depth_max {
            Err(Problem::error(span, format!("this is nested more than {} deep", LIMITS.depth_max)))
        } else if self.values > LIMITS.values_max {
            let message = format!("the document holds more than {} values, with its aliases", LIMITS.values_max);
            Err(Problem::error(span, message))
        } else {
            Ok(())
        }
    }
}

/// How much a literal holds.
struct Size {
    values: usize,
    depth: usize,
}

impl Size {
    fn of(literal: &Literal) -> Self {
        let parts: Vec<_> = match &literal.kind {
            Kind::List(items) => items.iter().map(Self::of).collect(),
            Kind::Map(entries) => entries.iter().map(|(_, item)| Self::of(item)).collect(),
            Kind::Scalar(_) | Kind::Broken => return Self { values: 1, depth: 0 },
        };
        Self {
            values: parts.iter().fold(1, |sum, part| part.values.saturating_add(sum)),
            depth: 1 + parts.iter().map(|part| part.depth).max().unwrap_or(0),
        }
    }
}

/// A key must be a text. One that is not is reported, and goes on as it is written.
fn key_of(literal: Literal, text: &str, problems: &mut Vec<Problem>) -> Text {
    let written = text.get(literal.span.clone()).unwrap_or_default();
    match &literal.kind {
        Kind::Scalar(Value::String(_)) if written == "<<" => {
            let problem = Problem::error(literal.span.clone(), "`<<` merges maps in YAML 1.1 only");
            problems.push(problem.help("repeat the keys, or alias each value".to_owned()));
        }
        Kind::Scalar(Value::String(value)) => return Text { value: value.clone(), span: literal.span },
        Kind::Broken => {}
        _ => {
            let message = format!("a key must be a text, and this one is {}", literal.kind_name());
            problems.push(Problem::error(literal.span.clone(), message).help("put it in quotes".to_owned()));
        }
    }
    Text { value: written.into(), span: literal.span }
}

impl HalfMap {
    fn insert(&mut self, key: Text, item: Literal, text: &str, problems: &mut Vec<Problem>) {
        if let Some(first) = self.keys.get(&key.value) {
            let (line, _) = line_column(text, first.start);
            let problem = Problem::error(key.span, format!("the key `{}` is here already, in line {line}", key.value));
            problems.push(problem.label("again here").related(first.clone(), "first here"));
        } else {
            self.keys.insert(key.value.clone(), key.span.clone());
            self.entries.push((key, item));
        }
    }
}

/// Where an event stands.
struct Place {
    span: Range<usize>,
    tag: Option<Range<usize>>,
}

/// The parser's own spans are of characters too, and of bytes where the text is at hand, as it is here.
fn place(text: &str, span: granit_parser::Span) -> Place {
    Place {
        span: span.byte_range().unwrap_or(text.len()..text.len()),
        tag: span.tag_span().and_then(|tag| tag.byte_range()),
    }
}
