//! The cases of flows, as they are being edited: beside the drafts until their flow is published.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::draft::{Condition, Draft, Tag, Written};
use super::files::replace;
use super::{FlowId, Refusal};
use crate::project::{Folder, cases_of, ending};

/// Files of cases: those that are edited, and below them those of the project.
pub(crate) struct Cases {
    drafts: PathBuf,
    /// None where there is no project.
    project: Option<Folder>,
    /// Held while one is compared and changed.
    changing: Mutex<()>,
}

impl Cases {
    /// Those that are edited in this folder, of this project.
    pub(crate) fn new(drafts: PathBuf, project: Option<Folder>) -> Self {
        Self { drafts, project, changing: Mutex::new(()) }
    }

    /// The cases of a flow: as they are edited, else those beside the flow. None if there are none.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub(crate) fn read(&self, flow: &FlowId) -> Result<Option<Draft>, Refusal> {
        let files = [Some(self.edited(flow)), self.published(flow)];
        for file in files.into_iter().flatten() {
            match fs::read_to_string(&file) {
                Ok(text) => return Ok(Some(Draft { tag: Tag::of(&text), text })),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(source) => return Err(Refusal::File { file: file.display().to_string(), source }),
            }
        }
        Ok(None)
    }

    /// Writes them, whatever they say.
    ///
    /// # Errors
    ///
    /// The condition does not hold; nothing was said, and there are some; the file cannot be written.
    pub(crate) fn write(&self, flow: &FlowId, text: &str, condition: &Condition) -> Result<Written, Refusal> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.read(flow)?;
        condition.admits(flow, now.as_ref())?;
        let file = self.edited(flow);
        let fault = |source| Refusal::File { file: file.display().to_string(), source };
        replace(&file, text.as_bytes()).map_err(fault)?;
        Ok(if now.is_some() { Written::Replaced } else { Written::New })
    }

    /// Forgets what was edited; what is beside the flow stays.
    ///
    /// # Errors
    ///
    /// There is nothing, the condition does not hold, or the file cannot be removed.
    pub(crate) fn remove(&self, flow: &FlowId, condition: &Condition) -> Result<(), Refusal> {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.read(flow)?;
        condition.check(flow, now.as_ref())?;
        let file = self.edited(flow);
        match fs::remove_file(&file) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Refusal::NoCases(flow.clone())),
            Err(source) => Err(Refusal::File { file: file.display().to_string(), source }),
        }
    }

    /// Puts what was edited beside the flow, which is published. What cannot be stays where it was, and is read from there.
    pub(super) fn publish(&self, flow: &FlowId) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = self.put(flow) {
            tracing::warn!("the cases of flow {flow} stay in drafts/: {error}");
        }
    }

    fn put(&self, flow: &FlowId) -> io::Result<()> {
        let edited = self.edited(flow);
        let Some(folder) = self.project.as_ref().filter(|_| edited.is_file()) else { return Ok(()) };
        let text = fs::read(&edited)?;
        let had = self.published(flow).filter(|path| path.is_file());
        let is_json = || serde_json::from_slice::<serde::de::IgnoredAny>(&text).is_ok();
        let path = match &had {
            Some(path) if ending(path) != "json" || is_json() => path.clone(),
            _ => folder.flows().join(flow.file()).with_extension("cases.yaml"),
        };
        replace(&path, &text)?;
        if let Some(had) = had.filter(|had| *had != path) {
            fs::remove_file(had)?;
        }
        fs::remove_file(edited)
    }

    fn edited(&self, flow: &FlowId) -> PathBuf {
        self.drafts.join(flow.file()).with_extension("cases.yaml")
    }

    fn published(&self, flow: &FlowId) -> Option<PathBuf> {
        cases_of(&self.project.as_ref()?.flows().join(flow.file()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_edited_beside_the_draft_and_put_beside_the_flow() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::at(temporary.path());
        let cases = Cases::new(folder.drafts(), Some(folder.clone()));
        let flow: FlowId = "countdown".parse().unwrap();
        let beside = folder.flows().join("countdown.cases.yaml");
        assert_eq!(cases.read(&flow).unwrap(), None);
        cases.write(&flow, "one", &Condition::Absent).unwrap();
        assert!(!beside.exists());
        cases.publish(&flow);
        assert_eq!(fs::read_to_string(&beside).unwrap(), "one");
        assert!(matches!(cases.write(&flow, "two", &Condition::None), Err(Refusal::Unconditional(_))));
        let one = cases.read(&flow).unwrap().unwrap().tag;
        assert_eq!(cases.write(&flow, "two", &Condition::Is(vec![one.clone()])).unwrap(), Written::Replaced);
        assert!(matches!(cases.write(&flow, "three", &Condition::Is(vec![one])), Err(Refusal::Changed(_))));
        cases.remove(&flow, &Condition::None).unwrap();
        assert_eq!(cases.read(&flow).unwrap().unwrap().text, "one");
        assert!(matches!(cases.remove(&flow, &Condition::None), Err(Refusal::NoCases(_))));
    }
}
