//! What is served where there is no project: all that was published.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use sandgate_engine::{Component, Components, Engine, limits};
use sandgate_flow::diagnostic::Problem;

use crate::config::Config;
use crate::platform;
use crate::project::{Flow, Project, Source};
use crate::versions::{self, Digest, Versions};

/// Every flow's current version. One that cannot be run is not served, and harms no other. Blocks: compiles what is not
/// in the cache.
///
/// # Errors
///
/// The store cannot be used.
pub(crate) fn published(versions: &Versions, name: String, config: Config) -> Result<Project, versions::Error> {
    let flows: BTreeMap<_, _> = versions.store().flows()?.into_iter().map(|id| flow(versions, id.into())).collect();
    let served = flows.values().filter_map(|flow: &Flow| flow.served.as_ref());
    let called: Vec<_> = served.flat_map(|served| served.components.iter().cloned()).collect();
    let components = Arc::new(Components::new(platform(versions.engine(), &Components::default()).chain(called)));
    Ok(Project { name, flows, components, config, unusable: Vec::new() })
}

fn flow(versions: &Versions, id: Arc<str>) -> (Arc<str>, Flow) {
    let (served, source) = match versions.load_current(&id) {
        Ok(served) => {
            (Some(Arc::clone(&served)), Source::of(format!("version {} of {id}", served.version), &served.text))
        }
        Err(error) => {
            let mut source = Source::of(format!("flow {id}"), "");
            source.problems.push(Problem::error(0..0, error.to_string()));
            (None, source)
        }
    };
    let problems = source.reports();
    (Arc::clone(&id), Flow { id, path: PathBuf::new(), served, problems, source })
}

/// The components that the program carries, with all that the engine allows; from those that are loaded, where they are
/// among them. One that does not load is said in the log, and left out.
pub(super) fn platform(engine: &Engine, loaded: &Components) -> impl Iterator<Item = Component> {
    let maxima = limits::Component::from(engine.limits());
    platform::COMPONENTS.iter().filter_map(move |embedded| {
        let digest = Digest::of(embedded.bytes).0;
        let same = |it: &&Component| it.digest() == digest && *it.limits() == maxima;
        if let Some(component) = loaded.get(embedded.name).filter(same) {
            return Some(component.clone());
        }
        let loaded = engine.load(embedded.name, embedded.bytes);
        loaded.inspect_err(|error| tracing::warn!("{error}")).ok()
    })
}
