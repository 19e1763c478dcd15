//! Flows that are being edited. A draft may be wrong, and is never run by clients.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::files::replace;
use super::{FlowId, Refusal};
use crate::versions::Digest;

/// Drafts in a folder, one file a flow.
pub(crate) struct Drafts {
    folder: PathBuf,
    /// Held while a draft is compared and changed.
    changing: Mutex<()>,
}

/// A draft, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The text.
    pub(crate) text: String,
    /// Tells it apart from what it was before.
    pub(crate) tag: Tag,
}

/// The entity tag of a text: the same for the same text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag(String);

/// What must be so for a draft to be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Nothing was said.
    #[default]
    None,
    /// The draft is one of these; none of them: there is a draft.
    Is(Vec<Tag>),
    /// There is no draft.
    Absent,
}

/// Whether there was a draft before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// There was none.
    New,
    /// It was another.
    Replaced,
}

impl Drafts {
    /// Those in this folder, which is made with the first.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, changing: Mutex::new(()) }
    }

    /// The draft of a flow, if there is one.
    ///
    /// # Errors
    ///
    /// Its file cannot be read.
    pub(crate) fn read(&self, flow: &FlowId) -> Result<Option<Draft>, Refusal> {
        match fs::read_to_string(self.path(flow)) {
            Ok(text) => Ok(Some(Draft { tag: Tag::of(&text), text })),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(self.fault(flow, source)),
        }
    }

    /// The flows that have drafts, in order of their ids.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub(crate) fn flows(&self) -> Result<Vec<FlowId>, Refusal> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(Refusal::File { file: self.folder.display().to_string(), source }),
        };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut flows: Vec<FlowId> = names.filter_map(|name| name.strip_suffix(".yaml")?.parse().ok()).collect();
        flows.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        Ok(flows)
    }

    /// When a draft was changed last; none where the system does not say.
    pub(crate) fn modified(&self, flow: &FlowId) -> Option<SystemTime> {
        fs::metadata(self.path(flow)).and_then(|metadata| metadata.modified()).ok()
    }

    /// Writes a draft, whatever it says.
    ///
    /// # Errors
    ///
    /// The condition does not hold; nothing was said, and there is a draft; its file cannot be written.
    pub(crate) fn write(&self, flow: &FlowId, text: &str, condition: &Condition) -> Result<Written, Refusal> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.read(flow)?;
        condition.admits(flow, now.as_ref())?;
        replace(&self.path(flow), text.as_bytes()).map_err(|source| self.fault(flow, source))?;
        Ok(if now.is_some() { Written::Replaced } else { Written::New })
    }

    /// Removes a draft.
    ///
    /// # Errors
    ///
    /// There is none, the condition does not hold, or the file cannot be removed.
    pub(crate) fn remove(&self, flow: &FlowId, condition: &Condition) -> Result<(), Refusal> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.read(flow)?;
        condition.check(flow, now.as_ref())?;
        now.ok_or_else(|| Refusal::NoDraft(flow.clone()))?;
        fs::remove_file(self.path(flow)).map_err(|source| self.fault(flow, source))
    }

    /// Removes a draft that says what is published: there is nothing left to do with it. One that cannot be removed is
    /// only in the way.
    pub(super) fn remove_if_published(&self, flow: &FlowId, text: &str) {
        match self.remove(flow, &Condition::Is(vec![Tag::of(text)])) {
            Ok(()) | Err(Refusal::NoDraft(_) | Refusal::Changed(_)) => {}
            Err(error) => tracing::warn!("the draft of flow {flow} is published, and stays: {error}"),
        }
    }

    fn path(&self, flow: &FlowId) -> PathBuf {
        self.folder.join(flow.file())
    }

    fn fault(&self, flow: &FlowId, source: std::io::Error) -> Refusal {
        Refusal::File { file: self.path(flow).display().to_string(), source }
    }
}

impl Condition {
    /// Whether what is there now may be written over: not without a word on it.
    pub(super) fn admits(&self, flow: &FlowId, now: Option<&Draft>) -> Result<(), Refusal> {
        if *self == Self::None && now.is_some() {
            return Err(Refusal::Unconditional(flow.clone()));
        }
        self.check(flow, now)
    }

    pub(super) fn check(&self, flow: &FlowId, now: Option<&Draft>) -> Result<(), Refusal> {
        let holds = match (self, now) {
            (Self::None, _) | (Self::Absent, None) => true,
            (Self::Is(tags), Some(draft)) => tags.is_empty() || tags.contains(&draft.tag),
            (Self::Is(_), None) | (Self::Absent, Some(_)) => false,
        };
        if holds { Ok(()) } else { Err(Refusal::Changed(flow.clone())) }
    }
}

impl Tag {
    /// Of a text.
    pub(crate) fn of(text: &str) -> Self {
        Self(format!("\"{:.32}\"", Digest::of(text.as_bytes()).to_string()))
    }

    /// As a header has it, with its quotes.
    pub(crate) fn from_header(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drafts() -> (tempfile::TempDir, Drafts, FlowId) {
        let folder = tempfile::tempdir().unwrap();
        let drafts = Drafts::new(folder.path().join("drafts"));
        (folder, drafts, "countdown".parse().unwrap())
    }

    #[test]
    fn a_draft_is_replaced_only_by_who_has_seen_it() {
        let (_folder, drafts, flow) = drafts();
        assert_eq!(drafts.write(&flow, "one", &Condition::None).unwrap(), Written::New);
        let one = drafts.read(&flow).unwrap().unwrap().tag;
        assert!(matches!(drafts.write(&flow, "two", &Condition::None), Err(Refusal::Unconditional(_))));
        assert!(matches!(drafts.write(&flow, "two", &Condition::Absent), Err(Refusal::Changed(_))));
        assert_eq!(drafts.write(&flow, "two", &Condition::Is(vec![one.clone()])).unwrap(), Written::Replaced);
        assert!(matches!(drafts.write(&flow, "three", &Condition::Is(vec![one])), Err(Refusal::Changed(_))));
        assert_eq!(drafts.read(&flow).unwrap().unwrap().text, "two");
    }

    #[test]
    fn only_a_draft_that_says_what_is_published_goes_with_it() {
        let (_folder, drafts, flow) = drafts();
        drafts.write(&flow, "two", &Condition::Absent).unwrap();
        drafts.remove_if_published(&flow, "one");
        assert!(drafts.read(&flow).unwrap().is_some());
        drafts.remove_if_published(&flow, "two");
        assert_eq!(drafts.read(&flow).unwrap(), None);
        assert!(matches!(drafts.remove(&flow, &Condition::None), Err(Refusal::NoDraft(_))));
    }
}
