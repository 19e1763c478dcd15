//! Evaluates a term over a run's data, of which nothing is copied: what is large is borrowed, or shared.
//!
//! The `cel` crate's own interpreter is not used: it has no bound. `['a'].map(x, x + x).map(x, x + x)`, and so on, is
//! as long as one likes in a kilobyte, and nothing can be hooked into the strings and lists that it makes itself. Its
//! errors have no position either. The tests hold what this one computes against what that one does.

use std::borrow::Cow;

use super::bounds::{Budget, RESULT_BYTES_MAX, left_after};
use super::fault::{Fault, Reason};
use super::names::Variable;
use super::operator;
use super::term::{Comprehension, Fold, Operation, Operator, Term};
use crate::data::Data;
use crate::value::Value;

type Evaluated<'e> = Result<Cow<'e, Value>, Box<Fault>>;

/// The value of a term.
pub(super) fn evaluate<'e>(term: &'e Term, data: &'e Data) -> Evaluated<'e> {
    let mut evaluation = Evaluation { data, budget: Budget::new(), elements: Vec::new() };
    let value = evaluation.term(term)?;
    // What is borrowed was there before.
    if let Cow::Owned(made) = &value
        && left_after(made, RESULT_BYTES_MAX).is_none()
    {
        let reason = Reason::Bound(format!("its result is larger than {RESULT_BYTES_MAX} bytes"));
        return Err(reason.at(&term.span));
    }
    Ok(value)
}

struct Evaluation<'e> {
    data: &'e Data,
    budget: Budget,
    /// The elements of the comprehensions around, the outermost first.
    elements: Vec<Cow<'e, Value>>,
}

impl<'e> Evaluation<'e> {
    fn term(&mut self, term: &'e Term) -> Evaluated<'e> {
        self.budget.pay(1).map_err(|reason| reason.at(&term.span))?;
        match &term.operation {
            Operation::Literal(value) => Ok(Cow::Borrowed(value)),
            Operation::Variable(variable) => Ok(Cow::Borrowed(variable.of(self.data))),
            Operation::Element(depth) => Ok(self.elements.get(*depth).cloned().unwrap_or_default()),
            Operation::Select(operand, name) => {
                let operand = self.term(operand)?;
                project(operand, |operand| operator::field(operand, name)).map_err(|reason| reason.at(&term.span))
            }
            Operation::Index(operands) => {
                let [container, index] = self.both(operands)?;
                let budget = &mut self.budget;
                project(container, |it| operator::index(it, &index, budget)).map_err(|reason| reason.at(&term.span))
            }
            Operation::And(operands) => self.junction(operands, false),
            Operation::Or(operands) => self.junction(operands, true),
            Operation::Conditional(operands) => {
                let [condition, then, otherwise] = &**operands;
                if self.holds(condition)? { self.term(then) } else { self.term(otherwise) }
            }
            Operation::Binary(operator, operands) => self.binary(term, *operator, operands),
            Operation::Comprehension(comprehension) => self.comprehension(comprehension),
            other => self.made(term, other).map(Cow::Owned),
        }
    }

    /// The operations that always make a new value of their operands.
    fn made(&mut self, term: &'e Term, operation: &'e Operation) -> Result<Value, Box<Fault>> {
        match operation {
            Operation::Has(operand, name) => operator::has(&*self.term(operand)?, name),
            Operation::Not(operand) => Ok(Value::Bool(!self.holds(operand)?)),
            Operation::Negate(operand) => operator::negate(&*self.term(operand)?),
            Operation::TypeIs(operand, name) => Ok(Value::Bool(name.is_of(&*self.term(operand)?))),
            Operation::List(items) => {
                let items = items.iter().map(|item| self.term(item).map(Cow::into_owned));
                return items.collect::<Result<_, _>>().map(Value::List);
            }
            Operation::Map(entries) => return self.map_literal(entries),
            Operation::Call(function, arguments) => {
                let arguments = arguments.iter().map(|argument| self.term(argument)).collect::<Result<Vec<_>, _>>()?;
                let arguments: Vec<&Value> = arguments.iter().map(|argument| &**argument).collect();
                function.call(&arguments, &mut self.budget)
            }
            Operation::Matches(operand, pattern) => match &*self.term(operand)? {
                Value::String(text) => pattern.matches(text, &mut self.budget).map(Value::Bool),
                other => Err(Reason::Operands(format!("`matches` cannot take {}", other.type_name()))),
            },
            // The others are `term`'s.
            _ => Err(Reason::operands("it cannot be evaluated")),
        }
        .map_err(|reason| reason.at(&term.span))
    }

    fn both(&mut self, operands: &'e [Term; 2]) -> Result<[Cow<'e, Value>; 2], Box<Fault>> {
        let [left, right] = operands;
        Ok([self.term(left)?, self.term(right)?])
    }

    fn binary(&mut self, term: &'e Term, operator: Operator, operands: &'e [Term; 2]) -> Evaluated<'e> {
        let [left, right] = self.both(operands)?;
        let value = operator::binary(operator, &left, &right, &mut self.budget);
        value.map(Cow::Owned).map_err(|reason| reason.at(&term.span))
    }

