//! Gateways that choose what cannot be chosen.

use crate::attack;
use crate::guest::{GATEWAY, Guest};

/// Which of the two branches it chooses: the text is their list, from its length on.
macro_rules! chooses {
    ($length:literal, $branches:literal) => {
        concat!(
            "(param i32 i32 i32 i32 i32) (result i32)
            (i32.store (i32.const 1028) (i32.const 2048))
            (i32.store (i32.const 1032) (i32.const ",
            $length,
            ")) (i64.store (i32.const 2048) (i64.const ",
            $branches,
            ")) i32.const 1024"
        )
    };
}

const FIRST: Guest = Guest { body: chooses!(1, "0"), ..GATEWAY };
const UNKNOWN: Guest = Guest { body: chooses!(1, "2"), ..GATEWAY };
const FAR_OFF: Guest = Guest { body: chooses!(2, "0xffff_ffff_0000_0000"), ..GATEWAY };
const TWICE: Guest = Guest { body: chooses!(2, "0x1_0000_0001"), ..GATEWAY };

#[tokio::test]
async fn a_gateway_chooses_among_its_branches() {
    insta::assert_snapshot!(attack(&FIRST).await, @"output: done");
}

#[tokio::test]
async fn a_branch_that_does_not_exist_fails_the_run() {
    insta::assert_snapshot!(attack(&UNKNOWN).await, @"route: node it (component guest): chose branch 2, but has 2, counted from 0");
    insta::assert_snapshot!(attack(&FAR_OFF).await, @"route: node it (component guest): chose branch 4294967295, but has 2, counted from 0");
}

#[tokio::test]
async fn a_branch_that_is_chosen_twice_fails_the_run() {
    insta::assert_snapshot!(attack(&TWICE).await, @r#"route: node it (component guest): chose branch 1, "other", twice"#);
}

#[tokio::test]
async fn no_branch_ends_the_path() {
    insta::assert_snapshot!(attack(&GATEWAY).await, @"completed");
}

/// As many as the host takes from it, of two that there are.
const MANY: Guest = Guest {
    memory: "8",
    body: "(param i32 i32 i32 i32 i32) (result i32)
        (i32.store (i32.const 1028) (i32.const 2048))
        (i32.store (i32.const 1032) (i32.const 20000))
        i32.const 1024",
    ..GATEWAY
};

#[tokio::test]
async fn a_gateway_that_chooses_very_often_fails_the_run() {
    insta::assert_snapshot!(attack(&MANY).await, @r#"route: node it (component guest): chose branch 0, "done", twice"#);
}

const BAD_RESULT: Guest = Guest {
    body: "(param i32 i32 i32 i32 i32) (result i32) (i32.store8 (i32.const 1024) (i32.const 2)) i32.const 1024",
    ..GATEWAY
};

#[tokio::test]
async fn a_gateway_that_returns_neither_branches_nor_an_error_fails_the_run() {
    insta::assert_snapshot!(attack(&BAD_RESULT).await, @"trap: node it (component guest): broke the rules of the component model: invalid expected discriminant");
}

/// Asks for a branch that does not exist, and fails with what it is told.
const UNKNOWN_CONDITION: Guest = Guest {
    body: "(param i32 i32 i32 i32 i32) (result i32)
        (call $holds (i32.const -1) (i32.const 512))
        (i32.store8 (i32.const 1024) (i32.const 1))
        (i64.store (i32.const 1028) (i64.load (i32.const 516)))
        i32.const 1024",
    ..GATEWAY
};

#[tokio::test]
async fn a_condition_that_does_not_exist_is_an_error_for_the_guest() {
    insta::assert_snapshot!(attack(&UNKNOWN_CONDITION).await, @"returned: node it (component guest): chose no branch: there is no branch 4294967295: there are 2");
}

pub(crate) const ATTACKS: &[Guest] = &[FIRST, UNKNOWN, FAR_OFF, TWICE, GATEWAY, MANY, BAD_RESULT, UNKNOWN_CONDITION];
