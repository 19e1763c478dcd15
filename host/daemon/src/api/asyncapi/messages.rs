//! The messages of a session.

use sandgate_flow::Plan;
use serde_json::{Map, Value, json};

/// A message: what it is, and what may be in it.
pub(super) struct Message {
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    pub(super) direction: Direction,
    /// None where it is JSON.
    content_type: Option<&'static str>,
    payload: Value,
    example: Value,
}

/// Who sends it.
pub(super) enum Direction {
    /// The client, which gets one of these.
    ToHost { answers: &'static [&'static str] },
    /// The host, unasked.
    ToClient,
    /// The host, as an answer.
    Answer,
}

impl Message {
    fn new(name: &'static str, summary: &'static str, direction: Direction, payload: Value, example: Value) -> Self {
        Self { name, summary, direction, content_type: None, payload, example }
    }

    /// As the document has it.
    pub(super) fn described(&self) -> Value {
        let mut described = Map::new();
        described.insert("name".into(), self.name.into());
        described.insert("title".into(), self.name.into());
        described.insert("summary".into(), self.summary.into());
        described.insert("payload".into(), self.payload.clone());
        described.insert("examples".into(), json!([{ "payload": self.example }]));
        if let Some(content_type) = self.content_type {
            described.insert("contentType".into(), content_type.into());
        }
        described.into()
    }
}

const EPOCH: &str = "5316213e0c3de70d";
const RUN: &str = "01a206c7-bc7d-762d-a7c3-9dbf2a6cdecd";

/// Those of JSON-RPC framing.
pub(super) fn json_rpc(plan: &Plan) -> Vec<Message> {
    requests(plan).into_iter().chain(answers()).chain(notifications(plan)).collect()
}

/// With raw framing every message starts a run, and what is said has no envelope.
pub(super) fn raw() -> Vec<Message> {
    let text = |what: &str| json!({ "type": "string", "description": what });
    let message = Message::new(
        "message",
        "Starts a run",
        Direction::ToHost { answers: &[] },
        text("A text, or bytes in a binary message."),
        "hello".into(),
    );
    let said = Message::new(
        "said",
        "What a run pushes, and its output",
        Direction::ToClient,
        text("A text as it is; bytes in a binary message; any other value as JSON."),
        "hello".into(),
    );
    [message, said].map(|message| Message { content_type: Some("text/plain"), ..message }).into()
}

fn requests(plan: &Plan) -> [Message; 4] {
    let input = plan.interface.input.schema();
    let key = json!({
        "type": "string", "minLength": 1, "maxLength": 128,
        "description": "The same key again answers for the same run, and starts no other.",
    });
    let given = object(json!({ "input": input, "key": key }), &[]);
    let example = example(&plan.interface.input.schema());
    let of_run = object(json!({ "run": run_id() }), &["run"]);
    let come_back = object(json!({ "positions": positions() }), &["positions"]);
    [
        request(
            "run",
            "Starts a run, and is answered when it has ended",
            &["ran", "refused"],
            given.clone(),
            json!({ "input": example }),
        ),
        request(
            "start",
            "Starts a run, and is answered at once",
            &["started", "refused"],
            given,
            json!({ "input": example }),
        ),
        request("cancel", "Ends a run of this client", &["cancelled", "refused"], of_run, json!({ "run": RUN })),
        request(
            "resume",
            "Asks for what was missed; the first request of a client that comes back",
            &["resumed", "refused"],
            come_back,
            json!({ "positions": { "everyone": { "epoch": EPOCH, "offset": 2 } } }),
        ),
    ]
}

fn answers() -> [Message; 5] {
    let entry = json!({ "run": run_id(), "output": {}, "channel": channel(), "epoch": epoch(), "offset": offset() });
    let ended = json!({ "run": run_id(), "ended": { "enum": ["cancelled", "output", "completed", "failed"] } });
    let error = object(json!({ "jsonrpc": version(), "id": id(), "error": error() }), &["jsonrpc", "id", "error"]);
    [
        answer(
            "ran",
            "Answers run: it has ended with this output, null if it had none",
            object(entry, &["run", "output"]),
            json!({ "run": RUN, "output": 0, "channel": "client:ann", "epoch": EPOCH, "offset": 1 }),
        ),
        answer("started", "Answers start", object(json!({ "run": run_id() }), &["run"]), json!({ "run": RUN })),
        answer(
            "cancelled",
            "Answers cancel: how the run ended",
            object(ended, &["run", "ended"]),
            json!({ "run": RUN, "ended": "cancelled" }),
        ),
        answer(
            "resumed",
            "Answers resume, after what was missed",
            object(json!({ "positions": positions() }), &["positions"]),
            json!({ "positions": { "everyone": { "epoch": EPOCH, "offset": 5 } } }),
        ),
        Message::new(
            "refused",
            "Answers any request that was not done",
            Direction::Answer,
            error,
            json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -32602, "message": "the input does not fit" } }),
        ),
    ]
}

