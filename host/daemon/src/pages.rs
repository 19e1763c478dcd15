//! The pages: plain HTML, CSS and JavaScript modules, embedded in the binary.
//!
//! They know the daemon by what any client knows of it: `/api/v1/flows` and the WebSocket of a flow.

use std::fmt::Write as _;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::header;

/// Nothing from elsewhere, nothing inline, and no frame of anybody else's around it. A page's own WebSocket is `'self'`.
const POLICY: &str =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

#[derive(RustEmbed)]
#[folder = "pages/"]
struct Files;

/// The client library, as its own build leaves it: committed, so that the host is built without Node.
#[derive(RustEmbed)]
#[folder = "../../sdk/client-js/dist/"]
struct Client;

/// `/`, `/try/<flow>`, `/demo/countdown`, under `/pages/` what these load, and the client library for any page.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(async |headers: HeaderMap| serve::<Files>("index/page.html", &headers)))
        .route("/try/{flow}", get(async |headers: HeaderMap| serve::<Files>("try/page.html", &headers)))
        .route("/demo/countdown", get(async |headers: HeaderMap| serve::<Files>("countdown/page.html", &headers)))
        .route(
            "/pages/{*path}",
            get(async |Path(path): Path<String>, headers: HeaderMap| serve::<Files>(&path, &headers)),
        )
        .route("/client.js", get(async |headers: HeaderMap| serve::<Client>("client.js", &headers)))
}

/// The file at `path` among these, or nothing but a status where the browser has it already or nobody does.
fn serve<Among: RustEmbed>(path: &str, request: &HeaderMap) -> Response {
    let Some(file) = Among::get(path) else { return StatusCode::NOT_FOUND.into_response() };
    let tag = tag(&file);
    let headers = [
        (CONTENT_TYPE, content_type(path).to_owned()),
        (ETAG, tag.clone()),
        // Names carry no digest, so a browser asks each time, and is mostly told to keep what it has.
        (CACHE_CONTROL, "no-cache".to_owned()),
        (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    if has(request, &tag) {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, file.data).into_response()
    }
}

/// A strong entity tag (RFC 9110, section 8.8.3): half of the contents' SHA-256.
fn tag(file: &EmbeddedFile) -> String {
    let digest = file.metadata.sha256_hash();
    let hex = digest.iter().take(16).fold(String::new(), |mut hex, byte| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    format!("\"{hex}\"")
}

/// Whether the browser says that it has the file with this tag. Tags are compared weakly, as is the rule here: a proxy
/// that compresses makes a strong one weak.
fn has(request: &HeaderMap, tag: &str) -> bool {
    header::members(request, IF_NONE_MATCH).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// By the ending of its name.
pub(crate) fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asking(tag: &str) -> HeaderMap {
        HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::from_str(tag).unwrap())])
    }

    #[test]
    fn every_file_has_a_content_type() {
        for path in Files::iter() {
            assert_ne!(content_type(&path), "application/octet-stream", "{path}");
        }
    }

    #[test]
    fn a_page_comes_with_its_policy() {
        let response = serve::<Files>("index/page.html", &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(response.headers()[CONTENT_SECURITY_POLICY], POLICY);
        assert_eq!(response.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let response = serve::<Files>("index/page.html", &HeaderMap::new());
        let tag = response.headers()[ETAG].to_str().unwrap().to_owned();
        for asked in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            assert_eq!(
                serve::<Files>("index/page.html", &asking(&asked)).status(),
                StatusCode::NOT_MODIFIED,
                "{asked}"
            );
        }
        assert_eq!(serve::<Files>("index/page.html", &asking("\"other\"")).status(), StatusCode::OK);
    }

    #[test]
    fn the_client_is_a_module_with_its_own_tag() {
        let response = serve::<Client>("client.js", &HeaderMap::new());
        assert_eq!(response.headers()[CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert_eq!(response.headers()[CACHE_CONTROL], "no-cache");
        assert_eq!(response.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
        let tag = response.headers()[ETAG].to_str().unwrap();
        assert_eq!(serve::<Client>("client.js", &asking(tag)).status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert_eq!(serve::<Files>("../Cargo.toml", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
    }
}
