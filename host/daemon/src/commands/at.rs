//! Whom commands about a daemon's flows and runs ask.

use std::path::PathBuf;

use anyhow::Context as _;

use super::place::Place;
use super::remote::Remote;
use super::running::Reached;
use crate::project::Folder;

/// Where a daemon is, or what it serves from.
#[derive(clap::Args)]
pub(super) struct At {
    /// The daemon to ask [default: the one that serves from the data folder]
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// The project's folder [default: this one]
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
    /// The data folder [default: .sandgate in the project's folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Who can be asked.
pub(super) enum Found {
    /// A daemon.
    Daemon(Remote),
    /// None that serves from here.
    Nobody(Place),
}

impl At {
    /// The daemon that is named, or else the one that serves from the data folder.
    pub(super) fn find(&self) -> anyhow::Result<Found> {
        if let Some(url) = &self.server {
            return Ok(Found::Daemon(Remote::new(url)?));
        }
        let place = Place::find(self.project.as_deref(), self.data.clone())?;
        let shown = place.data.display().to_string();
        match Reached::of(&place.data).with_context(|| format!("{shown} cannot be read"))? {
            Some(daemon) => Ok(Found::Daemon(Remote::new(&daemon.url)?)),
            None => Ok(Found::Nobody(place)),
        }
    }

    /// The project whose files are meant, if there is one.
    pub(super) fn folder(&self) -> anyhow::Result<Option<Folder>> {
        match &self.project {
            Some(project) => Folder::open(project).map(Some),
            None => Ok(Folder::open(std::path::Path::new(".")).ok()),
        }
    }
}
