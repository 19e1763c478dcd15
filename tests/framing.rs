//! Messages as they are, and messages that are not what they should be.

use serde_json::{Value as Json, json};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::support::daemon::Daemon;
use crate::support::project::Project;
use crate::support::session::Session;
use crate::support::socket::Socket;

const MEBIBYTE: usize = 1024 * 1024;

/// Tells everyone what one of them sends, as it came.
const MEGAPHONE: &str = "
    format: 1
    flow: megaphone
    interface: { protocol: websocket, framing: raw }
    start: tell
    nodes:
      tell: { call: client.push, with: { message: '${message}' } }
    ";

/// Takes messages up to 1000 bytes, and tells everyone.
const STRICT: &str = "
    [limits]
    message_bytes_max = 1000
    raw_message_bytes_max = 1000
    ";

async fn echo(message: Message) -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut socket = Socket::open(&daemon, "echo").await?;
    socket.send(message.clone()).await?;
    // Not `assert_eq`: nobody reads 16 MiB.
    assert!(socket.receive().await? == message, "another message came back");
    Ok(())
}

fn pattern(bytes: usize) -> Bytes {
    (0..bytes).map(|index| (index % 251) as u8).collect()
}

#[tokio::test]
async fn texts_come_back_as_texts_and_bytes_as_bytes() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut socket = Socket::open(&daemon, "echo").await?;
    let bytes = |bytes: &'static [u8]| Message::Binary(bytes.into());
    let messages = ["hello, 世界".into(), "".into(), bytes(&[0, 1, 0xff]), bytes(b"hello"), bytes(b""), "null".into()];
    for message in messages {
        socket.send(message.clone()).await?;
        assert_eq!(socket.receive().await?, message);
    }
    Ok(())
}

#[tokio::test]
async fn bytes_of_16_mib_come_back() -> anyhow::Result<()> {
    echo(Message::Binary(pattern(16 * MEBIBYTE))).await
}

#[tokio::test]
async fn a_text_of_16_mib_comes_back() -> anyhow::Result<()> {
    echo("0123456789abcdef".repeat(MEBIBYTE).into()).await
}

#[tokio::test]
async fn an_echo_is_for_its_caller_alone() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut ann = Socket::open(&daemon, "echo?client=ann").await?;
    let mut bob = Socket::open(&daemon, "echo?client=bob").await?;
    ann.send("of ann").await?;
    assert_eq!(ann.receive().await?, "of ann".into());
    bob.send("of bob").await?;
    assert_eq!(bob.receive().await?, "of bob".into());
    Ok(())
}

#[tokio::test]
async fn a_message_from_one_reaches_everyone_as_it_came() -> anyhow::Result<()> {
    let daemon = Project::of(&[("flows/megaphone.yaml", MEGAPHONE)])?.serve(&[])?;
    let mut sockets = Vec::new();
    for _ in 0..3 {
        sockets.push(Socket::open(&daemon, "megaphone").await?);
        // Whether a session with raw framing has begun shows when it is answered.
        let last = sockets.last_mut().unwrap();
        last.send("here").await?;
        assert_eq!(last.receive().await?, "here".into());
    }
    for message in ["all of you".into(), Message::Binary(pattern(100_000))] {
        sockets[0].send(message.clone()).await?;
        for socket in &mut sockets {
            // Who came first heard of those who came later.
            while socket.receive().await? != message {}
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_broadcast_from_one_client_reaches_everyone() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut ann = Session::open(&daemon, "broadcast?client=ann").await?;
    let mut bob = Session::open(&daemon, "broadcast?client=bob").await?;
    let answer = ann.call("run", json!({ "input": { "from": "Ann", "text": "good morning" } })).await?;
    assert_eq!(answer["output"], json!({ "told": 2 }));
    for session in [&mut ann, &mut bob] {
        assert_eq!(session.next().await?["params"]["message"], json!({ "from": "Ann", "text": "good morning" }));
    }
    Ok(())
}

#[tokio::test]
async fn a_ping_is_answered_with_what_it_says() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut socket = Socket::open(&daemon, "echo").await?;
    for payload in ["", "are you there?"] {
        assert_eq!(socket.asked(Message::Ping(payload.into())).await?, Message::Pong(payload.into()));
    }
    Ok(())
}

#[tokio::test]
async fn a_close_is_answered_with_the_same() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let with_code = CloseFrame { code: CloseCode::Library(4321), reason: "enough".into() };
    for close in [None, Some(with_code)] {
        let mut socket = Socket::open(&daemon, "echo").await?;
        assert_eq!(socket.asked(Message::Close(close.clone())).await?, Message::Close(close));
    }
    Ok(())
}

