//! What the log says of a project: its problems, and what a reload changed.

use sandgate_flow::diagnostic::Color;

use super::{Flow, Project};

/// Writes what is wrong with the project, and what is new in it, to the log; of what `previous` had too, nothing.
pub(crate) fn announce(project: &Project, previous: Option<&Project>) {
    for unusable in &project.unusable {
        if !previous.is_some_and(|it| it.unusable.contains(unusable)) {
            tracing::warn!("{unusable}");
        }
    }
    for (id, flow) in &project.flows {
        announce_flow(flow, previous.map(|it| it.flows.get(id)));
    }
    let removed = previous.iter().flat_map(|it| it.flows.keys()).filter(|id| !project.flows.contains_key(*id));
    for id in removed {
        tracing::info!("flow {id}: its file is gone, and it is served no longer");
    }
    if previous.is_some_and(|it| it.config.needs_restart(&project.config)) {
        tracing::warn!("sandgate.toml: what changed in [server] and [limits] takes effect at the next start");
    }
}

/// `before` is none at the first reading, and holds none for a flow that is new.
fn announce_flow(flow: &Flow, before: Option<Option<&Flow>>) {
    let seen = before.flatten();
    if !flow.problems.is_empty() && seen.is_none_or(|seen| seen.source != flow.source) {
        tracing::warn!("flow {}: {}\n{}", flow.id, standing(flow), flow.source.render(Color::Never).trim_end());
    }
    let version = |flow: &Flow| flow.served.as_ref().map(|served| served.version);
    if let (Some(_), "served", Some(served)) = (before, flow.status(), &flow.served)
        && seen.is_none_or(|seen| version(seen) != version(flow) || seen.status() != "served")
    {
        tracing::info!("flow {}: version {} is served", flow.id, served.version);
    }
}

fn standing(flow: &Flow) -> String {
    match (&flow.served, flow.status()) {
        (Some(served), "stale") => format!("its file has errors; version {} goes on being served", served.version),
        (Some(_), _) => "its file has warnings".into(),
        (None, _) => "its file has errors; it is not served".into(),
    }
}
