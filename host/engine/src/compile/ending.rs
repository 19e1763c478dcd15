//! What a child's end means.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use rustix::process::Signal;
use sandgate_flow::diagnostic::printable;

use super::Failure;
use super::child::REFUSED;
use super::conversation::{End, Heard};
use crate::limits::{Limits, Reached};

/// What Rust's allocator says when there is no memory, before it aborts: nothing else tells.
const OUT_OF_MEMORY: &str = "memory allocation of";

/// The compiled code, and what the child said beside it; or why there is none.
pub(super) fn judge(status: ExitStatus, heard: Heard, limits: &Limits) -> Result<(Vec<u8>, String), Failure> {
    let said = printable(String::from_utf8_lossy(&heard.said).trim());
    let code = match heard.end {
        // Another time the machine may have more of it to give.
        End::TooLate => return Err(Failure::Compiler(too_long(limits).to_string())),
        End::TooMuch => return Err(Failure::Component(too_large(limits).to_string())),
        End::Answered(code) => code,
    };
    match (status.code(), status.signal().and_then(Signal::from_named_raw)) {
        (Some(0), _) if code.is_empty() => Err(Failure::compiler("answered nothing")),
        (Some(0), _) => Ok((code, said)),
        (Some(REFUSED), _) if !said.is_empty() => Err(Failure::Component(said)),
        (_, Some(Signal::XCPU)) => Err(Failure::Component(too_much_time(limits).to_string())),
        (_, Some(Signal::ABORT)) if said.contains(OUT_OF_MEMORY) => {
            Err(Failure::Component(too_much_memory(limits).to_string()))
        }
        _ => Err(Failure::compiler(broken(status, &said))),
    }
}

fn broken(status: ExitStatus, said: &str) -> String {
    let ended = match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with exit code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => format!("ended: {status}"),
    };
    if said.is_empty() { ended } else { format!("{ended}: {said}") }
}

fn reached(limit: &'static str, value: u64, message: &str) -> Reached {
    Reached { limit, value, message: message.to_owned() }
}

fn too_long(limits: &Limits) -> Reached {
    reached("compile_wall_ms_max", limits.compile_wall_ms_max, "takes too long to compile")
}

fn too_much_time(limits: &Limits) -> Reached {
    reached("compile_cpu_ms_max", limits.compile_cpu_ms_max, "takes too much CPU time to compile")
}

fn too_much_memory(limits: &Limits) -> Reached {
    let value = limits.compile_memory_bytes_max as u64;
    reached("compile_memory_bytes_max", value, "takes too much memory to compile")
}

fn too_large(limits: &Limits) -> Reached {
    reached("compiled_bytes_max", limits.compiled_bytes_max as u64, "is too large when it is compiled")
}
