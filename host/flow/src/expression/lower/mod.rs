//! From CEL's tree to a term: names and functions are resolved, and macros expanded.

mod call;
mod place;

use std::ops::Range;

use cel::common::ast::{
    CallExpr, EntryExpr, Expr, IdedEntryExpr, IdedExpr, LiteralValue, MapEntryExpr, SourceInfo, operators,
};

use self::place::Places;
use super::bounds::DEPTH_MAX;
use super::names::{Names, Variable};
use super::problem::Problem;
use super::term::{Fold, Operation, Operator, Term, TypeName};
use crate::diagnostic::did_you_mean;
use crate::value::Value;

/// One lowering. What is wrong is collected, so that everything is told at once; a term with anything wrong is none.
pub(super) struct Lowering<'a> {
    places: Places<'a>,
    names: &'a Names,
    /// The names of the elements of the comprehensions around, the outermost first.
    elements: Vec<String>,
    depth: usize,
    problems: Vec<Problem>,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(source: &'a str, offsets: &'a SourceInfo, names: &'a Names) -> Self {
        Self { places: Places { source, offsets }, names, elements: Vec::new(), depth: 0, problems: Vec::new() }
    }

    pub(super) fn lower(mut self, tree: &IdedExpr) -> Result<Term, Vec<Problem>> {
        let term = self.term(tree);
        self.problems.sort_by_key(|problem| problem.span.start);
        self.problems.dedup();
        match term {
            Some(term) if self.problems.is_empty() => Ok(term),
            None if self.problems.is_empty() => {
                Err(vec![Problem::new(0..self.places.source.len(), "the expression cannot be read")])
            }
            _ => Err(self.problems),
        }
    }

    fn term(&mut self, tree: &IdedExpr) -> Option<Term> {
        if self.depth == DEPTH_MAX {
            let message = format!("the expression is nested deeper than {DEPTH_MAX}");
            return self.problem(Problem::new(0..self.places.source.len(), message));
        }
        self.depth += 1;
        let term = self.of_any_kind(tree);
        self.depth -= 1;
        term
    }

    fn of_any_kind(&mut self, tree: &IdedExpr) -> Option<Term> {
        let span = self.places.token(tree.id);
        match &tree.expr {
            Expr::Literal(literal) => Some(Term { span, operation: Operation::Literal(value_of(literal)) }),
            Expr::Ident(name) => self.name(span, name),
            Expr::Select(select) => self.select(span, &select.operand, &select.field),
            Expr::List(list) => {
                let items = self.all(&list.elements)?;
                Some(Term { span: self.places.to_bracket(span), operation: Operation::List(items) })
            }
            Expr::Map(map) => self.map(self.places.to_bracket(span), &map.entries),
            Expr::Call(call) => self.call(span, call),
            Expr::Struct(made) => {
                self.problem(Problem::new(span, format!("there are no messages of type `{}`", made.type_name)))
            }
            // The parser expands no macro, and has given up on what it cannot name.
            Expr::Comprehension(_) | Expr::Unspecified => self.problem(Problem::new(span, "it cannot be read")),
        }
    }

    /// All of these; none if one of them is wrong, but only after every one was looked at.
    fn all<'t>(&mut self, trees: impl IntoIterator<Item = &'t IdedExpr>) -> Option<Vec<Term>> {
        let terms: Vec<_> = trees.into_iter().map(|tree| self.term(tree)).collect();
        terms.into_iter().collect()
    }

    fn operands<const COUNT: usize>(&mut self, trees: &[IdedExpr]) -> Option<Box<[Term; COUNT]>> {
        self.all(trees)?.try_into().ok().map(Box::new)
    }

    fn name(&mut self, span: Range<usize>, name: &str) -> Option<Term> {
        if let Some(depth) = self.elements.iter().rposition(|element| element == name) {
            return Some(Term { span, operation: Operation::Element(depth) });
        }
        if let Some(variable) = self.names.variable(name) {
            return Some(Term { span, operation: Operation::Variable(variable) });
        }
        let problem = Problem::new(span, format!("unknown name `{name}`"));
        let help = match name {
            "message" => Some("a message is there only with `framing: raw`".to_owned()),
            "nodes" => Some("write `nodes.<id>`".to_owned()),
            name if TypeName::named(name).is_some() => {
                Some(format!("a type can only be compared, as in `type(input) == {name}`"))
            }
            name => did_you_mean(name, self.names.variables().chain(self.elements.iter().map(String::as_str))),
        };
        self.problem(problem.help(help))
    }

    fn select(&mut self, dot: Range<usize>, operand: &IdedExpr, field: &str) -> Option<Term> {
        let end = self.places.name_end(dot.end, field);
        if self.is_nodes(operand) {
            let span = self.places.token(operand.id).start..end;
            return match self.names.node(field) {
                Some(node) => Some(Term { span, operation: Operation::Variable(Variable::Node(node)) }),
                None => {
                    let problem = Problem::new(end - field.len()..end, format!("there is no node `{field}`"));
                    self.problem(problem.help(did_you_mean(field, self.names.node_ids())))
                }
            };
        }
        let operand = self.term(operand)?;
        let span = operand.span.start..end;
        Some(Term { span, operation: Operation::Select(Box::new(operand), field.into()) })
    }

    /// Whether this is `nodes`, and not an element of that name.
    fn is_nodes(&self, tree: &IdedExpr) -> bool {
        matches!(&tree.expr, Expr::Ident(name) if name == "nodes" && !self.elements.contains(name))
    }

    fn map(&mut self, span: Range<usize>, entries: &[IdedEntryExpr]) -> Option<Term> {
        let entries: Vec<_> = entries
            .iter()
            .map(|entry| match &entry.expr {
                EntryExpr::MapEntry(MapEntryExpr { key, value, .. }) => {
                    let (key, value) = (self.key(key), self.term(value));
                    Some((key?, value?))
                }
                EntryExpr::StructField(_) => None,
            })
            .collect();
        Some(Term { span, operation: Operation::Map(entries.into_iter().collect::<Option<_>>()?) })
    }

    fn key(&mut self, key: &IdedExpr) -> Option<Term> {
        let key = self.term(key)?;
        match &key.operation {
            Operation::Literal(Value::String(_)) => Some(key),
            Operation::Literal(other) => {
                let message = format!("the keys of a map are strings here, and this is {}", other.type_name());
                self.problem(Problem::new(key.span, message))
            }
            _ => Some(key),
        }
    }

    fn call(&mut self, span: Range<usize>, call: &CallExpr) -> Option<Term> {
        match (&call.target, call.args.as_slice()) {
            (None, [operand]) if call.func_name == operators::LOGICAL_NOT => {
                let operand = self.term(operand)?;
                Some(Term { span: span.start..operand.span.end, operation: Operation::Not(Box::new(operand)) })
            }
            (None, [operand]) if call.func_name == operators::NEGATE => {
                let operand = self.term(operand)?;
                Some(Term { span: span.start..operand.span.end, operation: Operation::Negate(Box::new(operand)) })
            }
            (None, [_, _, _]) if call.func_name == operators::CONDITIONAL => {
                let operands = self.operands::<3>(&call.args)?;
                let [condition, _, otherwise] = &*operands;
                Some(Term {
                    span: condition.span.start..otherwise.span.end,
                    operation: Operation::Conditional(operands),
                })
            }
            (None, [left, right]) if operator(&call.func_name).is_some() => {
                match type_comparison(&call.func_name, left, right) {
                    Some((operand, name)) => self.type_is(&call.func_name, operand, name),
                    None => self.binary(span, call),
                }
            }
            (Some(range), _) => match Fold::named(&call.func_name) {
                Some(fold) => self.comprehension(self.places.to_bracket(span), fold, call, range),
                None => self.function(span, call),
            },
            (None, _) => self.function(span, call),
        }
    }

    fn binary(&mut self, span: Range<usize>, call: &CallExpr) -> Option<Term> {
        let operands = self.operands::<2>(&call.args)?;
        let [left, right] = &*operands;
        let whole = left.span.start..right.span.end;
        let operation = match operator(&call.func_name)? {
            Infix::And => Operation::And(operands),
            Infix::Or => Operation::Or(operands),
            Infix::Index => {
                return Some(Term {
                    span: whole.start..self.places.to_bracket(span).end,
                    operation: Operation::Index(operands),
                });
            }
            Infix::Binary(operator) => Operation::Binary(operator, operands),
        };
        Some(Term { span: whole, operation })
    }

    fn type_is(&mut self, function: &str, operand: &IdedExpr, (name_id, name): (u64, TypeName)) -> Option<Term> {
        let operand = self.term(operand)?;
        let name_span = self.places.token(name_id);
        let span = operand.span.start.min(name_span.start)..operand.span.end.max(name_span.end);
        let term = Term { span: span.clone(), operation: Operation::TypeIs(Box::new(operand), name) };
        Some(match function {
            operators::EQUALS => term,
            _ => Term { span, operation: Operation::Not(Box::new(term)) },
        })
    }

    fn problem<T>(&mut self, problem: Problem) -> Option<T> {
        self.problems.push(problem);
        None
    }
}

