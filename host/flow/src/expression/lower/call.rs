//! Calls of functions and macros.

use std::ops::Range;

use cel::common::ast::{CallExpr, Expr, IdedExpr};

use super::Lowering;
use crate::diagnostic::did_you_mean;
use crate::expression::bounds::COMPREHENSIONS_NESTED_MAX;
use crate::expression::function::{Form, Function, SIGNATURES, Signature};
use crate::expression::pattern::Pattern;
use crate::expression::problem::Problem;
use crate::expression::term::{Comprehension, Fold, Operation, Term};
use crate::value::Value;

const MACROS: [&str; 7] = ["has", "all", "exists", "exists_one", "existsOne", "filter", "map"];

impl Lowering<'_> {
    pub(super) fn function(&mut self, open: Range<usize>, call: &CallExpr) -> Option<Term> {
        let name_span = self.places.name_before(open.start, &call.func_name);
        let whole = name_span.start..self.places.to_bracket(open).end;
        if call.func_name == "has" {
            return self.has(whole, call);
        }
        let signature = self.signature(name_span.clone(), call)?;
        let arguments: Vec<_> = call.target.as_deref().into_iter().chain(&call.args).collect();
        if arguments.len() != signature.arguments {
            let due = counted(signature.arguments);
            let message = format!("`{}` takes {due} and not {}", signature.name, arguments.len());
            return self.problem(Problem::new(name_span, message).help(usage(signature)));
        }
        let arguments = self.all(arguments)?;
        let target = arguments.first().filter(|_| call.target.is_some());
        let start = target.map_or(whole.start, |target| target.span.start);
        self.applied(start..whole.end, signature.function, arguments)
    }

    fn signature(&mut self, span: Range<usize>, call: &CallExpr) -> Option<&'static Signature> {
        let name = call.func_name.as_str();
        let Some(signature) = Function::named(name) else {
            let problem = Problem::new(span, format!("unknown function `{name}`"));
            let help = match name {
                "type" => Some("compare it with a type's name, as in `type(input) == string`".to_owned()),
                name if Fold::named(name).is_some() => {
                    Some(format!("it goes over a list, as in `{}`", comprehension_usage(name)))
                }
                name => did_you_mean(name, SIGNATURES.iter().map(|signature| signature.name).chain(MACROS)),
            };
            return self.problem(problem.help(help));
        };
        match (signature.form, &call.target) {
            (Form::Both, _) | (Form::Call, None) | (Form::Method, Some(_)) => Some(signature),
            _ => self.problem(Problem::new(span, format!("`{name}` is not called so")).help(usage(signature))),
        }
    }

    /// A call; a regular expression that is a literal is compiled now.
    fn applied(&mut self, span: Range<usize>, function: Function, mut arguments: Vec<Term>) -> Option<Term> {
        if function == Function::Matches {
            let literal = arguments.pop_if(|it| matches!(it.operation, Operation::Literal(Value::String(_))));
            if let Some(Term { span: pattern_span, operation: Operation::Literal(Value::String(pattern)) }) = literal {
                return match (Pattern::new(&pattern), arguments.pop()) {
                    (Ok(pattern), Some(text)) => {
                        Some(Term { span, operation: Operation::Matches(Box::new(text), Box::new(pattern)) })
                    }
                    (Err(message), _) => self.problem(Problem::new(pattern_span, message)),
                    (Ok(_), None) => None,
                };
            }
        }
        Some(Term { span, operation: Operation::Call(function, arguments) })
    }

    fn has(&mut self, span: Range<usize>, call: &CallExpr) -> Option<Term> {
        match (&call.target, call.args.as_slice()) {
            (None, [IdedExpr { expr: Expr::Select(select), .. }]) if !self.is_nodes(&select.operand) => {
                let operand = self.term(&select.operand)?;
                Some(Term { span, operation: Operation::Has(Box::new(operand), select.field.as_str().into()) })
            }
            _ => self.problem(Problem::new(span, "`has` takes a field, as in `has(input.a)`")),
        }
    }

    pub(super) fn comprehension(
        &mut self,
        bracket: Range<usize>,
        fold: Fold,
        call: &CallExpr,
        range: &IdedExpr,
    ) -> Option<Term> {
        let name = call.func_name.as_str();
        let (element, guard, body) = match (fold, call.args.as_slice()) {
            (Fold::Map, [element, guard, body]) => (element, Some(guard), body),
            (_, [element, body]) => (element, None, body),
            _ => return self.misused(bracket, name),
        };
        let Expr::Ident(element) = &element.expr else { return self.misused(bracket, name) };
        if element.starts_with('.') {
            return self.misused(bracket, name);
        }
        if self.elements.len() == COMPREHENSIONS_NESTED_MAX {
            let message = format!("`{name}` is nested deeper than {COMPREHENSIONS_NESTED_MAX}");
            let help = "let a component compute it".to_owned();
            return self.problem(Problem::new(self.places.name_before(bracket.start, name), message).help(help));
        }
        let range = self.term(range);
        self.elements.push(element.clone());
        let guard = guard.map(|guard| self.term(guard));
        let body = self.term(body);
        self.elements.pop();
        let (range, body) = (range?, body?);
        let guard = guard.map_or(Some(None), |guard| guard.map(Some))?;
        let span = range.span.start..bracket.end;
        Some(Term { span, operation: Operation::Comprehension(Box::new(Comprehension { range, fold, guard, body })) })
    }

    fn misused(&mut self, bracket: Range<usize>, name: &str) -> Option<Term> {
        let span = self.places.name_before(bracket.start, name);
        let message = format!("`{name}` takes a name for the element and what to do with it");
        self.problem(Problem::new(span, message).help(format!("write it as in `{}`", comprehension_usage(name))))
    }
}

fn counted(arguments: usize) -> String {
    if arguments == 1 { "one value".into() } else { format!("{arguments} values") }
}

fn usage(signature: &Signature) -> String {
    match (signature.form, signature.arguments) {
        (Form::Call | Form::Both, 1) => format!("write `{}(value)`", signature.name),
        (_, _) => format!("write `text.{}('...')`", signature.name),
    }
}

fn comprehension_usage(name: &str) -> String {
    format!("items.{name}(item, item{})", if name == "map" { " + 1" } else { " > 0" })
}
