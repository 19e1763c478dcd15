//! A guest that imports an interface that no host has.

wit_bindgen::generate!({ path: "wit", world: "component" });

use exports::guest::unknown_import::unknown_import::Guest;
use guest::unknown_import::teleport::beam;

struct UnknownImport;

impl Guest for UnknownImport {
    fn go() -> bool {
        beam("home")
    }
}

export!(UnknownImport);
