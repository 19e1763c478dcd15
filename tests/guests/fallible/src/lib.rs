//! A guest that takes and returns values of many types, and errors on demand.

wit_bindgen::generate!({ path: "wit", world: "component" });

use exports::guest::fallible::fallible::{Guest, Order, Receipt};

struct Fallible;

impl Guest for Fallible {
    fn go(order: Order, fail: Option<String>) -> Result<Receipt, String> {
        match fail {
            Some(reason) => Err(reason),
            None => Ok(receipt(order)),
        }
    }
}

export!(Fallible);

fn receipt(order: Order) -> Receipt {
    let total = order.prices.iter().map(|(_, price)| price).sum();
    let signature = order.item.bytes().rev().collect();
    Receipt { order, total, signature }
}
