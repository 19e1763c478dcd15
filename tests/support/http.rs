//! HTTP, as any client speaks it.

use anyhow::Context as _;
use serde_json::Value as Json;
use ureq::http::{HeaderMap, Request};
use ureq::{Agent, Body};

use super::WAIT;
use super::daemon::Daemon;

/// An answer, whatever its status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    headers: HeaderMap,
}

/// What is asked, besides where.
#[derive(Default)]
pub(crate) struct Asked<'a> {
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: &'a str,
}

/// Asks `GET /livez`, say.
pub(crate) fn ask(daemon: &Daemon, what: &str, asked: Asked<'_>) -> anyhow::Result<Answer> {
    let (method, path) = what.split_once(' ').context("not a method and a path")?;
    let mut request = Request::builder().method(method).uri(format!("{}{path}", daemon.url()));
    for (name, value) in asked.headers {
        request = request.header(*name, *value);
    }
    let agent = Agent::config_builder().http_status_as_error(false).timeout_global(Some(WAIT)).build().new_agent();
    let response = match asked.body {
        "" => agent.run(request.body(())?),
        body => agent.run(request.body(body)?),
    };
    Answer::read(response.with_context(|| what.to_owned())?)
}

/// `GET` of a path.
pub(crate) fn get(daemon: &Daemon, path: &str) -> anyhow::Result<Answer> {
    ask(daemon, &format!("GET {path}"), Asked::default())
}

/// `POST /run/<flow>` of this input.
pub(crate) fn run(daemon: &Daemon, flow: &str, input: &str) -> anyhow::Result<Answer> {
    ask(daemon, &format!("POST /run/{flow}"), Asked { body: input, ..Asked::default() })
}

impl Answer {
    fn read(mut response: ureq::http::Response<Body>) -> anyhow::Result<Self> {
        let body = response.body_mut().read_to_string()?;
        Ok(Self { status: response.status().as_u16(), body, headers: response.headers().clone() })
    }

    /// A header, where there is one.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body, where it is JSON.
    pub(crate) fn json(&self) -> anyhow::Result<Json> {
        serde_json::from_str(&self.body).with_context(|| format!("status {}, {:?}", self.status, self.body))
    }
}
