//! What is known of an expression before any run: its type, and the operations that must fail. What is not surely wrong
//! is not told.

mod facts;
mod operation;

use super::names::Variable;
use super::problem::Problem;
use super::scan;
use super::term::{Comprehension, Fold, Operation, Term};
use super::types::{Kind, StaticType, Types};
use crate::diagnostic::did_you_mean;

/// The type of a term, and what is wrong with it.
pub(super) fn infer(source: &str, term: &Term, types: &Types) -> (StaticType, Vec<Problem>) {
    let mut inference = Inference { source, types, elements: Vec::new(), not_null: Vec::new(), problems: Vec::new() };
    let ty = inference.term(term);
    inference.problems.sort_by_key(|problem| problem.span.start);
    (ty, inference.problems)
}

struct Inference<'i> {
    source: &'i str,
    types: &'i Types,
    /// The types of the elements of the comprehensions around, the outermost first.
    elements: Vec<StaticType>,
    /// Terms that are not null here, by a condition around.
    not_null: Vec<&'i Term>,
    problems: Vec<Problem>,
}

impl<'i> Inference<'i> {
    fn term(&mut self, term: &'i Term) -> StaticType {
        let ty = self.of_any_operation(term);
        let is_known = ty.nullable && self.not_null.iter().any(|known| facts::is_same(known, term));
        StaticType { nullable: ty.nullable && !is_known, ..ty }
    }

    fn of_any_operation(&mut self, term: &'i Term) -> StaticType {
        match &term.operation {
            Operation::Literal(value) => StaticType::of_value(value),
            Operation::Variable(variable) => self.variable(*variable),
            Operation::Element(depth) => self.elements.get(*depth).cloned().unwrap_or(StaticType::ANY),
            Operation::Select(operand, name) => self.select(term, operand, name),
            Operation::Has(operand, _) => {
                self.present(operand);
                StaticType::of(Kind::Bool)
            }
            Operation::Index(operands) => self.index(term, operands),
            Operation::List(items) => {
                let types: Vec<_> = items.iter().map(|item| self.term(item)).collect();
                StaticType::of(Kind::List(Box::new(StaticType::join_all(types))))
            }
            Operation::Map(entries) => self.map(entries),
            Operation::Not(operand) => self.bool(operand),
            Operation::Negate(operand) => self.negate(term, operand),
            Operation::And(operands) => self.junction(operands, true),
            Operation::Or(operands) => self.junction(operands, false),
            Operation::Conditional(operands) => self.conditional(operands),
            Operation::Binary(operator, operands) => self.binary(term, *operator, operands),
            Operation::TypeIs(operand, _) => {
                self.term(operand);
                StaticType::of(Kind::Bool)
            }
            Operation::Call(function, arguments) => self.call(*function, arguments),
            Operation::Matches(operand, _) => {
                self.one_of(operand, "matches", &[Kind::String]);
                StaticType::of(Kind::Bool)
            }
            Operation::Comprehension(comprehension) => self.comprehension(comprehension),
        }
    }

    fn variable(&self, variable: Variable) -> StaticType {
        match variable {
            Variable::Input => self.types.input.clone(),
            Variable::Session => self.types.session.clone(),
            Variable::Run => self.types.run.clone(),
            Variable::Message => self.types.message.clone(),
            Variable::Error => self.types.error.clone(),
            Variable::Node(node) => self.types.nodes.get(node.position()).cloned().unwrap_or(StaticType::ANY),
        }
    }

    fn select(&mut self, term: &'i Term, operand: &'i Term, name: &str) -> StaticType {
        match self.present(operand) {
            Kind::Map(Some(fields)) => match fields.get(name) {
                Some(ty) => ty.clone(),
                None => {
                    let message = format!("{} has no `{name}`", self.shown(operand));
                    let span = term.span.end - name.len()..term.span.end;
                    self.problem(
                        Problem::new(span, message).help(did_you_mean(name, fields.keys().map(|name| &**name))),
                    )
                }
            },
            Kind::Any | Kind::Null | Kind::Map(None) => StaticType::ANY,
            other => {
                let message = format!("{} is {other}, and has no `{name}`", self.shown(operand));
                self.problem(Problem::new(term.span.clone(), message))
            }
        }
    }

