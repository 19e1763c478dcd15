//! The contract's gateway, as a component exports it.

use sandgate_flow::catalog::{Fallible, Field, Type};
use wit_parser::{Function, Resolve, World};

use super::types::Types;
use super::{Error, returns};
use crate::package::contract;

/// The name that the world exports the contract's gateway by, if it does.
///
/// # Errors
///
/// What it exports by that name cannot be called as one: types are structural, and anyone can take a name.
pub(super) fn exported(resolve: &Resolve, world: &World) -> Result<Option<String>, Error> {
    let Some((name, interface)) = contract::gateway(resolve, world) else { return Ok(None) };
    match interface.functions.get("route") {
        Some(route) if is_route(resolve, route) => Ok(Some(name)),
        _ => Err(Error::NotAGateway { interface: name }),
    }
}

/// `route: func(branches: list<branch>, config: option<json>) -> result<list<u32>, string>`
fn is_route(resolve: &Resolve, function: &Function) -> bool {
    let mut types = Types::new(resolve);
    let parameters =
        function.params.iter().map(|parameter| types.convert(&parameter.ty)).collect::<Result<Vec<_>, _>>();
    let returned = returns(resolve, &mut types, function.result.as_ref());
    let config = Type::Option(Box::new(Type::Json));
    !function.kind.is_async()
        && parameters.is_ok_and(|parameters| parameters == [Type::List(Box::new(branch())), config])
        && returned.is_ok_and(|returned| {
            returned == (Some(Type::List(Box::new(Type::U32))), Fallible::Yes(Some(Type::String)))
        })
}

fn branch() -> Type {
    let field = |name: &str, ty| Field { name: name.into(), ty };
    Type::Record(vec![
        field("name", Type::String),
        field("is-default", Type::Bool),
        field("config", Type::Option(Box::new(Type::Json))),
    ])
}
