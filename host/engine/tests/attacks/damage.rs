//! Files that are damaged, or made to cost the host: each is loaded or refused, and no more happens.

use sandgate_engine::engine::Config;

use crate::guest::{GATEWAY, GUEST, Guest};
use crate::loading::{ENGINE, said};

/// A component with something of everything.
const SOUND: Guest = Guest {
    types: "enum colour { red, green } record pair { first: colour, second: option<string> }",
    go: Some("(pairs: list<pair>) -> result<pair, string>"),
    body: "(param i32 i32) (result i32) (call $say (i32.const 0) (i32.const 0)) i32.const 1024",
    rest: r#"(data (i32.const 1024) "\00")"#,
    ..GUEST
};

/// The next of a series of numbers that look like chance and are the same each time (xorshift64, Marsaglia 2003).
fn next(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state >> 11).unwrap()
}

#[test]
fn a_component_that_was_cut_off_is_refused_wherever_that_was() {
    let sound = SOUND.component();
    ENGINE.load("guest", &sound).unwrap();
    for length in 0..sound.len() {
        // Where a section ends, what is left may be a component; but what it exported stood at its end.
        let cut = &sound[..length];
        assert!(ENGINE.load("guest", cut).is_err(), "cut to {length} of {} bytes", sound.len());
    }
    insta::assert_snapshot!(said(&sound[..sound.len() / 2]), @"");
}

#[test]
fn a_component_with_a_flipped_bit_is_loaded_or_refused() {
    let mut chance = 1;
    for sound in [SOUND.component(), GATEWAY.component()] {
        let loaded = (0..200).filter(|_| {
            let mut flipped = sound.clone();
            let bit = next(&mut chance) % (flipped.len() * 8);
            flipped[bit / 8] ^= 1 << (bit % 8);
            ENGINE.load("guest", &flipped).is_ok()
        });
        let loaded = loaded.count();
        assert!((1..200).contains(&loaded), "{loaded} of 200 were loaded");
    }
}
