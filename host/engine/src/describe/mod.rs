//! What a component is, read out of its bytes: the one place where anything is learnt about a component.

mod docs;
mod gateway;
mod settings;
#[cfg(test)]
mod tests;
mod types;

use std::fmt;

use sandgate_flow::catalog::{Activity, Component, Fallible, Gateway, Instances, Parameter, Visibility, in_flow};
use sandgate_flow::diagnostic::line;
use sha2::{Digest as _, Sha256};
use wit_parser::{Function, Interface, Resolve, Type, TypeDef, TypeDefKind, World, WorldItem, WorldKey};

use crate::package::{self, NotAComponent, contract};
use docs::Docs;
use types::{Followed, Types, Unsupported};

/// What is known about a component.
#[derive(Clone, Debug)]
pub struct Described {
    /// For the catalog: what flows are checked against.
    pub component: Component,
    /// SHA-256 of the component's bytes, its custom sections among them.
    pub digest: [u8; 32],
    /// What it imports, by name, in its order: `sandgate:flow/push@0.1.0`.
    pub imports: Vec<String>,
    /// The name that it exports the contract's gateway by, if it is one.
    pub gateway: Option<String>,
    /// The functions that it exports but a flow cannot call.
    pub refused: Vec<Refused>,
}

/// An exported function that a flow cannot call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its interface, as the component exports it.
    pub interface: String,
    /// The function's name, as WIT has it.
    pub function: String,
    /// Why.
    pub reason: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of `{}` cannot be called from a flow: {}", self.function, self.interface, self.reason)
    }
}

/// Why bytes cannot be described as a component that flows can use.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// They are not a component.
    #[error(transparent)]
    NotAComponent(#[from] NotAComponent),
    /// The sections that packing appended are damaged.
    #[error(transparent)]
    Sections(#[from] package::Error),
    /// It was built for another version of the contract.
    #[error(
        "`{interface}` is of another version of the contract: this host has {}: build the component for that",
        contract::VERSION
    )]
    OtherVersion {
        /// What it imports or exports.
        interface: String,
    },
    /// It is not the contract's gateway that it exports by that name.
    #[error(
        "`{interface}` is not the contract's gateway: it has no `route` of that type: build the component with the contract's WIT"
    )]
    NotAGateway {
        /// The name.
        interface: String,
    },
    /// No flow can do anything with it.
    #[error("{}", nothing_to_call(.0))]
    NothingToCall(Vec<Refused>),
    /// Its `component.toml` does not parse, or does not fit the component.
    #[error("component.toml: {0}")]
    Settings(String),
}

/// Describes a component.
///
/// # Errors
///
/// The bytes are not a component, the component is for another version of the contract or has nothing that a flow could
/// use, or what packing appended does not fit it.
pub fn describe(bytes: &[u8]) -> Result<Described, Error> {
    let (resolve, world) = package::decode(bytes)?;
    let sections = package::sections(bytes)?;
    let Some(world) = resolve.worlds.get(world) else {
        return Err(NotAComponent::Invalid("no world".to_owned()).into());
    };
    if let Some(interface) = contract::of_another_version(&resolve, world) {
        return Err(Error::OtherVersion { interface });
    }
    let docs = Docs::read(&sections.wit, &resolve, world)?;
    let (activities, refused) = activities(&resolve, world, &docs);
    let gateway = gateway::exported(&resolve, world)?;
    if activities.is_empty() && gateway.is_none() {
        return Err(Error::NothingToCall(refused));
    }
    let mut component = undescribed(activities, gateway.is_some(), docs.world);
    if let Some(text) = sections.component_toml {
        settings::apply(text, &mut component).map_err(|error| Error::Settings(line(&error)))?;
    }
    let imports = world.imports.keys().map(|key| resolve.name_world_key(key)).collect();
    Ok(Described { component, digest: Sha256::digest(bytes).into(), imports, gateway, refused })
}

