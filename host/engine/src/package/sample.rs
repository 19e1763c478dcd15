//! Components for tests: of a world, with functions that do nothing.

use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, Resolve, WorldId};

/// The contract's WIT.
pub(crate) const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");

/// A component of the only world of this WIT, which may use the contract's.
pub(crate) fn component(wit: &str) -> Vec<u8> {
    let (resolve, world) = world_of(wit);
    let module = dummy_module(&resolve, world, ManglingAndAbi::Legacy(LiftLowerAbi::Sync));
    encoded(module, &resolve, world)
}

/// The same, of this core module.
pub(crate) fn component_of(wit: &str, module: &[u8]) -> Vec<u8> {
    let (resolve, world) = world_of(wit);
    encoded(module.to_vec(), &resolve, world)
}

fn world_of(wit: &str) -> (Resolve, WorldId) {
    let mut resolve = Resolve::new();
    resolve.push_dir(CONTRACT).unwrap();
    let package = resolve.push_str("sample.wit", wit).unwrap();
    let world = resolve.select_world(&[package], None).unwrap();
    (resolve, world)
}

fn encoded(mut module: Vec<u8>, resolve: &Resolve, world: WorldId) -> Vec<u8> {
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
}

/// A core module that does nothing.
pub(crate) fn module() -> Vec<u8> {
    wasm_encoder::Module::new().finish()
}
