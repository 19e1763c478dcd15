//! What the handlers of flows have in common.

use std::sync::Arc;

use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};

use super::Problem;
use crate::header;
use crate::publishing::{Condition, FlowId, Publisher, Refusal, Tag};
use crate::server::Serving;

/// Does something with versions and drafts, where it may block.
pub(super) async fn blocking<T: Send + 'static>(
    serving: &Arc<Serving>,
    work: impl FnOnce(&Publisher) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Problem> {
    let publisher = serving.server.publisher.clone();
    match tokio::task::spawn_blocking(move || work(&publisher)).await {
        Ok(done) => done.map_err(Problem::from),
        Err(fault) => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", fault.to_string())),
    }
}

/// The flow that an address names.
pub(super) fn flow_id(text: &str) -> Result<FlowId, Problem> {
    text.parse().map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "flow-id", format!("{error}")))
}

/// What a request says must be so of what it changes.
pub(super) fn condition(headers: &HeaderMap) -> Condition {
    if headers.contains_key(IF_MATCH) {
        let tags = header::members(headers, IF_MATCH);
        return Condition::Is(tags.filter(|tag| *tag != "*").map(Tag::from_header).collect());
    }
    if header::members(headers, IF_NONE_MATCH).any(|tag| tag == "*") { Condition::Absent } else { Condition::None }
}

/// Whether whoever asks has what is of this tag.
pub(super) fn has(headers: &HeaderMap, tag: &Tag) -> bool {
    let weakly = |one: &str| one == "*" || Tag::from_header(one.strip_prefix("W/").unwrap_or(one)) == *tag;
    header::members(headers, IF_NONE_MATCH).any(weakly)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn conditions_are_read_from_their_headers() {
        let of = |name, value| condition(&HeaderMap::from_iter([(name, HeaderValue::from_static(value))]));
        let tags = |tags: &[&str]| Condition::Is(tags.iter().map(|tag| Tag::from_header(tag)).collect());
        assert_eq!(of(IF_MATCH, "\"a\", \"b\""), tags(&["\"a\"", "\"b\""]));
        assert_eq!(of(IF_MATCH, "*"), tags(&[]));
        assert_eq!(of(IF_NONE_MATCH, "*"), Condition::Absent);
        assert_eq!(of(IF_NONE_MATCH, "\"a\""), Condition::None);
    }
}
