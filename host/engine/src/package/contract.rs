//! The interfaces of the contract, as components name them.

use wit_parser::{Interface, PackageName, Resolve, World, WorldKey};

const NAMESPACE: &str = "sandgate";
const PACKAGE: &str = "flow";
const GATEWAY: &str = "gateway";

/// The version of the contract that this host has. Patch versions of it run side by side.
pub(crate) const VERSION: &str = "0.1";
const MAJOR_MINOR: (u64, u64) = (0, 1);

/// The first of the world's interfaces that is the contract's, but of another version.
pub(crate) fn of_another_version(resolve: &Resolve, world: &World) -> Option<String> {
    let mut keys = world.imports.keys().chain(world.exports.keys());
    keys.find(|key| interface(resolve, key).is_some_and(|interface| is_other_version(resolve, interface)))
        .map(|key| resolve.name_world_key(key))
}

/// Whether this interface is the contract's own.
pub(crate) fn owns(resolve: &Resolve, interface: &Interface) -> bool {
    name(resolve, interface).is_some_and(is_ours)
}

/// Whether this is the contract's interface of this name.
pub(crate) fn is(resolve: &Resolve, interface: &Interface, wanted: &str) -> bool {
    owns(resolve, interface) && interface.name.as_deref() == Some(wanted)
}

/// The exported gateway, and the name that it is exported by.
pub(crate) fn gateway<'a>(resolve: &'a Resolve, world: &World) -> Option<(String, &'a Interface)> {
    let mut exports = world.exports.keys().filter_map(|key| Some((key, interface(resolve, key)?)));
    let (key, gateway) = exports.find(|(_, interface)| is(resolve, interface, GATEWAY))?;
    Some((resolve.name_world_key(key), gateway))
}

fn interface<'a>(resolve: &'a Resolve, key: &WorldKey) -> Option<&'a Interface> {
    match key {
        WorldKey::Interface(id) => resolve.interfaces.get(*id),
        WorldKey::Name(_) => None,
    }
}

fn name<'a>(resolve: &'a Resolve, interface: &Interface) -> Option<&'a PackageName> {
    resolve.packages.get(interface.package?).map(|package| &package.name)
}

fn is_ours(name: &PackageName) -> bool {
    name.namespace == NAMESPACE && name.name == PACKAGE
}

fn is_other_version(resolve: &Resolve, interface: &Interface) -> bool {
    let other = |name: &PackageName| match &name.version {
        Some(version) => (version.major, version.minor) != MAJOR_MINOR || !version.pre.is_empty(),
        None => true,
    };
    name(resolve, interface).is_some_and(|name| is_ours(name) && other(name))
}
