//! Which pages of other servers a browser may let talk to this one.
//!
//! A browser says where a page is from, in `Origin`; other programs say nothing, and pass. What keeps a page out that
//! its own name server sent here (DNS rebinding) is `Host`: such a page's has a name that is not this server's.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::api::Problem;
use crate::server::Serving;

/// The origins that may talk to the server, besides its own.
#[derive(Clone, Debug)]
pub(crate) struct Allowed {
    listen: IpAddr,
    origins: Arc<[Origin]>,
}

/// Where a page is from (RFC 6454): a scheme, a host, and a port unless it is the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A server.
    Server {
        /// `http` or `https`, or a browser extension's.
        scheme: String,
        /// Host and port.
        authority: Authority,
    },
    /// A page without one: from a file, say.
    Null,
}

/// A text that is not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an origin: write it as a browser does, https://example.com or http://localhost:3000")]
pub(crate) struct NotAnOrigin(String);

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        if text == "null" {
            return Ok(Self::Null);
        }
        let wrong = || NotAnOrigin(text.to_owned());
        let lower = text.to_ascii_lowercase();
        let (scheme, authority) = lower.split_once("://").ok_or_else(wrong)?;
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        let own_port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => "",
        };
        let authority = authority.strip_suffix(own_port).unwrap_or(authority);
        let authority = Authority::from_str(authority).map_err(|_| wrong())?;
        if scheme.is_empty() || authority.host().is_empty() || authority.as_str().contains('@') {
            return Err(wrong());
        }
        Ok(Self::Server { scheme: scheme.to_owned(), authority })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server { scheme, authority } => write!(f, "{scheme}://{authority}"),
            Self::Null => f.write_str("null"),
        }
    }
}

