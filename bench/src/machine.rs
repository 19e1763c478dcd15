//! What it was measured on, and of what.

use std::fmt;
use std::fs;
use std::process::Command;

use crate::project::Project;

/// For whoever reads the figures. What cannot be found out is said to be unknown.
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    memory_gib: u64,
    kernel: String,
    rust: String,
    profile: String,
    commit: String,
    command: String,
}

impl Machine {
    /// This one.
    pub(crate) fn this(project: &Project) -> Self {
        let file = |path| fs::read_to_string(path).unwrap_or_default();
        let kib = field(&file("/proc/meminfo"), "MemTotal:").trim_end_matches(" kB").parse().unwrap_or(0u64);
        let folder = project.daemon.parent().and_then(|folder| folder.file_name());
        Self {
            processor: field(&file("/proc/cpuinfo"), "model name"),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gib: kib / (1024 * 1024),
            kernel: file("/proc/sys/kernel/osrelease").trim().to_owned(),
            rust: said("rustc", &["--version"]),
            profile: folder.map_or(UNKNOWN.into(), |folder| folder.to_string_lossy().into_owned()),
            commit: said("git", &["describe", "--always", "--dirty", "--exclude", "*"]),
            command: std::env::args().skip(1).collect::<Vec<_>>().join(" "),
        }
    }
}

const UNKNOWN: &str = "unknown";

/// What stands after a name and, where there is one, a colon.
fn field(text: &str, name: &str) -> String {
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    value.map_or(UNKNOWN.into(), |value| value.trim_start_matches([' ', '\t', ':']).to_owned())
}

/// What a program says, run in the repository.
fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    match output {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        _ => UNKNOWN.to_owned(),
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, memory_gib, kernel, rust, profile, commit, command } = self;
        write!(
            f,
            "{processor}, {cores} cores, {memory_gib} GiB; Linux {kernel}; {rust}; profile {profile}; commit {commit}; \
             `sandgate-bench {command}`"
        )
    }
}
