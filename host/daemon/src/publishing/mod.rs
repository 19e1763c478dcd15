//! How a flow gets its versions: drafts, publishing, going back. What the commands and `/api/v1` do is here.

mod basis;
mod cases;
mod draft;
mod files;
mod flow_id;
mod published;
mod refusal;

use std::sync::Arc;

use sandgate_engine::Components;
use sandgate_flow::check::{InScope, in_scope};
use sandgate_flow::diagnostic::Problem;
use sandgate_flow::document::Document;
use sandgate_flow::{Plan, parse};

use crate::limits::Limits;
use crate::project::{Flow, Loader, Project, Projects, Source};
use crate::versions::{
    self, Bytes, Candidate, Digest, Needed, Note, Outcome, Part, Published, Served, Version, Versions, check,
    on_large_stack,
};

pub(crate) use cases::Cases;
pub(crate) use draft::{Condition, Drafts, Tag, Written};
pub(crate) use flow_id::FlowId;
pub(crate) use published::published;
pub(crate) use refusal::Refusal;

use basis::Basis;
use files::File;

/// Publishes what is served. Cheap to clone. All of it blocks: ask from where that may be.
#[derive(Clone)]
pub(crate) struct Publisher {
    pub(crate) versions: Versions,
    pub(crate) projects: Arc<Projects>,
    pub(crate) drafts: Arc<Drafts>,
    pub(crate) cases: Arc<Cases>,
    pub(crate) limits: Arc<Limits>,
}

/// What is to become a version.
pub(crate) enum Content {
    /// The draft, if this is so of it.
    Draft(Condition),
    /// This text.
    Text(String),
}

/// What can be run, and with what.
pub(crate) struct Planned {
    pub(crate) plan: Arc<Plan>,
    pub(crate) components: Arc<Components>,
}

/// What came of publishing or going back.
pub(crate) struct Done {
    /// The version that new runs take.
    pub(crate) version: Version,
    /// Whether it is new.
    pub(crate) outcome: Outcome,
}

/// What a version is to be made of, and how it is run.
struct New<'a> {
    flow: &'a FlowId,
    /// Where its text is to be, in a project.
    file: Option<File>,
    candidate: Candidate<'a>,
    note: Note<'a>,
    plan: Arc<Plan>,
    components: Arc<Components>,
}

impl Publisher {
    /// Makes a version of a flow, which new runs take from then on. In a project, the text is in `flows/` then; a draft
    /// that says the same is gone.
    ///
    /// # Errors
    ///
    /// The flow has errors, there is no draft, or the version cannot be kept. Nothing has changed.
    pub(crate) fn publish(&self, flow: &FlowId, content: Content, message: &str) -> Result<Done, Refusal> {
        self.message_fits(message)?;
        let published = self.projects.change(|loader, project| {
            let text = self.text(flow, content)?;
            let basis = Basis::of(&self.versions, flow, loader, project)?;
            let plan = self.checked(flow, &text, &basis.components)?;
            let parts = Served::parts(&plan, |name| basis.part(name))?;
            let file = loader.map(|loader| File::of(loader.folder(), flow, &text));
            let ending = file.as_ref().map_or("yaml", File::ending).to_owned();
            let candidate = Candidate { flow: flow.as_str(), text: &text, ending: &ending, parts };
            let note = Note { message, restores: None, found: loader.map(|_| candidate.fingerprint()) };
            self.make(project, New { flow, file, candidate, note, plan: Arc::new(plan), components: basis.components })
        })?;
        self.done(flow, published)
    }

    /// Makes a version with the content of an older one: its text, and the components as they were. In a project, the text
    /// is in `flows/` then; the project's components stay as they are.
    ///
    /// # Errors
    ///
    /// There is no such version, it cannot be run, or the new one cannot be kept. Nothing has changed.
    pub(crate) fn roll_back(&self, flow: &FlowId, to: u64, message: Option<&str>) -> Result<Done, Refusal> {
        let message = message.map_or_else(|| format!("back to version {to}"), str::to_owned);
        self.message_fits(&message)?;
        let published = self.projects.change(|loader, project| {
            let old = self.versions.store().version(flow.as_str(), to)?;
            // That it can be run is seen before anything changes.
            let runs = self.versions.load(flow.as_str(), to)?;
            let kept = |needed: &Needed| Part { needed: needed.clone(), bytes: Bytes::Kept };
            let parts = old.components.iter().map(kept).collect();
            let file = loader.map(|loader| File::of(loader.folder(), flow, &old.text));
            let ending = file.as_ref().map_or(old.head.ending.as_str(), File::ending).to_owned();
            let candidate = Candidate { flow: flow.as_str(), text: &old.text, ending: &ending, parts };
            let found = loader.map(|loader| found_with(loader, flow, &old));
            let note = Note { message: &message, restores: Some(to), found };
            let (plan, components) = (Arc::clone(&runs.plan), Arc::clone(&runs.components));
            self.make(project, New { flow, file, candidate, note, plan, components })
        })?;
        self.done(flow, published)
    }

