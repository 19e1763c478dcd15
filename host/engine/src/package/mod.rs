//! What travels inside a component's file beside its code: its WIT with the docs, and its `component.toml`, each in a
//! custom section of its own.
//!
//! A toolchain keeps names and types in a component, but neither doc comments nor what WIT has no words for. [`pack`]
//! appends both, and [`crate::describe`] reads them back.

pub(crate) mod contract;
mod decode;
mod needs;
#[cfg(test)]
pub(crate) mod sample;
mod section;
mod shape;
#[cfg(test)]
mod tests;
mod wit;

use std::path::PathBuf;

use wit_parser::{Resolve, World, WorldItem, WorldKey};

use section::Section;

pub(crate) use decode::decode_wit;
pub use decode::{NotAComponent, decode};
pub use wit::Wit;

/// The custom sections with the component's WIT packages, each encoded with its docs: its own, and one for
/// each other that it exports an interface of, the contract left out.
pub const WIT_SECTION: &str = "sandgate:wit";

/// The custom section with the text of the component's `component.toml`.
pub const TOML_SECTION: &str = "sandgate:component.toml";

/// Why a component cannot be packed, or its sections not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bytes are not a component.
    #[error(transparent)]
    NotAComponent(#[from] NotAComponent),
    /// The WIT does not parse, does not resolve, or cannot be encoded.
    #[error("the WIT cannot be used: {0}")]
    Wit(String),
    /// No directory with WIT was given.
    #[error("no directory with WIT was given: give at least the component's own, after those that it depends on")]
    NoWit,
    /// The WIT is another component's.
    #[error("the component exports `{interface}`, which the WIT in {} does not have: give this component's WIT", list(.directories))]
    OtherWit {
        /// What the component exports.
        interface: String,
        /// Where the WIT was read.
        directories: Vec<PathBuf>,
    },
    /// `component.toml` is in the file twice.
    #[error("the section `{TOML_SECTION}` is there more than once: pack the component again")]
    Repeated,
    /// `component.toml` is not text.
    #[error("the section `{TOML_SECTION}` is not UTF-8: pack the component again")]
    NotText,
}

/// What [`pack`] appended to a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sections<'a> {
    /// The encoded WIT packages.
    pub wit: Vec<&'a [u8]>,
    /// The text of `component.toml`.
    pub component_toml: Option<&'a str>,
}

/// The sections that [`pack`] appended, none if it was never packed.
///
/// # Errors
///
/// The bytes are cut off, or a section is damaged.
pub fn sections(bytes: &[u8]) -> Result<Sections<'_>, Error> {
    let mut found = Sections::default();
    for section in Section::all(bytes)? {
        match section.name() {
            Some(WIT_SECTION) => found.wit.push(section.data()),
            Some(TOML_SECTION) if found.component_toml.is_some() => return Err(Error::Repeated),
            Some(TOML_SECTION) => {
                found.component_toml = Some(std::str::from_utf8(section.data()).map_err(|_| Error::NotText)?);
            }
            _ => {}
        }
    }
    Ok(found)
}

/// The component with this WIT and this `component.toml` appended. What is given replaces what is there, and what is
/// not given stays, so that packing again with the same gives the same bytes. Whether `component.toml` fits the
/// component is for [`crate::describe::describe`] to say.
///
/// # Errors
///
/// The bytes are not a component, or the WIT is not this component's.
pub fn pack(component: &[u8], wit: Option<&Wit>, component_toml: Option<&str>) -> Result<Vec<u8>, Error> {
    let (resolve, world) = decode(component)?;
    let exported = resolve.worlds.get(world).map(|world| exports(&resolve, world)).unwrap_or_default();
    let encoded = wit.map(|wit| wit.encode(&exported)).transpose()?;
    let replaced = |section: &Section<'_>| match section.name() {
        Some(WIT_SECTION) => encoded.is_some(),
        Some(TOML_SECTION) => component_toml.is_some(),
        _ => false,
    };
    let mut packed = section::without(component, replaced)?;
    for package in encoded.iter().flatten() {
        section::append(&mut packed, WIT_SECTION, package);
    }
    if let Some(text) = component_toml {
        section::append(&mut packed, TOML_SECTION, text.as_bytes());
    }
    Ok(packed)
}

/// The interfaces that a world exports under their own names.
pub(crate) fn exports(resolve: &Resolve, world: &World) -> Vec<String> {
    let exports = world.exports.iter();
    exports
        .filter_map(|(key, item)| match (key, item) {
            (WorldKey::Interface(id), WorldItem::Interface { .. }) => resolve.id_of(*id),
            _ => None,
        })
        .collect()
}

fn list(directories: &[PathBuf]) -> String {
    directories.iter().map(|each| each.display().to_string()).collect::<Vec<_>>().join(", ")
}
