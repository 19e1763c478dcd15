//! A text file of a project, and what is wrong with it.

use std::path::Path;
use std::sync::Arc;

use sandgate_flow::diagnostic::{self, Color, Problem, Report, Severity};

use super::folder;
use crate::limits::Limits;

/// A text file, and the problems that were found with it so far.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Source {
    /// The file as people know it.
    pub(crate) file: String,
    /// What it says; nothing if it cannot be read.
    pub(crate) text: Arc<str>,
    /// What is wrong with it.
    pub(crate) problems: Vec<Problem>,
}

impl Source {
    /// Reads a file that is shown as `file`. One that cannot be read has that problem.
    pub(crate) fn read(path: &Path, file: String, limits: &Limits) -> Self {
        let text = folder::read(path, ("source_bytes_max", limits.source_bytes_max))
            .map_err(|error| error.to_string())
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()));
        match text {
            Ok(text) => Self { file, text: text.into(), problems: Vec::new() },
            Err(reason) => {
                let problem = Problem::error(0..0, format!("the file cannot be read: {reason}"));
                Self { file, text: "".into(), problems: vec![problem] }
            }
        }
    }

    /// A text that is shown as `file`, and has no problems yet.
    pub(crate) fn of(file: String, text: &str) -> Self {
        Self { file, text: text.into(), problems: Vec::new() }
    }

    /// Runs a check of the text, unless the file could not be read; keeps what it finds.
    pub(crate) fn check<T>(&mut self, check: impl FnOnce(&str) -> Result<T, Vec<Problem>>) -> Option<T> {
        if self.has_errors() {
            return None;
        }
        check(&self.text).map_err(|problems| self.problems.extend(problems)).ok()
    }

    /// Whether it cannot be used.
    pub(crate) fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// The problems for people, as rustc shows them; nothing if there are none.
    pub(crate) fn render(&self, color: Color) -> String {
        if self.problems.is_empty() {
            return String::new();
        }
        diagnostic::render(&self.file, &self.text, &self.problems, color)
    }

    /// The problems for programs.
    pub(crate) fn reports(&self) -> Vec<Report> {
        self.problems.iter().map(|problem| problem.report(&self.text)).collect()
    }
}