/// A component before its `component.toml` was read.
fn undescribed(activities: Vec<Activity>, gateway: bool, docs: Option<String>) -> Component {
    Component {
        title: None,
        group: None,
        icon: None,
        docs,
        activities,
        gateway: if gateway { Gateway::Exported } else { Gateway::Absent },
        instances: Instances::Fresh,
    }
}

/// The interfaces that the world exports under their own names, those of the contract left out. What is exported under
/// a plain name is a toolchain's own.
fn interfaces<'a>(resolve: &'a Resolve, world: &'a World) -> impl Iterator<Item = (String, &'a Interface)> {
    world.exports.iter().filter_map(|(key, item)| match (key, item) {
        (WorldKey::Interface(id), WorldItem::Interface { .. }) => {
            let interface = resolve.interfaces.get(*id)?;
            (!contract::owns(resolve, interface)).then_some((resolve.id_of(*id)?, interface))
        }
        _ => None,
    })
}

fn activities(resolve: &Resolve, world: &World, docs: &Docs) -> (Vec<Activity>, Vec<Refused>) {
    let (mut activities, mut refused) = (Vec::new(), Vec::new());
    for (name, interface) in interfaces(resolve, world) {
        for function in interface.functions.values() {
            match activity(resolve, &name, function, docs) {
                Ok(activity) => activities.push(activity),
                Err(Unsupported(reason)) => {
                    refused.push(Refused { interface: name.clone(), function: function.name.clone(), reason });
                }
            }
        }
    }
    (activities, refused)
}

fn activity(resolve: &Resolve, interface: &str, function: &Function, docs: &Docs) -> Result<Activity, Unsupported> {
    if function.kind.resource().is_some() {
        return Err(Unsupported("it belongs to a resource".to_owned()));
    }
    if function.kind.is_async() {
        return Err(Unsupported("it is async; export it as a plain function".to_owned()));
    }
    let mut types = Types::new(resolve);
    let parameters = function.params.iter().map(|each| parameter(&mut types, each)).collect::<Result<_, _>>()?;
    let (returns, error) = returns(resolve, &mut types, function.result.as_ref()).map_err(|e| e.of("its result"))?;
    Ok(Activity {
        interface: interface.into(),
        function: function.name.as_str().into(),
        docs: docs.function(interface, &function.name),
        parameters,
        returns,
        error,
    })
}

fn parameter(types: &mut Types<'_>, parameter: &wit_parser::Param) -> Result<Parameter, Unsupported> {
    let ty = types.convert(&parameter.ty).map_err(|e| e.of(format!("its parameter `{}`", parameter.name)))?;
    Ok(Parameter {
        name: in_flow(&parameter.name).into(),
        ty,
        docs: None,
        default: None,
        widget: None,
        visibility: Visibility::Shown,
    })
}

/// A result at the top is what the function returns, and its error.
fn returns(
    resolve: &Resolve,
    types: &mut Types<'_>,
    result: Option<&Type>,
) -> Result<(Option<sandgate_flow::catalog::Type>, Fallible), Unsupported> {
    let Some(ty) = result else { return Ok((None, Fallible::No)) };
    match types::follow(resolve, ty) {
        Followed::Defined(TypeDef { kind: TypeDefKind::Result(result), .. }) => {
            let ok = result.ok.as_ref().map(|ok| types.convert(ok)).transpose()?;
            let error = result.err.as_ref().map(|error| types.convert(error)).transpose()?;
            Ok((ok, Fallible::Yes(error)))
        }
        _ => Ok((Some(types.convert(ty)?), Fallible::No)),
    }
}

fn nothing_to_call(refused: &[Refused]) -> String {
    let mut message = "the component exports nothing that a flow can use: export an interface with a name of its own, \
                       such as `acme:text/format`, or the contract's gateway"
        .to_owned();
    for each in refused {
        message.push_str(&format!("; {each}"));
    }
    message
}
