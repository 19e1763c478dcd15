//! `sandgate.toml`: what a project says about itself. Everything in it has a default.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use sandgate_flow::diagnostic::{self, Color, Problem, Report};
use serde::Deserialize;

use crate::limits::Limits;

/// The file's name in the project's folder.
pub(crate) const FILE: &str = "sandgate.toml";

/// What `sandgate.toml` says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// About the project as a whole.
    pub(crate) project: Project,
    /// How `sandgate serve` listens.
    pub(crate) server: Server,
    /// Every bound, by its name.
    pub(crate) limits: Limits,
    /// Components that are not `components/<name>.wasm`, by the name that flows call them by.
    pub(crate) components: BTreeMap<ComponentName, Origin>,
}

/// About the project as a whole.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Project {
    /// A name for people; without one, the folder's.
    pub(crate) name: Option<String>,
    /// Whether flows may call the components that the program carries, by their own names.
    pub(crate) platform_components: bool,
}

/// How `sandgate serve` listens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Server {
    /// The address and port.
    pub(crate) listen: Option<SocketAddr>,
    /// Origins of pages, besides the server's own, that may connect.
    pub(crate) allow_origin: Vec<String>,
}

/// The name that flows call a component by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct ComponentName(Arc<str>);

/// Where a component comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "OriginAsWritten")]
pub(crate) enum Origin {
    /// A file; a relative path begins at the project's folder.
    File(PathBuf),
    /// A component that the program carries, by its own name.
    Platform(String),
}

/// The file is not what it should be.
#[derive(Clone, Debug)]
pub(crate) struct Error {
    /// The file, as it is shown.
    path: String,
    text: String,
    problem: Problem,
}

impl Config {
    /// Reads the text of a file that is shown as `path`.
    ///
    /// # Errors
    ///
    /// It is not TOML, or says something that is not known.
    pub(crate) fn parse(path: &str, text: &str) -> Result<Self, Box<Error>> {
        toml::from_str(text)
            .map_err(|error| Box::new(Error { path: path.into(), text: text.into(), problem: problem(&error) }))
    }

    /// Whether something differs that is only looked at when the program starts.
    pub(crate) fn needs_restart(&self, newer: &Self) -> bool {
        self.server != newer.server || self.limits != newer.limits
    }
}

impl Default for Project {
    fn default() -> Self {
        Self { name: None, platform_components: true }
    }
}

impl ComponentName {
    /// As flows write it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ComponentName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let mut characters = name.chars();
        let fits = characters.next().is_some_and(|first| first.is_ascii_lowercase())
            && characters.all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_');
        if fits {
            Ok(Self(name.into()))
        } else {
            Err(format!(
                "{name:?} cannot be the name of a component: use small letters, digits and _, beginning with a letter"
            ))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OriginAsWritten {
    path: Option<PathBuf>,
    platform: Option<String>,
}

impl TryFrom<OriginAsWritten> for Origin {
    type Error = &'static str;

    fn try_from(written: OriginAsWritten) -> Result<Self, &'static str> {
        match (written.path, written.platform) {
            (Some(path), None) => Ok(Self::File(path)),
            (None, Some(name)) => Ok(Self::Platform(name)),
            _ => Err("a component has either a `path` or the name of a `platform` component"),
        }
    }
}

impl Error {
    /// For people, with the lines that it is about.
    pub(crate) fn render(&self, color: Color) -> String {
        diagnostic::render(&self.path, &self.text, std::slice::from_ref(&self.problem), color)
    }

    /// One line, without the file's name.
    pub(crate) fn within_file(&self) -> String {
        let Report { line, column, message, help, .. } = self.problem.report(&self.text);
        let help = help.map(|help| format!(": {help}")).unwrap_or_default();
        format!("line {line}, column {column}: {message}{help}")
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.within_file())
    }
}

fn problem(error: &toml::de::Error) -> Problem {
    let span = error.span().unwrap_or_default();
    unknown_key(error.message(), span.clone()).unwrap_or_else(|| Problem::error(span, error.message()))
}

/// Of the keys that serde's message lists, ``unknown field `a`, expected one of `b`, `c` ``, the nearest, or else all.
fn unknown_key(message: &str, span: Range<usize>) -> Option<Problem> {
    let (unknown, known) = message.strip_prefix("unknown field `")?.split_once('`')?;
    let known: Vec<_> = known.split('`').skip(1).step_by(2).collect();
    let help = diagnostic::did_you_mean(unknown, known.iter().copied())
        .unwrap_or_else(|| format!("the keys here are {}", known.join(", ")));
    Some(Problem::error(span, format!("unknown key `{unknown}`")).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Config::parse(FILE, text).unwrap_err().render(Color::Never)
    }

    #[test]
    fn an_empty_file_is_all_defaults() {
        let config = Config::parse(FILE, "").unwrap();
        assert!(config.project.platform_components);
        assert_eq!(config.server.listen, None);
    }

    #[test]
    fn an_unknown_key_is_shown_with_its_place_and_the_nearest_known_one() {
        let error = error("[server]\nlisten = \"127.0.0.1:0\"\nalow-origin = []\n");
        assert!(error.starts_with("error: unknown key `alow-origin`"), "{error}");
        assert!(error.contains("sandgate.toml:3:1"), "{error}");
        assert!(error.contains("help: did you mean `allow-origin`?"), "{error}");
    }

    #[test]
    fn a_component_comes_from_one_place() {
        let config = Config::parse(FILE, "[components.zaehler]\nplatform = \"tally\"").unwrap();
        let name = ComponentName::try_from("zaehler".to_owned()).unwrap();
        assert_eq!(config.components.get(&name), Some(&Origin::Platform("tally".into())));
        assert!(error("[components.zaehler]\npath = \"a.wasm\"\nplatform = \"tally\"").contains("either a `path`"));
        assert!(error("[components.zaehler]\n").contains("either a `path`"));
    }

    #[test]
    fn a_component_name_is_one_that_expressions_can_have() {
        let error = error("[components.my-counter]\npath = \"a.wasm\"");
        assert!(error.contains("\"my-counter\" cannot be the name of a component"), "{error}");
    }
}
