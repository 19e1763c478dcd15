//! Files that are not loaded: what the host does not run, does not offer, or that needs too much.

use std::sync::LazyLock;

use sandgate_engine::Engine;
use sandgate_engine::engine::Config;

use crate::limits;

/// Without a cache: everything is compiled here.
pub(crate) static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(Config { limits: limits(), ..Config::default() }).unwrap());

/// A function for flows to call.
pub(crate) const EXPORT: &str = r#"
    (core module $core (func (export "go")))
    (core instance $core (instantiate $core))
    (func $go (canon lift (core func $core "go")))
    (instance $it (export "go" (func $go)))
    (export "attack:guest/it@1.0.0" (instance $it))
    "#;

/// A component with something beside that function.
fn beside(text: &str) -> Vec<u8> {
    wat::parse_str(format!("(component {text} {EXPORT})")).unwrap()
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
    insta::assert_snapshot!(said(b""), @"");
    insta::assert_snapshot!(said(b"(component)"), @"");
    insta::assert_snapshot!(said(&wat::parse_str("(module)").unwrap()), @"");
    insta::assert_snapshot!(said(b"\x7fELF\x02\x01\x01"), @"");
    insta::assert_snapshot!(said(b"\0asm"), @"");
    insta::assert_snapshot!(said(b"\0asm\x0e\0\x01\0"), @"");
}

#[test]
fn a_file_has_a_limit() {
    let engine = Engine::new(Config {
        limits: sandgate_engine::Limits { component_bytes_max: 100, ..limits() },
        ..Config::default()
    });
    let error = engine.unwrap().load("guest", &[0; 101]).unwrap_err();
    insta::assert_snapshot!(error, @"");
}

#[test]
fn an_import_that_is_not_offered_is_named() {
    let unknown = r#"(import "evil:host/files@1.0.0" (instance (export "delete" (func))))"#;
    insta::assert_snapshot!(said(&beside(unknown)), @"");
    let wasi = r#"(import "wasi:cli/environment@0.2.0" (instance (export "get" (func))))"#;
    insta::assert_snapshot!(said(&beside(wasi)), @"");
    insta::assert_snapshot!(said(&beside(r#"(import "exec" (func))"#)), @"");
    insta::assert_snapshot!(said(&beside(r#"(import "code" (core module))"#)), @"");
    insta::assert_snapshot!(said(&beside(r#"(import "code" (component))"#)), @"");
}

#[test]
fn an_import_has_the_type_that_is_offered() {
    let function = r#"(import "sandgate:flow/timer@0.1.0" (instance (export "wake" (func))))"#;
    insta::assert_snapshot!(said(&beside(function)), @"");
    let ty = r#"(import "sandgate:flow/timer@0.1.0" (instance (export "sleep" (func (param "milliseconds" u32)))))"#;
    insta::assert_snapshot!(said(&beside(ty)), @"");
    let resource = r#"(import "sandgate:flow/timer@0.1.0" (instance (export "timer" (type (sub resource)))))"#;
    insta::assert_snapshot!(said(&beside(resource)), @"");
}

fn timer(version: &str) -> Vec<u8> {
    beside(&format!(
        r#"(import "sandgate:flow/timer@{version}" (instance (export "sleep" (func (param "milliseconds" u64)))))"#
    ))
}

#[test]
fn another_version_of_the_contract_is_refused_by_name() {
    insta::assert_snapshot!(said(&timer("0.2.0")), @"");
    insta::assert_snapshot!(said(&timer("1.0.0")), @"");
    insta::assert_snapshot!(said(&timer("0.1.0-beta")), @"");
    ENGINE.load("guest", &timer("0.1.7")).unwrap();
}

#[test]
fn exports_that_shadow_each_other_are_refused() {
    let twice = r#"(instance $other) (export "attack:guest/it@1.0.0" (instance $other))"#;
    insta::assert_snapshot!(said(&unchecked(&format!("(component {twice} {EXPORT})"))), @"");
}

/// As it is written, valid or not.
fn unchecked(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// A contract's interface is the host's to offer, also where a component exports it.
#[test]
fn an_export_does_not_shadow_the_host() {
    let exports = EXPORT.replace("attack:guest/it@1.0.0", "sandgate:flow/timer@0.1.0");
    insta::assert_snapshot!(said(&unchecked(&format!("(component {exports})"))), @"");
}

#[test]
fn a_gateway_routes_as_the_contract_has_it() {
    let exports = EXPORT.replace("attack:guest/it@1.0.0", "sandgate:flow/gateway@0.1.0");
    insta::assert_snapshot!(said(&unchecked(&format!("(component {exports})"))), @"");
    let routes = exports.replace(r#"(instance $it (export "go""#, r#"(instance $it (export "route""#);
    insta::assert_snapshot!(said(&unchecked(&format!("(component {routes})"))), @"");
}

#[test]
fn what_the_sandbox_does_not_run_is_refused() {
    let core = |text: &str| said(&beside(&format!("(core module {text})")));
    insta::assert_snapshot!(core("(memory 1) (memory 1)"), @"");
    insta::assert_snapshot!(core("(memory i64 1)"), @"");
    insta::assert_snapshot!(core("(memory 1 1 shared)"), @"");
    insta::assert_snapshot!(core("(table i64 1 funcref)"), @"");
    insta::assert_snapshot!(core("(type (struct))"), @"");
    insta::assert_snapshot!(core("(tag)"), @"");
    insta::assert_snapshot!(core("(func (param v128) (result v128) local.get 0 i32x4.relaxed_trunc_f32x4_s)"), @"");
}

/// A core module, and an instance of it.
fn instances(module: &str, count: usize) -> String {
    let instances = "(core instance (instantiate $attack))".repeat(count);
    said(&beside(&format!("(core module $attack {module}) {instances}")))
}

#[test]
fn what_an_instance_needs_has_limits() {
    insta::assert_snapshot!(instances("", 20), @"");
    insta::assert_snapshot!(instances("(memory 1)", 2), @"");
    insta::assert_snapshot!(instances("(memory 257)", 1), @"");
    insta::assert_snapshot!(instances("(table 1 funcref)", 5), @"");
    insta::assert_snapshot!(instances("(table 1001 funcref)", 1), @"");
    insta::assert_snapshot!(instances(&"(global i64 (i64.const 0))".repeat(200_000), 1).lines().next().unwrap(), @"");
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
    insta::assert_snapshot!(said(&unchecked(resource)), @"");
}
