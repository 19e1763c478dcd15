//! A project that a command works on, with the engine for it.

use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use sandgate_engine::Engine;
use sandgate_engine::compile::Compile;
use sandgate_engine::engine;
use sandgate_engine::journal::Journal;
use sandgate_engine::run::Instances;
use sandgate_flow::diagnostic;

use super::compile;
use crate::limits::Limits;
use crate::output::{self, Explained};
use crate::project::{self, Flow, Folder, Loader, Project, Served, Source};

/// A project that has been read.
pub(super) struct Opened {
    pub(super) engine: Engine,
    pub(super) loader: Loader,
    pub(super) project: Project,
}

impl Opened {
    /// Reads the project in a folder. What it compiles is kept in the project's own data folder, if that has been made: to
    /// look at a flow leaves nothing behind.
    ///
    /// # Errors
    ///
    /// The configuration is wrong, or the engine cannot be had. What is wrong with flows and components is in the
    /// project.
    pub(super) fn open(folder: Folder, instances: Instances) -> anyhow::Result<Self> {
        let config = folder.read_config()?;
        // Of another user, it is as good as not there.
        let data = Some(folder.data()).filter(|data| fs::read_dir(data).is_ok());
        let engine = engine(&config.limits, data.as_deref(), Options { instances, journal: None })?;
        let mut loader = Loader::new(folder, engine.clone());
        let project = loader.load(config);
        Ok(Self { engine, loader, project })
    }

    /// A flow by its id, or by the path of its file or of its cases, which need not be in the project.
    ///
    /// # Errors
    ///
    /// There is none.
    pub(super) fn flow(&self, name: &str) -> anyhow::Result<Flow> {
        let Some(file) = as_file(name) else {
            return self.project.flows.get(name).cloned().ok_or_else(|| self.unknown(name).into());
        };
        if !file.is_file() {
            anyhow::bail!("there is no file {name}");
        }
        let of_cases = project::flow_of_cases(file);
        let flow = self.loader.load_flow(of_cases.as_deref().unwrap_or(file), &self.project)?;
        flow.with_context(|| {
            format!("{name} is not a flow: the file of one is named as its id, and .yaml, .yml or .json")
        })
    }

    /// The flows of these names, each once; all of the project's where there are none.
    ///
    /// # Errors
    ///
    /// One of them is not there.
    pub(super) fn flows(&self, names: &[String]) -> anyhow::Result<Vec<Flow>> {
        if names.is_empty() {
            return Ok(self.project.flows.values().cloned().collect());
        }
        let mut flows: Vec<Flow> = Vec::new();
        for name in names {
            let flow = self.flow(name)?;
            if flows.iter().all(|other| other.path != flow.path) {
                flows.push(flow);
            }
        }
        Ok(flows)
    }

    /// The version of a flow that can be run; what is wrong is printed.
    pub(super) fn runnable(&self, flow: &Flow) -> Option<Arc<Served>> {
        output::problems(&flow.source.render(output::error_color()));
        if flow.served.is_none() {
            // A component that does not load may be why.
            self.project.unusable.iter().for_each(|it| tracing::warn!("{it}"));
        }
        flow.served.clone()
    }

    /// A text file of the project: one of cases, say.
    pub(super) fn source(&self, path: &Path) -> Source {
        Source::read(path, self.loader.folder().shown(path), &self.project.config.limits)
    }

    fn unknown(&self, name: &str) -> Explained {
        let Project { name: project, flows, .. } = &self.project;
        let known = flows.keys().map(|id| &**id);
        let help = diagnostic::did_you_mean(name, known.clone()).unwrap_or_else(|| match known.collect::<Vec<_>>() {
            none if none.is_empty() => "it has none; `--project DIR` names another project".into(),
            known => format!("its flows are {}", known.join(", ")),
        });
        Explained::new(format!("project {project} has no flow {name:?}")).help(help)
    }
}

/// The project that a command is about: the one that it is told, or that of the file that it is given, or this folder.
///
/// # Errors
///
/// There is no project, and no file that could do without.
pub(super) fn folder(project: Option<PathBuf>, names: &[String]) -> anyhow::Result<Folder> {
    match (project, names.first().and_then(|name| as_file(name))) {
        (Some(project), _) => Folder::open(&project),
        (None, Some(file)) => Ok(Folder::of_flow(file)),
        (None, None) => Folder::open(Path::new(".")),
    }
}

/// A name that is a path: it has a separator or an ending, which ids have not.
fn as_file(name: &str) -> Option<&Path> {
    let path = Path::new(name);
    (name.contains('/') || project::flow_id(path).is_some()).then_some(path)
}

/// How an engine is set up, besides its limits.
pub(super) struct Options {
    /// Whether stateless instances are kept between activations.
    pub(super) instances: Instances,
    /// Where what happens to durable runs is kept; without one nothing of them lasts.
    pub(super) journal: Option<Arc<dyn Journal>>,
}

/// An engine within these limits, which keeps what it compiles in a data folder, if there is one.
///
/// # Errors
///
/// It cannot be had.
pub(super) fn engine(limits: &Limits, data: Option<&Path>, options: Options) -> anyhow::Result<Engine> {
    Engine::new(engine::Config {
        limits: limits.engine.clone(),
        cache_dir: data.map(|data| data.join("cache")),
        instances: options.instances,
        compile: Compile::By(compile::program()?),
        journal: options.journal,
        ..engine::Config::default()
    })
}

/// Makes a data folder if need be. What is in it is run as native code: nobody else may write there.
///
/// # Errors
///
/// It cannot be made.
pub(super) fn make_private(data: &Path) -> anyhow::Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(data);
    made.with_context(|| format!("{} cannot be used for data", data.display()))
}
