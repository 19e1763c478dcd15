//! Guests that can ask nothing of the host that they would wait for: they run on the stack of a thread at first.

use sandgate_engine::Limits;

use crate::guest::{Calls, GATEWAY, GUEST, Guest};
use crate::{attack, attack_within, limits, log};

const QUIET: Guest = Guest { calls: Calls::NoneThatWaits, ..GUEST };

const RETURNS: Guest = Guest { go: Some("() -> u32"), body: "(result i32) (i32.const 7)", ..QUIET };

#[tokio::test]
async fn what_it_returns_is_taken() {
    insta::assert_snapshot!(attack(&RETURNS).await, @"output: 7");
}

const LOOP: Guest = Guest { body: "(loop (br 0))", ..QUIET };

#[tokio::test]
async fn an_endless_loop_gets_its_whole_cpu_time_and_no_more() {
    insta::assert_snapshot!(attack(&LOOP).await, @"limit: node it (component guest): used up its CPU time: activation_cpu_ms_max is 50");
}

#[tokio::test]
async fn where_cpu_time_is_shorter_than_what_it_gets_at_once_it_ends_with_that() {
    let limits = Limits { activation_cpu_ms_max: 4, at_once_ms_max: 1_000_000, ..limits() };
    insta::assert_snapshot!(attack_within(limits, &LOOP).await, @"limit: node it (component guest): used up its CPU time: activation_cpu_ms_max is 4");
}

const START: Guest = Guest { rest: "(start $endless) (func $endless (loop (br 0)))", ..QUIET };

#[tokio::test]
async fn a_start_function_that_never_ends_ends_with_its_cpu_time() {
    insta::assert_snapshot!(attack(&START).await, @"limit: node it (component guest): used up its CPU time: activation_cpu_ms_max is 50");
}

const TRAP: Guest = Guest { body: "unreachable", ..QUIET };

#[tokio::test]
async fn a_trap_fails_the_run() {
    insta::assert_snapshot!(attack(&TRAP).await, @"trap: node it (component guest): trapped: wasm trap: wasm `unreachable` instruction executed");
}

const RECURSION: Guest = Guest { body: "(call $go)", ..QUIET };

#[tokio::test]
async fn recursion_ends_at_its_stack() {
    insta::assert_snapshot!(attack(&RECURSION).await, @"limit: node it (component guest): used up its stack: stack_bytes_max is 65536");
}

const GROWS: Guest =
    Guest { body: "(loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable", ..QUIET };

#[tokio::test]
async fn memory_ends_at_its_limit() {
    insta::assert_snapshot!(attack(&GROWS).await, @"limit: node it (component guest): wanted 16842752 bytes of memory: memory_bytes_max is 16777216");
}

const HOST_CALLS: Guest = Guest { body: "(loop (call $holds (i32.const 0) (i32.const 512)) (br 0))", ..QUIET };

#[tokio::test]
async fn host_calls_are_counted() {
    insta::assert_snapshot!(attack(&HOST_CALLS).await, @"limit: node it (component guest): made too many host calls: activation_host_calls_max is 1000");
}

const TEXT_OUT_OF_BOUNDS: Guest = Guest { body: "(call $log (i32.const 2) (i32.const 65536) (i32.const 1))", ..QUIET };

#[tokio::test]
async fn a_text_for_the_host_lies_in_the_guests_memory() {
    insta::assert_snapshot!(attack(&TEXT_OUT_OF_BOUNDS).await, @"trap: node it (component guest): broke the rules of the component model: string pointer/length out of bounds of memory");
}

const ENDLESS_GATEWAY: Guest = Guest {
    calls: Calls::NoneThatWaits,
    body: "(param i32 i32 i32 i32 i32) (result i32) (loop (br 0)) unreachable",
    ..GATEWAY
};

#[tokio::test]
async fn a_gateway_that_never_answers_ends_with_its_cpu_time() {
    insta::assert_snapshot!(attack(&ENDLESS_GATEWAY).await, @"limit: node it (component guest): used up its CPU time: activation_cpu_ms_max is 50");
}

/// Logs, and then takes longer than it has at once, and less than it has on a fiber.
const LOGS_AND_WORKS: Guest = Guest {
    go: Some("(rounds: u32) -> u32"),
    with: "{ rounds: 40000000 }",
    body: r#"(param $rounds i32) (result i32)
        (call $log (i32.const 4) (i32.const 1024) (i32.const 5))
        (loop
            (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
            (br_if 0 (local.get $rounds)))
        (call $log (i32.const 4) (i32.const 1032) (i32.const 4))
        (i32.const 7)"#,
    rest: r#"(data (i32.const 1024) "begun") (data (i32.const 1032) "done")"#,
    ..QUIET
};

#[tokio::test]
async fn one_that_takes_too_long_at_once_is_run_again_and_says_nothing_twice() {
    log::listen();
    for (times, at_once_ms_max) in [(1, 0), (2, 20)] {
        let limits = Limits { at_once_ms_max, activation_cpu_ms_max: 10_000, ..limits() };
        assert_eq!(attack_within(limits, &LOGS_AND_WORKS).await, "output: 7");
        let lines = log::logged("guest");
        // No other guest of this name has errors to log.
        for said in ["ERROR component: begun ", "ERROR component: done "] {
            assert_eq!(lines.iter().filter(|line| line.starts_with(said)).count(), times, "{lines:#?}");
        }
    }
}

pub(crate) const ATTACKS: &[Guest] =
    &[LOOP, START, TRAP, RECURSION, GROWS, HOST_CALLS, TEXT_OUT_OF_BOUNDS, ENDLESS_GATEWAY];
