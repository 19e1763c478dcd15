//! Clients that nobody here wrote.

use crate::support::daemon::Daemon;
use crate::support::script::{self, node, python};

#[test]
fn nodes_ws() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut client = node("ws.mjs")?;
    client.arg(daemon.url());
    script::run(client)
}

#[test]
fn a_json_rpc_library() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut client = node("json-rpc.mjs")?;
    client.arg(daemon.url());
    script::run(client)
}

#[test]
fn pythons_websockets() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut client = python("client.py")?;
    client.arg(daemon.url());
    script::run(client)
}
