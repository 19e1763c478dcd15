//! A guest that takes all memory.

wit_bindgen::generate!({ path: "wit", world: "component" });

use exports::guest::hoard::hoard::Guest;

const BLOCK_BYTES: usize = 1 << 20;

struct Hoard;

impl Guest for Hoard {
    fn go() {
        let mut blocks = Vec::new();
        loop {
            // Not zeros: those need not be written to memory that is fresh.
            blocks.push(core::hint::black_box(vec![1_u8; BLOCK_BYTES]));
        }
    }
}

export!(Hoard);
