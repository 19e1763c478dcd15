//! Components that are made to be compiled for ever, and compilers that do not do their part: each is an error.

use std::ffi::OsString;
use std::io::{Read as _, pipe};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use sandgate_engine::compile::{Compile, Program};
use sandgate_engine::engine::Config;
use sandgate_engine::{Engine, Limits};
use serde_json::json;

use crate::guest::GUEST;
use crate::loading::{beside, said};
use crate::{limits, told};

const MIB: usize = 1024 * 1024;
/// Far beyond what anything takes.
const WAIT: Duration = Duration::from_secs(60);
/// The engine's own child.
const CHILD: &str = env!("CARGO_BIN_EXE_compile");

/// An engine that has this program compile.
fn engine(path: &str, arguments: &[&str], limits: Limits) -> Engine {
    let arguments = arguments.iter().map(OsString::from).collect();
    let program = Program { path: path.into(), name: "compile".into(), arguments };
    Engine::new(Config { limits, compile: Compile::By(program), ..Config::default() }).unwrap()
}

/// With limits that nothing here reaches, but for those that a test sets.
fn roomy() -> Limits {
    Limits { compile_cpu_ms_max: 600_000, compile_wall_ms_max: 600_000, ..limits() }
}

/// What the engine's child makes of a component.
fn compiled(limits: Limits, component: &[u8]) -> String {
    let loaded = engine(CHILD, &[], limits).load("bomb", component);
    loaded.map_or_else(|error| error.to_string(), |_| "loaded".to_owned())
}

/// What is said where a script stands for the compiler.
fn with(script: &str, limits: Limits) -> String {
    engine("/bin/sh", &["-c", script], limits).load("guest", &beside("")).unwrap_err().to_string()
}

/// Blocks inside each other take time that grows with the square of their number.
fn nested(opening: &str, depth: usize) -> Vec<u8> {
    beside(&format!("(core module (func {} {}))", opening.repeat(depth), "end ".repeat(depth)))
}

/// Jumps that may go to each of so many places, in so many functions.
fn jumps(functions: usize) -> Vec<u8> {
    let function = format!("(func (param i32) block local.get 0 br_table {} end)", "0 1 ".repeat(32_000));
    beside(&format!("(core module {})", function.repeat(functions)))
}

fn functions(count: usize) -> Vec<u8> {
    let function = "(func (param f64 f64) (result f64) local.get 0 local.get 1 f64.div f64.floor f64.sqrt)";
    beside(&format!("(core module {})", function.repeat(count)))
}

