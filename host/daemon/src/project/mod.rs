//! A project: the folder that holds flows and components, as it was read last.

mod announce;
mod components;
mod flows;
mod folder;
mod load;
pub(crate) mod new;
mod parallel;
mod source;
#[cfg(test)]
mod tests;
mod watch;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use sandgate_engine::Components;
use sandgate_flow::diagnostic::{Report, Severity};

use crate::config::Config;

pub(crate) use announce::announce;
pub(crate) use folder::{Folder, cases_of, ending, flow_id, flow_of_cases};
pub(crate) use load::Loader;
pub(crate) use source::Source;
pub(crate) use watch::watch;

pub(crate) use crate::versions::Served;

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
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
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

/// The project as it is now.
pub(crate) struct Projects {
    current: ArcSwap<Project>,
    /// Whether flows are files of a folder.
    of_folder: bool,
    /// Reads it again. None where there is no folder, and what is served was published.
    loader: Mutex<Option<Loader>>,
}

/// Why no project was made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotMade {
    /// There is one.
    #[error("the folder is a project already")]
    Exists,
    /// What is served was published, and there is no folder.
    #[error("no folder is served: start `sandgate serve FOLDER` on an empty one")]
    NoFolder,
    /// It cannot be its name.
    #[error("a project's name has {NAME_CHARS_MAX} characters at most, all of which can be seen")]
    Name,
    /// A file cannot be written.
    #[error("a file of the project cannot be written: {0}")]
    File(#[from] std::io::Error),
}

const NAME_CHARS_MAX: usize = 100;

/// What a reload has changed.
pub(crate) struct Reloaded {
    pub(crate) previous: Arc<Project>,
    pub(crate) newer: Arc<Project>,
}

impl Projects {
    /// Begins with this project.
    pub(crate) fn new(project: Project, loader: Option<Loader>) -> Self {
        Self { current: ArcSwap::from_pointee(project), of_folder: loader.is_some(), loader: Mutex::new(loader) }
    }

    /// Whether there is a folder, of which flows are files.
    pub(crate) fn are_of_folder(&self) -> bool {
        self.of_folder
    }

    /// Whether the folder is no project yet.
    pub(crate) fn can_be_made(&self) -> bool {
        let loader = self.loader.lock().unwrap_or_else(PoisonError::into_inner);
        loader.as_ref().is_some_and(|loader| !loader.folder().is_project())
    }

    /// Makes a project of the folder, without flows, and reads it. Blocks.
    ///
    /// # Errors
    ///
    /// It is one already, there is no folder, or a file cannot be written.
    pub(crate) fn make(&self, name: Option<&str>) -> Result<(), NotMade> {
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        if name.is_some_and(|name| name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control)) {
            return Err(NotMade::Name);
        }
        {
            let loader = self.loader.lock().unwrap_or_else(PoisonError::into_inner);
            let folder = loader.as_ref().ok_or(NotMade::NoFolder)?.folder();
            if folder.is_project() {
                return Err(NotMade::Exists);
            }
            std::fs::create_dir_all(folder.flows())?;
            for (file, text) in new::files(folder.path(), new::Flows::None, name) {
                new::write_new(&folder.path().join(file), &text)?;
            }
        }
        self.reload();
        Ok(())
    }

    /// The project as it is now. What is to be consistent uses one of these throughout.
    pub(crate) fn current(&self) -> Arc<Project> {
        self.current.load_full()
    }

    /// Reads the files again, and puts what they say in its place. Blocks; None where there is no folder.
    pub(crate) fn reload(&self) -> Option<Reloaded> {
        let mut loader = self.loader.lock().unwrap_or_else(PoisonError::into_inner);
        let previous = self.current();
        let newer = Arc::new(loader.as_mut()?.reload(&previous));
        self.current.store(Arc::clone(&newer));
        Some(Reloaded { previous, newer })
    }

    /// Puts a newer one in its place, if there is one. Whoever holds the old one keeps it. Nobody else changes it
    /// meanwhile: blocks until they are done.
    pub(crate) fn change<T, E>(
        &self,
        change: impl FnOnce(Option<&Loader>, &Project) -> Result<(Option<Project>, T), E>,
    ) -> Result<T, E> {
        let loader = self.loader.lock().unwrap_or_else(PoisonError::into_inner);
        let (newer, answer) = change(loader.as_ref(), &self.current())?;
        if let Some(newer) = newer {
            self.current.store(Arc::new(newer));
        }
        Ok(answer)
    }
}

impl Project {
    /// The same but for this flow.
    pub(crate) fn with(&self, flow: Flow) -> Self {
        let mut flows = self.flows.clone();
        flows.insert(Arc::clone(&flow.id), flow);
        let Self { name, components, config, unusable, .. } = self;
        Self {
            name: name.clone(),
            flows,
            components: Arc::clone(components),
            config: config.clone(),
            unusable: unusable.clone(),
        }
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
