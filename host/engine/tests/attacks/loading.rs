//! Files that are not loaded: what the host does not run, does not offer, or that needs too much.

use std::sync::LazyLock;

use sandgate_engine::engine::Config;
use sandgate_engine::{Engine, Limits};

use crate::limits;

/// Without a cache: everything is compiled here.
pub(crate) static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(Config { limits: limits(), ..Config::default() }).unwrap());

/// A function for flows to call.
const EXPORT: &str = r#"
    (core module $core (func (export "go")))
    (core instance $core (instantiate $core))
    (func $go (canon lift (core func $core "go")))
    (instance $it (export "go" (func $go)))
    (export "attack:guest/it@1.0.0" (instance $it))
    "#;

/// A component with something beside that function.
pub(crate) fn beside(text: &str) -> Vec<u8> {
    assembled(&format!("(component {text} {EXPORT})"))
}

/// As it is written, valid or not.
fn assembled(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// What is said of a file that is not loaded.
pub(crate) fn said(bytes: &[u8]) -> String {
    ENGINE.load("guest", bytes).expect_err("it was loaded").to_string()
}

#[test]
fn a_component_with_nothing_beside_is_loaded() {
    ENGINE.load("guest", &beside("")).unwrap();
}

#[test]
fn what_is_not_a_component_is_named() {
    insta::assert_snapshot!(said(b""), @r#"component "guest": not WebAssembly: the file is empty"#);
    insta::assert_snapshot!(said(b"(component)"), @r#"component "guest": WebAssembly text (WAT), not a component's binary: assemble it first, as `wasm-tools parse` does"#);
    insta::assert_snapshot!(said(&assembled("(module)")), @r#"component "guest": a core WebAssembly module, not a component: make a component of it, as `wasm-tools component new` does, or link it with `wasm-component-ld`"#);
    insta::assert_snapshot!(said(b"\x7fELF\x02\x01\x01"), @r#"component "guest": not WebAssembly: the file begins with the bytes 7f 45 4c 46 02 01 01"#);
    insta::assert_snapshot!(said(b"\0asm"), @r#"component "guest": not a valid component: unexpected end-of-file (at offset 0x4)"#);
    insta::assert_snapshot!(said(b"\0asm\x0e\0\x01\0"), @r#"component "guest": not a valid component: unknown binary version:    0x1000e (at offset 0x4)"#);
}

#[test]
fn a_file_has_a_limit() {
    let limits = Limits { component_bytes_max: 100, ..limits() };
    let error = Engine::new(Config { limits, ..Config::default() }).unwrap().load("guest", &[0; 101]).unwrap_err();
    insta::assert_snapshot!(error, @r#"component "guest" has 101 bytes: component_bytes_max is 100"#);
}

#[test]
fn an_import_that_is_not_offered_is_named() {
    let unknown = r#"(import "evil:host/files@1.0.0" (instance (export "delete" (func))))"#;
    insta::assert_snapshot!(said(&beside(unknown)), @r#"component "guest" imports evil:host/files@1.0.0, which this host does not offer: it offers sandgate:flow/types, sandgate:flow/push, sandgate:flow/timer, sandgate:flow/output, sandgate:flow/log, sandgate:flow/branches"#);
    let wasi = r#"(import "wasi:cli/environment@0.2.0" (instance (export "get" (func))))"#;
    insta::assert_snapshot!(said(&beside(wasi)), @r#"component "guest" imports wasi:cli/environment@0.2.0, which this host does not offer: it offers sandgate:flow/types, sandgate:flow/push, sandgate:flow/timer, sandgate:flow/output, sandgate:flow/log, sandgate:flow/branches"#);
    insta::assert_snapshot!(said(&beside(r#"(import "exec" (func))"#)), @r#"component "guest" imports exec, which this host does not offer: it offers sandgate:flow/types, sandgate:flow/push, sandgate:flow/timer, sandgate:flow/output, sandgate:flow/log, sandgate:flow/branches"#);
    insta::assert_snapshot!(said(&beside(r#"(import "code" (core module))"#)), @r#"component "guest" does not load: component imports core module `code`, but a matching implementation was not found in the linker: module implementation is missing"#);
    insta::assert_snapshot!(said(&beside(r#"(import "code" (component))"#)), @r#"component "guest": not a valid component: it imports a component, or a part of it does"#);
}

#[test]
fn an_import_has_the_type_that_is_offered() {
    let function = r#"(import "sandgate:flow/timer@0.1.0" (instance (export "wake" (func))))"#;
    insta::assert_snapshot!(said(&beside(function)), @r#"component "guest" does not load: component imports instance `sandgate:flow/timer@0.1.0`, but a matching implementation was not found in the linker: instance export `wake` has the wrong type: function implementation is missing"#);
    let ty = r#"(import "sandgate:flow/timer@0.1.0" (instance (export "sleep" (func (param "milliseconds" u32)))))"#;
    insta::assert_snapshot!(said(&beside(ty)), @r#"component "guest" does not load: component imports instance `sandgate:flow/timer@0.1.0`, but a matching implementation was not found in the linker: instance export `sleep` has the wrong type: type mismatch with parameters: expected `u64` found `u32`"#);
    let resource = r#"(import "sandgate:flow/timer@0.1.0" (instance (export "timer" (type (sub resource)))))"#;
    insta::assert_snapshot!(said(&beside(resource)), @r#"component "guest" does not load: component imports instance `sandgate:flow/timer@0.1.0`, but a matching implementation was not found in the linker: instance export `timer` has the wrong type: resource implementation is missing"#);
}

fn timer(version: &str) -> Vec<u8> {
    beside(&format!(
        r#"(import "sandgate:flow/timer@{version}" (instance (export "sleep" (func (param "milliseconds" u64)))))"#
    ))
}

#[test]
fn another_version_of_the_contract_is_refused_by_name() {
    insta::assert_snapshot!(said(&timer("0.2.0")), @r#"component "guest": `sandgate:flow/timer@0.2.0` is of another version of the contract: this host has 0.1: build the component for that"#);
    insta::assert_snapshot!(said(&timer("1.0.0")), @r#"component "guest": `sandgate:flow/timer@1.0.0` is of another version of the contract: this host has 0.1: build the component for that"#);
    insta::assert_snapshot!(said(&timer("0.1.0-beta")), @r#"component "guest": `sandgate:flow/timer@0.1.0-beta` is of another version of the contract: this host has 0.1: build the component for that"#);
    ENGINE.load("guest", &timer("0.1.7")).unwrap();
}

#[test]
fn exports_that_shadow_each_other_are_refused() {
    let twice = r#"(instance $other) (export "attack:guest/it@1.0.0" (instance $other))"#;
    insta::assert_snapshot!(said(&assembled(&format!("(component {twice} {EXPORT})"))), @r#"component "guest": not a valid component: export name `attack:guest/it@1.0.0` conflicts with previous name `attack:guest/it@1.0.0` (at offset 0x87)"#);
}

/// A contract's interface is the host's to offer, also where a component exports it.
#[test]
fn an_export_does_not_shadow_the_host() {
    let exports = EXPORT.replace("attack:guest/it@1.0.0", "sandgate:flow/timer@0.1.0");
    insta::assert_snapshot!(said(&assembled(&format!("(component {exports})"))), @r#"component "guest": the component exports nothing that a flow can use: export an interface with a name of its own, such as `acme:text/format`, or the contract's gateway"#);
}

#[test]
fn a_gateway_routes_as_the_contract_has_it() {
    let exports = EXPORT.replace("attack:guest/it@1.0.0", "sandgate:flow/gateway@0.1.0");
    insta::assert_snapshot!(said(&assembled(&format!("(component {exports})"))), @r#"component "guest": `sandgate:flow/gateway@0.1.0` is not the contract's gateway: it has no `route` of that type: build the component with the contract's WIT"#);
    let routes = exports.replace(r#"(instance $it (export "go""#, r#"(instance $it (export "route""#);
    insta::assert_snapshot!(said(&assembled(&format!("(component {routes})"))), @r#"component "guest": `sandgate:flow/gateway@0.1.0` is not the contract's gateway: it has no `route` of that type: build the component with the contract's WIT"#);
}

#[test]
fn what_the_sandbox_does_not_run_is_refused() {
    let core = |text: &str| said(&beside(&format!("(core module {text})")));
    insta::assert_snapshot!(core("(memory 1) (memory 1)"), @r#"component "guest" does not load: failed to parse WebAssembly module: multiple memories (at offset 0x14)"#);
    insta::assert_snapshot!(core("(memory i64 1)"), @r#"component "guest" does not load: failed to parse WebAssembly module: memory64 must be enabled for 64-bit memories (at offset 0x15)"#);
    insta::assert_snapshot!(core("(memory 1 1 shared)"), @r#"component "guest" does not load: failed to parse WebAssembly module: threads must be enabled for shared memories (at offset 0x15)"#);
    insta::assert_snapshot!(core("(memory (export \"memory\") 1 2 shared)"), @r#"component "guest" does not load: failed to parse WebAssembly module: threads must be enabled for shared memories (at offset 0x15)"#);
    insta::assert_snapshot!(core("(memory 1) (func (result i32) (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))"), @r#"component "guest" does not load: failed to compile: wasm[0]::function[0]: WebAssembly translation error: Invalid input WebAssembly code at offset 43: threads support is not enabled"#);
    insta::assert_snapshot!(core("(memory 1) (func (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))"), @r#"component "guest" does not load: failed to compile: wasm[0]::function[0]: WebAssembly translation error: Invalid input WebAssembly code at offset 42: threads support is not enabled"#);
    insta::assert_snapshot!(core("(func atomic.fence)"), @r#"component "guest" does not load: failed to compile: wasm[0]::function[0]: WebAssembly translation error: Invalid input WebAssembly code at offset 33: threads support is not enabled"#);
    insta::assert_snapshot!(core("(global (shared i32) (i32.const 0))"), @r#"component "guest" does not load: failed to parse WebAssembly module: shared globals require the shared-everything-threads proposal (at offset 0x15)"#);
    insta::assert_snapshot!(core("(type (shared (func)))"), @r#"component "guest" does not load: failed to parse WebAssembly module: shared composite types require the shared-everything-threads proposal (at offset 0x15)"#);
    insta::assert_snapshot!(core("(table shared 1 (ref null (shared func)))"), @r#"component "guest" does not load: failed to parse WebAssembly module: shared reference types require the shared-everything-threads proposal (at offset 0x15)"#);
    insta::assert_snapshot!(core("(table i64 1 funcref)"), @r#"component "guest" does not load: failed to parse WebAssembly module: memory64 must be enabled for 64-bit tables (at offset 0x15)"#);
    insta::assert_snapshot!(core("(type (struct))"), @r#"component "guest" does not load: failed to parse WebAssembly module: struct indexed types not supported without the gc feature (at offset 0x15)"#);
    insta::assert_snapshot!(core("(tag)"), @r#"component "guest" does not load: failed to parse WebAssembly module: exceptions proposal not enabled (at offset 0x1a)"#);
    insta::assert_snapshot!(core("(func (param v128) (result v128) local.get 0 i32x4.relaxed_trunc_f32x4_s)"), @r#"component "guest" does not load: failed to compile: wasm[0]::function[0]: WebAssembly translation error: Invalid input WebAssembly code at offset 37: relaxed SIMD support is not enabled"#);
}

#[test]
fn what_is_not_settled_yet_is_refused() {
    let core = |text: &str| said(&beside(&format!("(core module {text})")));
    insta::assert_snapshot!(core("(memory 1 (pagesize 1))"), @r#"component "guest" does not load: failed to parse WebAssembly module: the custom page sizes proposal must be enabled to customize a memory's page size (at offset 0x15)"#);
    insta::assert_snapshot!(core("(func (result i64 i64) i64.const 1 i64.const 1 i64.mul_wide_u)"), @r#"component "guest" does not load: failed to compile: wasm[0]::function[0]: WebAssembly translation error: Invalid input WebAssembly code at offset 39: wide arithmetic support is not enabled"#);
    insta::assert_snapshot!(core("(type $f (func)) (type (cont $f))"), @r#"component "guest" does not load: failed to parse WebAssembly module: cannot define continuation types when stack switching is disabled (at offset 0x18)"#);
    insta::assert_snapshot!(core("(type $f (func)) (func (param (ref $f)) (call_ref $f (local.get 0)))"), @r#"component "guest" does not load: failed to parse WebAssembly module: function references required for index reference types (at offset 0x18)"#);
    insta::assert_snapshot!(core("(func try end)"), @r#"component "guest" does not load: failed to compile: wasm[0]::function[0]: WebAssembly translation error: Invalid input WebAssembly code at offset 33: legacy_exceptions feature required for try instruction"#);
    insta::assert_snapshot!(said(&beside("(core func (canon task.return))")), @r#"component "guest" does not load: failed to parse WebAssembly module: `task.return` requires the component model async feature (at offset 0xb)"#);
    insta::assert_snapshot!(said(&beside("(type (stream u8))")), @r#"component "guest" does not load: failed to parse WebAssembly module: `stream` requires the component model async feature (at offset 0xb)"#);
    insta::assert_snapshot!(said(&beside("(type (list u8 4))")), @r#"component "guest" does not load: failed to parse WebAssembly module: Fixed-length lists require the component model fixed-length lists feature (at offset 0xb)"#);
    insta::assert_snapshot!(said(&beside("(core func (canon thread.available_parallelism))")), @r#"component "guest" does not load: failed to parse WebAssembly module: `thread.available_parallelism` requires the shared-everything-threads proposal (at offset 0xb)"#);
    insta::assert_snapshot!(said(&beside("(type error-context)")), @r#"component "guest" does not load: failed to parse WebAssembly module: `error-context` requires the component model error-context feature (at offset 0xb)"#);
}

/// A core module, and an instance of it.
fn instances(module: &str, count: usize) -> String {
    let instances = "(core instance (instantiate $attack))".repeat(count);
    said(&beside(&format!("(core module $attack {module}) {instances}")))
}

#[test]
fn what_an_instance_needs_has_limits() {
    insta::assert_snapshot!(instances("", 20), @r#"component "guest" does not load: needs too much: core_instances_max is 8: The component transitively contains 21 core module instances, which exceeds the configured maximum of 8 in the pooling allocator"#);
    insta::assert_snapshot!(instances("(memory 1)", 2), @r#"component "guest" does not load: needs too much: memories_max is 1: The component transitively contains 2 Wasm linear memories, which exceeds the configured maximum of 1 in the pooling allocator"#);
    insta::assert_snapshot!(instances("(memory 257)", 1), @r#"component "guest" does not load: needs too much: memory_bytes_max is 16777216: module memory does not fit in pooling allocator requirements: memory index 0 is unsupported in this pooling allocator configuration: memory has a minimum byte size of 16842752 which exceeds the limit of 0x1000000 bytes"#);
    insta::assert_snapshot!(instances("(table 1 funcref)", 5), @r#"component "guest" does not load: needs too much: tables_max is 4: The component transitively contains 5 tables, which exceeds the configured maximum of 4 in the pooling allocator"#);
    insta::assert_snapshot!(instances("(table 1001 funcref)", 1), @r#"component "guest" does not load: needs too much: table_elements_max is 1000: module table does not fit in pooling allocator requirements: table index 0 has a minimum element size of 1001 which exceeds the limit of 1000"#);
    let globals = instances(&"(global i64 (i64.const 0))".repeat(100_000), 1);
    insta::assert_snapshot!(globals, @r#"component "guest" does not load: module instance size does not fit in pooling allocator requirements: instance allocation for this module requires 1600176 bytes which exceeds the configured maximum of 1048576 bytes; breakdown of allocation requirement: * 99.99% - 1600000 bytes - defined globals"#);
}

#[test]
fn what_only_a_resource_could_call_is_refused() {
    let resource = r#"
        (component
          (type $it' (resource (rep i32)))
          (core module $core (func (export "go") (param i32)))
          (core instance $core (instantiate $core))
          (type $borrowed (borrow $it'))
          (func $go' (param "it" $borrowed) (canon lift (core func $core "go")))
          (component $shim
            (import "it" (type $it (sub resource)))
            (type $borrowed (borrow $it))
            (import "go" (func $go (param "it" $borrowed)))
            (export $exported "it" (type $it))
            (type $exported-borrowed (borrow $exported))
            (export "go" (func $go) (func (param "it" $exported-borrowed))))
          (instance $exported (instantiate $shim (with "it" (type $it')) (with "go" (func $go'))))
          (export "attack:guest/it@1.0.0" (instance $exported)))"#;
    insta::assert_snapshot!(said(&assembled(resource)), @r#"component "guest": the component exports nothing that a flow can use: export an interface with a name of its own, such as `acme:text/format`, or the contract's gateway; `go` of `attack:guest/it@1.0.0` cannot be called from a flow: its parameter `it` is or holds a resource, which flows have no values for"#);
}
