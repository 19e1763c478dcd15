//! Limits that are lower for one component: it reaches them, and another that does the same beside it does not.

use std::sync::Arc;

use sandgate_engine::engine::Config;
use sandgate_engine::limits::{self, Component};
use sandgate_engine::simulation::Case;
use sandgate_engine::{Components, Engine, Limits};
use sandgate_flow::Plan;
use sandgate_flow::cases::Observed;
use serde_json::json;

use crate::guest::{GUEST, Guest};
use crate::support::{Flow, engine};
use crate::{limits, told};

/// A guest, and beside it one that is the same but for its limits.
pub(crate) struct Beside {
    pub(crate) guest: Guest,
    /// What the lowered one is called: tests that look at the log each have their own.
    pub(crate) name: &'static str,
}

impl Beside {
    /// What the other one is called.
    pub(crate) fn other(&self) -> &'static str {
        format!("other_than_{}", self.name).leak()
    }

    /// A flow that calls the other one, which may use all that there is, and then the one of that name, which may not;
    /// and outputs what both returned.
    pub(crate) fn load(&self, engine: &Engine, lowered: &limits::Component) -> (Arc<Plan>, Arc<Components>) {
        let (bytes, name, other, with) = (self.guest.component(), self.name, self.other(), self.guest.with);
        let text = format!(
            "
            format: 1
            flow: attack
            interface: {{ protocol: websocket }}
            start: first
            nodes:
              first: {{ call: {other}.go, with: {with}, next: it }}
              it: {{ call: {name}.go, with: {with}, next: done }}
              done: {{ call: output.result, with: {{ value: '${{[first, it]}}' }} }}
            "
        );
        let flow = Flow::text(&text).with_component(other, bytes.clone()).with_component(name, bytes);
        let (plan, components) = flow.load(engine);
        (plan, with_lowered(&components, name, lowered))
    }

    pub(crate) async fn simulate(&self, engine: &Engine, lowered: &limits::Component) -> Observed {
        simulate(engine, self.load(engine, lowered)).await
    }
}

/// A case of a flow that has been loaded.
pub(crate) async fn simulate(engine: &Engine, (plan, components): (Arc<Plan>, Arc<Components>)) -> Observed {
    let input = plan.interface.input.accept(json!({})).unwrap();
    let case = Case { plan, components, input, message: Default::default(), client: None };
    engine.simulate(case).await.unwrap()
}

/// The components, but the one of this name with less.
fn with_lowered(components: &Components, name: &str, lowered: &limits::Component) -> Arc<Components> {
    let lowered = components.get(name).unwrap().lowered(lowered).unwrap();
    Arc::new(Components::new(components.iter().cloned().chain([lowered])))
}

/// How a flow ends that calls a guest twice: as it is, and lowered.
async fn beside(guest: Guest, lowered: limits::Component) -> String {
    let engine = engine(Config { limits: limits(), ..Config::default() });
    told(&Beside { guest, name: "guest" }.simulate(&engine, &lowered).await.outcome)
}

/// All that there is.
fn all() -> limits::Component {
    Component::from(&limits())
}

const MEMORY: Guest =
    Guest { body: "(if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable))", ..GUEST };

#[tokio::test]
async fn memory() {
    let lowered = Component { memory_bytes_max: 100_000, ..all() };
    insta::assert_snapshot!(beside(MEMORY, lowered).await, @"limit: node it (component guest): wanted 131072 bytes of memory: memory_bytes_max is 100000");
}

const TABLE: Guest = Guest {
    body: "(if (i32.eq (table.grow $table (ref.null func) (i32.const 100)) (i32.const -1)) (then unreachable))",
    rest: "(table $table 1 funcref)",
    ..GUEST
};

#[tokio::test]
async fn tables() {
    let lowered = Component { table_elements_max: 50, ..all() };
    insta::assert_snapshot!(beside(TABLE, lowered).await, @"limit: node it (component guest): wanted 105 elements of tables: table_elements_max is 50");
}

