//! The component `client`: pushes messages to the clients that are connected to the interface of the flow.

wit_bindgen::generate!({ path: ["../../wit", "wit"], world: "sandgate:client/component", generate_all });

use exports::sandgate::client::client::Guest;
use sandgate::flow::push::{Error, Message, Recipient, push};

struct Client;

impl Guest for Client {
    fn push(client: Option<String>, message: Message) -> Result<u32, String> {
        push(&recipient(client), &message).map_err(explain)
    }

    fn reply(message: Message) -> Result<u32, String> {
        push(&Recipient::Caller, &message).map_err(explain)
    }
}

export!(Client);

/// A client id left empty, as a form leaves it, is no client id.
fn recipient(client: Option<String>) -> Recipient {
    match client.filter(|id| !id.is_empty()) {
        Some(id) => Recipient::Clients(vec![id]),
        None => Recipient::Everyone,
    }
}

fn explain(error: Error) -> String {
    match error {
        Error::UnknownClient(id) => format!("client `{id}` has never been seen on this interface"),
        Error::TooLarge(limit) => format!("the message is too large: push_bytes_max is {limit}"),
        Error::Denied(grant) => format!("this component may not push there: {grant}"),
        Error::Ended => "the run has ended".to_owned(),
        Error::Other(message) => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_client_is_everyone() {
        assert!(matches!(recipient(None), Recipient::Everyone));
        assert!(matches!(recipient(Some(String::new())), Recipient::Everyone));
    }

    #[test]
    fn a_client_is_that_client_alone() {
        assert!(matches!(recipient(Some("ada".to_owned())), Recipient::Clients(ids) if ids == ["ada"]));
    }
}
