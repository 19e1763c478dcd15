//! Makes a WebSocket session of an HTTP request.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hyper_tungstenite::HyperWebsocket;
use hyper_tungstenite::tungstenite::protocol::WebSocketConfig;
use sandgate_flow::document::Framing;
use uuid::Uuid;

use super::closing::{self, End, Goodbye, Last};
use super::halves::Halves;
use super::{Session, reader};
use crate::api::Problem;
use crate::channel::{Client, Interface};
use crate::header;
use crate::limits::{Limits, milliseconds};
use crate::listener::Connection;
use crate::server::Serving;

/// The subprotocol that a client may ask for.
const SUBPROTOCOL: &str = "sandgate.v1";

/// What a client may say in the address.
#[derive(serde::Deserialize)]
pub(crate) struct Asked {
    client: Option<String>,
}

/// `GET /ws/<flow>?client=<id>`
///
/// Whatever is wrong with the flow or the client id is told in a close frame: a browser's page sees neither the status
/// nor the body of a handshake that failed.
pub(crate) async fn upgrade(
    State(serving): State<Arc<Serving>>,
    Extension(connection): Extension<Connection>,
    Path(flow): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Response {
    if !hyper_tungstenite::is_upgrade_request(&request) {
        return upgrade_required();
    }
    let welcome = match asked {
        Ok(Query(asked)) => admit(&serving, &flow, asked.client),
        Err(rejection) => Err(Goodbye::Policy(rejection.to_string())),
    };
    let framing = welcome.as_ref().map_or(Framing::JsonRpc, |welcome| welcome.interface.framing());
    let offered = offers_subprotocol(request.headers());
    let (response, websocket) = match hyper_tungstenite::upgrade(request, Some(config(framing, serving.limits()))) {
        Ok(upgraded) => upgraded,
        Err(error) => {
            return Problem::new(StatusCode::BAD_REQUEST, "bad-handshake", format!("not a handshake: {error}"))
                .into_response();
        }
    };
    tokio::spawn(begin(serving, welcome, websocket, connection));
    let mut response = response.map(|_| Body::empty());
    if offered {
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    }
    response
}

/// Who may have a session with what.
struct Admitted {
    interface: Arc<Interface>,
    version: u64,
    client: Arc<str>,
    who: Client,
}

fn admit(serving: &Serving, flow: &str, client: Option<String>) -> Result<Admitted, Goodbye> {
    let served = serving.served(flow).map_err(Goodbye::NotServed)?;
    let (client, who) = match client.filter(|client| !client.is_empty()) {
        Some(client) if is_client_id(&client) => (client, Client::Named),
        Some(_) => return Err(Goodbye::Policy(BAD_CLIENT_ID.to_owned())),
        // As long as there is no other proof, who knows a client id is that client: these cannot be guessed.
        None => (Uuid::new_v4().to_string(), Client::New),
    };
    let interface = serving.server.hub.interface(&served.plan);
    Ok(Admitted { interface, version: served.version, client: client.into(), who })
}

const BAD_CLIENT_ID: &str = "the client id cannot be used: use 1 to 128 printable characters";

fn is_client_id(id: &str) -> bool {
    const CHARS_MAX: usize = 128;
    (1..=CHARS_MAX).contains(&id.chars().count())
        && id.trim() == id
        && !id.chars().any(|char| char.is_control() || (char.is_whitespace() && char != ' '))
}

/// The connection counts as one for as long as this lasts.
async fn begin(
    serving: Arc<Serving>,
    admitted: Result<Admitted, Goodbye>,
    websocket: HyperWebsocket,
    connection: Connection,
) {
    let halves = match websocket.await {
        Ok(socket) => Halves::of(socket).await,
        Err(error) => return tracing::debug!("{}: the handshake failed: {error}", connection.peer()),
    };
    let Some(halves) = halves else { return tracing::error!("{}: a session without TCP", connection.peer()) };
    match admitted {
        Ok(Admitted { interface, version, client, who }) => {
            tracing::debug!("{}: session with flow {}", connection.peer(), interface.flow());
            Session::new(serving, &interface, client, version, who).run(halves).await;
        }
        Err(goodbye) => {
            tracing::debug!("{}: refused a session: {goodbye:?}", connection.peer());
            let last = Last { begun: None, end: End::Closes(goodbye.frame()) };
            closing::close(halves, last, milliseconds(serving.limits().close_ms_max)).await;
        }
    }
    drop(connection);
}

/// A small buffer to read into, which a session has for as long as it lasts. Nothing is written through this.
fn config(framing: Framing, limits: &Limits) -> WebSocketConfig {
    let (_, message_max) = reader::message_max(framing, limits);
    WebSocketConfig::default()
        .read_buffer_size(limits.read_buffer_bytes)
        .write_buffer_size(0)
        .max_message_size(Some(message_max))
        .max_frame_size(Some(message_max))
}

fn offers_subprotocol(headers: &HeaderMap) -> bool {
    header::members(headers, SEC_WEBSOCKET_PROTOCOL).any(|offered| offered == SUBPROTOCOL)
}

fn upgrade_required() -> Response {
    let problem =
        Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade-required", "connect to this address by WebSocket");
    let mut response = problem.into_response();
    response.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn client_ids_are_printable_and_not_too_long() {
        for id in ["ann", "安", "Ann Smith", &"x".repeat(128)] {
            assert!(is_client_id(id), "{id}");
        }
        for id in ["", " ann", "a\nb", "a\u{2028}b", "a\0", &"x".repeat(129)] {
            assert!(!is_client_id(id), "{id:?}");
        }
    }

    #[test]
    fn the_subprotocol_is_found_among_others() {
        let headers = HeaderMap::from_iter([(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("x, sandgate.v1"))]);
        assert!(offers_subprotocol(&headers));
        assert!(!offers_subprotocol(&HeaderMap::new()));
    }
}