    fn index(&mut self, term: &'i Term, operands: &'i [Term; 2]) -> StaticType {
        let [container, index] = operands;
        match (self.present(container), self.present(index)) {
            (Kind::List(item), Kind::Any) => *item,
            (Kind::List(item), index) if index.is_number() => *item,
            (Kind::Map(_) | Kind::Any | Kind::Null, _) => StaticType::ANY,
            (container, index) => {
                let message = format!("{container} has no elements by {index}");
                self.problem(Problem::new(term.span.clone(), message))
            }
        }
    }

    fn map(&mut self, entries: &'i [(Term, Term)]) -> StaticType {
        let mut fields = Some(std::collections::BTreeMap::new());
        for (key, value) in entries {
            self.one_of(key, "a map's key", &[Kind::String]);
            let ty = self.term(value);
            match &key.operation {
                Operation::Literal(crate::value::Value::String(key)) => {
                    fields.as_mut().map(|fields| fields.insert(key.clone(), ty));
                }
                _ => fields = None,
            }
        }
        StaticType::of(Kind::Map(fields))
    }

    fn bool(&mut self, term: &'i Term) -> StaticType {
        match self.present(term) {
            Kind::Any | Kind::Null | Kind::Bool => {}
            other => {
                let message = format!("{} is {other}, where a bool is due", self.shown(term));
                self.problems.push(Problem::new(term.span.clone(), message));
            }
        }
        StaticType::of(Kind::Bool)
    }

    /// `&&` and `||`. Each operand may count on the other: where the other decides, its own fault is of no account.
    fn junction(&mut self, operands: &'i [Term; 2], truth: bool) -> StaticType {
        let [left, right] = operands;
        self.given(right, truth, |this| this.bool(left));
        self.given(left, truth, |this| this.bool(right))
    }

    fn conditional(&mut self, operands: &'i [Term; 3]) -> StaticType {
        let [condition, then, otherwise] = operands;
        self.bool(condition);
        let then = self.given(condition, true, |this| this.term(then));
        let otherwise = self.given(condition, false, |this| this.term(otherwise));
        then.join(otherwise)
    }

    fn comprehension(&mut self, it: &'i Comprehension) -> StaticType {
        let element = match self.present(&it.range) {
            Kind::List(item) => *item,
            Kind::Map(_) => StaticType::of(Kind::String),
            Kind::Any | Kind::Null => StaticType::ANY,
            other => {
                let message = format!("{other} has no elements to go over");
                self.problem(Problem::new(it.range.span.clone(), message))
            }
        };
        self.elements.push(element.clone());
        let ty = self.fold(it, element);
        self.elements.pop();
        ty
    }

    fn fold(&mut self, it: &'i Comprehension, element: StaticType) -> StaticType {
        match (it.fold, &it.guard) {
            (Fold::Map, guard) => {
                let guarded = guard.as_ref().map(|guard| {
                    self.bool(guard);
                    self.given(guard, true, |this| this.term(&it.body))
                });
                let body = guarded.unwrap_or_else(|| self.term(&it.body));
                StaticType::of(Kind::List(Box::new(body)))
            }
            (Fold::Filter, _) => {
                self.bool(&it.body);
                StaticType::of(Kind::List(Box::new(element)))
            }
            (Fold::All | Fold::Exists | Fold::ExistsOne, _) => self.bool(&it.body),
        }
    }

    /// What a term is when it is not null; that it may be null is told.
    fn present(&mut self, term: &'i Term) -> Kind {
        let ty = self.term(term);
        if ty.may_be_null() {
            let is = if ty.kind == Kind::Null { "is" } else { "may be" };
            let problem = Problem::new(term.span.clone(), format!("{} {is} null here", self.shown(term)));
            let help = facts::why_null(term).map(|why| format!("{why}: test it, as in {}", self.test(term)));
            self.problems.push(problem.help(help));
        }
        ty.kind
    }

    fn test(&self, term: &Term) -> String {
        let text = self.source.get(term.span.clone()).unwrap_or_default();
        format!("`{text} == null ? ... : ...`")
    }

    /// Infers where a condition is known to be true, or false.
    fn given<T>(&mut self, condition: &'i Term, truth: bool, infer: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.not_null.len();
        facts::not_null(condition, truth, &mut self.not_null);
        let inferred = infer(self);
        self.not_null.truncate(before);
        inferred
    }

    /// A term as it is written, if it can be read by itself.
    fn shown(&self, term: &Term) -> String {
        match self.source.get(term.span.clone()) {
            Some(text) if scan::is_balanced(text) => format!("`{text}`"),
            _ => "this".to_owned(),
        }
    }

    fn problem(&mut self, problem: Problem) -> StaticType {
        self.problems.push(problem);
        StaticType::ANY
    }
}
