//! The component `exclusive`: a gateway that chooses the first branch whose condition holds, else the default.

wit_bindgen::generate!({ path: ["../../wit", "wit"], world: "sandgate:exclusive/component", generate_all });

use exports::sandgate::flow::gateway::{Branch, Guest, Json};
use sandgate::flow::branches::holds;

struct Exclusive;

impl Guest for Exclusive {
    fn route(branches: Vec<Branch>, _config: Option<Json>) -> Result<Vec<u32>, String> {
        choose(&branches, holds).map(|branch| vec![branch])
    }
}

export!(Exclusive);

/// Asks for one condition after the other, and for none after the first that holds.
fn choose(branches: &[Branch], holds: impl Fn(u32) -> Result<bool, String>) -> Result<u32, String> {
    let mut default = None;
    for (index, branch) in (0..).zip(branches) {
        if branch.is_default {
            default = Some(index);
        } else if holds(index)? {
            return Ok(index);
        }
    }
    default.ok_or_else(|| none_holds(branches))
}

fn none_holds(branches: &[Branch]) -> String {
    let names: Vec<_> = branches.iter().map(|branch| format!("`{}`", branch.name)).collect();
    format!("no branch holds, and none is the default: {}; add a branch without `if`", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branches(conditions: &[Option<bool>]) -> Vec<Branch> {
        let branch = |condition: &Option<bool>| Branch {
            name: condition.map_or("else", |holds| if holds { "yes" } else { "no" }).to_owned(),
            is_default: condition.is_none(),
            config: None,
        };
        conditions.iter().map(branch).collect()
    }

    /// What is chosen where the branches' conditions are these, the default having none; and how many were asked for.
    fn chosen(conditions: &[Option<bool>]) -> (Result<u32, String>, usize) {
        let asked = std::cell::Cell::new(0);
        let holds = |index: u32| {
            asked.set(asked.get() + 1);
            Ok(conditions[index as usize].unwrap_or(false))
        };
        (choose(&branches(conditions), holds), asked.get())
    }

    #[test]
    fn the_first_that_holds_is_chosen_and_no_other_asked_for() {
        assert_eq!(chosen(&[Some(false), Some(true), Some(true)]), (Ok(1), 2));
    }

    #[test]
    fn the_default_is_chosen_last_wherever_it_stands() {
        assert_eq!(chosen(&[None, Some(false), Some(true)]), (Ok(2), 2));
        assert_eq!(chosen(&[None, Some(false)]), (Ok(0), 1));
    }

    #[test]
    fn without_a_default_it_says_what_was_there() {
        let message = "no branch holds, and none is the default: `no`, `no`; add a branch without `if`";
        assert_eq!(chosen(&[Some(false), Some(false)]), (Err(message.to_owned()), 2));
    }

    #[test]
    fn a_condition_that_fails_is_the_error() {
        let failing = |_| Err("`count` is null".to_owned());
        assert_eq!(choose(&branches(&[Some(true), None]), failing), Err("`count` is null".to_owned()));
    }
}