/// An operator between, or around, two operands.
enum Infix {
    And,
    Or,
    Index,
    Binary(Operator),
}

fn operator(function: &str) -> Option<Infix> {
    Some(match function {
        operators::LOGICAL_AND => Infix::And,
        operators::LOGICAL_OR => Infix::Or,
        operators::INDEX => Infix::Index,
        operators::ADD => Infix::Binary(Operator::Add),
        operators::SUBSTRACT => Infix::Binary(Operator::Subtract),
        operators::MULTIPLY => Infix::Binary(Operator::Multiply),
        operators::DIVIDE => Infix::Binary(Operator::Divide),
        operators::MODULO => Infix::Binary(Operator::Remainder),
        operators::LESS => Infix::Binary(Operator::Less),
        operators::LESS_EQUALS => Infix::Binary(Operator::LessOrEqual),
        operators::GREATER => Infix::Binary(Operator::Greater),
        operators::GREATER_EQUALS => Infix::Binary(Operator::GreaterOrEqual),
        operators::EQUALS => Infix::Binary(Operator::Equal),
        operators::NOT_EQUALS => Infix::Binary(Operator::NotEqual),
        operators::IN => Infix::Binary(Operator::In),
        _ => return None,
    })
}

fn value_of(literal: &LiteralValue) -> Value {
    match literal {
        LiteralValue::Boolean(value) => Value::Bool(*value.inner()),
        LiteralValue::Bytes(value) => Value::Bytes(value.inner().into()),
        LiteralValue::Double(value) => Value::Double(*value.inner()),
        LiteralValue::Int(value) => Value::Int(*value.inner()),
        LiteralValue::Null => Value::Null,
        LiteralValue::String(value) => Value::from(value.inner()),
        LiteralValue::UInt(value) => Value::Uint(*value.inner()),
    }
}

/// The operand and the name of `type(operand) == name`, either way round. `type` is nowhere else: a type is no value of
/// a flow.
fn type_comparison<'t>(
    function: &str,
    left: &'t IdedExpr,
    right: &'t IdedExpr,
) -> Option<(&'t IdedExpr, (u64, TypeName))> {
    if !matches!(function, operators::EQUALS | operators::NOT_EQUALS) {
        return None;
    }
    type_of(left).zip(type_name(right)).or_else(|| type_of(right).zip(type_name(left)))
}

/// The operand of `type(operand)`.
fn type_of(tree: &IdedExpr) -> Option<&IdedExpr> {
    match &tree.expr {
        Expr::Call(CallExpr { func_name, target: None, args }) if func_name == "type" => match args.as_slice() {
            [operand] => Some(operand),
            _ => None,
        },
        _ => None,
    }
}

fn type_name(tree: &IdedExpr) -> Option<(u64, TypeName)> {
    match &tree.expr {
        Expr::Ident(name) => Some((tree.id, TypeName::named(name)?)),
        _ => None,
    }
}
