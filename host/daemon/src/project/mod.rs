//! A project: the folder that holds flows and components, as it was read last.

mod announce;
mod components;
mod flows;
mod folder;
mod load;
mod parallel;
mod source;
#[cfg(test)]
mod tests;
mod watch;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use sandgate_engine::Components;
use sandgate_flow::Plan;
use sandgate_flow::diagnostic::{Report, Severity};

use crate::config::Config;

pub(crate) use announce::announce;
pub(crate) use folder::{Folder, cases_of, flow_id, flow_of_cases};
pub(crate) use load::Loader;
pub(crate) use source::Source;
pub(crate) use watch::watch;

/// A project. Immutable: when its files change, a new one takes its place.
pub(crate) struct Project {
    /// For people: the folder's name, unless the configuration has another.
    pub(crate) name: String,
    /// By id.
    pub(crate) flows: BTreeMap<Arc<str>, Flow>,
    /// The platform's and the project's own.
    pub(crate) components: Arc<Components>,
    /// What `sandgate.toml` says.
    pub(crate) config: Config,
    /// Files that are left out, and why. A flow with errors is not among them.
    pub(crate) unusable: Vec<Unusable>,
}

/// A file of a project that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Unusable {
    /// The file, from the project's folder.
    pub(crate) file: String,
    /// Why not.
    pub(crate) message: String,
}

/// A flow of a project.
#[derive(Clone)]
pub(crate) struct Flow {
    /// Its id, which is its file's name without the ending.
    pub(crate) id: Arc<str>,
    /// Its file.
    pub(crate) path: PathBuf,
    /// What is served: of the file as it is now, or if that has errors, of the last one that had none.
    pub(crate) served: Option<Arc<Served>>,
    /// What is wrong in the file as it is now.
    pub(crate) problems: Vec<Report>,
    /// The file's text as it is now, for showing the problems in it.
    pub(crate) source: Source,
}

/// A version of a flow that can be run. A run keeps the one that it began with.
pub(crate) struct Served {
    /// The checked flow.
    pub(crate) plan: Arc<Plan>,
    /// 1 for the first, and one more for each change since.
    pub(crate) version: u64,
    /// What it calls.
    pub(crate) components: Arc<Components>,
    /// The text that it was made of.
    text: Arc<str>,
}

/// The project as it is now.
pub(crate) struct Projects(ArcSwap<Project>);

impl Projects {
    /// Begins with this project.
    pub(crate) fn new(project: Project) -> Self {
        Self(ArcSwap::from_pointee(project))
    }

    /// The project as it is now. What is to be consistent uses one of these throughout.
    pub(crate) fn current(&self) -> Arc<Project> {
        self.0.load_full()
    }

    /// Puts a newer one in its place. Whoever holds the old one keeps it.
    pub(crate) fn replace(&self, project: Project) {
        self.0.store(Arc::new(project));
    }
}

impl Flow {
    /// `served`; `stale`, where the last good version is served since the file has errors; or `broken`.
    pub(crate) fn status(&self) -> &'static str {
        let has_errors = self.problems.iter().any(|problem| problem.severity == Severity::Error);
        match (&self.served, has_errors) {
            (None, _) => "broken",
            (Some(_), true) => "stale",
            (Some(_), false) => "served",
        }
    }
}

impl Served {
    /// Whether this text with these components gives this version again.
    fn is_of(&self, text: &str, components: &Components) -> bool {
        let same = |name: &Arc<str>| match (self.components.get(name), components.get(name)) {
            (Some(one), Some(other)) => one.digest() == other.digest() && one.limits() == other.limits(),
            (one, other) => one.is_none() && other.is_none(),
        };
        *self.text == *text && self.plan.nodes.iter().all(|node| same(&node.component))
    }
}

impl Unusable {
    /// A folder that cannot be listed.
    fn folder(folder: &Folder, path: &Path, error: &std::io::Error) -> Self {
        Self { file: folder.shown(path), message: format!("the folder cannot be read: {error}") }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.message)
    }
}
