//! Guests that give the host what is not of the type that it is due.

use crate::attack;
use crate::guest::{GUEST, Guest};

/// 2 MiB, where 1 MiB may cross in one call.
const LONG_TEXT: Guest =
    Guest { memory: "32", body: "(call $log (i32.const 2) (i32.const 0) (i32.const 2097152))", ..GUEST };

#[tokio::test]
async fn a_text_for_the_host_has_a_limit() {
    insta::assert_snapshot!(attack(&LONG_TEXT).await, @"limit: node it (component guest): gave the host too much in one call: crossing_bytes_max is 1048576");
}

const LONG_RESULT: Guest = Guest {
    go: Some("() -> string"),
    memory: "32",
    body: "(result i32) (i32.store (i32.const 1028) (i32.const 2097152)) i32.const 1024",
    ..GUEST
};

#[tokio::test]
async fn a_text_that_is_returned_has_a_limit() {
    insta::assert_snapshot!(attack(&LONG_RESULT).await, @"limit: node it (component guest): gave the host too much in one call: crossing_bytes_max is 1048576");
}

/// 100 KB in the guest's memory are 4 MB in the host's.
const LIST: Guest = Guest {
    go: Some("() -> list<u8>"),
    memory: "32",
    body: "(result i32) (i32.store (i32.const 1028) (i32.const 100000)) i32.const 1024",
    ..GUEST
};

#[tokio::test]
async fn a_list_that_is_returned_has_a_limit() {
    insta::assert_snapshot!(attack(&LIST).await, @"limit: node it (component guest): gave the host too much in one call: crossing_bytes_max is 1048576");
}

const TEXT_OUT_OF_BOUNDS: Guest =
    Guest { body: "(call $log (i32.const 2) (i32.const 65000) (i32.const 1000))", ..GUEST };

#[tokio::test]
async fn a_text_for_the_host_lies_in_the_guests_memory() {
    insta::assert_snapshot!(attack(&TEXT_OUT_OF_BOUNDS).await, @"trap: node it (component guest): broke the rules of the component model: string pointer/length out of bounds of memory");
}

const TEXT_AROUND_THE_END: Guest = Guest { body: "(call $log (i32.const 2) (i32.const -1) (i32.const -1))", ..GUEST };

#[tokio::test]
async fn a_text_that_ends_before_it_begins_does_not() {
    insta::assert_snapshot!(attack(&TEXT_AROUND_THE_END).await, @"trap: node it (component guest): broke the rules of the component model: string pointer/length out of bounds of memory");
}

const RESULT_OUT_OF_BOUNDS: Guest = Guest {
    go: Some("() -> string"),
    body: "(result i32) (i32.store (i32.const 1024) (i32.const -8)) (i32.store (i32.const 1028) (i32.const 9)) i32.const 1024",
    ..GUEST
};

#[tokio::test]
async fn a_text_that_is_returned_lies_in_the_guests_memory() {
    insta::assert_snapshot!(attack(&RESULT_OUT_OF_BOUNDS).await, @"trap: node it (component guest): broke the rules of the component model: string pointer/length out of bounds of memory");
}

const NOT_UTF8: Guest = Guest {
    body: "(call $log (i32.const 2) (i32.const 100) (i32.const 2))",
    rest: r#"(data (i32.const 100) "\c3\28")"#,
    ..GUEST
};

#[tokio::test]
async fn a_text_is_utf8() {
    insta::assert_snapshot!(attack(&NOT_UTF8).await, @"trap: node it (component guest): broke the rules of the component model: invalid utf-8 sequence of 1 bytes from index 0");
}

const MISALIGNED_CLIENTS: Guest = Guest {
    body: "
        (call $push (i32.const 2) (i32.const 1) (i32.const 1)
          (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 512))",
    ..GUEST
};

#[tokio::test]
async fn a_list_for_the_host_is_aligned() {
    insta::assert_snapshot!(attack(&MISALIGNED_CLIENTS).await, @"trap: node it (component guest): broke the rules of the component model: list pointer is not aligned");
}

const MISALIGNED_LIST: Guest = Guest {
    go: Some("() -> list<u64>"),
    body: "(result i32) (i64.store (i32.const 1024) (i64.const 0x1_0000_0001)) i32.const 1024",
    ..GUEST
};

#[tokio::test]
async fn a_list_that_is_returned_is_aligned() {
    insta::assert_snapshot!(attack(&MISALIGNED_LIST).await, @"trap: node it (component guest): broke the rules of the component model: list pointer is not aligned");
}

const MISALIGNED_RESULT: Guest = Guest { go: Some("() -> string"), body: "(result i32) i32.const 1025", ..GUEST };

#[tokio::test]
async fn the_place_of_a_result_is_aligned() {
    insta::assert_snapshot!(attack(&MISALIGNED_RESULT).await, @"trap: node it (component guest): broke the rules of the component model: return pointer not aligned");
}

const MISALIGNED_ANSWER: Guest = Guest { body: "(call $holds (i32.const 0) (i32.const 513))", ..GUEST };

#[tokio::test]
async fn the_place_of_the_hosts_answer_is_aligned() {
    insta::assert_snapshot!(attack(&MISALIGNED_ANSWER).await, @"trap: node it (component guest): broke the rules of the component model: pointer not aligned");
}

/// More items than there are bytes: their sizes overflow.
const TOO_MANY_CLIENTS: Guest = Guest {
    body: "
        (call $push (i32.const 2) (i32.const 0) (i32.const 0x20000001)
          (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 512))",
    ..GUEST
};

