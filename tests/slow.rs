//! Clients that do not read.

use serde_json::json;

use crate::support::project::Project;
use crate::support::session::Session;
use crate::support::socket::Socket;

/// Tells everyone what it is given.
const FLOOD: &str = "
    format: 1
    flow: flood
    interface:
      protocol: websocket
      input: { text: { type: string } }
    start: tell
    nodes:
      tell: { call: client.push, with: { message: '${input.text}' } }
    ";

/// Little may wait for a client, and nothing else makes the daemon impatient.
const FULL: &str = "
    [limits]
    queue_bytes_max = 1048576
    write_ms_max = 3600000
    ping_every_ms = 3600000
    close_ms_max = 3600000
    ";

const SILENT: &str = "
    [limits]
    ping_every_ms = 10
    pong_ms_max = 10
    close_ms_max = 3600000
    ";

/// More than the systems at both ends can hold, and the queue between them.
const PUSHES_MAX: u64 = 400;
const PUSH_BYTES: usize = 256 * 1024;

const SLOW: &str = "of flow flood is closed (4002)";

#[tokio::test]
async fn a_client_that_does_not_read_is_closed_and_harms_nobody() -> anyhow::Result<()> {
    let daemon = Project::of(&[("flows/flood.yaml", FLOOD), ("sandgate.toml", FULL)])?.serve(&[])?;
    let slow = Socket::open_narrow(&daemon, "flood").await?;
    let mut reader = Session::open(&daemon, "flood").await?;
    let mut writer = Session::open(&daemon, "flood?client=ann").await?;
    let text = "x".repeat(PUSH_BYTES);
    let mut runs = 0;
    let mut after = 3;
    // Until the slow one is closed, and a little longer.
    while after > 0 {
        runs += 1;
        assert!(runs <= PUSHES_MAX, "{runs} pushes, and nobody was too slow for them:\n{}", daemon.log());
        writer.call("run", json!({ "input": { "text": text } })).await?;
        let push = reader.next().await?;
        // Each run is a push and an end.
        assert_eq!(push["params"]["offset"], 2 * runs - 1);
        assert!(push["params"]["message"] == text.as_str(), "another message came");
        assert_eq!(reader.next().await?["params"]["offset"], 2 * runs);
        assert_eq!(writer.until("output everyone").await?.len(), 2);
        after -= u64::from(daemon.log().contains(SLOW));
    }
    let reason = "too much waits for this client: queue_bytes_max is 1048576, queue_entries_max 16384";
    let (code, said, before) = slow.closed().await?;
    assert_eq!((code, said.as_str()), (4002, reason));
    assert!(before as u64 <= 2 * runs, "it was sent {before} messages before");
    Ok(())
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_closed() -> anyhow::Result<()> {
    let daemon = Project::of(&[("flows/flood.yaml", FLOOD), ("sandgate.toml", SILENT)])?.serve(&[])?;
    let silent = Socket::open(&daemon, "flood").await?;
    daemon.logged(SLOW)?;
    let (code, reason, _) = silent.closed().await?;
    assert_eq!((code, reason.as_str()), (4002, "no answer to a ping: pong_ms_max is 10"));
    Ok(())
}
