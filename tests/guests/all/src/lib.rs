//! A gateway that chooses all of its branches whose conditions hold, so that several paths go on at once.

wit_bindgen::generate!({ path: ["../../../wit", "wit"], world: "guest:all/component", generate_all });

use exports::sandgate::flow::gateway::{Branch, Guest, Json};
use sandgate::flow::branches::holds;

struct All;

impl Guest for All {
    fn route(branches: Vec<Branch>, _config: Option<Json>) -> Result<Vec<u32>, String> {
        let mut chosen = Vec::new();
        for (index, branch) in (0..).zip(&branches) {
            if branch.is_default || holds(index)? {
                chosen.push(index);
            }
        }
        Ok(chosen)
    }
}

export!(All);