#[tokio::test]
async fn a_list_is_not_longer_than_memory() {
    insta::assert_snapshot!(attack(&TOO_MANY_CLIENTS).await, @"trap: node it (component guest): broke the rules of the component model: list pointer/length out of bounds of memory");
}

const BAD_LEVEL: Guest = Guest { body: "(call $log (i32.const 5) (i32.const 0) (i32.const 0))", ..GUEST };

#[tokio::test]
async fn an_enum_for_the_host_has_only_its_cases() {
    insta::assert_snapshot!(attack(&BAD_LEVEL).await, @"trap: node it (component guest): broke the rules of the component model: unexpected discriminant: 5");
}

const BAD_RECIPIENT: Guest = Guest {
    body: "
        (call $push (i32.const 4) (i32.const 0) (i32.const 0)
          (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 512))",
    ..GUEST
};

#[tokio::test]
async fn a_variant_for_the_host_has_only_its_cases() {
    insta::assert_snapshot!(attack(&BAD_RECIPIENT).await, @"trap: node it (component guest): broke the rules of the component model: unexpected discriminant: 4");
}

const BAD_ENUM: Guest =
    Guest { types: "enum colour { red, green }", go: Some("() -> colour"), body: "(result i32) i32.const 2", ..GUEST };

#[tokio::test]
async fn an_enum_that_is_returned_has_only_its_cases() {
    insta::assert_snapshot!(attack(&BAD_ENUM).await, @"trap: node it (component guest): broke the rules of the component model: discriminant 2 out of range [0..2)");
}

/// Bits beyond the names are no flags, and are dropped.
const BAD_FLAGS: Guest = Guest {
    types: "flags colours { red, green }",
    go: Some("() -> colours"),
    body: "(result i32) i32.const -2",
    ..GUEST
};

#[tokio::test]
async fn flags_that_have_no_name_are_not_there() {
    insta::assert_snapshot!(attack(&BAD_FLAGS).await, @r#"output: ["green"]"#);
}

const BAD_VARIANT: Guest = Guest {
    go: Some("() -> option<u64>"),
    body: "(result i32) (i32.store8 (i32.const 1024) (i32.const 255)) i32.const 1024",
    ..GUEST
};

#[tokio::test]
async fn a_variant_that_is_returned_has_only_its_cases() {
    insta::assert_snapshot!(attack(&BAD_VARIANT).await, @"trap: node it (component guest): broke the rules of the component model: discriminant 255 out of range [0..2)");
}

const BAD_CHAR: Guest = Guest { go: Some("() -> char"), body: "(result i32) i32.const 0xd800", ..GUEST };

#[tokio::test]
async fn half_a_surrogate_is_not_a_character() {
    insta::assert_snapshot!(attack(&BAD_CHAR).await, @"trap: node it (component guest): broke the rules of the component model: converted integer out of range for `char`");
}

const NESTED_JSON: Guest = Guest {
    types: "use sandgate:flow/types@0.1.0.{json};",
    go: Some("() -> json"),
    memory: "4",
    body: "(result i32)
        (memory.fill (i32.const 2000) (i32.const 91) (i32.const 200000))
        (i32.store (i32.const 1024) (i32.const 2000))
        (i32.store (i32.const 1028) (i32.const 200000))
        i32.const 1024",
    ..GUEST
};

#[tokio::test]
async fn json_is_nested_only_so_deep() {
    insta::assert_snapshot!(attack(&NESTED_JSON).await, @"value: node it (component guest): the result of go cannot be used: $: not JSON: recursion limit exceeded at line 1 column 128 (the WIT type is `json`)");
}

/// Answers a request for room with a place beyond its memory.
const REALLOC_OUT_OF_BOUNDS: Guest = Guest { realloc: "i32.const 65534", ..GIVEN_TEXT };
const REALLOC_TRAPS: Guest = Guest { realloc: "unreachable", ..GIVEN_TEXT };
/// Calls the host while the host is about to call it.
const REALLOC_CALLS: Guest = Guest { realloc: "(call $say (i32.const 0) (i32.const 0)) i32.const 1024", ..GIVEN_TEXT };
const GIVEN_TEXT: Guest =
    Guest { go: Some("(text: string)"), with: "{ text: hello }", body: "(param i32 i32)", ..GUEST };

#[tokio::test]
async fn an_argument_is_written_into_the_guests_memory_alone() {
    insta::assert_snapshot!(attack(&REALLOC_OUT_OF_BOUNDS).await, @"trap: node it (component guest): broke the rules of the component model: realloc return: beyond end of memory");
    insta::assert_snapshot!(attack(&REALLOC_TRAPS).await, @"trap: node it (component guest): trapped: wasm trap: wasm `unreachable` instruction executed");
    insta::assert_snapshot!(attack(&REALLOC_CALLS).await, @"trap: node it (component guest): trapped: wasm trap: cannot leave component instance");
}

pub(crate) const ATTACKS: &[Guest] = &[
    LONG_TEXT,
    LONG_RESULT,
    LIST,
    TEXT_OUT_OF_BOUNDS,
    TEXT_AROUND_THE_END,
    RESULT_OUT_OF_BOUNDS,
    NOT_UTF8,
    MISALIGNED_CLIENTS,
    MISALIGNED_LIST,
    MISALIGNED_RESULT,
    MISALIGNED_ANSWER,
    TOO_MANY_CLIENTS,
    BAD_LEVEL,
    BAD_RECIPIENT,
    BAD_ENUM,
    BAD_FLAGS,
    BAD_VARIANT,
    BAD_CHAR,
    NESTED_JSON,
    REALLOC_OUT_OF_BOUNDS,
    REALLOC_TRAPS,
    REALLOC_CALLS,
];
