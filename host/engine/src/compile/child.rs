//! What the child does.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::fd::RawFd;
use std::process::ExitCode;

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, getppid, getrlimit, nice, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};

use super::order::Order;
use crate::sandbox;

/// The exit code for a component that cannot be compiled.
pub(super) const REFUSED: i32 = 1;
/// How much it gives way to everything else, guests among it.
const NICE: i32 = 10;
/// The first file descriptor after standard error.
const FIRST_FD: RawFd = 3;
/// Where the kernel lists them.
const OPEN_FILES: &str = "/proc/self/fd";

/// Compiles the component on standard input within the limits of an order, the last argument of the program, and writes
/// the code to standard output.
///
/// It is for a process of its own, which ends with the exit code, and in which nothing else has been begun: it lowers
/// the process's limits, and closes every file but the three standard ones, whoever opened it.
pub fn serve(order: &OsStr) -> ExitCode {
    match order.to_str().map_or_else(|| Err(io::ErrorKind::InvalidInput.into()), Order::read) {
        Ok(order) => perform(&order),
        Err(error) => ended(&format!("not an order: {error}"), 2),
    }
}

fn perform(order: &Order) -> ExitCode {
    // Nothing of the component is read before.
    let not_kept = bound(order);
    match compile() {
        Ok(()) => ended(&not_kept.join("; "), 0),
        Err(error) => ended(&sandbox::in_one_line(&error), REFUSED as u8),
    }
}

fn ended(said: &str, code: u8) -> ExitCode {
    // There is nobody else to tell.
    let _ = io::stderr().write_all(said.as_bytes());
    ExitCode::from(code)
}

fn compile() -> wasmtime::Result<()> {
    let mut component = Vec::new();
    io::stdin().read_to_end(&mut component)?;
    let code = sandbox::compiling_engine()?.precompile_component(&component)?;
    Ok(io::stdout().write_all(&code)?)
}

/// Binds this process to the order; says what it cannot be bound to here.
fn bound(order: &Order) -> Vec<String> {
    // The kernel counts whole seconds. It warns with SIGXCPU, which ends the process, and a second later does not warn.
    let cpu_s_max = order.cpu_ms_max.div_ceil(1_000).max(1);
    let bounds = [
        ("its end with the process that waits for it", end_with(order)),
        ("compile_cpu_ms_max", lower(Resource::Cpu, cpu_s_max, cpu_s_max.saturating_add(1))),
        // Of what is mapped for writing, and not of address space: allocators reserve more of that than they use.
        ("compile_memory_bytes_max", lower(Resource::Data, order.memory_bytes_max, order.memory_bytes_max)),
        ("no image of its memory on disk", lower(Resource::Core, 0, 0).and_then(|()| undumpable())),
        ("a lower priority", nice(NICE).map(drop).map_err(io::Error::from)),
        ("no open files", close_inherited()),
    ];
    let not_kept = bounds.into_iter().filter_map(|(what, kept)| Some((what, kept.err()?)));
    not_kept.map(|(what, error)| format!("{what} cannot be had: {error}")).collect()
}

/// Never above what this process was given.
fn lower(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let given = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    setrlimit(resource, Rlimit { current: Some(soft.min(given)), maximum: Some(hard.min(given)) })?;
    Ok(())
}

/// The kernel kills this process when its parent ends. If that is over already, there is nothing left to do.
fn end_with(order: &Order) -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    let parent = getppid().map(|parent| parent.as_raw_nonzero().get().unsigned_abs());
    if parent != Some(order.parent.get()) {
        std::process::exit(REFUSED);
    }
    Ok(())
}

/// Nor traced by others of the same user.
fn undumpable() -> io::Result<()> {
    Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
}

/// The host's own files close by themselves when a child starts. Those that it was started with need not.
fn close_inherited() -> io::Result<()> {
    let named = |entry: io::Result<fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse::<RawFd>().ok();
    let open: Vec<_> = fs::read_dir(OPEN_FILES)?.filter_map(named).collect();
    // The folder itself was open while it was read.
    let is_open = |file: &RawFd| fs::symlink_metadata(format!("{OPEN_FILES}/{file}")).is_ok();
    for file in open.into_iter().filter(|file| *file >= FIRST_FD && is_open(file)) {
        #[expect(unsafe_code, reason = "nothing in this process has opened a file that it still has")]
        unsafe {
            rustix::io::close(file);
        }
    }
    Ok(())
}
