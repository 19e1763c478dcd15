//! `sandgate new`: a project that can be served at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use crate::output::{self, Explained};
use crate::project::new;

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

pub(super) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let folder = &arguments.project;
    make_empty(folder)?;
    for (file, text) in new::files(folder, new::Flows::Example, None) {
        let path = folder.join(file);
        new::write_new(&path, &text).with_context(|| format!("{} cannot be written", path.display()))?;
        output::line(format_args!("made {}", folder.join(file).display()))?;
    }
    output::line(format_args!("next: sandgate serve {} --dev", folder.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn make_empty(folder: &Path) -> anyhow::Result<()> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let error = Explained::new(format!("{} is not empty", folder.display()));
        return Err(error.help("name a folder that is not there yet").into());
    }
    fs::create_dir_all(folder.join("flows")).with_context(|| format!("{} cannot be made", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_something_in_it_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine"), "mine").unwrap();
        let error = perform(Arguments { project: folder.path().to_owned() }).unwrap_err();
        assert!(error.to_string().contains("is not empty"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
