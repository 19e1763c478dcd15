use std::sync::Arc;
use sandgate_engine::engine::{Config, Engine};
use sandgate_engine::simulation::Case;
use sandgate_engine::Components;
const FLOW: &str = "
format: 1
flow: rounds
interface: { protocol: websocket, input: { a: { type: integer } } }
start: count
nodes:
  count: { call: counter.next, with: { index: '${count}', count: '${input.a}', operator: decrement }, next: more }
  more:
    gateway: exclusive
    branches: [{ if: count > 0, next: count }, { next: done }]
  done: { call: output.result, with: { value: '${count}' } }
";
const PUSH: &str = "
format: 1
flow: rounds
interface: { protocol: websocket, input: { a: { type: integer } } }
start: count
nodes:
  count: { call: counter.next, with: { index: '${count}', count: '${input.a}', operator: decrement }, next: more }
  more:
    gateway: exclusive
    branches: [{ if: count > 0, next: show }, { next: done }]
  show: { call: client.push, with: { message: '${count}' }, next: count }
  done: { call: output.result, with: { value: '${count}' } }
";
fn main() {
    let rt = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    rt.block_on(async {
        let engine = Engine::new(Config::default()).unwrap();
        let comps = ["counter","exclusive","client","function","output"].map(|n| engine.load(n, &std::fs::read(format!("target/components/{n}.wasm")).unwrap()).unwrap());
        let comps = Arc::new(Components::new(comps));
        for flow in [FLOW, PUSH] {
        let plan = Arc::new(sandgate_flow::check(&sandgate_flow::parse::parse(flow).unwrap(), comps.catalog()).unwrap());
        for n in [1000, 100_000, 100_000] {
            let input = plan.interface.input.accept(serde_json::json!({"a": n})).unwrap();
            let t = std::time::Instant::now();
            let o = engine.simulate(Case{plan: plan.clone(), components: comps.clone(), input, message: Default::default(), client: None}).await.unwrap();
            let e = t.elapsed();
            println!("{n} rounds {:?} {:.0}/s {:?}", e, n as f64 / e.as_secs_f64(), o.outcome);
        }
        let t = std::time::Instant::now();
        for _ in 0..2000 {
            let input = plan.interface.input.accept(serde_json::json!({"a": 3})).unwrap();
            engine.simulate(Case{plan: plan.clone(), components: comps.clone(), input, message: Default::default(), client: None}).await.unwrap();
        }
        println!("runs a=3: {:.1} us each", t.elapsed().as_secs_f64() * 1e6 / 2000.0);
        }
    });
}
