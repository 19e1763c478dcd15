//! A flow document as it is written: nothing in it is resolved or checked, and everything has a place in the text.

mod literal;
mod place;
pub(crate) mod read;
mod scalar;

use std::ops::Range;
use std::sync::Arc;

pub use literal::{Entries, Kind, Literal, Text};
use read::record;
pub use scalar::{Condition, Durability, Format, Framing, OnLeave, Protocol};

use crate::schema::Parameter;

/// A flow document and the text that it was read from.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it says.
    pub flow: Flow,
    /// The text, which every place is in.
    pub source: Arc<str>,
}

record! {
    /// A flow: a graph of components, and how clients reach it.
    Flow {
        /// The version of this format: 1.
        "format" => format: Format,
        /// The flow's id: small letters, digits and `_`, beginning with a letter. Clients reach the flow by it.
        #[schemars(regex(pattern = r"^[a-z][a-z0-9_]*$"))]
        "flow" => id: Text,
        /// A title for people, in any language.
        "title" => title: Option<Text>,
        /// What the flow does, for people.
        "description" => description: Option<Text>,
        /// How clients reach the flow.
        "interface" => interface: Interface,
        /// The id of the node that a run begins with.
        "start" => start: Text,
        /// The steps of the flow, by their ids: small letters, digits and `_`, beginning with a letter.
        #[schemars(extend("propertyNames" = { "pattern": "^[a-z][a-z0-9_]*$" }, "minProperties" = 1))]
        "nodes" => nodes: Entries<Node>,
        /// Where an editor draws what. Means nothing to a run.
        "layout" => layout: Option<Literal>,
    }
}

record! {
    /// How clients reach a flow, and what they give it.
    Interface {
        /// How clients connect.
        "protocol" => protocol: Protocol,
        /// How messages are framed: `json-rpc` (the default), or `raw`.
        "framing" => framing: Option<Framing>,
        /// What becomes of a run when the client that started it leaves: `continue` (the default), or `cancel`.
        "on-leave" => on_leave: Option<OnLeave>,
        /// Whether runs go on after the host was stopped or crashed, and clients that come back are sent what they missed:
        /// `true` (the default), or `false`, which costs less.
        "durable" => durable: Option<Durability>,
        /// The parameters of a run, each by a JSON Schema (2020-12). One without a default must be given.
        #[schemars(with = "Option<Entries<Parameter>>")]
        "input" => input: Option<Entries<Literal>>,
    }
}

record! {
    /// One step of a flow: a `call` of a component's function, or a `gateway`.
    #[schemars(extend("oneOf" = [{ "required": ["call"] }, { "required": ["gateway", "branches"] }]))]
    Node {
        /// A title for people, in any language.
        "title" => title: Option<Text>,
        /// What this step does, for people.
        "description" => description: Option<Text>,
        /// The function to call: `component.function`, or `component.interface.function` where that is ambiguous.
        "call" => call: Option<Text>,
        /// The component that chooses between the branches.
        "gateway" => gateway: Option<Text>,
        /// What the function is given, by its parameters' names; a gateway's configuration. `${...}` is an expression.
        "with" => with: Option<Literal>,
        /// The id of the node that follows a call. Without one the path ends here.
        "next" => next: Option<Text>,
        /// The id of the node that follows when the function returns an error. Without one the run fails.
        "on-error" => on_error: Option<Text>,
        /// Where a gateway may go on.
        "branches" => branches: Option<Vec<Branch>>,
    }
}

record! {
    /// A way out of a gateway.
    Branch {
        /// A name for people, in any language; without one, the id of its `next`.
        "name" => name: Option<Text>,
        /// The condition, an expression without `${}`. One branch of a gateway may have none: the default.
        "if" => condition: Option<Condition>,
        /// What the gateway is told of this branch: a weight, say.
        "with" => with: Option<Literal>,
        /// The id of the node that the branch leads to.
        "next" => next: Text,
    }
}

impl Document {
    /// The part of the source that these bytes of a text stand at; all of the text where escapes or line breaks hide it.
    pub fn place_within(&self, text: &Text, bytes: Range<usize>) -> Range<usize> {
        place::within(&self.source, text, bytes)
    }
}
