//! Reads a project, and reads it again.

use std::path::Path;
use std::sync::Arc;

use sandgate_engine::Engine;

use super::flows;
use super::folder::Folder;
use super::{Flow, Project, Unusable, components};
use crate::config::{self, Config};
use crate::versions::{Part, Versions};

/// What is said of versions that are published since there are files.
const FOUND: &str = "found in flows/ when served";
const CHANGED: &str = "changed in flows/ while served";

/// Reads a project's files. Kept for as long as they may change.
pub(crate) struct Loader {
    folder: Folder,
    components: components::Loader,
    versions: Option<Versions>,
}

impl Loader {
    /// For this folder. Components are compiled by this engine.
    pub(crate) fn new(folder: Folder, engine: Engine) -> Self {
        Self { folder, components: components::Loader::new(engine), versions: None }
    }

    /// From now on, what is read and has no errors is published, and what is served are published versions.
    pub(crate) fn publish_to(&mut self, versions: Versions) {
        self.versions = Some(versions);
    }

    /// A component of the project that was read last, as a version keeps it. None if it did not load.
    pub(crate) fn part(&self, name: &str) -> Option<Part<'_>> {
        self.components.part(name)
    }

    /// The folder that is read.
    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Reads the project for the first time. Compiles: takes a while, and blocks.
    pub(crate) fn load(&mut self, config: Config) -> Project {
        self.read(config, Vec::new(), None)
    }

    /// Reads the project as its files are now. A flow that has errors keeps the version that `previous` serves, and a
    /// configuration that has errors is left as it was.
    pub(crate) fn reload(&mut self, previous: &Project) -> Project {
        match self.folder.read_config() {
            Ok(config) => self.read(config, Vec::new(), Some(previous)),
            Err(error) => {
                let unusable = vec![Unusable { file: config::FILE.into(), message: kept(&error) }];
                self.read(previous.config.clone(), unusable, Some(previous))
            }
        }
    }

    /// Reads one flow's file, which need not be in the project's `flows/`. None if by its name it is not a flow.
    ///
    /// # Errors
    ///
    /// The system has no thread to check it on.
    pub(crate) fn load_flow(&self, file: &Path, project: &Project) -> std::io::Result<Option<Flow>> {
        let (components, limits) = (&project.components, &project.config.limits);
        flows::Reader { folder: &self.folder, components, limits, publishing: None }.file(file)
    }

    fn read(&mut self, config: Config, mut unusable: Vec<Unusable>, previous: Option<&Project>) -> Project {
        let (components, broken) = self.components.load(&self.folder, &config);
        unusable.extend(broken);
        let components = Arc::new(components);
        let message = if previous.is_some() { CHANGED } else { FOUND };
        let loader = &self.components;
        let publishing = self.versions.as_ref().map(|versions| flows::Publishing { versions, loader, message });
        let reader =
            flows::Reader { folder: &self.folder, components: &components, limits: &config.limits, publishing };
        let flows = reader.all(previous.map(|it| &it.flows)).unwrap_or_else(|error| {
            unusable.push(Unusable::folder(&self.folder, &self.folder.flows(), &error));
            previous.map(|it| it.flows.clone()).unwrap_or_default()
        });
        let name = config.project.name.clone().unwrap_or_else(|| self.folder.name());
        Project { name, flows, components, config, unusable }
    }
}

fn kept(error: &anyhow::Error) -> String {
    let reason = match error.downcast_ref::<Box<config::Error>>() {
        Some(error) => error.within_file(),
        None => format!("{error:#}"),
    };
    format!("{reason} (what it said before goes on)")
}