    /// `&&` and `||`: the operand that decides does so whatever becomes of the other.
    fn junction(&mut self, operands: &'e [Term; 2], decisive: bool) -> Evaluated<'e> {
        let [left, right] = operands;
        let left = absorbable(self.holds(left))?;
        if matches!(left, Ok(value) if value == decisive) {
            return Ok(bool_value(decisive));
        }
        let right = absorbable(self.holds(right))?;
        match (left, right) {
            (_, Ok(value)) if value == decisive => Ok(bool_value(decisive)),
            (Err(fault), _) | (_, Err(fault)) => Err(fault),
            (Ok(_), Ok(_)) => Ok(bool_value(!decisive)),
        }
    }

    fn holds(&mut self, term: &'e Term) -> Result<bool, Box<Fault>> {
        match &*self.term(term)? {
            Value::Bool(value) => Ok(*value),
            other => Err(Reason::Operands(format!("it is {} where a bool is due", other.type_name())).at(&term.span)),
        }
    }

    fn map_literal(&mut self, entries: &'e [(Term, Term)]) -> Result<Value, Box<Fault>> {
        let mut map = crate::value::Map::new();
        for (key_term, value) in entries {
            let key = self.term(key_term)?.into_owned();
            let value = self.term(value)?.into_owned();
            operator::insert(&mut map, key, value, &mut self.budget).map_err(|reason| reason.at(&key_term.span))?;
        }
        Ok(Value::Map(map.into()))
    }

    fn comprehension(&mut self, comprehension: &'e Comprehension) -> Evaluated<'e> {
        let range = self.term(&comprehension.range)?;
        let elements = elements(range, &mut self.budget).map_err(|reason| reason.at(&comprehension.range.span))?;
        match comprehension.fold {
            Fold::All => self.quantified(comprehension, elements, false),
            Fold::Exists => self.quantified(comprehension, elements, true),
            Fold::ExistsOne => self.exists_one(comprehension, elements),
            Fold::Filter | Fold::Map => self.collected(comprehension, elements),
        }
    }

    /// `all` and `exists`, which are `&&` and `||` over the elements.
    fn quantified(&mut self, it: &'e Comprehension, elements: Elements<'e>, decisive: bool) -> Evaluated<'e> {
        let mut pending = None;
        for element in elements {
            match absorbable(self.with(element, |this| this.holds(&it.body)))? {
                Ok(value) if value == decisive => return Ok(bool_value(decisive)),
                Ok(_) => {}
                Err(fault) => pending = Some(fault),
            }
        }
        pending.map_or_else(|| Ok(bool_value(!decisive)), Err)
    }

    fn exists_one(&mut self, it: &'e Comprehension, elements: Elements<'e>) -> Evaluated<'e> {
        let mut count = 0_usize;
        for element in elements {
            count += usize::from(self.with(element, |this| this.holds(&it.body))?);
        }
        Ok(bool_value(count == 1))
    }

    fn collected(&mut self, it: &'e Comprehension, elements: Elements<'e>) -> Evaluated<'e> {
        let mut list = Vec::new();
        for element in elements {
            let kept = match it.fold {
                Fold::Filter => self.with(element.clone(), |this| this.holds(&it.body))?.then_some(element),
                _ => self.with(element, |this| this.mapped(it))?,
            };
            list.extend(kept.map(Cow::into_owned));
        }
        Ok(Cow::Owned(Value::List(list.into())))
    }

    fn mapped(&mut self, it: &'e Comprehension) -> Result<Option<Cow<'e, Value>>, Box<Fault>> {
        let kept = it.guard.as_ref().map_or(Ok(true), |guard| self.holds(guard))?;
        if kept { self.term(&it.body).map(Some) } else { Ok(None) }
    }

    fn with<T>(&mut self, element: Cow<'e, Value>, evaluate: impl FnOnce(&mut Self) -> T) -> T {
        self.elements.push(element);
        let evaluated = evaluate(self);
        self.elements.pop();
        evaluated
    }
}

impl Variable {
    fn of(self, data: &Data) -> &Value {
        match self {
            Self::Input => &data.input,
            Self::Session => &data.session,
            Self::Run => &data.run,
            Self::Message => &data.message,
            Self::Error => &data.error,
            Self::Node(node) => data.result(node),
        }
    }
}

fn bool_value<'e>(value: bool) -> Cow<'e, Value> {
    Cow::Owned(Value::Bool(value))
}

/// Sets an operand's fault apart from one that ends the evaluation.
fn absorbable<T>(result: Result<T, Box<Fault>>) -> Result<Result<T, Box<Fault>>, Box<Fault>> {
    match result {
        Err(fault) if matches!(fault.reason, Reason::Bound(_)) => Err(fault),
        other => Ok(other),
    }
}

/// A part of a value: borrowed of a borrowed one, else shared.
fn project<'e>(
    value: Cow<'e, Value>,
    part: impl for<'a> FnOnce(&'a Value) -> Result<&'a Value, Reason>,
) -> Result<Cow<'e, Value>, Reason> {
    match value {
        Cow::Borrowed(value) => part(value).map(Cow::Borrowed),
        Cow::Owned(value) => part(&value).cloned().map(Cow::Owned),
    }
}

type Elements<'e> = Box<dyn Iterator<Item = Cow<'e, Value>> + 'e>;

/// What a comprehension goes over: a list's elements, or a map's keys in their order.
fn elements<'e>(range: Cow<'e, Value>, budget: &mut Budget) -> Result<Elements<'e>, Reason> {
    match range {
        Cow::Borrowed(Value::List(items)) => Ok(Box::new(items.iter().map(Cow::Borrowed))),
        Cow::Owned(Value::List(items)) => {
            Ok(Box::new((0..items.len()).map_while(move |place| items.get(place).cloned()).map(Cow::Owned)))
        }
        Cow::Borrowed(Value::Map(entries)) => {
            Ok(Box::new(entries.keys().map(|key| Cow::Owned(Value::String(key.clone())))))
        }
        Cow::Owned(Value::Map(entries)) => {
            budget.pay(entries.len())?;
            let keys: Vec<_> = entries.keys().cloned().collect();
            Ok(Box::new(keys.into_iter().map(|key| Cow::Owned(Value::String(key)))))
        }
        other => Err(Reason::Operands(format!("{} has no elements to go over", other.type_name()))),
    }
}
