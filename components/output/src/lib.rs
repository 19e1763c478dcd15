//! The component `output`: ends the flow with a result.

wit_bindgen::generate!({ path: ["../../wit", "wit"], world: "sandgate:output/component", generate_all });

use exports::sandgate::output::output::{Guest, Json};
use sandgate::flow::output::{Error, output};

struct Output;

impl Guest for Output {
    fn result(value: Json) -> Result<(), String> {
        output(&value).map_err(explain)
    }
}

export!(Output);

fn explain(error: Error) -> String {
    match error {
        Error::AlreadyOutput => "the run has an output already".to_owned(),
        Error::Ended => "the run has ended".to_owned(),
        Error::Other(message) => message,
    }
}
