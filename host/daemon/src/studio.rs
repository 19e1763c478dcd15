//! `/studio`: the editor of flows, as its own build left it: embedded when this was built.

use axum::Router;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use uuid::Uuid;

use crate::header;
use crate::pages::content_type;

/// What Vite made, and beside each of `assets/` the same compressed; nothing where Node was not there.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/studio"]
struct Files;

/// Stands in the page for what only this answer has, so that nothing else can add a style to it.
const NONCE: &str = "__NONCE__";

/// Names of files have a digest of what is in them.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

const NOT_BUILT: &str = include_str!("studio.html");

/// The page at every address of the Studio, which knows by itself what is where; and its files.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/studio", get(page)).route("/studio/", get(page)).route("/studio/{*path}", get(page)).route(
        "/studio/assets/{file}",
        get(async |Path(file): Path<String>, headers: HeaderMap| asset(&file, &headers)),
    )
}

async fn page() -> Response {
    let nonce = Uuid::new_v4().simple().to_string();
    let html = match Files::get("index.html") {
        Some(page) => String::from_utf8_lossy(&page.data).replace(NONCE, &nonce),
        None => NOT_BUILT.to_owned(),
    };
    let headers = [(CACHE_CONTROL, "no-store".to_owned()), (CONTENT_SECURITY_POLICY, policy(&nonce))];
    let guarded = [(X_CONTENT_TYPE_OPTIONS, "nosniff"), (REFERRER_POLICY, "no-referrer")];
    (headers, guarded, Html(html)).into_response()
}

/// Nothing from elsewhere, and no script but its own files. Its editors of text make styles, which the nonce admits.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'; object-src 'none'"
    )
}

fn asset(file: &str, request: &HeaderMap) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type(file)),
        (CACHE_CONTROL, FOR_EVER),
        (VARY, "accept-encoding"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let path = format!("assets/{file}");
    if takes_gzip(request)
        && let Some(compressed) = Files::get(&format!("{path}.gz"))
    {
        return (headers, [(CONTENT_ENCODING, "gzip")], compressed.data).into_response();
    }
    match Files::get(&path) {
        Some(file) => (headers, file.data).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn takes_gzip(request: &HeaderMap) -> bool {
    let is_gzip = |member: &str| {
        let (name, weight) = member.split_once(';').unwrap_or((member, ""));
        let weight: Option<f32> = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
        name.trim().eq_ignore_ascii_case("gzip") && weight.is_none_or(|weight| weight > 0.0)
    };
    header::members(request, ACCEPT_ENCODING).any(is_gzip)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[tokio::test]
    async fn each_answer_has_a_nonce_of_its_own() {
        let (one, other) = (page().await, page().await);
        let policy = |response: &Response| response.headers()[CONTENT_SECURITY_POLICY].clone();
        assert_ne!(policy(&one), policy(&other));
        assert_eq!(one.headers()[CACHE_CONTROL], "no-store");
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert_eq!(asset("nothing.js", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
        assert_eq!(asset("../index.html", &HeaderMap::new()).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn what_is_compressed_goes_to_whoever_takes_it() {
        let takes = |value| takes_gzip(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(value))]));
        assert!(takes("gzip, deflate, br"));
        assert!(takes("br;q=1.0, gzip;q=0.8"));
        assert!(!takes("gzip;q=0"));
        assert!(!takes("identity"));
    }

    #[test]
    fn without_a_build_the_page_says_how_to_get_it() {
        assert!(NOT_BUILT.contains("cargo xtask build"));
    }
}
