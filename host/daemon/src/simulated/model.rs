//! The flows of the simulation, and what they do: worked out here anew.

use std::collections::VecDeque;

use sandgate_flow::event::{Outcome, Started};
use serde_json::{Value as Json, json};

/// The flows, by their ids.
pub(super) const FLOWS: [(&str, &str); 6] = [
    ("fall", include_str!("flows/fall.yaml")),
    ("own", include_str!("flows/own.yaml")),
    ("nap", include_str!("flows/nap.yaml")),
    ("paths", include_str!("flows/paths.yaml")),
    ("leaves", include_str!("flows/leaves.yaml")),
    ("fleeting", include_str!("flows/fleeting.yaml")),
];

/// What is to be pushed, to whom and what, on each path in order.
pub(super) struct Order(pub(super) Vec<VecDeque<(String, String)>>);

/// Whether what is said by the flow's runs outlasts the host.
pub(super) fn is_durable(flow: &str) -> bool {
    flow != "fleeting"
}

/// Whether its runs are cancelled when their callers leave.
pub(super) fn is_cancelled_when_left(flow: &str) -> bool {
    flow == "leaves"
}

/// The output of a run; null where it has none.
pub(super) fn output(flow: &str, client: &str, a: i64) -> Json {
    match flow {
        "own" => json!({ "counted": a, "by": client }),
        "paths" => Json::Null,
        _ => json!(a),
    }
}

/// A run must end so if it is not cancelled.
pub(super) fn ended(started: &Started, outcome: &Outcome) -> Result<(), String> {
    let (client, a) = of(started);
    let expected = output(&started.flow, &client, a);
    let got = match outcome {
        Outcome::Output(value) => value.to_json().unwrap_or_default(),
        Outcome::Completed => Json::Null,
        other => return Err(format!("it ended with {other:?}")),
    };
    if got == expected { Ok(()) } else { Err(format!("flow {}: it ended with {got}, not {expected}", started.flow)) }
}

/// What a run is to push.
pub(super) fn pushes(started: &Started) -> Order {
    let (client, a) = of(started);
    let everyone = |it: Json| ("everyone".to_owned(), it.to_string());
    let caller = |it: Json| ("caller".to_owned(), it.to_string());
    let named = |it: i64| (format!("client:{client}"), json!({ "now": it }).to_string());
    let falling = (1..=a).rev();
    let paths: Vec<Vec<_>> = match &*started.flow {
        "fall" => vec![falling.map(|it| everyone(json!(it))).collect()],
        "leaves" => vec![falling.map(|it| caller(json!(it))).collect()],
        "own" => vec![(0..=a).flat_map(|it| [caller(json!(it)), named(it)]).collect()],
        "nap" => vec![vec![everyone(json!(1)); 2]],
        "paths" => {
            let beats = (0..=a).map(|it| caller(json!(it))).chain([caller(json!("beaten"))]);
            let naps = [everyone(json!(1)), everyone(json!(1)), caller(json!("napped"))];
            let waits = (a > 2).then(|| caller(json!("waited")));
            vec![beats.collect(), naps.into(), waits.into_iter().collect()]
        }
        _ => Vec::new(),
    };
    Order(paths.into_iter().map(VecDeque::from).collect())
}

fn of(started: &Started) -> (String, i64) {
    let client = started.caller.as_ref().map(|caller| caller.client.to_string()).unwrap_or_default();
    let a = started.input.to_json().unwrap_or_default()["a"].as_i64().unwrap_or(i64::MIN);
    (client, a)
}

/// An input, as a client gives it.
pub(super) fn input(a: i64, ms: u64) -> Json {
    json!({ "a": a, "ms": ms })
}
