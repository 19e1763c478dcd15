//! Asks a daemon over HTTP.

use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value as Json, json};
use ureq::http::Uri;
use ureq::{Agent, Body};

use crate::output::Explained;

/// How long an answer may take. To publish a flow compiles nothing; to go back may, a component at a time.
const ANSWER_MS_MAX: u64 = 120_000;

/// As much as is read of an answer: a version has a document, and as text in JSON that may take six bytes a byte.
const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What is answered: JSON as `/api/v1` has it, or problem details.
pub(super) type Answer = Result<Json, Json>;

/// A daemon.
pub(super) struct Remote {
    url: String,
    agent: Agent,
}

impl Remote {
    /// At this address.
    pub(super) fn new(url: &str) -> anyhow::Result<Self> {
        let is_http = url.parse::<Uri>().is_ok_and(|uri| uri.scheme_str() == Some("http") && uri.host().is_some());
        if !is_http {
            return Err(Explained::new(format!("{url:?} is not the address of a daemon"))
                .help("write it as `sandgate serve` prints it, http://127.0.0.1:8080; TLS is not spoken")
                .into());
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_millis(ANSWER_MS_MAX)))
            .build();
        Ok(Self { url: url.trim_end_matches('/').to_owned(), agent: config.new_agent() })
    }

    pub(super) fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.read(self.agent.get(self.address(path)).call())
    }

    /// With a query.
    pub(super) fn get_with(&self, path: &str, query: &[(&str, String)]) -> anyhow::Result<Answer> {
        let query = query.iter().map(|(name, value)| (*name, value.as_str()));
        self.read(self.agent.get(self.address(path)).query_pairs(query).call())
    }

    pub(super) fn post(&self, path: &str, body: &Json) -> anyhow::Result<Answer> {
        let request = self.agent.post(self.address(path)).content_type("application/json");
        self.read(request.send(&serde_json::to_vec(body)?))
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    fn read(&self, answer: Result<ureq::http::Response<Body>, ureq::Error>) -> anyhow::Result<Answer> {
        let mut answer = answer.map_err(|error| {
            Explained::new(format!("the daemon at {} cannot be asked: {error}", self.url))
                .help("is it running? `sandgate serve` says where it listens")
        })?;
        let (status, body) = (answer.status(), answer.body_mut());
        let text = body.with_config().limit(ANSWER_BYTES_MAX).read_to_string();
        let text = text.with_context(|| format!("the daemon at {} was cut off", self.url))?;
        let json = serde_json::from_str(&text);
        Ok(match json {
            Ok(json) if status.is_success() => Ok(json),
            Ok(problem) => Err(problem),
            Err(_) => Err(json!({ "detail": format!("{} answers {status}, and is no daemon, it seems", self.url) })),
        })
    }
}

/// What was asked for, or the error that problem details are.
pub(super) fn expect(answer: Answer) -> anyhow::Result<Json> {
    answer.map_err(|problem| {
        let error = Explained::new(detail(&problem));
        help(&problem).map_or(error.clone(), |help| error.help(help)).into()
    })
}

/// What to do about it.
pub(super) fn help(problem: &Json) -> Option<&'static str> {
    match problem.get("type")?.as_str()?.rsplit(':').next()? {
        "no-draft" => Some("write its file in flows/ or drafts/ first; `sandgate check` lists the flows of a project"),
        "unknown-run" => Some("`sandgate runs` lists those there are"),
        "unknown-version" => Some("`sandgate versions FLOW` lists those there are"),
        _ => None,
    }
}

/// What is wrong.
pub(super) fn detail(problem: &Json) -> String {
    problem.get("detail").and_then(Json::as_str).unwrap_or("it was refused without a reason").to_owned()
}
