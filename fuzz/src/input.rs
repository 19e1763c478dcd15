//! What the bytes of an input are.

use arbitrary::{Result, Unstructured};

/// The first byte of an input that a generator makes. No text in UTF-8 and no component begins with it.
pub const GENERATED: u8 = 0xff;

/// The bytes of an input as they are, or what a generator makes of them. Bytes that are used up read as zeros, so that a
/// generator always comes to an end.
pub(crate) fn bytes(data: &[u8], generate: impl FnOnce(&mut Unstructured<'_>) -> Result<Vec<u8>>) -> Vec<u8> {
    match generated(data) {
        Some(mut chance) => generate(&mut chance).unwrap_or_default(),
        None => data.to_vec(),
    }
}

/// As [`bytes`], where a text is due.
pub(crate) fn text(data: &[u8], generate: impl FnOnce(&mut Unstructured<'_>) -> Result<String>) -> String {
    match generated(data) {
        Some(mut chance) => generate(&mut chance).unwrap_or_default(),
        None => String::from_utf8_lossy(data).into_owned(),
    }
}

/// What a generator decides by, if the input is for one.
pub(crate) fn generated(data: &[u8]) -> Option<Unstructured<'_>> {
    data.strip_prefix(&[GENERATED]).map(Unstructured::new)
}
