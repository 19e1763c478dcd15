//! Values with expressions in their strings.

use std::sync::Arc;

use super::bounds::{RESULT_BYTES_MAX, TEXT_BYTES_MAX, left_after};
use super::problem::{Problem, Segment, TemplateProblem};
use super::types::{Kind, StaticType, Types};
use super::{Error, Expression, Names, scan};
use crate::data::Data;
use crate::value::{Map, Value};

/// A node's `with` value: what is `${...}` in its strings is an expression.
#[derive(Debug)]
pub struct Template(Form);

#[derive(Debug)]
enum Form {
    Literal(Value),
    /// A string that is one expression, and keeps its type.
    Expression(Written),
    /// A string with expressions in it.
    Text(Vec<Part>),
    List(Vec<Template>),
    Map(Vec<(Arc<str>, Template)>),
}

#[derive(Debug)]
enum Part {
    Literal(String),
    Expression(Written),
}

/// An expression, and where it begins in its string.
#[derive(Debug)]
struct Written {
    expression: Expression,
    offset: usize,
}

impl Template {
    /// A value without expressions, whatever its strings hold.
    pub fn literal(value: Value) -> Self {
        Self(Form::Literal(value))
    }

    /// Compiles the expressions in a value's strings. `$${` stands for `${` itself.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them.
    pub fn compile(value: &Value, names: &Names) -> Result<Self, Vec<TemplateProblem>> {
        let mut compilation = Compilation { names, path: Vec::new(), problems: Vec::new() };
        let template = compilation.value(value);
        if compilation.problems.is_empty() { Ok(template) } else { Err(compilation.problems) }
    }

    /// The value, if no expression is in it.
    pub fn as_literal(&self) -> Option<&Value> {
        match &self.0 {
            Form::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// The type of its results, and what is surely wrong with its expressions.
    pub fn check(&self, types: &Types) -> (StaticType, Vec<TemplateProblem>) {
        let mut problems = Vec::new();
        let ty = self.check_at(types, &mut Vec::new(), &mut problems);
        (ty, problems)
    }

    fn check_at(&self, types: &Types, path: &mut Vec<Segment>, problems: &mut Vec<TemplateProblem>) -> StaticType {
        match &self.0 {
            Form::Literal(value) => StaticType::of_value(value),
            Form::Expression(written) => written.check(types, path, problems),
            Form::Text(parts) => {
                for part in parts {
                    if let Part::Expression(written) = part {
                        written.check(types, path, problems);
                    }
                }
                StaticType::of(Kind::String)
            }
            Form::List(items) => {
                let items: Vec<_> = items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| {
                        within_path(path, Segment::Index(index), |path| item.check_at(types, path, problems))
                    })
                    .collect();
                StaticType::of(Kind::List(Box::new(StaticType::join_all(items))))
            }
            Form::Map(entries) => StaticType::record(entries.iter().map(|(key, value)| {
                let segment = Segment::Key(Arc::clone(key));
                (Arc::clone(key), within_path(path, segment, |path| value.check_at(types, path, problems)))
            })),
        }
    }

    /// Its value over a run's data. What an expression gives is never read for expressions again.
    ///
    /// # Errors
    ///
    /// An expression in it that fails, a text that becomes too long, or a list or a map that becomes too large.
    pub fn evaluate(&self, data: &Data) -> Result<Value, Error> {
        match &self.0 {
            Form::Expression(written) => written.expression.evaluate(data),
            _ => self.evaluate_within(data, &mut { RESULT_BYTES_MAX }),
        }
    }

    /// A large value costs nothing in many places until it is written out in each of them.
    fn evaluate_within(&self, data: &Data, bytes_left: &mut usize) -> Result<Value, Error> {
        match &self.0 {
            Form::Literal(value) => Ok(value.clone()),
            Form::Expression(written) => part_within(&written.expression, data, bytes_left),
            Form::Text(parts) => text(parts, data, bytes_left),
            Form::List(items) => items
                .iter()
                .map(|item| item.evaluate_within(data, bytes_left))
                .collect::<Result<_, _>>()
                .map(Value::List),
            Form::Map(entries) => entries
                .iter()
                .map(|(key, value)| Ok((Arc::clone(key), value.evaluate_within(data, bytes_left)?)))
                .collect::<Result<Map, _>>()
                .map(|map| Value::Map(map.into())),
        }
    }
}

fn part_within(expression: &Expression, data: &Data, bytes_left: &mut usize) -> Result<Value, Error> {
    let value = expression.evaluate(data)?;
    match left_after(&value, *bytes_left) {
        Some(left) => {
            *bytes_left = left;
            Ok(value)
        }
        None => Err(too_large(expression)),
    }
}

fn too_large(expression: &Expression) -> Error {
    expression.error(format!("what it is put into is larger than {RESULT_BYTES_MAX} bytes"))
}

fn text(parts: &[Part], data: &Data, bytes_left: &mut usize) -> Result<Value, Error> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Expression(Written { expression, .. }) => {
                let value = expression.value(data)?;
                // Before it is written out: a value may be far larger written than it is kept.
                let too_long =
                    || expression.error(format!("the text that it is put into has more than {TEXT_BYTES_MAX} bytes"));
                left_after(&value, TEXT_BYTES_MAX).ok_or_else(too_long)?;
                let written = value.to_string();
                text.push_str(&written);
                if text.len() > TEXT_BYTES_MAX {
                    return Err(too_long());
                }
                *bytes_left = bytes_left.checked_sub(written.len()).ok_or_else(|| too_large(expression))?;
            }
        }
    }
    Ok(Value::String(text.into()))
}

