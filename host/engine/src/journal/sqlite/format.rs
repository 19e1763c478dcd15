//! How what is stored is written: a format, a checksum, and the content.
//!
//! The checksum is CRC-32C (RFC 3720, appendix B.4) over where the content belongs and the content, so that content that came
//! to another place is found out as well. The content is postcard's, in which a variant is told by its place.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The first format. Another one is read by code of its own, next to that of this one, for ever.
const FORMAT: u8 = 1;
const HEAD_BYTES: usize = 5;

/// What is wrong with something stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Wrong {
    #[error("it is cut off")]
    Cut,
    #[error("its checksum is wrong")]
    Checksum,
    #[error("it is in format {0}, which this version does not know: a later one wrote it")]
    Format(u8),
    #[error("its content cannot be read: {0}")]
    Content(String),
}

/// Writes content that belongs to this place.
pub(super) fn seal(place: &[u8], content: &impl Serialize) -> Vec<u8> {
    let mut sealed = vec![0; HEAD_BYTES];
    // Writing to memory cannot fail, and nothing that is stored refuses to be written.
    sealed = postcard::to_extend(content, sealed).unwrap_or_default();
    let checksum = checksum(place, sealed.get(HEAD_BYTES..).unwrap_or_default()).to_le_bytes();
    for (byte, head) in sealed.iter_mut().zip([FORMAT].into_iter().chain(checksum)) {
        *byte = head;
    }
    sealed
}

/// Reads content that belongs to this place.
pub(super) fn unseal<T: DeserializeOwned>(place: &[u8], sealed: &[u8]) -> Result<T, Wrong> {
    let (head, content) = sealed.split_at_checked(HEAD_BYTES).ok_or(Wrong::Cut)?;
    let [format, expected @ ..] = head else { return Err(Wrong::Cut) };
    if checksum(place, content).to_le_bytes() != *expected {
        return Err(Wrong::Checksum);
    }
    if *format != FORMAT {
        return Err(Wrong::Format(*format));
    }
    postcard::from_bytes(content).map_err(|error| Wrong::Content(error.to_string()))
}

fn checksum(place: &[u8], content: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(place), content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let sealed = seal(b"here", &(7_u64, "seven"));
        assert_eq!(unseal(b"here", &sealed), Ok((7_u64, "seven".to_owned())));
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let sealed = seal(b"here", &(7_u64, "seven"));
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(unseal::<(u64, String)>(b"here", &flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn every_cut_is_found_and_content_of_another_place_too() {
        let sealed = seal(b"here", &(7_u64, "seven"));
        for end in 0..sealed.len() {
            assert!(unseal::<(u64, String)>(b"here", &sealed[..end]).is_err(), "{end} bytes");
        }
        assert_eq!(unseal::<(u64, String)>(b"there", &sealed), Err(Wrong::Checksum));
    }

    #[test]
    fn a_format_of_a_later_version_is_named() {
        let mut sealed = seal(b"", &1_u64);
        sealed[0] = 9;
        assert_eq!(
            unseal::<u64>(b"", &sealed).unwrap_err().to_string(),
            "it is in format 9, which this version does not know: a later one wrote it"
        );
    }
}
