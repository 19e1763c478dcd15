//! Compiling a component, which may take minutes and gigabytes if the component was made for it: in a process of its
//! own, that has limits and can be killed.
//!
//! The child is started with a [`Program`]'s arguments and one more, its order. It reads the component's bytes from
//! standard input and writes compiled code to standard output. Exit code 0 says that it is whole, 1 that the component
//! cannot be compiled, for the reason on standard error. The code is run as the host's own: it is taken from nobody but
//! a child that this process started, and which is the program itself.

mod child;
mod conversation;
mod ending;
mod order;
mod turns;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

pub use child::serve;

use crate::limits::Limits;
use conversation::{Heard, Patience};
use order::Order;
use turns::Turns;

/// Where components are compiled.
#[derive(Clone, Debug, Default)]
pub enum Compile {
    /// In this process and without limits: for tests and benchmarks, whose components are their own.
    #[default]
    Here,
    /// By a program.
    By(Program),
}

/// A program that calls [`serve`] with its last argument.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its file.
    pub path: PathBuf,
    /// What it is called, in a list of processes.
    pub name: OsString,
    /// Its arguments before the last.
    pub arguments: Vec<OsString>,
}

/// Why a component was not compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// What is wrong with the component, or takes more than it may. It would be so again.
    #[error("{0}")]
    Component(String),
    /// What is wrong with the compiler, or was at that moment.
    #[error("{0}")]
    Compiler(String),
}

impl Failure {
    pub(crate) fn compiler(what: impl fmt::Display) -> Self {
        Self::Compiler(format!("the compiler {what}"))
    }
}

/// Starts a process for each component.
pub(crate) struct Compiler {
    program: Program,
    limits: Arc<Limits>,
    turns: Turns,
    /// Whether it was logged that a child cannot keep a limit.
    told: AtomicBool,
}

impl Compiler {
    pub(crate) fn new(program: Program, limits: Arc<Limits>) -> Self {
        let turns = Turns::new(limits.compiles_max);
        Self { program, limits, turns, told: AtomicBool::new(false) }
    }

    /// Compiles a component. Blocks while as many others are being compiled as may be at once, and then for no longer
    /// than `compile_wall_ms_max`.
    pub(crate) fn compile(&self, component: &[u8]) -> Result<Vec<u8>, Failure> {
        let _turn = self.turns.take();
        // A thread of its own, since that of the caller may be a runtime's.
        let compiled = thread::scope(|scope| {
            let compiling = thread::Builder::new().name("sandgate-compile".to_owned());
            let compiling = compiling.spawn_scoped(scope, || self.by_child(component))?;
            compiling.join().map_err(|_| io::Error::other("the host panicked; its log has the place"))?
        });
        let (status, heard) = compiled.map_err(|error| Failure::compiler(format_args!("cannot be used: {error}")))?;
        let (code, said) = ending::judge(status, heard, &self.limits)?;
        self.tell(&said);
        Ok(code)
    }

    /// The kernel kills the child when the thread ends that started it: this one stays until it has ended.
    fn by_child(&self, component: &[u8]) -> io::Result<(ExitStatus, Heard)> {
        let mut running = Running(self.command()?.spawn()?);
        let patience = Patience {
            wall: Duration::from_millis(self.limits.compile_wall_ms_max),
            answer_bytes_max: self.limits.compiled_bytes_max,
        };
        let heard = conversation::hold(&mut running.0, component, patience)?;
        Ok((running.end()?, heard))
    }

    /// With nothing of this process: no environment, no folder, no group that a terminal's signals reach.
    fn command(&self) -> io::Result<Command> {
        let Program { path, name, arguments } = &self.program;
        let mut command = Command::new(path);
        command.arg0(name).args(arguments).arg(Order::of(&self.limits).written()?);
        command.env_clear().current_dir("/").process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(command)
    }

    fn tell(&self, said: &str) {
        if !said.is_empty() && !self.told.swap(true, Ordering::Relaxed) {
            tracing::warn!("compiling is bounded less than it should be: {said}");
        }
    }
}

/// A child. It is killed, and all that it started with it, when it is dropped.
struct Running(Child);

impl Running {
    /// How it ended. One that goes on with nobody listening is killed.
    fn end(&mut self) -> io::Result<ExitStatus> {
        // One that has ended is not waited for yet, so that its id and its group's are still its own.
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        self.0.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            // There is nobody to tell.
            let _ = self.end();
        }
    }
}