    /// What the check finds wrong with a text, if it were published now.
    ///
    /// # Errors
    ///
    /// What it would call cannot be had.
    pub(crate) fn problems(&self, flow: &FlowId, text: &str) -> Result<Source, Refusal> {
        match self.checked(flow, text, &*self.components(flow)?) {
            Ok(_) => Ok(Source::of(flow.file(), text)),
            Err(Refusal::Invalid { text, .. }) => Ok(text),
            Err(refusal) => Err(refusal),
        }
    }

    /// What expressions of a text have in scope.
    ///
    /// # Errors
    ///
    /// What it would call cannot be had.
    pub(crate) fn in_scope(&self, flow: &FlowId, text: &str) -> Result<Vec<InScope>, Refusal> {
        let components = self.components(flow)?;
        let read = || parse::parse(text).map(|document| in_scope(&document, components.catalog())).unwrap_or_default();
        Ok(on_large_stack(read).map_err(versions::Error::Thread)?)
    }

    /// A text that can be run without being published: this one, or the draft, or what was published last.
    ///
    /// # Errors
    ///
    /// It has errors, or there is none.
    pub(crate) fn planned(&self, flow: &FlowId, text: Option<String>) -> Result<Planned, Refusal> {
        let text = match (text, self.drafts.read(flow)?) {
            (Some(text), _) => text,
            (None, Some(draft)) => draft.text,
            (None, None) => self.versions.store().current(flow.as_str())?.text,
        };
        let components = self.components(flow)?;
        let plan = Arc::new(self.checked(flow, &text, &components)?);
        Ok(Planned { plan, components })
    }

    /// What a text may call. Does not wait for a project that is being read again.
    fn components(&self, flow: &FlowId) -> Result<Arc<Components>, Refusal> {
        let project = self.projects.current();
        if self.projects.are_of_folder() {
            return Ok(Arc::clone(&project.components));
        }
        Ok(Basis::of(&self.versions, flow, None, &project)?.components)
    }

    /// Makes a version, with its text in the project's file, and a project that serves it.
    fn make(&self, project: &Project, new: New<'_>) -> Result<(Option<Project>, Published), Refusal> {
        let New { flow, file, candidate, note, plan, components } = new;
        let known = project.flows.get(flow.as_str()).map(|flow| &*flow.source.text);
        if let Some(file) = file.as_ref().filter(|file| file.was_edited(known, candidate.text)) {
            return Err(Refusal::Edited { flow: flow.clone(), file: file.shown() });
        }
        let write = || file.as_ref().map_or(Ok(()), |file| file.write(candidate.text));
        let published = self.versions.store().publish(&candidate, note, write)?;
        let text: Arc<str> = candidate.text.into();
        let source = Source::of(file.as_ref().map_or_else(|| flow.file(), File::shown), &text);
        let served = self.versions.hold(Served { plan, version: published.number, components, text });
        let path = file.map(File::into_path).unwrap_or_default();
        let flow = Flow { id: flow.as_str().into(), path, served: Some(served), problems: Vec::new(), source };
        Ok((Some(project.with(flow)), published))
    }

    fn done(&self, flow: &FlowId, published: Published) -> Result<Done, Refusal> {
        let version = self.versions.store().version(flow.as_str(), published.number)?;
        if published.outcome == Outcome::Made {
            tracing::info!("flow {}: version {} is served", flow.as_str(), published.number);
        }
        self.drafts.remove_if_published(flow, &version.text);
        self.cases.publish(flow);
        Ok(Done { version, outcome: published.outcome })
    }

    fn text(&self, flow: &FlowId, content: Content) -> Result<String, Refusal> {
        match content {
            Content::Text(text) => Ok(text),
            Content::Draft(condition) => {
                let draft = self.drafts.read(flow)?.ok_or_else(|| Refusal::NoDraft(flow.clone()))?;
                condition.check(flow, Some(&draft))?;
                Ok(draft.text)
            }
        }
    }

    fn checked(&self, flow: &FlowId, text: &str, components: &Components) -> Result<Plan, Refusal> {
        let mut source = Source::of(flow.file(), text);
        let also = |document: &Document| misnamed(document, flow);
        let plan =
            on_large_stack(|| source.check(|text| check(text, components, also))).map_err(versions::Error::Thread)?;
        plan.ok_or_else(|| Refusal::Invalid { flow: flow.clone(), text: source })
    }

    fn message_fits(&self, message: &str) -> Result<(), Refusal> {
        let max = self.limits.version_message_chars_max;
        if message.chars().count() <= max { Ok(()) } else { Err(Refusal::MessageTooLong { max }) }
    }
}

/// What the project's files are once they have the text of an older version.
fn found_with(loader: &Loader, flow: &FlowId, old: &Version) -> Digest {
    let parts = old.components.iter().filter_map(|needed| loader.part(&needed.name)).collect();
    Candidate { flow: flow.as_str(), text: &old.text, ending: "", parts }.fingerprint()
}

fn misnamed(document: &Document, flow: &FlowId) -> Vec<Problem> {
    let written = &document.flow.id;
    if *written.value == *flow.as_str() {
        return Vec::new();
    }
    let message =
        format!("the document is of the flow `{}`, and `{}` is to be published", written.value, flow.as_str());
    let help = format!("write `flow: {}`, or publish it as `{}`", flow.as_str(), written.value);
    vec![Problem::error(written.span.clone(), message).help(help)]
}
