//! The sections at the top of a component, as they lie in the file.

use wasm_encoder::{ComponentSection as _, CustomSection};
use wasmparser::BinaryReader;

use super::NotAComponent;

/// Magic number, version and layer.
const HEADER_BYTES: usize = 8;
/// What a custom section begins with.
const CUSTOM: u8 = 0;

/// One section.
pub(super) struct Section<'a> {
    whole: &'a [u8],
    custom: Option<(&'a str, &'a [u8])>,
}

impl<'a> Section<'a> {
    pub(super) fn all(component: &'a [u8]) -> Result<Vec<Self>, NotAComponent> {
        let body = component.get(HEADER_BYTES..).unwrap_or_default();
        let mut reader = BinaryReader::new(body, HEADER_BYTES);
        let mut sections = Vec::new();
        while !reader.eof() {
            sections.push(Self::next(&mut reader, body).map_err(NotAComponent::invalid)?);
        }
        Ok(sections)
    }

    fn next(reader: &mut BinaryReader<'a>, body: &'a [u8]) -> wasmparser::Result<Self> {
        let begin = body.len() - reader.bytes_remaining();
        let id = reader.read_u8()?;
        let size = reader.read_var_u32()?;
        let content = reader.read_bytes(size as usize)?;
        let end = body.len() - reader.bytes_remaining();
        let custom = (id == CUSTOM).then(|| named(content)).transpose()?;
        Ok(Self { whole: body.get(begin..end).unwrap_or_default(), custom })
    }

    /// A custom section's name.
    pub(super) fn name(&self) -> Option<&'a str> {
        self.custom.map(|(name, _)| name)
    }

    /// What a custom section holds.
    pub(super) fn data(&self) -> &'a [u8] {
        self.custom.map(|(_, data)| data).unwrap_or_default()
    }
}

fn named(content: &[u8]) -> wasmparser::Result<(&str, &[u8])> {
    let mut reader = BinaryReader::new(content, 0);
    let name = reader.read_string()?;
    let data = reader.read_bytes(reader.bytes_remaining())?;
    Ok((name, data))
}

/// The component without some of its sections.
pub(super) fn without(component: &[u8], dropped: impl Fn(&Section<'_>) -> bool) -> Result<Vec<u8>, NotAComponent> {
    let mut kept = component.get(..HEADER_BYTES).unwrap_or_default().to_vec();
    for section in Section::all(component)?.iter().filter(|section| !dropped(section)) {
        kept.extend_from_slice(section.whole);
    }
    Ok(kept)
}

/// Appends a custom section to a component.
pub(super) fn append(component: &mut Vec<u8>, name: &str, data: &[u8]) {
    CustomSection { name: name.into(), data: data.into() }.append_to_component(component);
}
