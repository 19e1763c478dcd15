//! A session by JSON-RPC.

use std::collections::VecDeque;

use anyhow::{Context as _, bail};
use serde_json::{Value as Json, json};
use tokio_tungstenite::tungstenite::Message;

use super::daemon::Daemon;
use super::socket::Socket;
use super::within;

/// A session that was welcomed.
pub(crate) struct Session {
    socket: Socket,
    welcome: Json,
    /// Notifications that came while an answer was waited for.
    heard: VecDeque<Json>,
    asked: u64,
}

impl Session {
    /// With a flow, as whoever the address says: `greeting?client=ann`.
    pub(crate) async fn open(daemon: &Daemon, flow: &str) -> anyhow::Result<Self> {
        let socket = Socket::open(daemon, flow).await?;
        let mut session = Self { socket, welcome: Json::Null, heard: VecDeque::new(), asked: 0 };
        session.welcome = session.receive().await?;
        Ok(session)
    }

    /// What it was told first.
    pub(crate) fn welcome(&self) -> &Json {
        &self.welcome
    }

    /// Asks, and waits for the result.
    pub(crate) async fn call(&mut self, method: &str, params: Json) -> anyhow::Result<Json> {
        let mut answer = self.ask(method, params).await?;
        answer.get_mut("result").map(Json::take).with_context(|| format!("{method} has no result: {answer}"))
    }

    /// Asks for what cannot be had, and waits for the error.
    pub(crate) async fn refused(&mut self, method: &str, params: Json) -> anyhow::Result<Json> {
        let mut answer = self.ask(method, params).await?;
        answer.get_mut("error").map(Json::take).with_context(|| format!("{method} has no error: {answer}"))
    }

    /// Starts a run, and answers its id.
    pub(crate) async fn start(&mut self, input: Json) -> anyhow::Result<String> {
        let started = self.call("start", json!({ "input": input })).await?;
        Ok(started["run"].as_str().context("a run without an id")?.to_owned())
    }

    /// The next notification.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Json> {
        match self.heard.pop_front() {
            Some(heard) => Ok(heard),
            None => self.receive().await,
        }
    }

    /// Notifications up to the first that begins like this, each in short.
    pub(crate) async fn until(&mut self, last: &str) -> anyhow::Result<Vec<String>> {
        let mut heard = Vec::new();
        let listening = async {
            while !heard.last().is_some_and(|it: &String| it.starts_with(last)) {
                heard.push(in_short(&self.next().await?));
            }
            anyhow::Ok(())
        };
        within(last, listening).await??;
        Ok(heard)
    }

    /// Whatever it was sent up to now and has not been looked at, each in short.
    pub(crate) async fn so_far(&mut self) -> anyhow::Result<Vec<String>> {
        // What is asked last is answered last.
        self.refused("nothing", json!({})).await?;
        Ok(self.heard.drain(..).map(|heard| in_short(&heard)).collect())
    }

    /// Sends a message that may be no request.
    pub(crate) async fn send(&mut self, message: impl Into<Message>) -> anyhow::Result<()> {
        self.socket.send(message).await
    }

    /// The next message, whatever it is.
    pub(crate) async fn receive(&mut self) -> anyhow::Result<Json> {
        match self.socket.receive().await? {
            Message::Text(text) => serde_json::from_str(&text).with_context(|| text.to_string()),
            other => bail!("not a text: {other:?}"),
        }
    }

    /// The code and the reason that the daemon closes with. Closes too.
    pub(crate) async fn closed(self) -> anyhow::Result<(u16, String)> {
        let (code, reason, _) = self.socket.closed().await?;
        Ok((code, reason))
    }

    async fn ask(&mut self, method: &str, params: Json) -> anyhow::Result<Json> {
        self.asked += 1;
        let request = json!({ "jsonrpc": "2.0", "id": self.asked, "method": method, "params": params });
        self.socket.send(request.to_string()).await?;
        loop {
            let message = self.receive().await?;
            if message["id"] == self.asked {
                return Ok(message);
            }
            self.heard.push_back(message);
        }
    }
}

/// A notification in a line: `push everyone 3`.
pub(crate) fn in_short(notification: &Json) -> String {
    let params = &notification["params"];
    let word = |json: &Json| json.as_str().unwrap_or("?").to_owned();
    let content = params.get("message").or(params.get("value")).unwrap_or(&params["error"]["message"]);
    format!("{} {} {content}", word(&notification["method"]), word(&params["channel"]))
}
