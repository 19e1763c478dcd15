//! Which WIT packages of a file need which: one needs another where an interface of it uses a type of the other's.
//!
//! Toolchains make no packages that need each other, but bytes can say anything. `wit-parser` puts packages into an order
//! by recursion, without an end where they go round, and as deep as a chain of them is long: either takes the thread's
//! stack and so the process. Its panics can be caught, and this cannot.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType, ComponentItem};
use wasmparser::types::TypesRef;
use wasmparser::{Parser, Payload, ValidPayload, Validator, WasmFeatures};

use super::NotAComponent;

/// Packages in one file. A component has its own, the contract, and those of the interfaces that it shares.
const PACKAGES_MAX: usize = 500;

/// Checks that packages do not need each other, directly or by others. What is not valid is for others to say.
///
/// # Errors
///
/// They do, or there are too many.
pub(super) fn check(bytes: &[u8]) -> Result<(), NotAComponent> {
    let mut needs = Needs::default();
    // What it found up to where the bytes are not valid is enough: nobody looks at them any further.
    let _ = needs.read(bytes);
    if needs.packages.len() > PACKAGES_MAX {
        return Err(NotAComponent::Invalid(format!("it has to do with more than {PACKAGES_MAX} WIT packages")));
    }
    match needs.of_each_other() {
        Some(name) => Err(NotAComponent::invalid(format!("the WIT package `{name}` needs itself, by way of another"))),
        None => Ok(()),
    }
}

#[derive(Default)]
struct Needs {
    /// By package, those that it needs.
    packages: BTreeMap<String, BTreeSet<String>>,
    /// By type, the package of the interface that has it.
    owners: HashMap<ComponentAnyTypeId, String>,
}

impl Needs {
    /// Goes over what is imported and exported, in the order of the file.
    fn read(&mut self, bytes: &[u8]) -> wasmparser::Result<()> {
        let mut validator = Validator::new_with_features(WasmFeatures::all());
        let mut depth = 1;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            match validator.payload(&payload)? {
                ValidPayload::Parser(_) => depth += 1,
                ValidPayload::End(_) => depth -= 1,
                ValidPayload::Ok | ValidPayload::Func(..) => {}
            }
            let Some(types) = validator.types(0).filter(|_| depth == 1) else { continue };
            match payload {
                Payload::ComponentImportSection(section) => {
                    for import in section {
                        let name = import?.name.name;
                        self.item(types, name, types.component_item_for_import(name));
                    }
                }
                Payload::ComponentExportSection(section) => {
                    for export in section {
                        let name = export?.name.name;
                        self.item(types, name, types.component_item_for_export(name));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// An interface; or a world, which a WIT package has as the type of a component.
    fn item(&mut self, types: TypesRef<'_>, name: &str, item: Option<&ComponentItem>) {
        let Some(item) = item else { return };
        match item.ty {
            ComponentEntityType::Instance(id) => {
                let package = package_of(item.implements.as_deref().unwrap_or(name));
                self.packages.entry(package.clone()).or_default();
                types
                    .get(id)
                    .into_iter()
                    .flat_map(|it| it.exports.values())
                    .for_each(|it| self.uses(types, &package, it));
            }
            ComponentEntityType::Component(id)
            | ComponentEntityType::Type { created: ComponentAnyTypeId::Component(id), .. } => {
                let world = types.get(id).into_iter();
                let items = world.flat_map(|world| world.imports.iter().chain(world.exports.iter()));
                items.for_each(|(name, item)| self.item(types, name, Some(item)));
            }
            _ => {}
        }
    }

    /// A type of an interface: it is the package's own, unless it stands for another's.
    fn uses(&mut self, types: TypesRef<'_>, package: &str, item: &ComponentItem) {
        let ComponentEntityType::Type { referenced, created } = item.ty else { return };
        let mut meant = Some(referenced);
        while let Some(ty) = meant {
            if let Some(owner) = self.owners.get(&ty) {
                if owner != package {
                    self.packages.entry(package.to_owned()).or_default().insert(owner.clone());
                }
                break;
            }
            meant = types.peel_alias(ty);
        }
        self.owners.insert(created, package.to_owned());
    }

    /// A package that needs itself, by way of others. Those that need none are taken away, until there are none of these.
    fn of_each_other(&self) -> Option<&str> {
        let mut left: BTreeSet<_> = self.packages.keys().map(String::as_str).collect();
        loop {
            let needs_some = |name: &&str| {
                self.packages.get(*name).is_some_and(|needs| needs.iter().any(|need| left.contains(need.as_str())))
            };
            let after: BTreeSet<_> = left.iter().copied().filter(needs_some).collect();
            if after.len() == left.len() {
                return left.first().copied();
            }
            left = after;
        }
    }
}

/// `acme:text@1.0.0` of `acme:text/format@1.0.0`; of another name, that itself.
fn package_of(interface: &str) -> String {
    match interface.split_once('/') {
        Some((package, name)) => match name.split_once('@') {
            Some((_, version)) => format!("{package}@{version}"),
            None => package.to_owned(),
        },
        None => interface.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A component that imports these interfaces, each of which uses the type of the one before.
    fn chain<'a>(interfaces: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
        let mut text = String::from("(component (type $own (record (field \"a\" u8)))");
        let mut before = "$own".to_owned();
        for (number, name) in interfaces.into_iter().enumerate() {
            text.push_str(&format!(
                "(import \"{name}\" (instance $i{number} (alias outer 1 {before} (type $it)) (export \"t\" (type (eq $it)))))
                 (alias export $i{number} \"t\" (type $t{number}))"
            ));
            before = format!("$t{number}");
        }
        wat::parse_str(text + ")").unwrap()
    }

    #[test]
    fn packages_that_need_each_other_are_refused() {
        assert_eq!(check(&chain(["a:a/one@1.0.0", "b:b/two@1.0.0", "b:b/three@1.0.0", "c:c/four@1.0.0"])), Ok(()));
        let error = check(&chain(["a:a/one@1.0.0", "b:b/two@1.0.0", "a:a/three@1.0.0"])).unwrap_err().to_string();
        assert_eq!(error, "not a valid component: the WIT package `a:a@1.0.0` needs itself, by way of another");
    }

    #[test]
    fn versions_of_a_package_are_packages() {
        assert_eq!(check(&chain(["a:a/one@1.0.0", "b:b/two@1.0.0", "a:a/three@2.0.0"])), Ok(()));
    }

    #[test]
    fn packages_need_each_other_only_so_deep() {
        let names: Vec<_> = (0..PACKAGES_MAX + 1).map(|number| format!("a:p{number}/it")).collect();
        assert_eq!(check(&chain(names.iter().skip(1).map(String::as_str))), Ok(()));
        let error = check(&chain(names.iter().map(String::as_str))).unwrap_err().to_string();
        assert_eq!(error, "not a valid component: it has to do with more than 500 WIT packages");
    }
}