#[test]
fn one_function_of_many_blocks_is_stopped() {
    let limits = Limits { compile_cpu_ms_max: 1_000, ..roomy() };
    insta::assert_snapshot!(compiled(limits.clone(), &nested("block ", 60_000)), @r#"component "bomb" does not load: takes too much CPU time to compile: compile_cpu_ms_max is 1000"#);
    insta::assert_snapshot!(compiled(limits, &nested("loop ", 60_000)), @r#"component "bomb" does not load: takes too much CPU time to compile: compile_cpu_ms_max is 1000"#);
}

#[test]
fn many_functions_are_stopped() {
    let limits = Limits { compile_cpu_ms_max: 1_000, ..roomy() };
    insta::assert_snapshot!(compiled(limits, &functions(60_000)), @r#"component "bomb" does not load: takes too much CPU time to compile: compile_cpu_ms_max is 1000"#);
}

#[test]
fn what_takes_much_memory_is_stopped() {
    let limits = Limits { compile_memory_bytes_max: 64 * MIB, ..roomy() };
    insta::assert_snapshot!(compiled(limits.clone(), &jumps(20)), @r#"component "bomb" does not load: takes too much memory to compile: compile_memory_bytes_max is 67108864"#);
    insta::assert_snapshot!(compiled(limits, &functions(20_000)), @r#"component "bomb" does not load: takes too much memory to compile: compile_memory_bytes_max is 67108864"#);
}

#[test]
fn what_becomes_too_large_is_not_taken() {
    let limits = Limits { compiled_bytes_max: 64 * 1024, ..roomy() };
    insta::assert_snapshot!(compiled(limits, &functions(2_000)), @r#"component "bomb" does not load: is too large when it is compiled: compiled_bytes_max is 65536"#);
}

#[tokio::test]
async fn what_a_child_compiled_runs_and_what_it_refuses_is_told_as_here() {
    let engine = engine(CHILD, &[], roomy());
    let observed = GUEST.flow().simulate(&engine, json!({})).await;
    assert_eq!(told(&observed.outcome), "output: done");
    for refused in ["(core module (memory i64 1))", "(core module (table 1001 funcref))"] {
        let refused = beside(&format!("{refused} (core instance (instantiate 0))"));
        assert_eq!(engine.load("guest", &refused).unwrap_err().to_string(), said(&refused));
    }
}

#[test]
fn what_a_child_says_of_its_limits_is_logged_once_and_it_compiles() {
    let script = format!("echo there are none >&2; exec {CHILD} \"$0\"");
    let engine = engine("/bin/sh", &["-c", &script], roomy());
    let file = tempfile::NamedTempFile::new().unwrap();
    let log =
        tracing_subscriber::fmt().with_writer(std::sync::Arc::new(file.reopen().unwrap())).with_ansi(false).finish();
    tracing::subscriber::with_default(log, || {
        for _ in 0..2 {
            engine.load("guest", &beside("")).unwrap();
        }
    });
    let logged = std::fs::read_to_string(file.path()).unwrap();
    assert_eq!(logged.matches("compiling is bounded less than it should be: there are none").count(), 1, "{logged}");
}

#[test]
fn a_compiler_that_does_not_do_its_part_is_an_error() {
    insta::assert_snapshot!(with("kill -s SEGV $$", roomy()), @r#"component "guest" does not load: the compiler was ended by signal 11"#);
    insta::assert_snapshot!(with("echo out of luck >&2; kill -s ABRT $$", roomy()), @r#"component "guest" does not load: the compiler was ended by signal 6: out of luck"#);
    insta::assert_snapshot!(with("printf 'all is\\033[1mlost' >&2; exit 3", roomy()), @r#"component "guest" does not load: the compiler ended with exit code 3: all is\u{1b}[1mlost"#);
    insta::assert_snapshot!(with("cat >/dev/null", roomy()), @r#"component "guest" does not load: the compiler answered nothing"#);
    insta::assert_snapshot!(with("echo code", roomy()), @r#"component "guest" does not load: the compiler answered what is no compiled component"#);
    insta::assert_snapshot!(with("echo code; exit 1", roomy()), @r#"component "guest" does not load: the compiler ended with exit code 1"#);
    insta::assert_snapshot!(with("exec >&- 2>&-; exec sleep 1000", roomy()), @r#"component "guest" does not load: the compiler was ended by signal 9"#);
    let nobody = engine("/nowhere/compile", &[], roomy()).load("guest", &beside("")).unwrap_err();
    insta::assert_snapshot!(nobody, @r#"component "guest" does not load: the compiler cannot be used: No such file or directory (os error 2)"#);
}

/// Code of the right kind, and of another compiler.
#[test]
fn code_for_another_engine_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let code = folder.path().join("code");
    let other = wasmtime::Engine::default().precompile_component(&beside("")).unwrap();
    std::fs::write(&code, other).unwrap();
    let error = with(&format!("cat {}", code.display()), roomy());
    assert!(error.starts_with("component \"guest\" does not load: Module was compiled "), "{error}");
}

#[test]
fn a_compiler_has_only_so_much_time_and_says_only_so_much() {
    let hasty = Limits { compile_wall_ms_max: 300, ..roomy() };
    insta::assert_snapshot!(with("exec sleep 1000", hasty.clone()), @r#"component "guest" does not load: takes too long to compile: compile_wall_ms_max is 300"#);
    // It neither reads nor ends.
    let large = beside(&format!("(core module (func {}))", "nop ".repeat(MIB)));
    let deaf = engine("/bin/sh", &["-c", "exec sleep 1000"], hasty.clone()).load("guest", &large).unwrap_err();
    insta::assert_snapshot!(deaf, @r#"component "guest" does not load: takes too long to compile: compile_wall_ms_max is 300"#);
    insta::assert_snapshot!(with("exec yes >&2", hasty.clone()), @r#"component "guest" does not load: takes too long to compile: compile_wall_ms_max is 300"#);
    // What it has started goes on, and holds its standard output.
    insta::assert_snapshot!(with("sleep 1000 & echo code", hasty), @r#"component "guest" does not load: takes too long to compile: compile_wall_ms_max is 300"#);
    insta::assert_snapshot!(with("exec yes", Limits { compiled_bytes_max: MIB, ..roomy() }), @r#"component "guest" does not load: is too large when it is compiled: compiled_bytes_max is 1048576"#);
    let much = with("yes 0123456789 | head -c 100000 >&2; exit 1", roomy());
    assert!((4_000..6_000).contains(&much.len()), "{much}");
}

#[test]
fn only_so_many_compile_at_once() {
    let folder = tempfile::tempdir().unwrap();
    // A folder can be made by one of them alone.
    let script =
        format!("cd {}; mkdir it && sleep 0.05 && rmdir it && echo alone >&2; exit 1", folder.path().display());
    let engine = engine("/bin/sh", &["-c", &script], Limits { compiles_max: 1, ..roomy() });
    let load = || engine.load("guest", &beside("")).unwrap_err().to_string();
    let all: Vec<_> = std::thread::scope(|scope| {
        let loading: Vec<_> = (0..4).map(|_| scope.spawn(load)).collect();
        loading.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(all, [r#"component "guest" does not load: alone"#; 4]);
}

/// The state of a process that may have ended; none if there is no such one any more.
fn state(pid: &str) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

#[test]
fn nothing_that_a_compiler_started_is_left() {
    let error = with("sleep 1000 >/dev/null 2>&1 & echo $! >&2; exit 1", roomy());
    let started = error.rsplit(' ').next().unwrap();
    started.parse::<u32>().expect(&error);
    let begun = std::time::Instant::now();
    // Killed it was; it is gone when the kernel gets to it.
    while !matches!(state(started), None | Some('Z' | 'X')) {
        assert!(begun.elapsed() < WAIT, "it goes on");
        std::thread::yield_now();
    }
}

#[test]
fn a_compiler_is_given_nothing_but_the_component() {
    insta::assert_snapshot!(with("tr '\\0' ' ' </proc/$$/environ >&2; pwd >&2; exit 1", roomy()), @r#"component "guest" does not load: /"#);
    let order = format!(r#"{{"cpu_ms_max":600000,"memory_bytes_max":1073741824,"parent":{}}}"#, std::process::id());
    let error = with("echo \"$0\" >&2; exit 1", roomy());
    assert!(error.ends_with(&order), "{error}");
}

/// The child, by itself.
fn child(order: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "exec 7>&1 >/dev/null; exec \"$0\" \"$1\"", CHILD, order]).stdin(Stdio::piped());
    command
}

fn order(parent: u32) -> String {
    json!({ "cpu_ms_max": 6_500, "memory_bytes_max": 123_456_789, "parent": parent }).to_string()
}

/// A row of `/proc/<pid>/limits`: what is limited, and the soft and the hard limit.
fn row(limits: &str, what: &str) -> String {
    let row = limits.lines().find_map(|line| line.strip_prefix(what)).unwrap();
    row.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

/// Of `/proc/<pid>/stat`: the state is the third field, and this the 19th.
fn niceness(stat: &str) -> i32 {
    stat.rsplit_once(") ").unwrap().1.split(' ').nth(16).unwrap().parse().unwrap()
}

#[test]
fn the_child_binds_itself_before_it_reads() {
    let (mut inherited, handed_down) = pipe().unwrap();
    let mut child = child(&order(std::process::id())).stdout(handed_down).spawn().unwrap();
    let (closed, is_closed) = channel();
    std::thread::spawn(move || closed.send(inherited.read(&mut [0])));
    // It still waits for the component, and has closed the file that it was started with: the last thing that it does.
    let closed = is_closed.recv_timeout(WAIT);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(matches!(closed, Ok(Ok(0))), "{closed:?}");
    assert_eq!(row(&limits, "Max cpu time"), "7 8");
    assert_eq!(row(&limits, "Max data size"), "123456789 123456789");
    assert_eq!(row(&limits, "Max core file size"), "0 0");
    assert_eq!(niceness(&stat), (niceness(&std::fs::read_to_string("/proc/self/stat").unwrap()) + 10).min(19));
}

#[test]
fn the_child_does_nothing_for_another_process_or_without_an_order() {
    let ended = |order: &str| child(order).stdin(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    let orphan = ended(&order(1));
    assert_eq!((orphan.status.code(), orphan.stderr.as_slice()), (Some(1), &b""[..]));
    let senseless = ended("compile");
    assert_eq!(senseless.status.code(), Some(2));
    assert!(String::from_utf8(senseless.stderr).unwrap().starts_with("not an order: expected value"));
}
