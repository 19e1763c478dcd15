//! Where a command finds flows, and keeps what was published of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sandgate_engine::journal::Journal;
use sandgate_engine::run::Instances;

use super::opened;
use crate::config::Config;
use crate::output::Explained;
use crate::project::{Folder, Loader, Projects};
use crate::publishing::{Cases, Drafts, Publisher, published};
use crate::versions::{Store, Versions};

/// A data folder, and the project that it belongs to if there is one.
pub(super) struct Place {
    pub(super) folder: Option<Folder>,
    pub(super) data: PathBuf,
}

/// What becomes of changed files when a project is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changed {
    /// They are published.
    Published,
    /// They stay as they are.
    Left,
}

impl Place {
    /// What the command line says, or else the project in this folder, with its own data folder. Without a project, the
    /// data folder must be told, and have versions.
    ///
    /// # Errors
    ///
    /// There is neither a project nor a version.
    pub(super) fn find(project: Option<&Path>, data: Option<PathBuf>) -> anyhow::Result<Self> {
        Self::of(Folder::open(project.unwrap_or(Path::new("."))), project, data)
    }

    /// The same, but a folder that is named and empty is as good as a project: one can be made of it in the Studio.
    ///
    /// # Errors
    ///
    /// As [`Self::find`].
    pub(super) fn find_or_empty(project: Option<&Path>, data: Option<PathBuf>) -> anyhow::Result<Self> {
        let folder = project.map_or_else(|| Folder::open(Path::new(".")), Folder::open_or_empty);
        Self::of(folder, project, data)
    }

    fn of(folder: anyhow::Result<Folder>, project: Option<&Path>, data: Option<PathBuf>) -> anyhow::Result<Self> {
        match (folder, data) {
            (Ok(folder), data) => Ok(Self { data: data.unwrap_or_else(|| folder.data()), folder: Some(folder) }),
            (Err(_), Some(data)) if project.is_none() && Store::is_in(&data) => Ok(Self { folder: None, data }),
            (Err(_), Some(data)) if project.is_none() => {
                let message = format!("this folder is not a project, and nothing was published in {}", data.display());
                Err(Explained::new(message)
                    .help("name a project, or the data folder of a daemon that has published flows")
                    .into())
            }
            (Err(error), _) => Err(error),
        }
    }

    /// What the project's `sandgate.toml` says; without a project, the data folder's.
    ///
    /// # Errors
    ///
    /// It has errors.
    pub(super) fn read_config(&self) -> anyhow::Result<Config> {
        self.folder.clone().unwrap_or_else(|| Folder::at(&self.data)).read_config()
    }

    /// Reads what there is, and makes it ready to be run. Compiles: takes a while, and blocks.
    ///
    /// # Errors
    ///
    /// The engine cannot be had, or the store not be used. What is wrong with flows is in the project.
    pub(super) fn open(
        &self,
        config: Config,
        changed: Changed,
        journal: Option<Arc<dyn Journal>>,
    ) -> anyhow::Result<Publisher> {
        opened::make_private(&self.data)?;
        let store = Store::open(&self.data)?;
        let options = opened::Options { instances: Instances::default(), journal };
        let engine = opened::engine(&config.limits, Some(&self.data), options)?;
        let versions = Versions::new(store, engine.clone());
        let limits = Arc::new(config.limits.clone());
        let (projects, drafts) = match &self.folder {
            Some(folder) => {
                let drafts = folder.drafts();
                let mut loader = Loader::new(folder.clone(), engine);
                if changed == Changed::Published {
                    loader.publish_to(versions.clone());
                }
                let project = loader.load(config);
                (Projects::new(project, Some(loader)), drafts)
            }
            None => {
                let name = Folder::at(&self.data).name();
                (Projects::new(published(&versions, name, config)?, None), self.data.join("drafts"))
            }
        };
        let cases = Arc::new(Cases::new(drafts.clone(), self.folder.clone()));
        Ok(Publisher { versions, projects: Arc::new(projects), drafts: Arc::new(Drafts::new(drafts)), cases, limits })
    }
}