#[tokio::test]
async fn a_raw_message_beyond_the_limit_closes_its_session_and_no_other() -> anyhow::Result<()> {
    let daemon = strict()?;
    let mut other = Socket::open(&daemon, "echo").await?;
    let mut socket = Socket::open(&daemon, "echo").await?;
    socket.send("x".repeat(1000)).await?;
    assert_eq!(socket.receive().await?, "x".repeat(1000).into());
    socket.send("x".repeat(1001)).await?;
    let reason = "the message is too large: raw_message_bytes_max is 1000".to_owned();
    assert_eq!(socket.closed().await?, (1009, reason, 0));
    other.send("still here").await?;
    assert_eq!(other.receive().await?, "still here".into());
    Ok(())
}

#[tokio::test]
async fn a_request_beyond_the_limit_closes_its_session_and_no_other() -> anyhow::Result<()> {
    let daemon = strict()?;
    let mut other = Session::open(&daemon, "countdown").await?;
    let mut session = Session::open(&daemon, "countdown").await?;
    session.send("x".repeat(1001)).await?;
    let reason = "the message is too large: message_bytes_max is 1000".to_owned();
    assert_eq!(session.closed().await?, (1009, reason));
    assert_eq!(other.call("run", json!({ "input": { "a": 0 } })).await?["output"], 0);
    Ok(())
}

#[tokio::test]
async fn an_unknown_flow_is_closed_with_a_code_and_where_to_look() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let socket = Socket::open(&daemon, "nothing").await?;
    let reason = r#"there is no flow "nothing": /api/v1/flows lists those there are"#.to_owned();
    assert_eq!(socket.closed().await?, (4004, reason, 0));
    Ok(())
}

#[tokio::test]
async fn an_address_that_names_two_clients_is_closed_with_the_reason() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let socket = Socket::open(&daemon, "countdown?client=ann&client=bob").await?;
    let (code, reason, _) = socket.closed().await?;
    assert_eq!(code, 1008);
    assert!(reason.contains("duplicate field `client`"), "{reason}");
    Ok(())
}

#[tokio::test]
async fn a_client_id_that_cannot_be_used_is_said_to_be() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let socket = Socket::open(&daemon, "countdown?client=a%0Ab").await?;
    let reason = "the client id cannot be used: use 1 to 128 printable characters".to_owned();
    assert_eq!(socket.closed().await?, (1008, reason, 0));
    Ok(())
}

/// What is answered to a message, after which the session must be as good as before.
async fn answer(message: impl Into<Message>) -> anyhow::Result<Json> {
    let daemon = Daemon::of_examples(&[])?;
    let mut session = Session::open(&daemon, "greeting?client=ann").await?;
    session.send(message).await?;
    let answer = session.receive().await?;
    let output = session.call("run", json!({ "input": { "client": "ann" } })).await?["output"].take();
    assert_eq!(output, json!({ "sessions": 1 }));
    Ok(answer)
}

fn error(id: &Json, code: i32, message: &str) -> Json {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

#[tokio::test]
async fn what_is_not_json_is_an_error() -> anyhow::Result<()> {
    let message = "the message is not JSON: EOF while parsing an object at line 1 column 1";
    assert_eq!(answer("{").await?, error(&Json::Null, -32700, message));
    Ok(())
}

#[tokio::test]
async fn a_batch_is_an_error() -> anyhow::Result<()> {
    let message = "batches are not supported: send each request in a message of its own";
    assert_eq!(answer("[]").await?, error(&Json::Null, -32600, message));
    Ok(())
}

#[tokio::test]
async fn a_binary_message_where_text_is_due_is_an_error() -> anyhow::Result<()> {
    let message = "requests are text, and this is a binary message";
    assert_eq!(answer(Message::Binary(pattern(3))).await?, error(&Json::Null, -32600, message));
    Ok(())
}

#[tokio::test]
async fn an_unknown_method_is_an_error() -> anyhow::Result<()> {
    let message = r#"there is no method "dance": use run, start, cancel or resume"#;
    let request = r#"{"jsonrpc":"2.0","id":"d","method":"dance"}"#;
    assert_eq!(answer(request).await?, error(&json!("d"), -32601, message));
    Ok(())
}

#[tokio::test]
async fn input_that_does_not_fit_is_an_error_for_each_parameter() -> anyhow::Result<()> {
    let request = r#"{"jsonrpc":"2.0","id":1,"method":"run","params":{"input":{"client":7,"name":null}}}"#;
    let problems = json!([
        { "path": "$.client", "message": "7 is not of type \"string\"" },
        { "path": "$.name", "message": "null is not of type \"string\"" },
    ]);
    let answer = answer(request).await?;
    assert_eq!(answer["error"]["code"], -32602);
    assert_eq!(answer["error"]["data"], json!({ "flow": "greeting", "problems": problems }));
    let message = "the input does not fit flow greeting: $.client: 7 is not of type \"string\"; \
                   $.name: null is not of type \"string\"";
    assert_eq!(answer["error"]["message"], message);
    Ok(())
}

fn strict() -> anyhow::Result<Daemon> {
    let project = Project::of(&[("sandgate.toml", STRICT)])?;
    project.with_countdown()?.copy("flows/echo.yaml", "flows/echo.yaml")?.serve(&[])
}
