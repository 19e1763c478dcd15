//! The flows of a project.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{io, panic, thread};

use sandgate_engine::Components;
use sandgate_flow::diagnostic::Problem;
use sandgate_flow::{Plan, check, parse};

use super::folder::{Folder, flow_id};
use super::{Flow, Served, Source};
use crate::limits::Limits;

/// Stack for checking flows: the parser of expressions recurses.
const CHECK_STACK_BYTES: usize = 64 * 1024 * 1024;

/// Flows by id.
pub(super) type Flows = BTreeMap<Arc<str>, Flow>;

/// Reads flows, and checks them against the components that there are.
pub(super) struct Reader<'a> {
    folder: &'a Folder,
    components: &'a Arc<Components>,
    limits: &'a Limits,
}

impl<'a> Reader<'a> {
    pub(super) fn new(folder: &'a Folder, components: &'a Arc<Components>, limits: &'a Limits) -> Self {
        Self { folder, components, limits }
    }

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
        let plan = source.check(|text| check_text(text, id, &others, self.components));
        let served = match (plan, previous.and_then(|flow| flow.served.as_ref())) {
            (Some(_), Some(served)) if served.is_of(&source.text, self.components) => Some(Arc::clone(served)),
            (Some(plan), served) => Some(Arc::new(Served {
                plan: Arc::new(plan),
                version: served.map_or(1, |served| served.version + 1),
                components: Arc::clone(self.components),
                text: Arc::clone(&source.text),
            })),
            (None, served) => served.cloned(),
        };
        Some(Flow { id: Arc::clone(id), path: path.clone(), served, problems: source.reports(), source })
    }
}

fn check_text(text: &str, id: &str, others: &[String], components: &Components) -> Result<Plan, Vec<Problem>> {
    let document = parse::parse(text)?;
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
    match check(&document, components.catalog()) {
        Ok(plan) if problems.is_empty() => Ok(plan),
        Ok(_) => Err(problems),
        Err(found) => Err(problems.into_iter().chain(found).collect()),
    }
}

fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("sandgate-check".into()).stack_size(CHECK_STACK_BYTES);
        let running = thread.spawn_scoped(scope, work)?;
        Ok(running.join().unwrap_or_else(|fault| panic::resume_unwind(fault)))
    })
}
