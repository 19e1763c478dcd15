//! A guest that pushes, sleeps and returns, and remembers how often.

use std::sync::atomic::{AtomicU32, Ordering};

wit_bindgen::generate!({ path: ["../../../wit", "wit"], world: "guest:naps/component", generate_all });

use exports::guest::naps::naps::Guest;
use sandgate::flow::push::{Message, Recipient, push};
use sandgate::flow::timer::sleep;
use sandgate::flow::types::Json;

/// Naps that were begun in this instance.
static NAPS: AtomicU32 = AtomicU32::new(0);

struct Naps;

impl Guest for Naps {
    fn go(milliseconds: u64) -> u32 {
        let nap = NAPS.fetch_add(1, Ordering::Relaxed) + 1;
        let number = Message::Json(Json { text: nap.to_string() });
        // Whether anybody hears of it does not matter to a nap.
        let _ = push(&Recipient::Everyone, &number);
        sleep(milliseconds);
        NAPS.load(Ordering::Relaxed)
    }
}

export!(Naps);
