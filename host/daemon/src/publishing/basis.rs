//! What a flow that is to be published is made of, besides its text.

use std::sync::Arc;

use sandgate_engine::Components;

use super::FlowId;
use super::published;
use crate::config::{Bounds, Unsaid};
use crate::platform;
use crate::project::{Loader, Project};
use crate::versions::{self, Bytes, Digest, Needed, Part, Versions};

/// What a flow is checked against, and where the components that it calls are.
pub(super) struct Basis<'a> {
    /// All that it may call.
    pub(super) components: Arc<Components>,
    parts: Parts<'a>,
}

enum Parts<'a> {
    OfProject(&'a Loader),
    /// Those of the flow's current version.
    Published(Vec<Needed>),
}

impl<'a> Basis<'a> {
    /// In a project, the project's components.
    ///
    /// # Errors
    ///
    /// Without one, those of the current version cannot be had.
    pub(super) fn of(
        versions: &Versions,
        flow: &FlowId,
        loader: Option<&'a Loader>,
        project: &Project,
    ) -> Result<Self, versions::Error> {
        match loader {
            Some(loader) => Ok(Self { components: Arc::clone(&project.components), parts: Parts::OfProject(loader) }),
            None => Self::without_project(versions, flow, &project.components),
        }
    }

    /// Without a project there are the components of the flow's current version, and below them the program's own: a new
    /// text changes what is called, and no component.
    fn without_project(versions: &Versions, flow: &FlowId, loaded: &Components) -> Result<Self, versions::Error> {
        let (kept, needed) = match versions.store().current(flow.as_str()) {
            Ok(version) => (versions.components(&version)?, version.components),
            Err(versions::Error::NoFlow(_)) => (Components::default(), Vec::new()),
            Err(error) => return Err(error),
        };
        let components = published::platform(versions.engine(), loaded).chain(kept.iter().cloned());
        Ok(Self { components: Arc::new(Components::new(components)), parts: Parts::Published(needed) })
    }

    /// A component that it calls, as a version keeps it.
    pub(super) fn part(&self, name: &str) -> Option<Part<'a>> {
        match &self.parts {
            Parts::OfProject(loader) => loader.part(name),
            Parts::Published(kept) => match kept.iter().find(|needed| *needed.name == *name) {
                Some(needed) => Some(Part { needed: needed.clone(), bytes: Bytes::Kept }),
                None => of_platform(name),
            },
        }
    }
}

fn of_platform(name: &str) -> Option<Part<'static>> {
    let bytes = platform::component(name)?.bytes;
    let bounds = Bounds { from: Unsaid::Engine, limits: Default::default() };
    Some(Part { needed: Needed { name: name.into(), digest: Digest::of(bytes), bounds }, bytes: Bytes::Here(bytes) })
}
