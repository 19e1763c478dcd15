//! The flows of a project.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sandgate_engine::Components;
use sandgate_flow::Plan;
use sandgate_flow::diagnostic::Problem;
use sandgate_flow::document::Document;

use super::components::Loader;
use super::folder::{Folder, ending, flow_id};
use super::{Flow, Source};
use crate::limits::Limits;
use crate::versions::{self, Candidate, Outcome, Served, Versions, check, on_large_stack};

/// Flows by id.
pub(super) type Flows = BTreeMap<Arc<str>, Flow>;

/// Reads flows, and checks them against the components that there are.
pub(super) struct Reader<'a> {
    pub(super) folder: &'a Folder,
    pub(super) components: &'a Arc<Components>,
    pub(super) limits: &'a Limits,
    /// Where what is read is published; nowhere just counts what changes.
    pub(super) publishing: Option<Publishing<'a>>,
}

/// How what is read is published.
pub(super) struct Publishing<'a> {
    pub(super) versions: &'a Versions,
    /// Has the components' bytes.
    pub(super) loader: &'a Loader,
    /// What is said of a new version.
    pub(super) message: &'static str,
}

impl Reader<'_> {
    /// Every flow. One that has errors keeps what `previous` served.
    pub(super) fn all(&self, previous: Option<&Flows>) -> io::Result<Flows> {
        let mut files: BTreeMap<Arc<str>, Vec<PathBuf>> = BTreeMap::new();
        for file in self.folder.flow_files()? {
            if let Some(id) = flow_id(&file) {
                files.entry(id.into()).or_default().push(file);
            }
        }
        on_large_stack(|| {
            files
                .into_iter()
                .filter_map(|(id, files)| {
                    let flow = self.one(&id, &files, previous.and_then(|flows| flows.get(&id)))?;
                    Some((id, flow))
                })
                .collect()
        })
    }

    /// The flow of one file, wherever it is. None if by its name it is not a flow.
    pub(super) fn file(&self, file: &Path) -> io::Result<Option<Flow>> {
        let Some(id) = flow_id(file) else { return Ok(None) };
        on_large_stack(|| self.one(&id.into(), &[file.to_owned()], None))
    }

    fn one(&self, id: &Arc<str>, files: &[PathBuf], previous: Option<&Flow>) -> Option<Flow> {
        let (path, others) = files.split_first()?;
        let others: Vec<_> = others.iter().map(|file| self.folder.shown(file)).collect();
        let mut source = Source::read(path, self.folder.shown(path), self.limits);
        let plan = source.check(|text| check(text, self.components, |document| misplaced(document, id, &others)));
        let previous = previous.and_then(|flow| flow.served.clone());
        let served = match plan {
            Some(plan) => self.served(plan, path, &mut source, previous),
            None => previous.or_else(|| self.published(id)),
        };
        Some(Flow { id: Arc::clone(id), path: path.clone(), served, problems: source.reports(), source })
    }

    /// What is served now that the file has no errors. If it cannot be published, that is a problem with it.
    fn served(
        &self,
        plan: Plan,
        path: &Path,
        source: &mut Source,
        previous: Option<Arc<Served>>,
    ) -> Option<Arc<Served>> {
        if let Some(same) = previous.as_ref().filter(|served| served.is_of(&source.text, self.components)) {
            return Some(Arc::clone(same));
        }
        let (components, text) = (Arc::clone(self.components), Arc::clone(&source.text));
        let Some(publishing) = &self.publishing else {
            let version = previous.map_or(1, |served| served.version + 1);
            return Some(Arc::new(Served { plan: Arc::new(plan), version, components, text }));
        };
        match publishing.publish(plan, path, components, text) {
            Ok(served) => Some(served),
            Err(error) => {
                source.problems.push(Problem::error(0..0, format!("it cannot be published: {error}")));
                previous
            }
        }
    }

    /// What is served of a flow whose file was never free of errors since the start.
    fn published(&self, id: &str) -> Option<Arc<Served>> {
        match self.publishing.as_ref()?.versions.load_current(id) {
            Ok(served) => Some(served),
            Err(versions::Error::NoFlow(_)) => None,
            Err(error) => {
                tracing::warn!("{error}");
                None
            }
        }
    }
}

impl Publishing<'_> {
    fn publish(
        &self,
        plan: Plan,
        path: &Path,
        components: Arc<Components>,
        text: Arc<str>,
    ) -> Result<Arc<Served>, versions::Error> {
        let parts = Served::parts(&plan, |name| self.loader.part(name))?;
        let candidate = Candidate { flow: &plan.flow, text: &text, ending: ending(path), parts };
        let published = self.versions.store().publish_found(&candidate, self.message)?;
        let version = published.number;
        if published.outcome == Outcome::Made {
            tracing::info!("flow {}: version {version} is published: {}", plan.flow, self.message);
        }
        match published.outcome {
            Outcome::Made | Outcome::Unchanged => {
                Ok(self.versions.hold(Served { plan: Arc::new(plan), version, components, text }))
            }
            Outcome::Overruled => self.versions.load(&plan.flow, version),
        }
    }
}

/// A flow is in one file, of its name.
fn misplaced(document: &Document, id: &str, others: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let written = &document.flow.id;
    if &*written.value != id {
        let message = format!("the flow `{}` is in a file named `{id}`", written.value);
        let help = format!("rename the file to `{}.yaml`, or the flow to `{id}`", written.value);
        problems.push(Problem::error(written.span.clone(), message).help(help));
    }
    if !others.is_empty() {
        let message = format!("the flow `{id}` is in {} too", others.join(" and "));
        problems.push(Problem::error(written.span.clone(), message).help("keep one of the files".to_owned()));
    }
    problems
}