#[tokio::test]
async fn core_instances() {
    let lowered = Component { core_instances_max: 1, ..all() };
    insta::assert_snapshot!(beside(GUEST, lowered).await, @"limit: node it (component guest): is made of too many core instances: core_instances_max is 1");
}

/// Ten of a resource of its own.
const HANDLES: Guest = Guest {
    component: Some(
        r#"
    (component
      (type $it (resource (rep i32)))
      (core func $new (canon resource.new $it))
      (core module $core
        (import "host" "new" (func $new (param i32) (result i32)))
        (func (export "go") (local $made i32)
          (loop
            (drop (call $new (i32.const 0)))
            (local.set $made (i32.add (local.get $made) (i32.const 1)))
            (br_if 0 (i32.lt_u (local.get $made) (i32.const 10))))))
      (core instance $core (instantiate $core (with "host" (instance (export "new" (func $new))))))
      (func $go (canon lift (core func $core "go")))
      (instance $exported (export "go" (func $go)))
      (export "attack:guest/it@1.0.0" (instance $exported)))"#,
    ),
    ..GUEST
};

#[tokio::test]
async fn handles() {
    let lowered = Component { handles_max: 5, ..all() };
    insta::assert_snapshot!(beside(HANDLES, lowered).await, @"limit: node it (component guest): holds too many handles: handles_max is 5");
}

/// Far more than an epoch of work, and far less than the other may do.
pub(crate) const WORK: Guest = Guest {
    body: "
        (local $done i64)
        (loop
          (local.set $done (i64.add (local.get $done) (i64.const 1)))
          (br_if 0 (i64.lt_u (local.get $done) (i64.const 50000000))))",
    ..GUEST
};

#[tokio::test]
async fn cpu_time() {
    let limits = Limits { activation_cpu_ms_max: 60_000, ..limits() };
    let engine = engine(Config { limits: limits.clone(), ..Config::default() });
    let lowered = Component { activation_cpu_ms_max: 1, ..Component::from(&limits) };
    let observed = Beside { guest: WORK, name: "guest" }.simulate(&engine, &lowered).await;
    insta::assert_snapshot!(told(&observed.outcome), @"limit: node it (component guest): used up its CPU time: activation_cpu_ms_max is 1");
}

const HOST_CALLS: Guest =
    Guest { body: "(call $holds (i32.const 0) (i32.const 512)) (call $holds (i32.const 0) (i32.const 512))", ..GUEST };

#[tokio::test]
async fn host_calls() {
    let lowered = Component { activation_host_calls_max: 1, ..all() };
    insta::assert_snapshot!(beside(HOST_CALLS, lowered).await, @"limit: node it (component guest): made too many host calls: activation_host_calls_max is 1");
}

const TEXT: Guest = Guest { body: "(call $log (i32.const 0) (i32.const 0) (i32.const 2000))", ..GUEST };

#[tokio::test]
async fn what_crosses() {
    let lowered = Component { crossing_bytes_max: 1_000, ..all() };
    insta::assert_snapshot!(beside(TEXT, lowered).await, @"limit: node it (component guest): gave the host too much in one call: crossing_bytes_max is 1000");
}

/// Pushes twice, and answers what it was told at last: the case of the error that `push` returned, and its value.
const PUSHES: Guest = Guest {
    go: Some("() -> tuple<u8, u8, u64>"),
    body: "(result i32)
        (call $say (i32.const 2000) (i32.const 2000))
        (call $say (i32.const 2000) (i32.const 2000))
        (i32.store8 (i32.const 1024) (i32.load8_u (i32.const 512)))
        (if (i32.load8_u (i32.const 512)) (then
          (i32.store8 (i32.const 1025) (i32.load8_u (i32.const 520)))
          (i64.store (i32.const 1032) (i64.load (i32.const 528)))))
        i32.const 1024",
    ..GUEST
};

