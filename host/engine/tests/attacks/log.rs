//! Guests that write to the log without end.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex, Once};

use sandgate_engine::Engine;
use sandgate_engine::engine::Config;
use sandgate_engine::journal::Durable;
use sandgate_engine::limits::Component;
use sandgate_engine::outbox::{Outbox, Refused, Said};
use sandgate_engine::run::Start;
use sandgate_flow::event::{Push, RunId};
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::guest::{GUEST, Guest};
use crate::limits;
use crate::lowered::{Beside, simulate};
use crate::support::engine;

/// What the host has logged, all tests together: level and target, node and component if it is of one, and the text.
static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Keeps all that is logged there.
struct Log;

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let about = event.metadata();
        let mut line = Line(format!("{} {}", about.level(), about.target()));
        event.record(&mut line);
        LOG.lock().unwrap().push(line.0);
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "run" => {}
            "message" => write!(self.0, ": {value:?}").unwrap(),
            name => write!(self.0, " {name}={value:?}").unwrap(),
        }
    }
}

/// From here on, everything is kept that is logged.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Log).unwrap());
}

fn listening() -> Engine {
    listen();
    engine(Config { limits: limits(), ..Config::default() })
}

/// The lines of a component, and those about it.
pub(crate) fn logged(component: &str) -> Vec<String> {
    let (of, about) = (format!("component=\"{component}\""), format!("component {component} "));
    let log = LOG.lock().unwrap();
    log.iter().filter(|line| line.contains(&of) || line.contains(&about)).cloned().collect()
}

/// Ten lines of 872 letters: with what is beside them each counts 1,000 bytes.
const FLOOD: Guest = Guest {
    body: "
        (local $line i32)
        (memory.fill (i32.const 2000) (i32.const 120) (i32.const 872))
        (loop
          (call $log (i32.const 2) (i32.const 2000) (i32.const 872))
          (local.set $line (i32.add (local.get $line) (i32.const 1)))
          (br_if 0 (i32.lt_u (local.get $line) (i32.const 10))))
        (call $sleep (i64.const 10000))
        (call $log (i32.const 2) (i32.const 2000) (i32.const 5))",
    ..GUEST
};

/// The same, with a number instead of so many letters.
fn written(component: &str) -> Vec<String> {
    logged(component).iter().map(|line| line.replace(&"x".repeat(872), "872 letters")).collect()
}

#[tokio::test]
async fn a_flood_of_log_lines_is_held_to_its_rate_and_what_is_dropped_is_said() {
    let engine = listening();
    let lowered =
        Component { log_bytes_per_second_max: 1_000, log_burst_bytes_max: 3_000, ..Component::from(&limits()) };
    let flood = Beside { guest: FLOOD, name: "flooding" };
    flood.simulate(&engine, &lowered).await;
    insta::assert_snapshot!(written("flooding").join("\n"), @r#"
    INFO component: 872 letters node="it" component="flooding"
    INFO component: 872 letters node="it" component="flooding"
    INFO component: 872 letters node="it" component="flooding"
    INFO component: 872 letters node="it" component="flooding"
    WARN sandgate_engine::capability::log: component flooding logs too fast, at node it: its lines are dropped until it has slowed down: log_bytes_per_second_max is 1000
    WARN sandgate_engine::capability::log: component flooding has slowed down: 6 of its log lines, 5232 bytes, were dropped: log_bytes_per_second_max is 1000
    INFO component: xxxxx node="it" component="flooding"
    "#);
    // Ten and one, and nothing about them.
    let others = written(flood.other());
    assert!(others.len() == 11 && others.iter().all(|line| line.starts_with("INFO component: ")), "{others:#?}");
}

/// Each run on a clock of its own has a bucket of its own.
#[tokio::test]
async fn cases_do_not_take_each_others_room() {
    let engine = listening();
    let lowered =
        Component { log_bytes_per_second_max: 1_000, log_burst_bytes_max: 3_000, ..Component::from(&limits()) };
    let loaded = Beside { guest: FLOOD, name: "simulated" }.load(&engine, &lowered);
    simulate(&engine, loaded.clone()).await;
    let alone = written("simulated");
    simulate(&engine, loaded).await;
    assert_eq!(written("simulated"), [&alone[..], &alone[..]].concat());
}

/// Hears nothing.
struct Nobody;

impl Outbox for Nobody {
    fn address(&self, _: &Push) -> Result<u32, Refused> {
        Ok(0)
    }
    fn say(&self, _: RunId, _: Said, _: Durable) {}
}

const LINES: Guest = Guest {
    body: "
        (memory.fill (i32.const 2000) (i32.const 120) (i32.const 872))
        (call $log (i32.const 2) (i32.const 2000) (i32.const 872))
        (call $log (i32.const 2) (i32.const 2000) (i32.const 872))",
    ..GUEST
};

/// The machine's clock goes on meanwhile, but a byte a second makes no line of it.
#[tokio::test]
async fn all_runs_of_a_component_together_are_held_to_its_rate() {
    let engine = listening();
    let lowered = Component { log_bytes_per_second_max: 1, log_burst_bytes_max: 2_500, ..Component::from(&limits()) };
    let (plan, components) = Beside { guest: LINES, name: "shared" }.load(&engine, &lowered);
    for _ in 0..3 {
        let start = Start {
            plan: Arc::clone(&plan),
            version: 1,
            components: Arc::clone(&components),
            input: plan.interface.input.accept(json!({})).unwrap(),
            message: Default::default(),
            caller: None,
            key: None,
            outbox: Arc::new(Nobody),
        };
        engine.start(start).await.unwrap().run().unwrap().ended().await;
    }
    insta::assert_snapshot!(written("shared").join("\n"), @r#"
    INFO component: 872 letters node="it" component="shared"
    INFO component: 872 letters node="it" component="shared"
    INFO component: 872 letters node="it" component="shared"
    WARN sandgate_engine::capability::log: component shared logs too fast, at node it: its lines are dropped until it has slowed down: log_bytes_per_second_max is 1
    "#);
}

#[tokio::test]
async fn the_lines_of_an_activation_are_counted() {
    let engine = listening();
    let lowered = Component { activation_log_lines_max: 1, ..Component::from(&limits()) };
    Beside { guest: LINES, name: "lined" }.simulate(&engine, &lowered).await;
    insta::assert_snapshot!(written("lined").join("\n"), @r#"INFO component: 872 letters [further lines of this activation are dropped: activation_log_lines_max is 1] node="it" component="lined""#);
}

#[tokio::test]
async fn the_bytes_of_an_activations_lines_are_counted() {
    let engine = listening();
    let lowered = Component { activation_log_bytes_max: 800, ..Component::from(&limits()) };
    Beside { guest: LINES, name: "wordy" }.simulate(&engine, &lowered).await;
    insta::assert_snapshot!(written("wordy").join("\n"), @r#"INFO component: 872 letters [further lines of this activation are dropped: activation_log_bytes_max is 800] node="it" component="wordy""#);
}

#[tokio::test]
async fn a_line_is_cut() {
    let engine = listening();
    let lowered = Component { log_line_bytes_max: 10, ..Component::from(&limits()) };
    Beside { guest: LINES, name: "cut_short" }.simulate(&engine, &lowered).await;
    insta::assert_snapshot!(logged("cut_short").join("\n"), @r#"
    INFO component: xxxxxxxxxx [862 bytes more: log_line_bytes_max is 10] node="it" component="cut_short"
    INFO component: xxxxxxxxxx [862 bytes more: log_line_bytes_max is 10] node="it" component="cut_short"
    "#);
}
