//! The shape of a component: how deeply it is nested, and how many instances there would be of its parts.
//!
//! This is looked at before anything else. Whoever reads types inside types does so by recursion, `wasmparser` and
//! `wasmtime` among them, so that some kilobytes of them would use up the thread's stack. And components that instantiate
//! others twice, which do so in turn, are few bytes and take for ever.

use wasmparser::{
    BinaryReader, ComponentAlias, ComponentExternName, ComponentImport, ComponentInstance, ComponentType,
    ComponentTypeRef, CoreType, Instance, Parser, Payload, SectionLimited,
};

use super::NotAComponent;

/// Components inside each other, and types that hold types of their own. Toolchains make 4 or 5.
const DEPTH_MAX: usize = 32;
/// Instances in all. Toolchains make one or two for each interface that is exported.
const INSTANCES_MAX: usize = 10_000;

/// Checks that a component, or a WIT package, can be read and instantiated.
///
/// # Errors
///
/// It is nested too deeply, has too many parts, or is not valid.
pub(super) fn check(bytes: &[u8]) -> Result<(), NotAComponent> {
    let mut shape = Shape::default();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(NotAComponent::invalid)? {
            Payload::Version { .. } => shape.begin()?,
            Payload::End(_) => shape.end(),
            Payload::InstanceSection(section) => shape.core_instances(section)?,
            Payload::ComponentInstanceSection(section) => shape.instances(section)?,
            Payload::ComponentImportSection(section) => imports(section)?,
            Payload::ComponentTypeSection(section) => {
                let range = section.range();
                types(&mut BinaryReader::new(bytes.get(range.clone()).unwrap_or_default(), range.start))?;
            }
            _ => {}
        }
    }
    Ok(())
}

#[derive(Default)]
struct Shape {
    /// How many instances each of the components makes that are open, the innermost last.
    open: Vec<usize>,
    /// The most that one makes that has been closed. Which one it is that is instantiated is not looked up: it may have
    /// come through aliases and exports, but it has been closed before.
    most: usize,
}

impl Shape {
    fn begin(&mut self) -> Result<(), NotAComponent> {
        if self.open.len() == DEPTH_MAX {
            return Err(too_deep("components"));
        }
        self.open.push(0);
        Ok(())
    }

    fn end(&mut self) {
        self.most = self.most.max(self.open.pop().unwrap_or_default());
    }

    fn core_instances(&mut self, section: SectionLimited<'_, Instance<'_>>) -> Result<(), NotAComponent> {
        for instance in section {
            if let Instance::Instantiate { .. } = instance.map_err(NotAComponent::invalid)? {
                self.make(1)?;
            }
        }
        Ok(())
    }

    fn instances(&mut self, section: SectionLimited<'_, ComponentInstance<'_>>) -> Result<(), NotAComponent> {
        for instance in section {
            if let ComponentInstance::Instantiate { .. } = instance.map_err(NotAComponent::invalid)? {
                self.make(1 + self.most)?;
            }
        }
        Ok(())
    }

    fn make(&mut self, instances: usize) -> Result<(), NotAComponent> {
        let Some(made) = self.open.last_mut() else { return Ok(()) };
        *made = made.saturating_add(instances);
        if *made > INSTANCES_MAX {
            return Err(NotAComponent::Invalid(format!("its parts have more than {INSTANCES_MAX} instances")));
        }
        Ok(())
    }
}

/// A component that is handed in is not one that has been closed before.
fn imports(section: SectionLimited<'_, ComponentImport<'_>>) -> Result<(), NotAComponent> {
    for import in section {
        if let ComponentTypeRef::Component(_) = import.map_err(NotAComponent::invalid)?.ty {
            return Err(NotAComponent::Invalid("it imports a component, or a part of it does".to_owned()));
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
    use wasm_encoder::{
        Component, ComponentExportKind, ComponentInstanceSection, ComponentSectionId, ComponentType,
        ComponentTypeSection, RawSection,
    };

    use super::*;

    /// A component inside so many others.
    fn components(depth: usize) -> Vec<u8> {
        let nested = |inner: Vec<u8>, _| {
            let mut outer = Component::new();
            outer.section(&RawSection { id: ComponentSectionId::Component.into(), data: &inner });
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

    /// Each component but the innermost instantiates the one inside of it twice.
    fn twice(depth: usize) -> Vec<u8> {
        let nested = |inner: Vec<u8>, _| {
            let mut instances = ComponentInstanceSection::new();
            let none: [(&str, ComponentExportKind, u32); 0] = [];
            instances.instantiate(0, none).instantiate(0, none);
            let mut outer = Component::new();
            outer.section(&RawSection { id: ComponentSectionId::Component.into(), data: &inner });
            outer.section(&instances);
            outer.finish()
        };
        (1..depth).fold(Component::new().finish(), nested)
    }

    #[test]
    fn parts_that_double_are_counted() {
        // 2, 6, 14, ... 8,190, 16,382
        assert_eq!(check(&twice(13)), Ok(()));
        let error = check(&twice(14)).unwrap_err().to_string();
        assert_eq!(error, "not a valid component: its parts have more than 10000 instances");
    }
}
