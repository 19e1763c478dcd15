//! Guests that say too much, at the wrong time, or what nobody should read.

use sandgate_engine::engine::Config;
use sandgate_flow::event::Outcome;

use crate::guest::{GUEST, Guest};
use crate::support::engine;
use crate::{attack, limits};

const PUSHES: Guest = Guest { body: "(loop (call $say (i32.const 0) (i32.const 0)) (br 0))", ..GUEST };

#[tokio::test]
async fn a_flood_of_pushes_ends_with_the_host_calls() {
    let told = attack(&PUSHES).await;
    assert_eq!(told.lines().filter(|line| line.starts_with("push")).count(), 1_000);
    insta::assert_snapshot!(told.lines().last().unwrap(), @"limit: node it (component guest): made too many host calls: activation_host_calls_max is 1000");
}

const LARGE_PUSHES: Guest = Guest { body: "(loop (call $say (i32.const 0) (i32.const 60000)) (br 0))", ..GUEST };

#[tokio::test]
async fn what_is_pushed_is_counted_in_bytes() {
    let told = attack(&LARGE_PUSHES).await;
    assert_eq!(told.lines().filter(|line| line.starts_with("push")).count(), 4);
    insta::assert_snapshot!(told.lines().last().unwrap(), @"limit: node it (component guest): pushed 300000 bytes: activation_push_bytes_max is 262144");
}

/// Each of these clients has an empty id, which lies at 0.
const RECIPIENTS: Guest = Guest {
    memory: "4",
    body: "
        (loop
          (call $push (i32.const 2) (i32.const 0) (i32.const 10000)
            (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 262000))
          (br 0))",
    ..GUEST
};

#[tokio::test]
async fn whom_it_is_pushed_to_is_counted_as_well() {
    let told = attack(&RECIPIENTS).await;
    insta::assert_snapshot!(told.lines().last().unwrap(), @"limit: node it (component guest): pushed 320000 bytes: activation_push_bytes_max is 262144");
}

/// Answers the case of the error that `push` returned, and its value.
const TOO_LARGE: Guest = Guest {
    go: Some("() -> tuple<u8, u8, u64>"),
    memory: "2",
    body: "(result i32)
        (call $say (i32.const 0) (i32.const 65537))
        (i32.store8 (i32.const 1024) (i32.load8_u (i32.const 512)))
        (i32.store8 (i32.const 1025) (i32.load8_u (i32.const 520)))
        (i64.store (i32.const 1032) (i64.load (i32.const 528)))
        i32.const 1024",
    ..GUEST
};

#[tokio::test]
async fn a_push_that_is_too_large_is_refused_and_the_guest_told() {
    insta::assert_snapshot!(attack(&TOO_LARGE).await, @"output: [1,1,65536]");
}

const NOT_JSON: Guest = Guest {
    go: Some("() -> string"),
    body: "(result i32)
        (call $push (i32.const 0) (i32.const 0) (i32.const 0)
          (i32.const 0) (i32.const 100) (i32.const 4) (i32.const 512))
        (i64.store (i32.const 1024) (i64.load (i32.const 528)))
        i32.const 1024",
    rest: r#"(data (i32.const 100) "[1, ")"#,
    ..GUEST
};

#[tokio::test]
async fn a_push_that_is_not_json_is_refused_and_the_guest_told() {
    insta::assert_snapshot!(attack(&NOT_JSON).await, @"output: the message is not JSON: EOF while parsing a value at line 1 column 4");
}

/// 1,000 lines of 1,000 control characters.
const LOGS: Guest = Guest {
    body: "
        (memory.fill (i32.const 0) (i32.const 27) (i32.const 1000))
        (loop (call $log (i32.const 2) (i32.const 0) (i32.const 1000)) (br 0))",
    ..GUEST
};

#[tokio::test]
async fn a_flood_of_log_lines_ends_with_the_host_calls() {
    insta::assert_snapshot!(attack(&LOGS).await, @"limit: node it (component guest): made too many host calls: activation_host_calls_max is 1000");
}