impl Written {
    fn check(&self, types: &Types, path: &[Segment], problems: &mut Vec<TemplateProblem>) -> StaticType {
        let (ty, found) = self.expression.check(types);
        problems.extend(found.into_iter().map(|problem| problem_at(path, problem.shifted(self.offset))));
        ty
    }
}

fn problem_at(path: &[Segment], problem: Problem) -> TemplateProblem {
    TemplateProblem { path: path.to_vec(), problem }
}

fn within_path<T>(path: &mut Vec<Segment>, segment: Segment, walk: impl FnOnce(&mut Vec<Segment>) -> T) -> T {
    path.push(segment);
    let walked = walk(path);
    path.pop();
    walked
}

struct Compilation<'a> {
    names: &'a Names,
    path: Vec<Segment>,
    problems: Vec<TemplateProblem>,
}

impl Compilation<'_> {
    fn value(&mut self, value: &Value) -> Template {
        match value {
            Value::String(text) => self.string(text),
            Value::List(items) => self.list(items),
            Value::Map(entries) => self.map(entries),
            other => Template::literal(other.clone()),
        }
    }

    fn list(&mut self, items: &[Value]) -> Template {
        let items: Vec<_> =
            items.iter().enumerate().map(|(index, item)| self.within(Segment::Index(index), item)).collect();
        match items.iter().map(|item| item.as_literal().cloned()).collect() {
            Some(literals) => Template(Form::Literal(Value::List(literals))),
            None => Template(Form::List(items)),
        }
    }

    fn map(&mut self, entries: &Map) -> Template {
        let entries: Vec<_> = entries
            .iter()
            .map(|(key, value)| (Arc::clone(key), self.within(Segment::Key(Arc::clone(key)), value)))
            .collect();
        let literals = entries.iter().map(|(key, value)| Some((Arc::clone(key), value.as_literal()?.clone())));
        match literals.collect::<Option<Map>>() {
            Some(literals) => Template(Form::Literal(Value::Map(literals.into()))),
            None => Template(Form::Map(entries)),
        }
    }

    fn within(&mut self, segment: Segment, value: &Value) -> Template {
        self.path.push(segment);
        let template = self.value(value);
        self.path.pop();
        template
    }

    fn string(&mut self, text: &str) -> Template {
        let mut parts = self.parts(text);
        match (parts.pop(), parts.is_empty()) {
            (None, _) => Template::literal(Value::from("")),
            (Some(Part::Literal(text)), true) => Template::literal(Value::String(text.into())),
            (Some(Part::Expression(written)), true) => Template(Form::Expression(written)),
            (Some(last), false) => {
                parts.push(last);
                Template(Form::Text(parts))
            }
        }
    }

    fn parts(&mut self, text: &str) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(dollar) = rest.find('$') {
            let (before, at) = rest.split_at(dollar);
            literal.push_str(before);
            if let Some(after) = at.strip_prefix("$${") {
                literal.push_str("${");
                rest = after;
            } else if let Some(inside) = at.strip_prefix("${") {
                if !literal.is_empty() {
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                }
                let Some((part, after)) = self.expression(text, inside) else { return parts };
                parts.extend(part.map(Part::Expression));
                rest = after;
            } else {
                literal.push('$');
                rest = at.strip_prefix('$').unwrap_or_default();
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        parts
    }

    /// The expression that a text goes on with, and what follows it; none if nothing closes it.
    fn expression<'t>(&mut self, text: &str, inside: &'t str) -> Option<(Option<Written>, &'t str)> {
        let offset = text.len() - inside.len();
        let Some((source, closed)) = scan::closing(inside, 0, b'{', b'}').and_then(|end| inside.split_at_checked(end))
        else {
            let problem = Problem::new(offset - 2..text.len(), "nothing closes this `${`");
            let help = "write `$${` for the characters themselves".to_owned();
            self.problems.push(problem_at(&self.path, problem.help(help)));
            return None;
        };
        let written = match Expression::compile(source, self.names) {
            Ok(expression) => Some(Written { expression, offset }),
            Err(problems) => {
                let problems = problems.into_iter().map(|problem| problem_at(&self.path, problem.shifted(offset)));
                self.problems.extend(problems);
                None
            }
        };
        Some((written, closed.strip_prefix('}').unwrap_or_default()))
    }
}
