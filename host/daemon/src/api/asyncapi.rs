//! `GET /api/v1/flows/<flow>/asyncapi.json`: the WebSocket interface of a flow, described for programs (AsyncAPI 3.0).
//!
//! What is said here of messages is what docs/protocol.md says of them. Operations are those of the host, as the specification has it:
//! it receives requests, and sends all else.

mod messages;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use sandgate_flow::Plan;
use sandgate_flow::document::Framing;
use serde_json::{Map, Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use crate::server::Serving;

use messages::{Direction, Message};

/// The address of the descriptions.
pub(super) fn routes() -> OpenApiRouter<Arc<Serving>> {
    OpenApiRouter::new().routes(routes!(show))
}

/// Describe the interface of a flow
///
/// As AsyncAPI 3.0: its address, and every message in both directions with its JSON Schema.
#[utoipa::path(
    get, path = "/api/v1/flows/{flow}/asyncapi.json", tag = "flows",
    params(("flow", description = "The flow's id")),
    responses(
        (status = 200, description = "The description", body = Value),
        (status = 404, description = "There is no such flow"),
        (status = 503, description = "No version of the flow had no errors"),
    )
)]
async fn show(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let served = serving.served(&flow)?;
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    Ok(Json(document(&served.plan, served.version, host)))
}

/// The description of a version, reached at this host.
fn document(plan: &Plan, version: u64, host: &str) -> Value {
    let messages = match plan.interface.framing {
        Framing::JsonRpc => messages::json_rpc(plan),
        Framing::Raw => messages::raw(),
    };
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": plan.title,
            "version": version.to_string(),
            "description": plan.description.as_deref().unwrap_or("A flow, reached by WebSocket."),
        },
        "defaultContentType": "application/json",
        "servers": { "host": { "host": host, "protocol": "ws", "description": "The host that served this document." } },
        "channels": { "session": channel(plan, &messages) },
        "operations": operations(&messages),
        "components": { "messages": by_name(&messages, Message::described) },
    })
}

fn channel(plan: &Plan, messages: &[Message]) -> Value {
    let query = json!({
        "type": "object",
        "properties": {
            "client": { "type": "string", "description": "The client's id; the host makes one up without." },
        },
    });
    let reference = |message: &Message| json!({ "$ref": format!("#/components/messages/{}", message.name) });
    json!({
        "address": format!("/ws/{}", plan.flow),
        "title": plan.title,
        "description": "A session: one connection.",
        "messages": by_name(messages, reference),
        "bindings": { "ws": { "method": "GET", "query": query } },
    })
}

fn by_name(messages: &[Message], of: impl Fn(&Message) -> Value) -> Value {
    messages.iter().map(|message| (message.name.to_owned(), of(message))).collect::<Map<_, _>>().into()
}

/// One for each request, which names its answers, and one for all that is said unasked.
fn operations(messages: &[Message]) -> Value {
    let reference = |name: &str| json!({ "$ref": format!("#/channels/session/messages/{name}") });
    let channel = json!({ "$ref": "#/channels/session" });
    let mut operations = Map::new();
    for message in messages {
        let operation = match &message.direction {
            Direction::ToHost { answers: [] } => {
                json!({ "action": "receive", "channel": channel, "messages": [reference(message.name)] })
            }
            Direction::ToHost { answers } => json!({
                "action": "receive", "channel": channel, "summary": message.summary, "messages": [reference(message.name)],
                "reply": { "channel": channel, "messages": answers.iter().map(|name| reference(name)).collect::<Vec<_>>() },
            }),
            Direction::ToClient => json!({
                "action": "send", "channel": channel, "summary": message.summary, "messages": [reference(message.name)],
            }),
            Direction::Answer => continue,
        };
        operations.insert(message.name.to_owned(), operation);
    }
    operations.into()
}