fn notifications(plan: &Plan) -> [Message; 5] {
    let welcome = json!({
        "client": { "type": "string", "description": "The client's id, which the host may have made up." },
        "session": { "type": "string" },
        "flow": { "const": &*plan.flow },
        "version": { "type": "integer", "description": "Of a run that is started now." },
        "positions": positions(),
    });
    let entry = |of: &str, what: Value| {
        let place = json!({ "channel": channel(), "epoch": epoch(), "offset": offset(), "run": run_id() });
        object(with(place, of, what), &["channel", "epoch", "offset", "run", of])
    };
    let place = |of: &str, what: Value| {
        with(json!({ "channel": "everyone", "epoch": EPOCH, "offset": 1, "run": RUN }), of, what)
    };
    let to = json!({ "type": ["integer", "null"], "description": "Null if the epoch is over." });
    let gap = json!({ "channel": channel(), "epoch": epoch(), "from": offset(), "to": to });
    [
        notification(
            "welcome",
            "The first of a session: who and where one is",
            object(welcome, &["client", "session", "flow", "version", "positions"]),
            json!({
                "client": "ann", "session": "01a206c7-bc7c-7532-b31d-47c59d757ab9", "flow": &*plan.flow, "version": 1,
                "positions": { "everyone": { "epoch": EPOCH, "offset": 0 } },
            }),
        ),
        notification("push", "A run pushed this", entry("message", json!({})), place("message", 3.into())),
        notification(
            "output",
            "A run has ended with this output, null if it had none",
            entry("value", json!({})),
            place("value", 0.into()),
        ),
        notification(
            "failed",
            "A run has failed, or was cancelled",
            entry("error", error()),
            place("error", json!({ "code": -32000, "message": "flow countdown: node count: it trapped" })),
        ),
        notification(
            "gap",
            "These entries are gone",
            object(gap, &["channel", "epoch", "from", "to"]),
            json!({ "channel": "everyone", "epoch": EPOCH, "from": 3, "to": 4 }),
        ),
    ]
}

fn request(
    method: &'static str,
    summary: &'static str,
    answers: &'static [&'static str],
    params: Value,
    example: Value,
) -> Message {
    let payload = object(
        json!({ "jsonrpc": version(), "id": id(), "method": { "const": method }, "params": params }),
        &["jsonrpc", "method", "params"],
    );
    let example = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": example });
    Message::new(method, summary, Direction::ToHost { answers }, payload, example)
}

fn answer(name: &'static str, summary: &'static str, result: Value, example: Value) -> Message {
    let payload = object(json!({ "jsonrpc": version(), "id": id(), "result": result }), &["jsonrpc", "id", "result"]);
    let example = json!({ "jsonrpc": "2.0", "id": 1, "result": example });
    Message::new(name, summary, Direction::Answer, payload, example)
}

fn notification(method: &'static str, summary: &'static str, params: Value, example: Value) -> Message {
    let payload = object(
        json!({ "jsonrpc": version(), "method": { "const": method }, "params": params }),
        &["jsonrpc", "method", "params"],
    );
    let example = json!({ "jsonrpc": "2.0", "method": method, "params": example });
    Message::new(method, summary, Direction::ToClient, payload, example)
}

fn with(mut all: Value, key: &str, value: Value) -> Value {
    if let Value::Object(entries) = &mut all {
        entries.insert(key.to_owned(), value);
    }
    all
}

fn object(properties: Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

fn version() -> Value {
    json!({ "const": "2.0" })
}

fn id() -> Value {
    json!({ "type": ["integer", "string", "null"], "description": "Any; the answer has the same." })
}

fn run_id() -> Value {
    json!({ "type": "string", "format": "uuid", "description": "The run's id." })
}

fn channel() -> Value {
    json!({ "type": "string", "description": "`everyone`, or `client:` and the client's id." })
}

fn epoch() -> Value {
    json!({ "type": "string", "description": "Which life of the channel." })
}

fn offset() -> Value {
    json!({ "type": "integer", "minimum": 0, "description": "The place in the channel, from 1 and without holes." })
}

fn positions() -> Value {
    let position = object(json!({ "epoch": epoch(), "offset": offset() }), &["epoch", "offset"]);
    json!({ "type": "object", "additionalProperties": position, "description": "Where channels stand, by their names." })
}

fn error() -> Value {
    object(
        json!({ "code": { "type": "integer" }, "message": { "type": "string" }, "data": { "type": "object" } }),
        &["code", "message"],
    )
}

/// An input: defaults, and of what must be given the first that the schema names, or the least of its type.
fn example(schema: &Value) -> Value {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, schema)| (name.clone(), one(schema))).collect::<Map<_, _>>().into()
}

fn one(schema: &Value) -> Value {
    let first = |key: &str| schema.get(key).and_then(|list| list.get(0)).cloned();
    let said = ["default", "const", "minimum"].into_iter().find_map(|key| schema.get(key).cloned());
    said.or_else(|| first("examples")).or_else(|| first("enum")).unwrap_or_else(|| {
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => "text".into(),
            Some("boolean") => false.into(),
            Some("array") => json!([]),
            Some("object") => json!({}),
            Some("integer" | "number") => 1.into(),
            _ => Value::Null,
        }
    })
}
