//! Runs whose journal is on disk, in one process.

use std::future::Future as _;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use sandgate_engine::engine::{Config, UnderWay};
use sandgate_engine::journal::sqlite::{Limits, Sqlite};
use sandgate_engine::journal::{Durable, Journal};
use sandgate_engine::outbox::{Outbox, Refused, Said};
use sandgate_engine::run::{Flows, Loaded, Start};
use sandgate_engine::{Components, Engine};
use sandgate_flow::Plan;
use sandgate_flow::event::{Caller, Outcome, Push, RunId};
use serde_json::json;

use crate::{Flow, engine};

/// Sleeps for a day.
const ASLEEP: &str = "
    format: 1
    flow: asleep
    interface: { protocol: websocket }
    start: it
    nodes:
      it: { call: function.sleep, with: { milliseconds: 86400000 } }
    ";

/// Hears nothing.
struct Nobody;

impl Outbox for Nobody {
    fn address(&self, _: &Push) -> Result<u32, Refused> {
        Ok(0)
    }
    fn say(&self, _: RunId, _: Said, _: Durable) {}
}

/// Has the one flow that there is.
struct Here(Arc<Plan>, Arc<Components>);

impl Flows for Here {
    fn load(&self, _: &str, _: u64) -> BoxFuture<'static, Result<Loaded, String>> {
        ready(Ok(Loaded { plan: Arc::clone(&self.0), components: Arc::clone(&self.1) })).boxed()
    }
    fn has_left(&self, _: &Plan, _: Option<&Caller>) -> bool {
        false
    }
    fn outbox(&self, _: RunId, _: &Plan, _: Option<&Caller>) -> Arc<dyn Outbox> {
        Arc::new(Nobody)
    }
}

/// A run that sleeps outside of memory.
async fn asleep(folder: &std::path::Path) -> (Engine, RunId) {
    let opened = Sqlite::open(folder, &Limits::default()).unwrap();
    let journal: Arc<dyn Journal> = Arc::new(opened.journal);
    let engine = engine(Config { journal: Some(journal), ..Config::default() });
    let (plan, components) = Flow::text(ASLEEP).load(&engine);
    engine.recover(Arc::new(Here(Arc::clone(&plan), Arc::clone(&components))), &opened.unended);
    let input = plan.interface.input.accept(json!({})).unwrap();
    let start = Start {
        plan,
        version: 1,
        components,
        input,
        message: Default::default(),
        caller: None,
        key: None,
        outbox: Arc::new(Nobody),
    };
    let run = engine.start(start).await.unwrap().id();
    leaves_memory(&engine).await;
    (engine, run)
}

/// Its task gives back what it had after it has gone to sleep.
async fn leaves_memory(engine: &Engine) {
    let begun = Instant::now();
    while engine.under_way() != (UnderWay { runs: 0, asleep: 1, instances: 0 }) {
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", engine.under_way());
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_run_that_sleeps_for_long_leaves_memory_and_comes_back_for_whoever_looks_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, id) = asleep(folder.path()).await;
    let run = engine.find(id).await.unwrap();
    assert_eq!((engine.under_way().asleep, engine.under_way().runs), (0, 1));
    run.cancel("the test is over");
    assert!(matches!(run.ended().await, Outcome::Cancelled(_)));
    assert!(engine.find(id).await.is_none());
    let (summary, _) = engine.ended(id).await.unwrap().unwrap();
    assert!(summary.ended.is_some());
}

#[tokio::test]
async fn whoever_leaves_while_a_run_is_brought_back_does_not_keep_it_from_coming() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, id) = asleep(folder.path()).await;
    {
        let mut looking = pin!(engine.find(id));
        // It leaves after one look, whether or not the run is back by then.
        let _: Poll<_> = looking.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
    assert!(engine.find(id).await.is_some());
}

#[tokio::test]
async fn a_run_that_was_let_go_leaves_memory_again() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, id) = asleep(folder.path()).await;
    let run = engine.find(id).await.unwrap();
    drop(run);
    leaves_memory(&engine).await;
    assert!(engine.find(id).await.is_some());
}
