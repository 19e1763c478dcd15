//! Every case of the repository's flows, with the cache of instances off and on.

use sandgate_engine::engine::Config;
use sandgate_engine::run::Instances;
use sandgate_engine::simulation::Case;
use sandgate_flow::cases::{self, Observed};

use crate::support::{Flow, engine, repository};

/// The names of the flows in `flows/`.
fn flows() -> Vec<String> {
    let files = std::fs::read_dir(repository("flows")).unwrap();
    let name = |file: std::io::Result<std::fs::DirEntry>| file.unwrap().file_name().into_string().unwrap();
    files.map(name).filter_map(|name| name.strip_suffix(".cases.yaml").map(ToOwned::to_owned)).collect()
}

async fn observe(instances: Instances) -> Vec<(String, cases::Case, Observed)> {
    let engine = engine(Config { instances, ..Config::default() });
    let mut observed = Vec::new();
    for flow in flows() {
        let (plan, components) = Flow::named(&flow).load(&engine);
        let text = std::fs::read_to_string(repository(&format!("flows/{flow}.cases.yaml"))).unwrap();
        for case in cases::parse(&text).unwrap() {
            let simulated = Case {
                plan: plan.clone(),
                components: components.clone(),
                input: plan.interface.input.accept(case.input.clone()).unwrap(),
                message: case.message.clone().unwrap_or_default(),
                client: case.client.clone(),
            };
            let name = format!("{flow}: {}", case.name);
            observed.push((name, case, engine.simulate(simulated).await.unwrap()));
        }
    }
    observed
}

#[tokio::test]
async fn every_case_passes_with_and_without_instances_that_are_kept() {
    let kept = observe(Instances::Kept).await;
    let fresh = observe(Instances::Fresh).await;
    assert!(kept.len() >= 10);
    for ((name, case, kept), (_, _, fresh)) in kept.iter().zip(&fresh) {
        let expect = case.expect.as_ref().unwrap();
        assert_eq!(cases::compare(expect, kept), Vec::<String>::new(), "{name}");
        assert_eq!(cases::compare(expect, fresh), Vec::<String>::new(), "{name}");
    }
}
