//! How deeply a component is nested. This is looked at before anything else: whoever reads types inside types does so by
//! recursion, `wasmparser` and `wasmtime` among them, and a file of some kilobytes would use up the thread's stack.

use wasmparser::{
    BinaryReader, ComponentAlias, ComponentExternName, ComponentImport, ComponentType, ComponentTypeRef, CoreType,
    Parser, Payload,
};

use super::NotAComponent;

/// Components inside each other, and types that hold types of their own. Toolchains make 4 or 5.
const DEPTH_MAX: usize = 32;

/// Checks that a component, or a WIT package, can be read.
///
/// # Errors
///
/// It is nested too deeply, or not valid.
pub(super) fn check(bytes: &[u8]) -> Result<(), NotAComponent> {
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(NotAComponent::invalid)? {
            Payload::Version { .. } if depth == DEPTH_MAX => return Err(too_deep("components")),
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentTypeSection(section) => {
                let range = section.range();
                types(&mut BinaryReader::new(bytes.get(range.clone()).unwrap_or_default(), range.start))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn too_deep(what: &str) -> NotAComponent {
    NotAComponent::Invalid(format!("its {what} are nested more than {DEPTH_MAX} deep"))
}

/// The types of a section.
fn types(reader: &mut BinaryReader<'_>) -> Result<(), NotAComponent> {
    let count = reader.read_var_u32().map_err(NotAComponent::invalid)?;
    (0..count).try_for_each(|_| ty(reader, DEPTH_MAX))
}

fn ty(reader: &mut BinaryReader<'_>, depth_left: usize) -> Result<(), NotAComponent> {
    const COMPONENT: u8 = 0x41;
    const INSTANCE: u8 = 0x42;
    let first = reader.clone().read_u8().map_err(NotAComponent::invalid)?;
    if first != COMPONENT && first != INSTANCE {
        return skip::<ComponentType<'_>>(reader);
    }
    let depth_left = depth_left.checked_sub(1).ok_or_else(|| too_deep("types"))?;
    reader.read_u8().map_err(NotAComponent::invalid)?;
    let count = reader.read_var_u32().map_err(NotAComponent::invalid)?;
    (0..count).try_for_each(|_| declaration(reader, depth_left))
}

/// What the type of a component or an instance consists of.
fn declaration(reader: &mut BinaryReader<'_>, depth_left: usize) -> Result<(), NotAComponent> {
    match reader.read_u8().map_err(NotAComponent::invalid)? {
        0x00 => skip::<CoreType<'_>>(reader),
        0x01 => ty(reader, depth_left),
        0x02 => skip::<ComponentAlias<'_>>(reader),
        0x03 => skip::<ComponentImport<'_>>(reader),
        0x04 => {
            skip::<ComponentExternName<'_>>(reader)?;
            skip::<ComponentTypeRef>(reader)
        }
        other => Err(NotAComponent::Invalid(format!("a type declares something unknown: {other:#x}"))),
    }
}

fn skip<'a, T: wasmparser::FromReader<'a>>(reader: &mut BinaryReader<'a>) -> Result<(), NotAComponent> {
    reader.read::<T>().map(drop).map_err(NotAComponent::invalid)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{Component, ComponentType, ComponentTypeSection, RawSection};

    use super::*;

    /// A component inside so many others.
    fn components(depth: usize) -> Vec<u8> {
        let nested = |inner: Vec<u8>, _| {
            let mut outer = Component::new();
            outer.section(&RawSection { id: 4, data: &inner });
            outer.finish()
        };
        (1..depth).fold(Component::new().finish(), nested)
    }

    /// A type inside so many others.
    fn types(depth: usize) -> Vec<u8> {
        let nested = |inner: ComponentType, _| {
            let mut outer = ComponentType::new();
            outer.ty().component(&inner);
            outer
        };
        let mut section = ComponentTypeSection::new();
        section.component(&(1..depth).fold(ComponentType::new(), nested));
        let mut component = Component::new();
        component.section(&section);
        component.finish()
    }

    #[test]
    fn components_and_types_are_nested_only_so_deep() {
        for of_depth in [components, types] {
            assert_eq!(check(&of_depth(DEPTH_MAX)), Ok(()));
            for depth in [DEPTH_MAX + 1, 5_000] {
                let error = check(&of_depth(depth)).unwrap_err().to_string();
                assert!(error.ends_with(" are nested more than 32 deep"), "{error}");
            }
        }
    }
}
