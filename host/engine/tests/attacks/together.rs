//! All attacks at once, beside a countdown.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sandgate_engine::Engine;
use sandgate_engine::engine::{Config, UnderWay};
use sandgate_engine::journal::Durable;
use sandgate_engine::outbox::{Outbox, Refused, Said};
use sandgate_engine::run::{Run, Start};
use sandgate_flow::Value;
use sandgate_flow::event::{Outcome, Push, RunId};
use serde_json::json;

use crate::support::{Flow, engine, repository};
use crate::{at_once, border, gateways, guest, limits, memory, speech, time, told};

/// Keeps what a run has said.
#[derive(Default)]
struct Record(Mutex<Vec<Value>>);

impl Outbox for Record {
    fn address(&self, _: &Push) -> Result<u32, Refused> {
        Ok(1)
    }

    fn say(&self, _: RunId, said: Said, _: Durable) {
        if let Said::Push(push) = said {
            self.0.lock().unwrap().push(push.message);
        }
    }
}

/// A flow with its components loaded.
struct Loaded(Arc<sandgate_flow::Plan>, Arc<sandgate_engine::Components>);

impl Loaded {
    fn new(engine: &Engine, flow: &Flow) -> Self {
        let (plan, components) = flow.load(engine);
        Self(plan, components)
    }

    async fn start(&self, engine: &Engine, input: serde_json::Value) -> (Run, Arc<Record>) {
        let record = Arc::new(Record::default());
        let start = Start {
            plan: Arc::clone(&self.0),
            version: 1,
            components: Arc::clone(&self.1),
            input: self.0.interface.input.accept(input).unwrap(),
            message: Value::Null,
            caller: None,
            key: None,
            outbox: Arc::clone(&record) as Arc<dyn Outbox>,
        };
        (engine.start(start).await.unwrap().run().unwrap(), record)
    }
}

fn countdown() -> Flow {
    let text = std::fs::read_to_string(repository("flows/countdown.yaml")).unwrap();
    assert!(text.contains("milliseconds: 1000"));
    Flow::text(&text.replace("milliseconds: 1000", "milliseconds: 60"))
}

fn attacks() -> Vec<Flow> {
    let all = [at_once::ATTACKS, time::ATTACKS, memory::ATTACKS, speech::ATTACKS, border::ATTACKS, gateways::ATTACKS];
    let guests = ["trap", "spin", "hoard", "recurse"].map(|guest| {
        let text = format!(
            "
            format: 1
            flow: attack
            interface: {{ protocol: websocket }}
            start: it
            nodes:
              it: {{ call: {guest}.go }}
            "
        );
        Flow::text(&text).with_guest(guest)
    });
    all.into_iter().flatten().map(guest::Guest::flow).chain(guests).collect()
}

/// Each attack ends as it would alone, and the countdown never knows.
#[tokio::test]
async fn a_countdown_goes_on_beside_all_attacks_at_once() {
    let engine = engine(Config { limits: limits(), ..Config::default() });
    let countdown = Loaded::new(&engine, &countdown());
    let mut attacks = Vec::new();
    for flow in self::attacks() {
        let alone = told(&flow.simulate(&engine, json!({})).await.outcome);
        attacks.push((alone, Loaded::new(&engine, &flow)));
    }
    let (mut countdowns, mut attacked) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        countdowns.push(countdown.start(&engine, json!({ "a": 3 })).await);
        for (alone, attack) in &attacks {
            attacked.push((alone, attack.start(&engine, json!({})).await.0));
        }
    }
    for (run, record) in countdowns {
        assert_eq!(run.ended().await, Outcome::Output(Value::Int(0)));
        assert_eq!(*record.0.lock().unwrap(), [3, 2, 1].map(Value::Int));
    }
    for (alone, run) in attacked {
        assert_eq!(told(&run.ended().await), *alone);
    }
    comes_to_rest(&engine).await;
    let observed = Flow::named("countdown").simulate(&engine, json!({ "a": 3 })).await;
    assert_eq!(observed.outcome, Outcome::Output(Value::Int(0)));
}

/// A run has been announced before its task gives back what it had.
async fn comes_to_rest(engine: &Engine) {
    let begun = Instant::now();
    while engine.under_way() != (UnderWay { runs: 0, asleep: 0, instances: 0 }) {
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", engine.under_way());
        tokio::task::yield_now().await;
    }
}
