//! `sandgate new`: a project that can be served at once.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use sandgate_flow::schema;

use crate::output::{self, Explained};

/// Make a folder with a flow, its cases and sandgate.toml, that can be served at once
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The folder, which must not be there yet, or be empty
    project: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  sandgate new shop && sandgate serve shop --dev";

const CONFIG: &str = include_str!("sandgate.toml");
const README: &str = include_str!("README.md");
const FLOW: &str = include_str!("../../../../../flows/countdown.yaml");
const CASES: &str = include_str!("../../../../../flows/countdown.cases.yaml");
const IGNORED: &str = "# What sandgate makes: compiled components.\n.sandgate/\n";

pub(super) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let folder = &arguments.project;
    make_empty(folder)?;
    for (file, text) in files(folder) {
        write_new(&folder.join(file), &text)?;
        output::line(format_args!("made {}", folder.join(file).display()))?;
    }
    output::line(format_args!("next: sandgate serve {} --dev", folder.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn files(folder: &Path) -> [(&'static str, String); 7] {
    let name = folder.file_name().map_or_else(|| "This project".into(), |name| name.to_string_lossy());
    [
        ("sandgate.toml", CONFIG.to_owned()),
        ("README.md", README.replace("PROJECT", &name)),
        (".gitignore", IGNORED.to_owned()),
        ("flows/countdown.yaml", FLOW.to_owned()),
        ("flows/countdown.cases.yaml", CASES.to_owned()),
        ("flows/flow.schema.json", format!("{:#}\n", schema::flow_schema())),
        ("flows/cases.schema.json", format!("{:#}\n", schema::cases_schema())),
    ]
}

fn make_empty(folder: &Path) -> anyhow::Result<()> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let error = Explained::new(format!("{} is not empty", folder.display()));
        return Err(error.help("name a folder that is not there yet").into());
    }
    fs::create_dir_all(folder.join("flows")).with_context(|| format!("{} cannot be made", folder.display()))
}

fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    let made = fs::File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    made.with_context(|| format!("{} cannot be written", path.display()))
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
    fn a_folder_with_something_in_it_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine"), "mine").unwrap();
        let error = perform(Arguments { project: folder.path().to_owned() }).unwrap_err();
        assert!(error.to_string().contains("is not empty"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
