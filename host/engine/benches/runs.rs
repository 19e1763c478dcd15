//! What a run costs in the engine, without a network: `cargo xtask bench core`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark says so by failing")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sandgate_engine::engine::Config;
use sandgate_engine::run::Instances;
use sandgate_engine::simulation::Case;
use sandgate_engine::{Components, Engine};
use sandgate_flow::Plan;
use sandgate_flow::event::Outcome;
use tokio::runtime::Runtime;

/// Counts down without a pause; `SHOW` is where it goes on while the number is above zero.
const FLOW: &str = "
    format: 1
    flow: rounds
    interface: { protocol: websocket, input: { a: { type: integer } } }
    start: count
    nodes:
      count: { call: counter.next, with: { index: '${count}', count: '${input.a}', operator: decrement }, next: more }
      more:
        gateway: exclusive
        branches: [{ if: count > 0, next: SHOW }, { if: count <= 0, next: done }]
      done: { call: output.result, with: { value: '${count}' } }
    ";
const PUSHES: &str = "
      show: { call: client.push, with: { message: '${count}' }, next: count }
    ";

const ROUNDS: u64 = 10_000;

struct Stage {
    runtime: Runtime,
    engine: Engine,
    components: Arc<Components>,
}

impl Stage {
    fn new(instances: Instances) -> Self {
        let engine = Engine::new(Config { instances, ..Config::default() }).unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/components");
        let files = std::fs::read_dir(folder).expect("run `cargo xtask components` first");
        let load = |file: std::io::Result<std::fs::DirEntry>| {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            engine.load(&name, &std::fs::read(path).unwrap()).unwrap()
        };
        let components = Arc::new(Components::new(files.map(load)));
        Self { runtime: Runtime::new().unwrap(), engine, components }
    }

    fn plan(&self, text: &str) -> Arc<Plan> {
        let document = sandgate_flow::parse::parse(text).unwrap();
        Arc::new(sandgate_flow::check(&document, self.components.catalog()).unwrap())
    }

    fn run(&self, plan: &Arc<Plan>, a: u64) {
        let case = Case {
            plan: Arc::clone(plan),
            components: Arc::clone(&self.components),
            input: plan.interface.input.accept(serde_json::json!({ "a": a })).unwrap(),
            message: Default::default(),
            client: None,
        };
        let observed = self.runtime.block_on(self.engine.simulate(case)).unwrap();
        assert!(matches!(observed.outcome, Outcome::Output(_)), "{:?}", observed.outcome);
    }

    fn time(&self, plan: &Arc<Plan>, a: u64, runs: u64) -> Duration {
        let began = Instant::now();
        (0..runs).for_each(|_| self.run(plan, a));
        began.elapsed()
    }
}

fn silent() -> String {
    FLOW.replace("SHOW", "count")
}

/// Two activations a round, each a call and what the engine does around it: with an instance that the run keeps, and
/// with a fresh one, whose first call it is. What a call of the host costs is the third activation of a round that
/// pushes, above.
fn activations(criterion: &mut Criterion) {
    const PER_ROUND: u64 = 2;
    const ROUNDS: u64 = 1_000;
    let mut group = criterion.benchmark_group("activations");
    group.throughput(Throughput::Elements(ROUNDS * PER_ROUND)).sample_size(20);
    for (name, instances) in [("instance kept", Instances::Kept), ("instance fresh", Instances::Fresh)] {
        let stage = Stage::new(instances);
        let plan = stage.plan(&silent());
        group.bench_function(name, |it| it.iter_custom(|runs| stage.time(&plan, ROUNDS, runs)));
    }
    group.finish();
}

fn rounds(criterion: &mut Criterion) {
    let stage = Stage::new(Instances::Kept);
    let silent = stage.plan(&silent());
    let pushing = stage.plan(&format!("{}{}", FLOW.replace("SHOW", "show").trim_end(), PUSHES));
    let mut group = criterion.benchmark_group("rounds of one run");
    group.throughput(Throughput::Elements(ROUNDS)).sample_size(20);
    group.bench_function("count, positive", |it| it.iter_custom(|runs| stage.time(&silent, ROUNDS, runs)));
    group.bench_function("count, positive, push", |it| it.iter_custom(|runs| stage.time(&pushing, ROUNDS, runs)));
    group.finish();
    let mut group = criterion.benchmark_group("whole runs, one after the other");
    group.throughput(Throughput::Elements(1));
    group.bench_function("a = 3, pushes, no sleep", |it| it.iter_custom(|runs| stage.time(&pushing, 3, runs)));
    group.finish();
}

criterion_group!(benches, rounds, activations);
criterion_main!(benches);