const OUTPUT_TWICE: Guest = Guest {
    body: "
        (call $output (i32.const 100) (i32.const 1) (i32.const 512))
        (call $output (i32.const 101) (i32.const 1) (i32.const 512))
        ;; an error, and that is already-output
        (if (i32.ne (i32.load16_u (i32.const 512)) (i32.const 1)) (then unreachable))
        (call $say (i32.const 100) (i32.const 2))",
    rest: r#"(data (i32.const 100) "12")"#,
    ..GUEST
};

#[tokio::test]
async fn the_first_output_stands_and_nothing_is_said_after_it() {
    insta::assert_snapshot!(attack(&OUTPUT_TWICE).await, @"output: 1");
}

const TRAP_AFTER_PUSH: Guest = Guest {
    body: "(call $say (i32.const 100) (i32.const 4)) unreachable",
    rest: r#"(data (i32.const 100) "said")"#,
    ..GUEST
};

#[tokio::test]
async fn what_was_said_before_a_trap_was_said() {
    insta::assert_snapshot!(attack(&TRAP_AFTER_PUSH).await, @r#"
    push to everyone: said
    trap: node it (component guest): trapped: wasm trap: wasm `unreachable` instruction executed
    "#);
}

const TRAP_AFTER_OUTPUT: Guest = Guest {
    body: "(call $output (i32.const 100) (i32.const 1) (i32.const 512)) unreachable",
    rest: r#"(data (i32.const 100) "1")"#,
    ..GUEST
};

#[tokio::test]
async fn an_output_stands_whatever_comes_after_it() {
    insta::assert_snapshot!(attack(&TRAP_AFTER_OUTPUT).await, @"output: 1");
}

/// Its name is a part of the backtrace.
const NAME: Guest = Guest { body: r#"(call $"\1b[2Jgone")"#, rest: r#"(func $"\1b[2Jgone" unreachable)"#, ..GUEST };

#[tokio::test]
async fn a_backtrace_shows_no_control_characters() {
    let engine = engine(Config { limits: limits(), ..Config::default() });
    let observed = NAME.flow().simulate(&engine, serde_json::json!({})).await;
    let Outcome::Failed(failure) = observed.outcome else { panic!("{:?}", observed.outcome) };
    insta::assert_snapshot!(failure.detail.unwrap(), @r#"
    error while executing at wasm backtrace:
        0:    0x413 - <unknown>!\u{1b}[2Jgone
        1:    0x40f - <unknown>!go
    "#);
}

const ERROR: Guest = Guest {
    go: Some("() -> result<_, string>"),
    body: "(result i32) i32.const 1024",
    rest: r#"(data (i32.const 1024) "\01\00\00\00\00\08\00\00\0d") (data (i32.const 2048) "\1b[2Jgone\0athen")"#,
    ..GUEST
};

#[tokio::test]
async fn an_error_is_one_line_without_control_characters() {
    insta::assert_snapshot!(attack(&ERROR).await, @r#"returned: node it (component guest): returned the error \u{1b}[2Jgone\nthen"#);
}

/// Long enough for the page to be full of it.
const LONG_ERROR: Guest =
    Guest { body: "(result i32) (i32.store (i32.const 1032) (i32.const 60000)) i32.const 1024", ..ERROR };

#[tokio::test]
async fn an_error_is_cut() {
    let told = attack(&LONG_ERROR).await;
    assert!(told.ends_with('…') && told.len() < 10_000, "{} bytes", told.len());
}

pub(crate) const ATTACKS: &[Guest] = &[
    PUSHES,
    LARGE_PUSHES,
    RECIPIENTS,
    TOO_LARGE,
    NOT_JSON,
    LOGS,
    OUTPUT_TWICE,
    TRAP_AFTER_PUSH,
    TRAP_AFTER_OUTPUT,
    NAME,
    ERROR,
    LONG_ERROR,
];
