//! `sandgate.toml`: what a project says about itself. Everything in it has a default.

mod bounds;
mod lowered;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use sandgate_engine::limits;
use sandgate_flow::diagnostic::{self, Color, Problem, Report};
use serde::Deserialize;

use crate::limits::Limits;

pub(crate) use bounds::{Bounds, Unsaid};
pub(crate) use lowered::Lowered;

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
    /// Components that are not `components/<name>.wasm`, or have limits of their own, by the name that flows call them
    /// by.
    pub(crate) components: BTreeMap<ComponentName, Component>,
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

/// What is said about a component.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ComponentAsWritten")]
pub(crate) struct Component {
    /// Where it comes from; none if only its limits are set, and it comes from where it would without.
    pub(crate) origin: Option<Origin>,
    /// The limits that it has of its own.
    limits: Lowered,
}

/// Where a component comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        let config: Result<Self, _> = toml::from_str(text);
        config
            .map_err(|error| problem(&error))
            .and_then(Self::checked)
            .map_err(|problem| Box::new(Error { path: path.into(), text: text.into(), problem }))
    }

    /// This, unless a limit of a component is not one, or is too high: then the first of them.
    fn checked(self) -> Result<Self, Problem> {
        let maxima = limits::Component::from(&self.limits.engine);
        let lowered = self.components.values().map(|component| &component.limits).chain([&self.limits.component]);
        let first = lowered.flat_map(|it| it.problems(&maxima)).min_by_key(|problem| problem.span.start);
        first.map_or(Ok(self), Err)
    }

    /// Whether something differs that is only looked at when the program starts.
    pub(crate) fn needs_restart(&self, newer: &Self) -> bool {
        // Limits of components are looked at whenever the project is read.
        let at_start = |limits: &Limits| Limits { component: Lowered::default(), ..limits.clone() };
        self.server != newer.server || at_start(&self.limits) != at_start(&newer.limits)
    }

    /// What is said of the limits of a component that comes from there. The program's own may have all that the engine
    /// allows; the project's own begin with the defaults.
    pub(crate) fn bounds_of(&self, name: &ComponentName, origin: &Origin) -> Bounds {
        let own = self.components.get(name).into_iter().flat_map(|component| component.limits.iter());
        match origin {
            Origin::Platform(_) => Bounds { from: Unsaid::Engine, limits: own.collect() },
            Origin::File(_) => {
                // Of two with one name the later one.
                Bounds { from: Unsaid::Default, limits: self.limits.component.iter().chain(own).collect() }
            }
        }
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
struct ComponentAsWritten {
    path: Option<PathBuf>,
    platform: Option<String>,
    limits: Option<Lowered>,
}

impl TryFrom<ComponentAsWritten> for Component {
    type Error = &'static str;

    fn try_from(written: ComponentAsWritten) -> Result<Self, &'static str> {
        let origin = match (written.path, written.platform) {
            (Some(path), None) => Some(Origin::File(path)),
            (None, Some(name)) => Some(Origin::Platform(name)),
            (None, None) if written.limits.is_some() => None,
            _ => return Err("a component has either a `path` or the name of a `platform` component, or only `limits`"),
        };
        Ok(Self { origin, limits: written.limits.unwrap_or_default() })
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

    fn name(name: &str) -> ComponentName {
        name.to_owned().try_into().unwrap()
    }

    #[test]
    fn a_component_comes_from_one_place() {
        let config = Config::parse(FILE, "[components.zaehler]\nplatform = \"tally\"").unwrap();
        let origin = config.components.get(&name("zaehler")).and_then(|it| it.origin.as_ref());
        assert_eq!(origin, Some(&Origin::Platform("tally".into())));
        assert!(error("[components.zaehler]\npath = \"a.wasm\"\nplatform = \"tally\"").contains("either a `path`"));
        assert!(error("[components.zaehler]\n").contains("either a `path`"));
    }

    #[test]
    fn a_component_name_is_one_that_expressions_can_have() {
        let error = error("[components.my-counter]\npath = \"a.wasm\"");
        assert!(error.contains("\"my-counter\" cannot be the name of a component"), "{error}");
    }

    const LOWERED: &str = "
        [limits.engine]
        memory_bytes_max = 1_000_000
        [limits.component]
        push_bytes_max = 2_000
        handles_max = 7
        [components.pricing]
        path = 'pricing.wasm'
        limits = { push_bytes_max = 3_000 }
        [components.tally.limits]
        push_bytes_max = 4_000
        ";

    fn limits_of(component: &str, origin: Origin) -> limits::Component {
        let config = Config::parse(FILE, LOWERED).unwrap();
        config.bounds_of(&name(component), &origin).within(&limits::Component::from(&config.limits.engine))
    }

    #[test]
    fn a_component_of_the_projects_own_has_the_defaults_unless_it_has_limits_of_its_own() {
        let (pricing, other) = (Origin::File("pricing.wasm".into()), Origin::File("other.wasm".into()));
        let (pricing, other) = (limits_of("pricing", pricing), limits_of("other", other));
        assert_eq!((pricing.push_bytes_max, pricing.handles_max), (3_000, 7));
        assert_eq!((other.push_bytes_max, other.handles_max), (2_000, 7));
        // A default is no higher than what any component may have.
        let default = limits::Component::default();
        assert_eq!((other.memory_bytes_max, other.crossing_bytes_max), (1_000_000, default.crossing_bytes_max));
    }

    #[test]
    fn a_component_of_the_platform_has_all_that_the_engine_allows_unless_it_has_limits_of_its_own() {
        let maxima = limits_of("other", Origin::Platform("other".into()));
        let all = sandgate_engine::Limits { memory_bytes_max: 1_000_000, ..Default::default() };
        assert_eq!(maxima, limits::Component::from(&all));
        let tally = limits_of("tally", Origin::Platform("tally".into()));
        assert_eq!(tally, limits::Component { push_bytes_max: 4_000, ..maxima });
        let config = Config::parse(FILE, LOWERED).unwrap();
        assert_eq!(config.components.get(&name("tally")).unwrap().origin, None);
    }

    fn place_and_error(text: &str) -> String {
        Config::parse(FILE, text).unwrap_err().within_file()
    }

    #[test]
    fn a_limit_of_a_component_above_the_engines_is_an_error_with_its_place_and_both_values() {
        let said = place_and_error("[components.tally.limits]\nhandles_max = 1\nmemory_bytes_max = 134_217_729\n");
        assert_eq!(
            said,
            "line 3, column 20: `memory_bytes_max` is 134217729, which is above the 134217728 that any component may \
             have: lower it, or raise `memory_bytes_max` in [limits.engine]"
        );
        let said = place_and_error("[limits.engine]\nhandles_max = 5\n[limits.component]\nhandles_max = 6\n");
        assert_eq!(
            said,
            "line 4, column 15: `handles_max` is 6, which is above the 5 that any component may have: lower it, or \
             raise `handles_max` in [limits.engine]"
        );
    }

    #[test]
    fn the_first_of_several_limits_that_are_too_high_is_shown() {
        let said =
            error("[limits.component]\nsleep_ms_max = 31536000001\n[components.a.limits]\nhandles_max = 10001\n");
        assert!(said.contains("`sleep_ms_max` is 31536000001"), "{said}");
    }

    #[test]
    fn an_unknown_limit_of_a_component_is_shown_with_the_nearest_known_one() {
        let said = place_and_error("[components.tally.limits]\nhandels_max = 1\n");
        assert_eq!(said, "line 2, column 1: unknown limit of a component `handels_max`: did you mean `handles_max`?");
        let said = place_and_error("[limits.component]\nstack_bytes_max = 1\n");
        let begin = "line 2, column 1: unknown limit of a component `stack_bytes_max`: ";
        assert!(said.starts_with(begin), "{said}");
        let said = place_and_error("[components.tally.limits]\nhandles_max = -1\n");
        assert_eq!(said, "line 2, column 15: invalid value: integer `-1`, expected u64");
    }

    #[test]
    fn only_what_is_read_at_the_start_needs_one() {
        let config = |text: &str| Config::parse(FILE, text).unwrap();
        let before = config("");
        assert!(before.needs_restart(&config("[limits.engine]\nhandles_max = 1")));
        assert!(!before.needs_restart(&config("[limits.component]\nhandles_max = 1")));
        assert!(!before.needs_restart(&config("[components.tally.limits]\nhandles_max = 1")));
    }
}
