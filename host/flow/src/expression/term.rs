//! An expression with its names and functions resolved: what is checked and evaluated.

use std::ops::Range;
use std::sync::Arc;

use super::function::Function;
use super::names::Variable;
use super::pattern::Pattern;
use crate::value::Value;

/// A part of an expression, or all of it.
#[derive(Debug)]
pub(super) struct Term {
    /// Where it is written, in bytes within the source.
    pub(super) span: Range<usize>,
    pub(super) operation: Operation,
}

/// What a term does.
#[derive(Debug)]
pub(super) enum Operation {
    Literal(Value),
    /// A name of the run's data.
    Variable(Variable),
    /// The element of a comprehension around, counted from the outermost.
    Element(usize),
    Select(Box<Term>, Arc<str>),
    /// `has(operand.field)`
    Has(Box<Term>, Arc<str>),
    Index(Box<[Term; 2]>),
    List(Vec<Term>),
    Map(Vec<(Term, Term)>),
    Not(Box<Term>),
    Negate(Box<Term>),
    And(Box<[Term; 2]>),
    Or(Box<[Term; 2]>),
    Conditional(Box<[Term; 3]>),
    Binary(Operator, Box<[Term; 2]>),
    /// `type(operand) == name`
    TypeIs(Box<Term>, TypeName),
    Call(Function, Vec<Term>),
    /// `operand.matches(pattern)`, whose pattern is a literal
    Matches(Box<Term>, Box<Pattern>),
    Comprehension(Box<Comprehension>),
}

/// An operator whose operands are always both evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    In,
}

impl Operator {
    /// As it is written.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::In => "in",
        }
    }
}

/// A type's name in an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TypeName(&'static str);

impl TypeName {
    /// The type of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        const NAMES: [&str; 9] = ["bool", "bytes", "double", "int", "list", "map", "null_type", "string", "uint"];
        NAMES.into_iter().find(|known| *known == name).map(Self)
    }

    /// Whether a value is of this type.
    pub(super) fn is_of(self, value: &Value) -> bool {
        let name = value.type_name();
        self.0 == name || (self == Self::NULL && name == "null")
    }

    /// The type of null.
    pub(super) const NULL: Self = Self("null_type");
}

/// A macro over the elements of a list, or the keys of a map.
#[derive(Debug)]
pub(super) struct Comprehension {
    pub(super) range: Term,
    pub(super) fold: Fold,
    /// Only for elements for which this holds.
    pub(super) guard: Option<Term>,
    pub(super) body: Term,
}

/// What a comprehension makes of its body's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

impl Fold {
    /// The comprehension of this name and number of arguments.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "all" => Some(Self::All),
            "exists" => Some(Self::Exists),
            "exists_one" | "existsOne" => Some(Self::ExistsOne),
            "filter" => Some(Self::Filter),
            "map" => Some(Self::Map),
            _ => None,
        }
    }
}
