//! The conversions of one function.

use sandgate_flow::catalog::{Activity, Fallible};

use super::Conversion;

/// How a function's arguments and its result are converted.
#[derive(Debug)]
pub struct Signature {
    /// Of each parameter, in order.
    pub parameters: Box<[Conversion]>,
    /// Of what it returns: the `ok` of a top-level result.
    pub returns: Option<Conversion>,
    /// Of its error, if it may return one that has a value.
    pub error: Option<Conversion>,
}

impl Signature {
    /// That of this function.
    pub fn new(activity: &Activity) -> Self {
        let error = match &activity.error {
            Fallible::Yes(ty) => ty.as_ref(),
            Fallible::No => None,
        };
        Self {
            parameters: activity.parameters.iter().map(|parameter| Conversion::new(&parameter.ty)).collect(),
            returns: activity.returns.as_ref().map(Conversion::new),
            error: error.map(Conversion::new),
        }
    }
}
