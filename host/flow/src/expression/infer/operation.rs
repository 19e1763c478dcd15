//! The types of operators and functions.

use super::Inference;
use crate::expression::function::Function;
use crate::expression::problem::Problem;
use crate::expression::term::{Operation, Operator, Term};
use crate::expression::types::{Kind, StaticType};
use crate::value::Value;

impl<'i> Inference<'i> {
    pub(super) fn binary(&mut self, term: &'i Term, operator: Operator, operands: &'i [Term; 2]) -> StaticType {
        match operator {
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
                self.arithmetic(term, operator, operands)
            }
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                self.ordering(term, operator, operands)
            }
            Operator::Equal | Operator::NotEqual => self.equality(term, operands),
            Operator::In => self.membership(term, operands),
        }
    }

    fn arithmetic(&mut self, term: &'i Term, operator: Operator, operands: &'i [Term; 2]) -> StaticType {
        let [left, right] = operands;
        let kind = match (self.present(left), self.present(right)) {
            (Kind::Any | Kind::Null, Kind::Any | Kind::Null) => Some(Kind::Any),
            (Kind::List(left), Kind::List(right)) if operator == Operator::Add => {
                Some(Kind::List(Box::new(left.join(*right))))
            }
            (Kind::List(_), Kind::Any | Kind::Null) | (Kind::Any | Kind::Null, Kind::List(_))
                if operator == Operator::Add =>
            {
                Some(Kind::List(Box::new(StaticType::ANY)))
            }
            (kind, Kind::Any | Kind::Null) | (Kind::Any | Kind::Null, kind) if takes(operator, &kind) => Some(kind),
            (kind, other) if kind == other && takes(operator, &kind) => Some(kind),
            (kind, other) => {
                let message = unsuited(operator, &kind, &other);
                let help = self.conversion(operator, (left, &kind), (right, &other));
                self.problems.push(Problem::new(term.span.clone(), message).help(help));
                None
            }
        };
        kind.map_or(StaticType::ANY, StaticType::of)
    }

    /// How one of two operands becomes like the other.
    fn conversion(&self, operator: Operator, left: (&Term, &Kind), right: (&Term, &Kind)) -> Option<String> {
        let ((term, _), to) = match (left, right) {
            ((_, Kind::Double), it @ (_, Kind::Int | Kind::Uint))
            | (it @ (_, Kind::Int | Kind::Uint), (_, Kind::Double)) => (it, Kind::Double),
            ((_, Kind::Int), it @ (_, Kind::Uint)) | (it @ (_, Kind::Uint), (_, Kind::Int)) => (it, Kind::Int),
            ((_, Kind::String), it) | (it, (_, Kind::String)) if operator == Operator::Add && is_scalar(it.1) => {
                (it, Kind::String)
            }
            _ => return None,
        };
        Some(match (&term.operation, to) {
            (Operation::Literal(Value::Int(number)), Kind::Double) => format!("write `{number}.0`"),
            (Operation::Literal(Value::Uint(number)), Kind::Int) => format!("write `{number}`"),
            (_, to) => format!("convert one, as in `{to}({})`", self.source.get(term.span.clone()).unwrap_or_default()),
        })
    }

    fn ordering(&mut self, term: &'i Term, operator: Operator, operands: &'i [Term; 2]) -> StaticType {
        let [left, right] = operands;
        match (self.present(left), self.present(right)) {
            (Kind::Any | Kind::Null, _) | (_, Kind::Any | Kind::Null) => {}
            (left, right) if left.is_number() && right.is_number() => {}
            (Kind::String, Kind::String) | (Kind::Bytes, Kind::Bytes) | (Kind::Bool, Kind::Bool) => {}
            (left, right) => self.problems.push(Problem::new(term.span.clone(), unsuited(operator, &left, &right))),
        }
        StaticType::of(Kind::Bool)
    }

    fn equality(&mut self, term: &'i Term, operands: &'i [Term; 2]) -> StaticType {
        let [left, right] = operands;
        let (left, right) = (self.term(left), self.term(right));
        if !may_equal(&left, &right) {
            let message = format!("{} is never equal to {}", left.kind, right.kind);
            self.problems.push(Problem::new(term.span.clone(), message));
        }
        StaticType::of(Kind::Bool)
    }

    fn membership(&mut self, term: &'i Term, operands: &'i [Term; 2]) -> StaticType {
        let [element, container] = operands;
        let element = self.term(element);
        match self.present(container) {
            Kind::Any | Kind::Null | Kind::Map(_) => {}
            Kind::List(item) if may_equal(&element, &item) => {}
            Kind::List(item) => {
                let message = format!("{} is never in a list of {}", element.kind, item.kind);
                self.problems.push(Problem::new(term.span.clone(), message));
            }
            other => self.problems.push(Problem::new(term.span.clone(), unsuited(Operator::In, &element.kind, &other))),
        }
        StaticType::of(Kind::Bool)
    }

    pub(super) fn negate(&mut self, term: &'i Term, operand: &'i Term) -> StaticType {
        match self.present(operand) {
            kind @ (Kind::Int | Kind::Double) => StaticType::of(kind),
            Kind::Any | Kind::Null => StaticType::ANY,
            other => self.problem(Problem::new(term.span.clone(), format!("`-` cannot take {other}"))),
        }
    }

    pub(super) fn call(&mut self, function: Function, arguments: &'i [Term]) -> StaticType {
        const NUMBERS_AND_STRING: [Kind; 4] = [Kind::Int, Kind::Uint, Kind::Double, Kind::String];
        let (takes, gives): (&[Kind], Kind) = match function {
            Function::Size => return self.size(arguments),
            Function::Dyn => return StaticType::ANY,
            Function::Contains | Function::StartsWith | Function::EndsWith | Function::Matches => {
                (&[Kind::String], Kind::Bool)
            }
            Function::Bool => (&[Kind::Bool, Kind::String], Kind::Bool),
            Function::Bytes => (&[Kind::Bytes, Kind::String], Kind::Bytes),
            Function::Double => (&NUMBERS_AND_STRING, Kind::Double),
            Function::Int => (&NUMBERS_AND_STRING, Kind::Int),
            Function::Uint => (&NUMBERS_AND_STRING, Kind::Uint),
            Function::String => {
                (&[Kind::Bool, Kind::Int, Kind::Uint, Kind::Double, Kind::String, Kind::Bytes], Kind::String)
            }
        };
        arguments.iter().for_each(|argument| self.one_of(argument, function.name(), takes));
        StaticType::of(gives)
    }

    fn size(&mut self, arguments: &'i [Term]) -> StaticType {
        for argument in arguments {
            match self.present(argument) {
                Kind::Any | Kind::Null | Kind::String | Kind::Bytes | Kind::List(_) | Kind::Map(_) => {}
                other => {
                    let message = format!("`size` cannot take {other}");
                    self.problems.push(Problem::new(argument.span.clone(), message));
                }
            }
        }
        StaticType::of(Kind::Int)
    }

    /// An operand that must be of one of these kinds.
    pub(super) fn one_of(&mut self, term: &'i Term, taker: &str, kinds: &[Kind]) {
        let kind = self.present(term);
        if !matches!(kind, Kind::Any | Kind::Null) && !kinds.contains(&kind) {
            let due: Vec<_> = kinds.iter().map(Kind::to_string).collect();
            let message = format!("`{taker}` takes {}, and this is {kind}", due.join(" or "));
            self.problems.push(Problem::new(term.span.clone(), message));
        }
    }
}

