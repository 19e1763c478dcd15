//! What is wrong with a document, as `/api/v1` shows it.

use sandgate_flow::diagnostic::{Report, Severity};
use serde::Serialize;
use utoipa::ToSchema;

/// Something wrong in a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Finding {
    /// `error`: the flow cannot be used; `warning`: it can, and is probably not what was meant.
    #[schema(value_type = String, example = "error")]
    severity: Severity,
    /// What is wrong.
    #[schema(example = "there is no component `countr`")]
    message: String,
    /// The line, from 1.
    line: usize,
    /// The column, from 1, in characters.
    column: usize,
    /// The line that it ends on.
    end_line: usize,
    /// The column after its last character.
    end_column: usize,
    /// What to do.
    #[schema(example = "did you mean `counter`?")]
    help: Option<String>,
}

impl Finding {
    /// In a line.
    pub(super) fn told(&self) -> String {
        format!("line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl From<&Report> for Finding {
    fn from(report: &Report) -> Self {
        let Report { severity, message, line, column, end_line, end_column, help } = report.clone();
        Self { severity, message, line, column, end_line, end_column, help }
    }
}

/// All of them.
pub(super) fn findings(reports: &[Report]) -> Vec<Finding> {
    reports.iter().map(Finding::from).collect()
}
