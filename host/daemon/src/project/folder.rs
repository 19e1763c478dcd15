//! Where a project's files are.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::config::{self, Config};
use crate::output::Explained;

/// A project's folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

/// The endings of flow documents and of cases.
const DOCUMENTS: [&str; 3] = ["yaml", "yml", "json"];

impl Folder {
    /// A folder that has flows or a configuration.
    ///
    /// # Errors
    ///
    /// There is none here.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let folder = Self(path.to_owned());
        if folder.is_project() {
            return Ok(folder);
        }
        let what = if path.is_dir() { "it has neither flows/ nor sandgate.toml" } else { "it is not a folder" };
        Err(Explained::new(format!("{} is not a project: {what}", path.display()))
            .help("`sandgate new PROJECT` makes a project; `--project DIR` or an argument names one")
            .into())
    }

    /// A folder that is a project, or that holds nothing yet but what the program makes.
    ///
    /// # Errors
    ///
    /// There is something else in it, or it is none.
    pub(crate) fn open_or_empty(path: &Path) -> anyhow::Result<Self> {
        let folder = Self(path.to_owned());
        if folder.is_empty() { Ok(folder) } else { Self::open(path) }
    }

    /// Whether it has flows or a configuration.
    pub(crate) fn is_project(&self) -> bool {
        self.flows().is_dir() || self.config().is_file()
    }

    /// Whether there is nothing in it but drafts and data.
    fn is_empty(&self) -> bool {
        let known = [self.drafts(), self.data()];
        fs::read_dir(&self.0).is_ok_and(|entries| entries.flatten().all(|entry| known.contains(&entry.path())))
    }

    /// The folder at this path, whatever it holds.
    pub(crate) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The project that a flow's file belongs to: the folder above its `flows/`, or the file's own.
    pub(crate) fn of_flow(file: &Path) -> Self {
        let parent = file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let above = (parent.file_name() == Some(OsStr::new("flows"))).then(|| parent.parent()).flatten();
        Self(match above {
            Some(above) if above.as_os_str().is_empty() => PathBuf::from("."),
            Some(above) => above.to_owned(),
            None => parent.to_owned(),
        })
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Its name, for people.
    pub(crate) fn name(&self) -> String {
        let path = self.0.canonicalize().unwrap_or_else(|_| self.0.clone());
        path.file_name().map_or_else(|| "project".into(), |name| name.to_string_lossy().into_owned())
    }

    /// The configuration's file.
    pub(crate) fn config(&self) -> PathBuf {
        self.0.join(config::FILE)
    }

    /// The folder of flows and their cases.
    pub(crate) fn flows(&self) -> PathBuf {
        self.0.join("flows")
    }

    /// The folder of the project's own components.
    pub(crate) fn components(&self) -> PathBuf {
        self.0.join("components")
    }

    /// The folder of flows that are being edited.
    pub(crate) fn drafts(&self) -> PathBuf {
        self.0.join("drafts")
    }

    /// Where what the program makes is kept, unless it is told otherwise.
    pub(crate) fn data(&self) -> PathBuf {
        self.0.join(".sandgate")
    }

    /// A path as people know it: from the project's folder.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.0).unwrap_or(path).display().to_string()
    }

    /// What `sandgate.toml` says; the defaults where there is none.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is a [`config::Error`].
    pub(crate) fn read_config(&self) -> anyhow::Result<Config> {
        let path = self.config();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Config::parse(&path.display().to_string(), &text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Config::default()),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
        }
    }

    /// The flow documents, in order of their names.
    pub(crate) fn flow_files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = files(&self.flows())?;
        files.retain(|file| flow_id(file).is_some());
        Ok(files)
    }

    /// The components' files, in order of their names.
    pub(crate) fn component_files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = files(&self.components())?;
        files.retain(|file| file.extension() == Some(OsStr::new("wasm")) && !is_hidden(file));
        Ok(files)
    }
}

/// The id that a file's name gives a flow; none if by its name it is not a flow.
pub(crate) fn flow_id(file: &Path) -> Option<&str> {
    let ending = file.extension()?.to_str()?;
    let stem = file.file_stem()?.to_str()?;
    let of_another_kind = stem.ends_with(".cases") || stem.ends_with(".schema");
    (DOCUMENTS.contains(&ending) && !of_another_kind && !is_hidden(file)).then_some(stem)
}

/// How the name of a flow's file ends.
pub(crate) fn ending(file: &Path) -> &str {
    file.extension().and_then(OsStr::to_str).unwrap_or("yaml")
}

/// The file of cases that belongs to a flow's file, if there is one.
pub(crate) fn cases_of(flow: &Path) -> Option<PathBuf> {
    DOCUMENTS.iter().map(|ending| flow.with_extension(format!("cases.{ending}"))).find(|path| path.is_file())
}

/// The flow's file that a file of cases belongs to, if it is one.
pub(crate) fn flow_of_cases(cases: &Path) -> Option<PathBuf> {
    let stem = Path::new(cases.file_stem()?);
    let of_cases = stem.extension() == Some(OsStr::new("cases"));
    let flow = cases.with_file_name(stem.file_stem()?);
    let mut files = DOCUMENTS.iter().map(|ending| flow.with_extension(ending));
    of_cases.then(|| files.find(|path| path.is_file())).flatten()
}

/// Reads a file within a limit on its size.
pub(crate) fn read(path: &Path, (limit, bytes_max): (&str, usize)) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take((bytes_max as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > bytes_max {
        return Err(io::Error::other(format!("it is too large: {limit} is {bytes_max}")));
    }
    Ok(bytes)
}

/// Editors keep what they are writing in hidden files.
fn is_hidden(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(|path| path.is_file());
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_schemas_and_what_an_editor_is_writing_are_not_flows() {
        assert_eq!(flow_id(Path::new("flows/countdown.yaml")), Some("countdown"));
        assert_eq!(flow_id(Path::new("flows/countdown.json")), Some("countdown"));
        for other in ["countdown.cases.yaml", "flow.schema.json", ".countdown.yaml", "countdown.yaml~", "notes.txt"] {
            assert_eq!(flow_id(Path::new(other)), None, "{other}");
        }
    }

    #[test]
    fn a_flow_belongs_to_the_folder_above_its_flows() {
        let project = |file| Folder::of_flow(Path::new(file)).path().display().to_string();
        assert_eq!(project("shop/flows/a.yaml"), "shop");
        assert_eq!(project("flows/a.yaml"), ".");
        assert_eq!(project("elsewhere/a.yaml"), "elsewhere");
        assert_eq!(project("a.yaml"), ".");
    }
}
