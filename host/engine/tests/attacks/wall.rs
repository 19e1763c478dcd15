//! Guests that take their time, on the machine's clock and on a virtual one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sandgate_engine::engine::Config;
use sandgate_engine::journal::Durable;
use sandgate_engine::limits::Component;
use sandgate_engine::outbox::{Outbox, Refused, Said};
use sandgate_engine::run::Start;
use sandgate_engine::{Engine, Limits};
use sandgate_flow::event::{Push, RunId};
use serde_json::json;

use crate::guest::{GUEST, Guest};
use crate::lowered::{Beside, WORK};
use crate::support::engine;
use crate::{limits, told};

/// As much CPU time as anything here takes.
fn patient() -> Limits {
    Limits { activation_cpu_ms_max: 60_000, ..limits() }
}

/// An outbox at which every push costs the host time.
struct Slow;

const PUSH_TAKES: Duration = Duration::from_millis(10);

impl Outbox for Slow {
    fn address(&self, _: &Push) -> Result<u32, Refused> {
        let begun = Instant::now();
        while begun.elapsed() < PUSH_TAKES {
            std::hint::spin_loop();
        }
        Ok(0)
    }
    fn say(&self, _: RunId, _: Said, _: Durable) {}
}

/// How the flow ends on the machine's clock.
async fn run(engine: &Engine, beside: &Beside, lowered: &Component) -> String {
    let (plan, components) = beside.load(engine, lowered);
    let input = plan.interface.input.accept(json!({})).unwrap();
    let outbox = Arc::new(Slow);
    let start =
        Start { plan, version: 1, components, input, message: Default::default(), caller: None, key: None, outbox };
    told(&engine.start(start).await.unwrap().run().unwrap().ended().await)
}

#[tokio::test]
async fn work_takes_time() {
    let engine = engine(Config { limits: patient(), ..Config::default() });
    let lowered = Component { activation_wall_ms_max: 1, ..Component::from(&patient()) };
    let beside = Beside { guest: WORK, name: "guest" };
    insta::assert_snapshot!(run(&engine, &beside, &lowered).await, @"limit: node it (component guest): took too long: activation_wall_ms_max is 1");
}

/// The first is where time begins to count. After the last no epoch is looked at.
const PUSHES: Guest =
    Guest { body: "(call $say (i32.const 0) (i32.const 0)) (call $say (i32.const 0) (i32.const 0))", ..GUEST };

#[tokio::test]
async fn what_the_host_does_for_a_guest_takes_time() {
    let engine = engine(Config { limits: patient(), ..Config::default() });
    let lowered = Component { activation_wall_ms_max: 5, ..Component::from(&patient()) };
    let beside = Beside { guest: PUSHES, name: "guest" };
    insta::assert_snapshot!(run(&engine, &beside, &lowered).await, @"limit: node it (component guest): took too long: activation_wall_ms_max is 5");
}

/// Makes room for others as well, in which time stands still.
const SLEEPS: Guest = Guest {
    body: "
        (call $sleep (i64.const 3600000))
        (call $say (i32.const 0) (i32.const 0))
        (call $sleep (i64.const 3600000))
        (call $say (i32.const 0) (i32.const 0))",
    ..GUEST
};

#[tokio::test]
async fn sleep_takes_none_whether_the_instance_is_kept_or_not() {
    for unload_after_ms in [50, u64::MAX] {
        let limits = Limits { unload_after_ms, ..patient() };
        let engine = engine(Config { limits: limits.clone(), ..Config::default() });
        let lowered = Component { activation_wall_ms_max: 0, ..Component::from(&limits) };
        let observed = Beside { guest: SLEEPS, name: "guest" }.simulate(&engine, &lowered).await;
        assert_eq!(told(&observed.outcome), "output: [null,null]");
        assert_eq!(observed.duration.as_secs(), 4 * 3_600);
    }
}
