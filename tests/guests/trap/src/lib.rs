//! A guest that traps.

wit_bindgen::generate!({ path: "wit", world: "component" });

use exports::guest::trap::trap::Guest;

struct Trap;

impl Guest for Trap {
    fn go() {
        core::arch::wasm32::unreachable()
    }
}

export!(Trap);
