//! A guest that recurses for ever.

wit_bindgen::generate!({ path: "wit", world: "component" });

use exports::guest::recurse::recurse::Guest;

struct Recurse;

impl Guest for Recurse {
    fn go() -> u64 {
        down(0, core::hint::black_box(u64::MAX))
    }
}

export!(Recurse);

/// Keeps nothing in memory, so that it is the stack of calls that runs out; and no compiler can make a loop of it.
#[inline(never)]
fn down(depth: u64, bottom: u64) -> u64 {
    if depth == bottom {
        return 0;
    }
    (down(depth + 1, bottom) ^ depth).rotate_left(1)
}