#[tokio::test]
async fn a_push() {
    let lowered = Component { push_bytes_max: 1_000, ..all() };
    insta::assert_snapshot!(beside(PUSHES, lowered).await, @"output: [[0,0,0],[1,1,1000]]");
}

#[tokio::test]
async fn pushes_together() {
    let lowered = Component { activation_push_bytes_max: 3_000, ..all() };
    insta::assert_snapshot!(beside(PUSHES, lowered).await, @"limit: node it (component guest): pushed 4000 bytes: activation_push_bytes_max is 3000");
}

/// An output ends the run, so here it is the lowered one that comes first. Pushes what it was told.
const OUTPUT: Guest = Guest {
    body: "
        (memory.fill (i32.const 2000) (i32.const 49) (i32.const 20))
        (call $output (i32.const 2000) (i32.const 2) (i32.const 512))
        (if (i32.load8_u (i32.const 512)) (then (call $say (i32.load (i32.const 520)) (i32.load (i32.const 524)))))",
    ..GUEST
};

#[tokio::test]
async fn an_output() {
    let engine = engine(Config { limits: limits(), ..Config::default() });
    let text = "
        format: 1
        flow: attack
        interface: { protocol: websocket }
        start: it
        nodes:
          it: { call: guest.go, next: second }
          second: { call: other.go }
        ";
    let bytes = OUTPUT.component();
    let flow = Flow::text(text).with_component("guest", bytes.clone()).with_component("other", bytes);
    let (plan, components) = flow.load(&engine);
    let components = with_lowered(&components, "guest", &Component { output_bytes_max: 1, ..all() });
    let observed = simulate(&engine, (plan, components)).await;
    insta::assert_snapshot!(observed.pushes[0].message, @"an output of 2 bytes is too large: output_bytes_max is 1");
    insta::assert_snapshot!(told(&observed.outcome), @"output: 11");
}

const SLEEP: Guest = Guest { body: "(call $sleep (i64.const 2000))", ..GUEST };

#[tokio::test]
async fn a_sleep() {
    let lowered = Component { sleep_ms_max: 1_000, ..all() };
    insta::assert_snapshot!(beside(SLEEP, lowered).await, @"limit: node it (component guest): wanted to sleep for 2000 ms: sleep_ms_max is 1000");
}

#[test]
fn a_component_that_begins_with_more_is_not_loaded() {
    let engine = engine(Config { limits: limits(), ..Config::default() });
    let load = |guest: &Guest, lowered| {
        let loaded = engine.load("guest", &guest.component()).unwrap();
        loaded.lowered(&lowered).map_or_else(|error| error.to_string(), |_| "loaded".to_owned())
    };
    let large = Guest { memory: "3", ..GUEST };
    insta::assert_snapshot!(load(&large, Component { memory_bytes_max: 3 * 65_536, ..all() }), @"loaded");
    insta::assert_snapshot!(load(&large, Component { memory_bytes_max: 100_000, ..all() }), @r#"component "guest" does not load: needs 196608 bytes of memory: memory_bytes_max is 100000"#);
    let large = Guest { rest: "(table $table 300 funcref)", ..GUEST };
    insta::assert_snapshot!(load(&large, Component { table_elements_max: 299, ..all() }), @r#"component "guest" does not load: needs a table of 300 elements: table_elements_max is 299"#);
}

/// Nobody has more than the engine allows, whatever is asked for.
#[test]
fn limits_are_only_lowered() {
    let engine = engine(Config { limits: limits(), ..Config::default() });
    let loaded = engine.load("guest", &GUEST.component()).unwrap();
    assert_eq!(*loaded.limits(), all());
    let asked = Component { memory_bytes_max: u64::MAX, push_bytes_max: 7, ..all() };
    assert_eq!(*loaded.lowered(&asked).unwrap().limits(), Component { push_bytes_max: 7, ..all() });
}
