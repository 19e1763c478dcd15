//! Guests that take time: their own, or that of the host.

use crate::attack;
use crate::guest::{GUEST, Guest};

const LOOP: Guest = Guest { body: "(loop (br 0))", ..GUEST };

#[tokio::test]
async fn an_endless_loop_ends_with_its_cpu_time() {
    insta::assert_snapshot!(attack(&LOOP).await, @"limit: node it (component guest): used up its CPU time: activation_cpu_ms_max is 50");
}

const TAIL_CALLS: Guest = Guest { body: "(return_call $go)", ..GUEST };

#[tokio::test]
async fn calls_that_never_return_end_with_their_cpu_time() {
    insta::assert_snapshot!(attack(&TAIL_CALLS).await, @"limit: node it (component guest): used up its CPU time: activation_cpu_ms_max is 50");
}

const HOST_CALLS: Guest = Guest { body: "(loop (call $holds (i32.const 0) (i32.const 512)) (br 0))", ..GUEST };

#[tokio::test]
async fn host_calls_are_counted() {
    insta::assert_snapshot!(attack(&HOST_CALLS).await, @"limit: node it (component guest): made too many host calls: activation_host_calls_max is 1000");
}

const SLEEPS_OF_0: Guest = Guest { body: "(loop (call $sleep (i64.const 0)) (br 0))", ..GUEST };

#[tokio::test]
async fn sleeps_that_take_no_time_are_counted() {
    insta::assert_snapshot!(attack(&SLEEPS_OF_0).await, @"limit: node it (component guest): made too many host calls: activation_host_calls_max is 1000");
}

const ETERNAL_SLEEP: Guest = Guest { body: "(call $sleep (i64.const -1))", ..GUEST };

#[tokio::test]
async fn a_sleep_is_at_most_a_year() {
    insta::assert_snapshot!(attack(&ETERNAL_SLEEP).await, @"limit: node it (component guest): wanted to sleep for 18446744073709551615 ms: sleep_ms_max is 31536000000");
}

/// No loop: an epoch must be looked at before each of them.
const FILLS: Guest = Guest {
    memory: "256",
    body: "(call $fill-1000)",
    rest: "
        (func $fill (memory.fill (i32.const 0) (i32.const 1) (i32.const 16777216)))
        (func $fill-10 (call $fill) (call $fill) (call $fill) (call $fill) (call $fill)
                       (call $fill) (call $fill) (call $fill) (call $fill) (call $fill))
        (func $fill-100 (call $fill-10) (call $fill-10) (call $fill-10) (call $fill-10) (call $fill-10)
                        (call $fill-10) (call $fill-10) (call $fill-10) (call $fill-10) (call $fill-10))
        (func $fill-1000 (call $fill-100) (call $fill-100) (call $fill-100) (call $fill-100) (call $fill-100)
                         (call $fill-100) (call $fill-100) (call $fill-100) (call $fill-100) (call $fill-100))",
    ..GUEST
};

#[tokio::test]
async fn filling_memory_takes_cpu_time() {
    insta::assert_snapshot!(attack(&FILLS).await, @"limit: node it (component guest): used up its CPU time: activation_cpu_ms_max is 50");
}

const COPIES: Guest = Guest {
    memory: "256",
    body: "(loop (memory.copy (i32.const 0) (i32.const 1) (i32.const 16777215)) (br 0))",
    ..GUEST
};

#[tokio::test]
async fn copying_memory_takes_cpu_time() {
    insta::assert_snapshot!(attack(&COPIES).await, @"limit: node it (component guest): used up its CPU time: activation_cpu_ms_max is 50");
}

const START: Guest = Guest { rest: "(start $endless) (func $endless (loop (br 0)))", ..GUEST };

#[tokio::test]
async fn a_start_function_that_never_ends_ends_with_its_cpu_time() {
    insta::assert_snapshot!(attack(&START).await, @"limit: node it (component guest): used up its CPU time: activation_cpu_ms_max is 50");
}

const POST_RETURN: Guest = Guest {
    go: Some("() -> string"),
    body: "(result i32) i32.const 1024",
    rest: r#"(func (export "cabi_post_attack:guest/it@1.0.0#go") (param i32) (loop (br 0)))"#,
    ..GUEST
};

#[tokio::test]
async fn cleaning_up_counts_as_well() {
    insta::assert_snapshot!(attack(&POST_RETURN).await, @"limit: node it (component guest): used up its CPU time: activation_cpu_ms_max is 50");
}

const REALLOC: Guest = Guest {
    go: Some("(text: string)"),
    with: "{ text: hello }",
    body: "(param i32 i32)",
    realloc: "(loop (br 0)) unreachable",
    ..GUEST
};

#[tokio::test]
async fn making_room_for_an_argument_counts_as_well() {
    insta::assert_snapshot!(attack(&REALLOC).await, @"limit: node it (component guest): used up its CPU time: activation_cpu_ms_max is 50");
}

pub(crate) const ATTACKS: &[Guest] =
    &[LOOP, TAIL_CALLS, HOST_CALLS, SLEEPS_OF_0, ETERNAL_SLEEP, FILLS, COPIES, START, POST_RETURN, REALLOC];