impl Allowed {
    /// A server that listens there allows these, as well as itself.
    ///
    /// # Errors
    ///
    /// The first that is not an origin.
    pub(crate) fn new(
        listen: SocketAddr,
        origins: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Self, NotAnOrigin> {
        let origins = origins.into_iter().map(|origin| origin.as_ref().parse()).collect::<Result<_, _>>()?;
        Ok(Self { listen: listen.ip().to_canonical(), origins })
    }

    /// Whether a request with these headers may be answered. Without an `Origin` it may.
    fn admits(&self, headers: &HeaderMap) -> bool {
        headers.get(ORIGIN).is_none_or(|origin| {
            parse(origin).is_some_and(|origin| self.origins.contains(&origin) || self.is_own(&origin, headers))
        })
    }

    fn is_own(&self, origin: &Origin, headers: &HeaderMap) -> bool {
        let host = host(headers).filter(|host| self.is_known(host));
        // Whoever puts TLS in front of this server has another origin, and is to allow it.
        host.and_then(|host| format!("http://{host}").parse().ok()).is_some_and(|own: Origin| own == *origin)
    }

    /// Whether this is a name of this server.
    fn is_known(&self, host: &Authority) -> bool {
        let name = host.host().to_ascii_lowercase();
        let allowed = |origin: &Origin| matches!(origin, Origin::Server { authority, .. } if authority.host() == name);
        name == "localhost"
            || name.ends_with(".localhost")
            || self.origins.iter().any(allowed)
            || name
                .trim_matches(['[', ']'])
                .parse::<IpAddr>()
                .is_ok_and(|ip| ip.to_canonical().is_loopback() || ip.to_canonical() == self.listen)
    }

    /// Answers browsers that ask what is allowed (CORS).
    pub(crate) fn cors(&self) -> CorsLayer {
        let allowed = self.clone();
        let admits = move |_: &HeaderValue, request: &Parts| allowed.admits(&request.headers);
        CorsLayer::new()
            .allow_origin(AllowOrigin::predicate(admits))
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([ACCEPT, CONTENT_TYPE])
    }
}

/// Refuses what comes from a page that may not talk to this server, and says how it could.
pub(crate) async fn check(State(serving): State<Arc<Serving>>, request: Request, next: Next) -> Response {
    if serving.server.origins.admits(request.headers()) {
        return next.run(request).await;
    }
    let detail = refusal(request.headers());
    tracing::warn!("{} {}: {detail}", request.method(), request.uri().path());
    Problem::new(StatusCode::FORBIDDEN, "origin-not-allowed", detail).into_response()
}

/// Refuses what is addressed to another server.
pub(crate) async fn check_host(State(serving): State<Arc<Serving>>, request: Request, next: Next) -> Response {
    let host = host(request.headers());
    if let Some(host) = host.as_ref().filter(|host| serving.server.origins.is_known(host)) {
        return if is_for_all(&request) || !is_of_another(request.headers(), host) {
            next.run(request).await
        } else {
            refuse_other(&request)
        };
    }
    let host = host.map_or_else(|| "no host".to_owned(), |host| host.to_string());
    let detail = format!("{host} is not a name of this server: use the address that it says it serves at");
    tracing::warn!("{} {}: {detail}", request.method(), request.uri().path());
    Problem::new(StatusCode::MISDIRECTED_REQUEST, "misdirected", detail).into_response()
}

/// Whether pages of other hosts that are admitted may ask this as well: what there is to connect to. What runs do, and what is
/// published, is for whoever operates the server.
fn is_for_all(request: &Request) -> bool {
    let path = request.uri().path();
    let below = path.strip_prefix("/api/v1/flows/");
    let one_flow = below.is_some_and(|flow| !flow.strip_suffix("/asyncapi.json").unwrap_or(flow).contains('/'));
    request.method() == Method::GET && (one_flow || path == "/api/v1/flows" || path == "/api/v1/components")
}

/// Whether a page is from another host than that which it asks. Behind a proxy that speaks TLS the scheme differs.
fn is_of_another(headers: &HeaderMap, asked: &Authority) -> bool {
    headers.get(ORIGIN).is_some_and(|origin| match parse(origin) {
        Some(Origin::Server { authority, .. }) => !authority.as_str().eq_ignore_ascii_case(asked.as_str()),
        Some(Origin::Null) | None => true,
    })
}

fn refuse_other(request: &Request) -> Response {
    let detail = "a page of another host may only list flows and components here, and run flows";
    tracing::warn!("{} {}: {detail}", request.method(), request.uri().path());
    Problem::new(StatusCode::FORBIDDEN, "origin-not-allowed", detail).into_response()
}

fn refusal(headers: &HeaderMap) -> String {
    match headers.get(ORIGIN).and_then(parse) {
        Some(origin) => format!("origin {origin} is not allowed: to admit it, serve with --allow-origin {origin}"),
        None => "the origin is not one that could be allowed".to_owned(),
    }
}

fn parse(origin: &HeaderValue) -> Option<Origin> {
    origin.to_str().ok()?.parse().ok()
}

fn host(headers: &HeaderMap) -> Option<Authority> {
    headers.get(HOST).and_then(|host| Authority::try_from(host.as_bytes()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(origin: &'static str, host: &'static str) -> bool {
        let allowed = Allowed::new("127.0.0.1:8080".parse().unwrap(), ["https://shop.example/", "null"]).unwrap();
        allowed.admits(&HeaderMap::from_iter([
            (ORIGIN, HeaderValue::from_static(origin)),
            (HOST, HeaderValue::from_static(host)),
        ]))
    }

    #[test]
    fn the_servers_own_pages_are_admitted() {
        assert!(admits("http://127.0.0.1:8080", "127.0.0.1:8080"));
        assert!(admits("http://localhost:8080", "localhost:8080"));
        assert!(admits("http://[::1]:8080", "[::1]:8080"));
        assert!(admits("http://localhost", "localhost:80"));
    }

    #[test]
    fn pages_of_others_are_refused() {
        assert!(!admits("http://localhost:3000", "localhost:8080"));
        assert!(!admits("https://localhost:8080", "localhost:8080"));
        assert!(!admits("https://evil.example", "127.0.0.1:8080"));
        assert!(!admits("gibberish", "127.0.0.1:8080"));
    }

    #[test]
    fn a_page_whose_name_was_pointed_here_is_refused() {
        assert!(!admits("http://evil.example:8080", "evil.example:8080"));
    }

    #[test]
    fn what_is_allowed_is_admitted_however_it_is_written() {
        assert!(admits("https://shop.example", "127.0.0.1:8080"));
        assert!(admits("https://SHOP.example:443", "127.0.0.1:8080"));
        assert!(!admits("http://shop.example", "127.0.0.1:8080"));
        assert!(admits("null", "127.0.0.1:8080"));
    }

    #[test]
    fn pages_of_other_hosts_may_look_at_what_there_is_to_connect_to_and_no_more() {
        let asked = |method: &str, path: &str| {
            is_for_all(&Request::builder().method(method).uri(path).body(Default::default()).unwrap())
        };
        assert!(
            ["/api/v1/flows", "/api/v1/flows/countdown", "/api/v1/components"].into_iter().all(|it| asked("GET", it))
        );
        for (method, path) in [
            ("POST", "/api/v1/flows/countdown"),
            ("GET", "/api/v1/flows/countdown/draft"),
            ("GET", "/api/v1/runs"),
            ("POST", "/api/v1/runs/x/cancel"),
        ] {
            assert!(!asked(method, path), "{method} {path}");
        }
        let of = |origin| HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static(origin))]);
        let host = Authority::from_static("shop.example");
        assert!(!is_of_another(&of("https://shop.example"), &host));
        assert!(is_of_another(&of("https://other.example"), &host));
        assert!(is_of_another(&of("null"), &host));
        assert!(!is_of_another(&HeaderMap::new(), &host));
    }

    #[test]
    fn programs_that_are_not_browsers_are_admitted() {
        let allowed = Allowed::new("127.0.0.1:8080".parse().unwrap(), [""; 0]).unwrap();
        assert!(allowed.admits(&HeaderMap::new()));
    }

    #[test]
    fn what_is_not_an_origin_is_not_taken_for_one() {
        for text in ["shop.example", "https://", "https://shop.example/path", "*", "https://me@shop.example"] {
            assert_eq!(text.parse::<Origin>(), Err(NotAnOrigin(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn a_refusal_says_what_would_admit() {
        let headers = HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static("https://shop.example"))]);
        assert_eq!(
            refusal(&headers),
            "origin https://shop.example is not allowed: to admit it, serve with --allow-origin https://shop.example"
        );
    }
}
