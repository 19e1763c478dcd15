//! The project that the daemon serves.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use tempfile::TempDir;

use crate::arguments::Arguments;

/// Broadcasts of one run of [`BURSTS`]. As the flow has it.
pub(crate) const BURST: u64 = 100;

/// How long a run of [`NAP`] sleeps. As the flow has it.
pub(crate) const NAP_MS: u64 = 1_000;

const FLOWS: [(&str, &str); 10] = [
    ("rounds", ROUNDS),
    ("countdown", COUNTDOWN),
    ("bursts", BURSTS),
    ("singles", SINGLES),
    ("nap", NAP),
    ("spin", SPIN),
    ("kept", KEPT),
    ("said", SAID),
    ("told", TOLD),
    ("asleep", ASLEEP),
];

/// Counts down, and says nothing.
const ROUNDS: &str = "
format: 1
flow: rounds
interface: { protocol: websocket, durable: false, input: { a: { type: integer } } }
start: count
nodes:
  count: { call: counter.next, with: { index: '${count}', count: '${input.a}', operator: decrement }, next: positive }
  positive: { gateway: exclusive, branches: [{ if: count > 0, next: count }, { if: count <= 0, next: done }] }
  done: { call: output.result, with: { value: '${count}' } }
";

/// Counts down without a pause, and tells whoever started it.
const COUNTDOWN: &str = "
format: 1
flow: countdown
interface: { protocol: websocket, durable: false, input: { a: { type: integer } } }
start: count
nodes:
  count: { call: counter.next, with: { index: '${count}', count: '${input.a}', operator: decrement }, next: positive }
  positive: { gateway: exclusive, branches: [{ if: count > 0, next: show }, { if: count <= 0, next: done }] }
  show: { call: client.reply, with: { message: '${count}' }, next: count }
  done: { call: output.result, with: { value: '${count}' } }
";

/// Tells everyone a hundred times what it is told. The last time is apart: a path ends where there is no next node.
const BURSTS: &str = "
format: 1
flow: bursts
interface: { protocol: websocket, durable: false, framing: raw }
start: count
nodes:
  count: { call: counter.next, with: { index: '${count}', count: 100, operator: decrement }, next: many }
  many: { gateway: exclusive, branches: [{ if: count > 1, next: show }, { if: count <= 1, next: last }] }
  show: { call: client.push, with: { message: '${message}' }, next: count }
  last: { call: client.push, with: { message: '${message}' } }
";

/// Tells everyone once what it is told.
const SINGLES: &str = "
format: 1
flow: singles
interface: { protocol: websocket, durable: false, framing: raw }
start: tell
nodes:
  tell: { call: client.push, with: { message: '${message}' } }
";

/// Sleeps for a second.
const NAP: &str = "
format: 1
flow: nap
interface: { protocol: websocket, durable: false }
start: sleep
nodes:
  sleep: { call: function.sleep, with: { milliseconds: 1000 }, next: done }
  done: { call: output.result, with: { value: 0 } }
";

/// Counts down as [`COUNTDOWN`] does, and is kept.
const KEPT: &str = "
format: 1
flow: kept
interface: { protocol: websocket, input: { a: { type: integer } } }
start: count
nodes:
  count: { call: counter.next, with: { index: '${count}', count: '${input.a}', operator: decrement }, next: positive }
  positive: { gateway: exclusive, branches: [{ if: count > 0, next: show }, { if: count <= 0, next: done }] }
  show: { call: client.reply, with: { message: '${count}' }, next: count }
  done: { call: output.result, with: { value: '${count}' } }
";

/// Says one thing to whoever starts it, and is kept.
const SAID: &str = "
format: 1
flow: said
interface: { protocol: websocket }
start: say
nodes:
  say: { call: client.reply, with: { message: hello } }
";

/// The same, and is not kept.
const TOLD: &str = "
format: 1
flow: told
interface: { protocol: websocket, durable: false }
start: say
nodes:
  say: { call: client.reply, with: { message: hello } }
";

/// Sleeps for as long as it is told, is kept, and outputs when it was to wake.
const ASLEEP: &str = "
format: 1
flow: asleep
interface: { protocol: websocket, input: { ms: { type: integer }, due: { type: integer } } }
start: sleep
nodes:
  sleep: { call: function.sleep, with: { milliseconds: '${input.ms}' }, next: done }
  done: { call: output.result, with: { value: '${input.due}' } }
";

/// Computes without end.
const SPIN: &str = "
format: 1
flow: spin
interface: { protocol: websocket, durable: false }
start: it
nodes:
  it: { call: spin.go }
";

/// The defaults, but what spins may go on.
const SETTINGS: &str = "
[limits.engine]
activation_cpu_ms_max = 3_600_000
";

/// A folder with the flows, which is gone when this is dropped, and the daemon that serves it.
pub(crate) struct Project {
    folder: TempDir,
    /// The program.
    pub(crate) daemon: PathBuf,
}

impl Project {
    /// Writes it.
    ///
    /// # Errors
    ///
    /// The daemon or a component is missing.
    pub(crate) fn new(arguments: &Arguments) -> anyhow::Result<Self> {
        let project = Self { folder: tempfile::tempdir()?, daemon: daemon(arguments)? };
        project.write("sandgate.toml", SETTINGS.as_bytes())?;
        for (flow, text) in FLOWS {
            project.write(&format!("flows/{flow}.yaml"), text.as_bytes())?;
        }
        let spin = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/guests/spin.wasm");
        let missing = || format!("{} is missing: run `cargo xtask components`", spin.display());
        project.write("components/spin.wasm", &fs::read(&spin).with_context(missing)?)?;
        Ok(project)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where the daemon keeps what it stores.
    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Forgets what was stored, and what was compiled.
    pub(crate) fn forget(&self) -> anyhow::Result<()> {
        let data = self.data();
        if data.exists() {
            fs::remove_dir_all(data)?;
        }
        Ok(())
    }

    fn write(&self, file: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.path().join(file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, bytes).with_context(|| path.display().to_string())
    }
}

fn daemon(arguments: &Arguments) -> anyhow::Result<PathBuf> {
    let beside = || anyhow::Ok(env::current_exe()?.with_file_name("sandgate"));
    let daemon = arguments.daemon.clone().map_or_else(beside, Ok)?;
    ensure!(daemon.is_file(), "{} is missing: run `cargo xtask build`, or say `--daemon`", daemon.display());
    Ok(daemon)
}