/// Whether an operator takes two operands of this kind.
fn takes(operator: Operator, kind: &Kind) -> bool {
    match kind {
        Kind::Int | Kind::Uint => true,
        Kind::Double => operator != Operator::Remainder,
        Kind::String | Kind::Bytes | Kind::List(_) => operator == Operator::Add,
        _ => false,
    }
}

fn is_scalar(kind: &Kind) -> bool {
    kind.is_number() || matches!(kind, Kind::Bool | Kind::Bytes)
}

fn may_equal(left: &StaticType, right: &StaticType) -> bool {
    let both_null = left.may_be_null() && right.may_be_null();
    both_null
        || match (&left.kind, &right.kind) {
            // Comparing with null is how null is told from all else.
            (Kind::Any | Kind::Null, _) | (_, Kind::Any | Kind::Null) => true,
            (Kind::List(_), Kind::List(_)) | (Kind::Map(_), Kind::Map(_)) => true,
            (left, right) => left == right || (left.is_number() && right.is_number()),
        }
}

fn unsuited(operator: Operator, left: &Kind, right: &Kind) -> String {
    let symbol = operator.symbol();
    match (left, right) {
        (Kind::Any | Kind::Null, kind) | (kind, Kind::Any | Kind::Null) => format!("`{symbol}` cannot take {kind}"),
        _ => format!("`{symbol}` cannot take {left} and {right}"),
    }
}
