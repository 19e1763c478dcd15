//! A guest that loops for ever.

wit_bindgen::generate!({ path: "wit", world: "component" });

use exports::guest::spin::spin::Guest;

struct Spin;

impl Guest for Spin {
    fn go() {
        loop {
            core::hint::spin_loop();
        }
    }
}

export!(Spin);
