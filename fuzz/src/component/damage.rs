//! Damage to components: bits, cuts, and sections where they do not belong.

use std::borrow::Cow;
use std::ops::Range;

use arbitrary::{Arbitrary, Result, Unstructured};
use sandgate_engine::package::{TOML_SECTION, WIT_SECTION};
use wasm_encoder::{ComponentSection as _, CustomSection};
use wasmparser::BinaryReader;

use crate::{json, platform, text};

/// Something that happens to a file.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Damage {
    Flip { at: u32, bit: u8 },
    Set { at: u32, byte: u8 },
    Cut { at: u32 },
    Drop { at: u32, bytes: u8 },
    Insert { at: u32, byte: u8 },
    DropSection { at: u8 },
    RepeatSection { at: u8 },
    SwapSections { one: u8, other: u8 },
    ForeignSection { from: u8, section: u8, at: u8 },
}

/// Magic number, version and layer.
const HEADER_BYTES: usize = 8;

/// A component that was sound.
pub(super) fn damaged(mut component: Vec<u8>, u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    for _ in 0..u.int_in_range(1..=3)? {
        damage(&mut component, u.arbitrary()?);
    }
    Ok(component)
}

fn damage(bytes: &mut Vec<u8>, damage: Damage) {
    let length = bytes.len().max(1);
    let place = |at: u32| usize::try_from(at).unwrap_or_default() % length;
    match damage {
        Damage::Flip { at, bit } => bytes.get_mut(place(at)).into_iter().for_each(|byte| *byte ^= 1 << (bit % 8)),
        Damage::Set { at, byte } => bytes.get_mut(place(at)).into_iter().for_each(|there| *there = byte),
        Damage::Cut { at } => bytes.truncate(place(at)),
        Damage::Drop { at, bytes: count } => {
            let start = place(at);
            bytes.drain(start..(start + usize::from(count)).min(bytes.len()));
        }
        Damage::Insert { at, byte } => bytes.insert(place(at).min(bytes.len()), byte),
        other => rearranged(bytes, other),
    }
}

fn rearranged(bytes: &mut Vec<u8>, damage: Damage) {
    let mut sections: Vec<_> = sections(bytes).into_iter().map(|section| bytes[section].to_vec()).collect();
    let count = sections.len();
    if count == 0 {
        return;
    }
    let place = |at: u8| usize::from(at) % count;
    match damage {
        Damage::DropSection { at } => _ = sections.remove(place(at)),
        Damage::RepeatSection { at } => sections.insert(place(at), sections[place(at)].clone()),
        Damage::SwapSections { one, other } => sections.swap(place(one), place(other)),
        Damage::ForeignSection { from, section, at } => sections.insert(place(at), foreign(from, section)),
        _ => {}
    }
    bytes.truncate(HEADER_BYTES);
    bytes.extend(sections.concat());
}

/// A section of a component of the platform.
fn foreign(from: u8, section: u8) -> Vec<u8> {
    let (_, bytes) = &platform::PACKED[usize::from(from) % platform::PACKED.len()];
    let sections = sections(bytes);
    bytes[sections[usize::from(section) % sections.len()].clone()].to_vec()
}

/// Where the sections at the top of a component are, as far as they can be told apart.
fn sections(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut reader = BinaryReader::new(bytes.get(HEADER_BYTES..).unwrap_or_default(), HEADER_BYTES);
    let mut sections = Vec::new();
    while !reader.eof() {
        let start = reader.original_position();
        let read =
            reader.read_u8().and_then(|_| reader.read_var_u32()).and_then(|size| reader.read_bytes(size as usize));
        if read.is_err() {
            break;
        }
        sections.push(start..reader.original_position());
    }
    sections
}

/// What a `component.toml` says of a component like those that are made.
const SETTINGS: &str =
    "title = \"Fuzzed\"\nstateless = true\n\n[parameters.f0.p0]\ndefault = 1\nwidget = \"text\"\nhidden = true\n";

/// With settings, or WIT, that somebody packed, right or wrong.
pub(super) fn with_sections(mut component: Vec<u8>, u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let toml = if u.ratio(7, 8)? {
        let settings = SETTINGS.replace("= 1", &format!("= {}", json::json(u, 2)?));
        let settings = if u.arbitrary()? { settings } else { "stateless = true\n".to_owned() };
        text::edited(settings, u, 2)?.into_bytes()
    } else {
        u.arbitrary()?
    };
    append(&mut component, TOML_SECTION, toml);
    if u.arbitrary()? {
        let (_, packed) = u.choose(&platform::PACKED)?;
        let found = sandgate_engine::package::sections(packed).expect("a packed component");
        let mut wit = found.wit.first().map(|wit| wit.to_vec()).unwrap_or_default();
        for _ in 0..u.int_in_range(0..=3)? {
            damage(&mut wit, u.arbitrary()?);
        }
        append(&mut component, WIT_SECTION, wit);
    }
    Ok(component)
}

fn append(component: &mut Vec<u8>, name: &str, data: Vec<u8>) {
    CustomSection { name: name.into(), data: Cow::Owned(data) }.append_to_component(component);
}
