//! The component `function`: the function library.

wit_bindgen::generate!({ path: ["../../wit", "wit"], world: "sandgate:function/component", generate_all });

use exports::sandgate::function::function::Guest;
use sandgate::flow::timer;

struct Function;

impl Guest for Function {
    fn sleep(milliseconds: u64) {
        timer::sleep(milliseconds);
    }
}

export!(Function);
