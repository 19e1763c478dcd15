//! From bytes to WIT.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sandgate_flow::diagnostic::line;
use wasmparser::Parser;
use wit_component::DecodedWasm;
use wit_parser::{PackageId, Resolve, WorldId};

use super::{needs, shape};

/// What the bytes are, since they are not a component.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAComponent {
    /// There are none.
    #[error("not WebAssembly: the file is empty")]
    Empty,
    /// WebAssembly in its text format.
    #[error("WebAssembly text (WAT), not a component's binary: assemble it first, as `wasm-tools parse` does")]
    Text,
    /// A core module.
    #[error(
        "a core WebAssembly module, not a component: make a component of it, as `wasm-tools component new` does, or \
         link it with `wasm-component-ld`"
    )]
    CoreModule,
    /// A package of interfaces.
    #[error("a WIT package in binary form, not a component: it has interfaces but no code")]
    WitPackage,
    /// Anything else.
    #[error("not WebAssembly: the file begins with the bytes {0}")]
    Other(String),
    /// WebAssembly, but broken or of another version.
    #[error("not a valid component: {0}")]
    Invalid(String),
}

impl NotAComponent {
    /// What others say of the file may quote names from it.
    pub(super) fn invalid(error: impl std::fmt::Display) -> Self {
        Self::Invalid(line(&format!("{error:#}")))
    }
}

/// The world of a component, as its types alone say it: without docs.
///
/// # Errors
///
/// The bytes are something else, or not valid.
pub fn decode(bytes: &[u8]) -> Result<(Resolve, WorldId), NotAComponent> {
    match decoded(bytes)? {
        DecodedWasm::Component(resolve, world) => Ok((resolve, world)),
        DecodedWasm::WitPackage(..) => Err(NotAComponent::WitPackage),
    }
}

/// The package of a [`super::WIT_SECTION`].
pub(crate) fn decode_wit(bytes: &[u8]) -> Result<(Resolve, PackageId), super::Error> {
    match decoded(bytes).map_err(|error| super::Error::Wit(error.to_string()))? {
        DecodedWasm::WitPackage(resolve, package) => Ok((resolve, package)),
        DecodedWasm::Component(..) => Err(super::Error::Wit("a component, where a WIT package is due".to_owned())),
    }
}

/// `wasmparser` and `wit-parser` assert what they take for granted of toolchains, and these bytes may be anyone's.
fn decoded(bytes: &[u8]) -> Result<DecodedWasm, NotAComponent> {
    recognise(bytes)?;
    shape::check(bytes)?;
    let decode = || needs::check(bytes).map(|()| wit_component::decode(bytes));
    match catch_unwind(AssertUnwindSafe(decode)) {
        Ok(decoded) => decoded?.map_err(NotAComponent::invalid),
        Err(_) => Err(NotAComponent::Invalid("its interfaces cannot be read as WIT".to_owned())),
    }
}

fn recognise(bytes: &[u8]) -> Result<(), NotAComponent> {
    const MAGIC: &[u8] = b"\0asm";
    const SHOWN_BYTES: usize = 8;
    match bytes {
        [] => Err(NotAComponent::Empty),
        bytes if Parser::is_core_wasm(bytes) => Err(NotAComponent::CoreModule),
        bytes if bytes.starts_with(MAGIC) => Ok(()),
        bytes if is_text(bytes) => Err(NotAComponent::Text),
        bytes => {
            let shown = bytes.iter().take(SHOWN_BYTES).map(|byte| format!("{byte:02x}"));
            Err(NotAComponent::Other(shown.collect::<Vec<_>>().join(" ")))
        }
    }
}

/// Whether this begins as WAT does: with a parenthesis, or with a comment.
fn is_text(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    [b"(module".as_slice(), b"(component", b";;", b"(;"].iter().any(|begin| text.starts_with(begin))
}
