//! An engine with the components that `cargo xtask components` has built, and flows to run on it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sandgate_engine::engine::Config;
use sandgate_engine::simulation::Case;
use sandgate_engine::{Components, Engine};
use sandgate_flow::Plan;
use sandgate_flow::cases::Observed;

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// A component that was built.
fn built(name: &str) -> Vec<u8> {
    std::fs::read(repository(&format!("target/{name}.wasm"))).expect("run `cargo xtask components` first")
}

/// An engine whose compiled components are kept between tests.
pub(crate) fn engine(config: Config) -> Engine {
    let cache_dir = Some(repository("target/test-cache"));
    Engine::new(Config { cache_dir, ..config }).unwrap()
}

/// A flow's text, and which components it may call.
pub(crate) struct Flow {
    text: String,
    guests: Vec<(&'static str, Vec<u8>)>,
}

impl Flow {
    /// One of the repository's.
    pub(crate) fn named(name: &str) -> Self {
        Self::text(&std::fs::read_to_string(repository(&format!("flows/{name}.yaml"))).unwrap())
    }

    /// Any other.
    pub(crate) fn text(text: &str) -> Self {
        Self { text: text.to_owned(), guests: Vec::new() }
    }

    /// With a component of `tests/guests` beside the platform's.
    pub(crate) fn with_guest(self, guest: &'static str) -> Self {
        self.with_component(guest, built(&format!("guests/{guest}")))
    }

    /// With any other.
    pub(crate) fn with_component(mut self, name: &'static str, bytes: Vec<u8>) -> Self {
        self.guests.push((name, bytes));
        self
    }

    /// Loads the components, and checks the flow against them.
    pub(crate) fn load(&self, engine: &Engine) -> (Arc<Plan>, Arc<Components>) {
        let platform = ["counter", "exclusive", "client", "function", "output"];
        let platform = platform.map(|name| (name, built(&format!("components/{name}"))));
        let all = platform.iter().chain(&self.guests).map(|(name, bytes)| engine.load(name, bytes).unwrap());
        let components = Arc::new(Components::new(all));
        let document = sandgate_flow::parse::parse(&self.text).unwrap();
        let plan = sandgate_flow::check(&document, components.catalog()).unwrap();
        (Arc::new(plan), components)
    }

    /// Runs the flow on virtual time.
    pub(crate) async fn simulate(&self, engine: &Engine, input: serde_json::Value) -> Observed {
        let (plan, components) = self.load(engine);
        let input = plan.interface.input.accept(input).unwrap();
        let case = Case { plan, components, input, message: Default::default(), client: None };
        engine.simulate(case).await.unwrap()
    }
}
