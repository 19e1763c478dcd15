//! Guests that take room: memory, tables, stack, handles.

use sandgate_engine::Limits;
use sandgate_engine::engine::Config;

use crate::guest::{GUEST, Guest};
use crate::support::{Flow, engine};
use crate::{attack, attack_within, limits, told};

/// Gives up where it is refused, as an allocator does.
const MEMORY: Guest = Guest {
    body: "
        (loop $more
          (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
        unreachable",
    ..GUEST
};

#[tokio::test]
async fn memory_ends_at_its_limit() {
    insta::assert_snapshot!(attack(&MEMORY).await, @"limit: node it (component guest): wanted 16842752 bytes of memory: memory_bytes_max is 16777216");
}

const MEMORY_ALL_AT_ONCE: Guest =
    Guest { body: "(drop (memory.grow (i32.const 65535))) (i32.store (i32.const -65536) (i32.const 1))", ..GUEST };

#[tokio::test]
async fn memory_that_was_refused_is_not_there() {
    insta::assert_snapshot!(attack(&MEMORY_ALL_AT_ONCE).await, @"limit: node it (component guest): wanted 4294967296 bytes of memory: memory_bytes_max is 16777216");
}

const TABLE: Guest = Guest {
    body: "
        (loop $more
          (br_if $more (i32.ne (table.grow $table (ref.null func) (i32.const 100)) (i32.const -1))))
        unreachable",
    rest: "(table $table 1 funcref)",
    ..GUEST
};

#[tokio::test]
async fn a_table_ends_at_its_limit() {
    insta::assert_snapshot!(attack(&TABLE).await, @"limit: node it (component guest): wanted 1005 elements of tables: table_elements_max is 1000");
}

const RECURSION: Guest = Guest { body: "(call $go) (call $go)", ..GUEST };

#[tokio::test]
async fn recursion_ends_at_its_stack() {
    insta::assert_snapshot!(attack(&RECURSION).await, @"limit: node it (component guest): used up its stack: stack_bytes_max is 65536");
}

/// Asks the host for something wherever it is in its stack.
const DEEP_HOST_CALLS: Guest =
    Guest { body: "(call $output (i32.const 0) (i32.const 0) (i32.const 512)) (call $go) (call $go)", ..GUEST };

#[tokio::test]
async fn the_host_has_room_where_the_guest_has_none_left() {
    let limits = Limits { activation_host_calls_max: 100_000, ..limits() };
    insta::assert_snapshot!(attack_within(limits, &DEEP_HOST_CALLS).await, @"limit: node it (component guest): used up its stack: stack_bytes_max is 65536");
}

/// A resource of its own, which no flow ever sees.
const HANDLES: Guest = Guest {
    component: Some(
        r#"
    (component
      (type $it (resource (rep i32)))
      (core func $new (canon resource.new $it))
      (core module $core
        (import "host" "new" (func $new (param i32) (result i32)))
        (func (export "go") (loop (drop (call $new (i32.const 0))) (br 0))))
      (core instance $core (instantiate $core (with "host" (instance (export "new" (func $new))))))
      (func $go (canon lift (core func $core "go")))
      (instance $exported (export "go" (func $go)))
      (export "attack:guest/it@1.0.0" (instance $exported)))"#,
    ),
    ..GUEST
};

#[tokio::test]
async fn handles_end_at_their_limit() {
    insta::assert_snapshot!(attack(&HANDLES).await, @"limit: node it (component guest): holds too many handles: handles_max is 100");
}

/// Two core modules, each with a memory and a table of its own; the second's `go` grows its memory.
fn two(first: &str, second: &str, by: u32) -> Vec<u8> {
    let text = format!(
        r#"
        (component
          (core module $first {first})
          (core module $second (memory $grown 1) {second}
            (func (export "go")
              (if (i32.eq (memory.grow $grown (i32.const {by})) (i32.const -1)) (then unreachable))))
          (core instance (instantiate $first))
          (core instance $second (instantiate $second))
          (func $go (canon lift (core func $second "go")))
          (instance $it (export "go" (func $go)))
          (export "attack:guest/it@1.0.0" (instance $it)))"#
    );
    wat::parse_str(text).unwrap()
}

async fn attack_of_two(first: &str, second: &str, by: u32) -> String {
    let limits = Limits { memories_max: 2, ..limits() };
    let engine = engine(Config { limits, ..Config::default() });
    let text = "
        format: 1
        flow: attack
        interface: { protocol: websocket }
        start: it
        nodes:
          it: { call: guest.go }
        ";
    let flow = Flow::text(text).with_component("guest", two(first, second, by));
    told(&flow.simulate(&engine, serde_json::json!({})).await.outcome)
}

#[tokio::test]
async fn the_memories_of_an_instance_are_summed() {
    insta::assert_snapshot!(attack_of_two("(memory 200)", "", 55).await, @"completed");
    insta::assert_snapshot!(attack_of_two("(memory 200)", "", 56).await, @"limit: node it (component guest): wanted 16842752 bytes of memory: memory_bytes_max is 16777216");
    insta::assert_snapshot!(attack_of_two("(memory 256)", "", 0).await, @"limit: node it (component guest): wanted 16842752 bytes of memory: memory_bytes_max is 16777216");
}

#[tokio::test]
async fn the_tables_of_an_instance_are_summed() {
    insta::assert_snapshot!(attack_of_two("(table 500 funcref)", "(table 500 funcref)", 0).await, @"completed");
    insta::assert_snapshot!(attack_of_two("(table 501 funcref)", "(table 500 funcref)", 0).await, @"limit: node it (component guest): wanted 1001 elements of tables: table_elements_max is 1000");
}

pub(crate) const ATTACKS: &[Guest] = &[MEMORY, MEMORY_ALL_AT_ONCE, TABLE, RECURSION, DEEP_HOST_CALLS, HANDLES];
