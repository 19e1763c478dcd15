//! What a condition says of which terms are null.

use crate::expression::names::Variable;
use crate::expression::term::{Operation, Operator, Term, TypeName};
use crate::value::Value;

/// Collects the terms that cannot be null where this condition is true, or false.
pub(super) fn not_null<'i>(condition: &'i Term, truth: bool, into: &mut Vec<&'i Term>) {
    match (&condition.operation, truth) {
        (Operation::Not(operand), truth) => not_null(operand, !truth, into),
        (Operation::And(operands), true) | (Operation::Or(operands), false) => {
            operands.iter().for_each(|operand| not_null(operand, truth, into));
        }
        (Operation::TypeIs(operand, name), truth) if (*name == TypeName::NULL) != truth => into.push(operand),
        (Operation::Binary(Operator::NotEqual, operands), true)
        | (Operation::Binary(Operator::Equal, operands), false) => {
            into.extend(unlike(operands, |value| *value == Value::Null));
        }
        (Operation::Binary(Operator::Equal, operands), true) => {
            into.extend(unlike(operands, |value| *value != Value::Null))
        }
        _ => {}
    }
}

/// The operand that is held against such a literal.
fn unlike(operands: &[Term; 2], is_such: impl Fn(&Value) -> bool) -> Option<&Term> {
    let is_such = |term: &Term| matches!(&term.operation, Operation::Literal(value) if is_such(value));
    match operands {
        [term, literal] | [literal, term] if is_such(literal) => Some(term),
        _ => None,
    }
}

/// Whether two terms are the same name, or the same field of the same.
pub(super) fn is_same(left: &Term, right: &Term) -> bool {
    match (&left.operation, &right.operation) {
        (Operation::Variable(left), Operation::Variable(right)) => left == right,
        (Operation::Element(left), Operation::Element(right)) => left == right,
        (Operation::Select(left, name), Operation::Select(right, other)) => name == other && is_same(left, right),
        _ => false,
    }
}

/// Why a name, or something in it, may be null. Nothing is said of other terms.
pub(super) fn why_null(term: &Term) -> Option<&'static str> {
    match &term.operation {
        Operation::Variable(Variable::Node(_)) => Some("its node may not have run by then"),
        Operation::Variable(Variable::Error) => Some("no error may have happened by then"),
        Operation::Variable(_) | Operation::Element(_) => Some("it may be absent"),
        Operation::Select(operand, _) => match operand.operation {
            Operation::Variable(Variable::Session) => Some("no client may have started the run"),
            _ => Some("it may be absent"),
        },
        _ => None,
    }
}
