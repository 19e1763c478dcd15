//! The docs of a component, from the WIT that was packed with it.

use std::collections::{BTreeMap, BTreeSet};

use wit_parser::{Interface, Resolve, World};

use crate::package;

/// The docs that the catalog has room for.
#[derive(Debug, Default)]
pub(super) struct Docs {
    /// Of the component: its world's, or else its only interface's.
    pub(super) world: Option<String>,
    /// By interface and function.
    functions: BTreeMap<(String, String), String>,
}

impl Docs {
    /// Reads the packed WIT of a component that has this world.
    pub(super) fn read(sections: &[&[u8]], resolve: &Resolve, world: &World) -> Result<Self, package::Error> {
        let exports: BTreeSet<_> = package::exports(resolve, world).into_iter().collect();
        let mut docs = Self::default();
        let mut interfaces = Vec::new();
        for section in sections {
            let (resolve, package) = package::decode_wit(section)?;
            let Some(package) = resolve.packages.get(package) else { continue };
            let worlds = package.worlds.values().filter_map(|id| resolve.worlds.get(*id));
            docs.world = docs.world.or_else(|| world_docs(&resolve, worlds, &exports));
            for interface in package.interfaces.values().filter_map(|id| resolve.interfaces.get(*id)) {
                let Some(name) = interface.name.as_deref().map(|name| package.name.interface_id(name)) else {
                    continue;
                };
                docs.add(&name, interface);
                interfaces.push((name, interface.docs.contents.clone()));
            }
        }
        docs.world = docs.world.or_else(|| only_interface(interfaces, &exports));
        Ok(docs)
    }

    /// Of a function.
    pub(super) fn function(&self, interface: &str, function: &str) -> Option<String> {
        self.functions.get(&(interface.to_owned(), function.to_owned())).cloned()
    }

    fn add(&mut self, name: &str, interface: &Interface) {
        for function in interface.functions.values() {
            if let Some(docs) = &function.docs.contents {
                self.functions.insert((name.to_owned(), function.name.clone()), docs.clone());
            }
        }
    }
}

/// A component does not say which world it was built for: it is one that exports the same.
fn world_docs<'a>(
    resolve: &'a Resolve,
    mut worlds: impl Iterator<Item = &'a World>,
    exports: &BTreeSet<String>,
) -> Option<String> {
    let same = |world: &&World| package::exports(resolve, world).into_iter().collect::<BTreeSet<_>>() == *exports;
    worlds.find(same).and_then(|world| world.docs.contents.clone())
}

fn only_interface(interfaces: Vec<(String, Option<String>)>, exports: &BTreeSet<String>) -> Option<String> {
    let mut exported = interfaces.into_iter().filter(|(name, _)| exports.contains(name));
    exported.next().filter(|_| exports.len() == 1).and_then(|(_, docs)| docs)
}
