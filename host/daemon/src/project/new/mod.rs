//! What a new project is made of.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use sandgate_flow::schema;

const CONFIG: &str = include_str!("sandgate.toml");
const README: &str = include_str!("README.md");
const FLOW: &str = include_str!("../../../../../flows/countdown.yaml");
const CASES: &str = include_str!("../../../../../flows/countdown.cases.yaml");
const IGNORED: &str = "# What sandgate makes: compiled components.\n.sandgate/\n";

/// Whether there is a flow to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flows {
    /// The countdown, and its cases.
    Example,
    /// None.
    None,
}

/// The files of a new project in a folder, by their paths in it.
pub(crate) fn files(folder: &Path, flows: Flows, name: Option<&str>) -> Vec<(&'static str, String)> {
    let shown = folder.file_name().map_or_else(|| "This project".into(), |name| name.to_string_lossy());
    let mut files = vec![("sandgate.toml", config(name)), (".gitignore", IGNORED.to_owned())];
    if flows == Flows::Example {
        files.push(("README.md", README.replace("PROJECT", &shown)));
        files.push(("flows/countdown.yaml", FLOW.to_owned()));
        files.push(("flows/countdown.cases.yaml", CASES.to_owned()));
    }
    files.push(("flows/flow.schema.json", format!("{:#}\n", schema::flow_schema())));
    files.push(("flows/cases.schema.json", format!("{:#}\n", schema::cases_schema())));
    files
}

fn config(name: Option<&str>) -> String {
    let Some(name) = name else { return CONFIG.to_owned() };
    let line = format!("name = {}", toml::Value::String(name.to_owned()));
    CONFIG.replacen("#name = \"shop\"", &line, 1)
}

/// Writes a file that is not there yet.
///
/// # Errors
///
/// It is there, or cannot be written.
pub(crate) fn write_new(path: &Path, text: &str) -> io::Result<()> {
    fs::File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Lowered, Origin};
    use crate::limits::Limits;

    #[test]
    fn every_line_of_the_configuration_holds_when_it_is_uncommented() {
        let uncommented = |line: &'static str| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => setting,
            _ => line,
        };
        let lines = CONFIG.lines().map(uncommented).collect::<Vec<_>>();
        let config = Config::parse("sandgate.toml", &lines.join("\n")).unwrap();
        let own = Origin::File("own.wasm".into());
        let of_components = config.bounds_of(&"own".to_owned().try_into().unwrap(), &own);
        let maxima = sandgate_engine::limits::Component::from(&config.limits.engine);
        assert_eq!(of_components.within(&maxima), sandgate_engine::limits::Component::default());
        assert_eq!(Limits { component: Lowered::default(), ..config.limits }, Limits::default());
        assert!(config.server.listen.is_some());
        Config::parse("sandgate.toml", CONFIG).unwrap();
    }

    #[test]
    fn a_name_is_in_the_configuration_as_it_is() {
        let name = "Ann's \"shop\" \\ 商店";
        let config = Config::parse("sandgate.toml", &config(Some(name))).unwrap();
        assert_eq!(config.project.name.as_deref(), Some(name));
    }
}
