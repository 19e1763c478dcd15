//! Files that are damaged, or made to cost the host: each is loaded or refused, and no more happens. Damage by chance is
//! `fuzz/`'s.

use crate::guest::{GUEST, Guest};
use crate::loading::{ENGINE, beside, said};

/// A component with something of everything.
const SOUND: Guest = Guest {
    types: "enum colour { red, green } record pair { first: colour, second: option<string> }",
    go: Some("(pairs: list<pair>) -> result<pair, string>"),
    body: "(param i32 i32) (result i32) (call $say (i32.const 0) (i32.const 0)) i32.const 1024",
    rest: r#"(data (i32.const 1024) "\00")"#,
    ..GUEST
};

#[test]
fn a_component_that_was_cut_off_is_refused_wherever_that_was() {
    let sound = SOUND.component();
    let whole = ENGINE.load("guest", &sound).unwrap();
    for length in 0..sound.len() {
        // Nothing but names may be missing.
        if let Ok(cut) = ENGINE.load("guest", &sound[..length]) {
            assert_eq!(
                format!("{:?}", cut.about()),
                format!("{:?}", whole.about()),
                "cut to {length} of {} bytes",
                sound.len()
            );
        }
    }
    insta::assert_snapshot!(said(&sound[..100]), @r#"component "guest": not a valid component: unexpected end-of-file (at offset 0x4e)"#);
}

/// What becomes of a component with this beside its function.
fn becomes(text: &str) -> String {
    ENGINE.load("guest", &beside(text)).map_or_else(|error| error.to_string(), |_| "loaded".to_owned())
}

/// Compiling them takes a second or so in all. What takes minutes is bounded by `component_bytes_max` alone.
#[test]
fn many_and_large_functions_are_compiled() {
    let sums = "local.get 0 i32.mul local.get 0 i32.add ".repeat(60_000);
    insta::assert_snapshot!(becomes(&format!("(core module (func (param i32) (result i32) local.get 0 {sums}))")), @"loaded");
    let functions = "(func (param i32) (result i32) local.get 0)".repeat(20_000);
    insta::assert_snapshot!(becomes(&format!("(core module {functions})")), @"loaded");
    let (blocks, ends) = ("block ".repeat(5_000), "end ".repeat(5_000));
    insta::assert_snapshot!(becomes(&format!("(core module (func {blocks} {ends}))")), @"loaded");
    let locals = "(local i64) ".repeat(50_001);
    insta::assert_snapshot!(becomes(&format!("(core module (func {locals}))")), @r#"component "guest" does not load: failed to compile: wasm[0]::function[0]: WebAssembly translation error: Invalid input WebAssembly code at offset 33: too many locals: locals exceed maximum"#);
}

/// Types, each made of the one before.
fn chain(length: usize, each: impl Fn(&str, &str) -> String) -> String {
    (1..=length).map(|at| each(&format!("$it{at}"), &format!("$it{}", at - 1))).collect()
}

#[test]
fn types_that_refer_to_each_other_are_nested_only_so_deep() {
    let lists = chain(20_000, |it, before| format!("(type {it} (list {before}))"));
    insta::assert_snapshot!(becomes(&format!("(type $it0 (list u8)) {lists}")), @r#"component "guest": not a valid component: type nesting is too deep (at offset 0xf7)"#);
    let pairs = chain(40, |it, before| format!("(type {it} (tuple {before} {before}))"));
    insta::assert_snapshot!(becomes(&format!("(type $it0 (tuple u8)) {pairs}")), @r#"component "guest": not a valid component: effective type size exceeds the limit of 1000000 (at offset 0x57)"#);
    let instances = chain(5_000, |it, before| {
        format!(r#"(type {it} (instance (alias outer 1 {before} (type $it)) (export "it" (instance (type $it)))))"#)
    });
    insta::assert_snapshot!(becomes(&format!("(type $it0 (instance)) {instances}")), @r#"component "guest": not a valid component: its interfaces cannot be read as WIT"#);
}

#[test]
fn what_is_nested_in_the_file_is_nested_only_so_deep() {
    let nested = |text: &str, depth| becomes(&format!("{} {}", text.repeat(depth), ")".repeat(depth)));
    insta::assert_snapshot!(nested("(component ", 31), @"loaded");
    insta::assert_snapshot!(nested("(component ", 32), @r#"component "guest": not a valid component: its components are nested more than 32 deep"#);
}

/// Each part has two instances of the one before: a kilobyte, and as many instances as there are atoms in a stone.
#[test]
fn parts_that_double_are_refused() {
    let doubled = chain(80, |it, before| {
        format!(
            "(component {it} (alias outer 1 {before} (component $before))
               (instance (instantiate $before)) (instance (instantiate $before)))"
        )
    });
    insta::assert_snapshot!(becomes(&format!("(component $it0) {doubled} (instance (instantiate $it80))")), @r#"component "guest": not a valid component: its parts have more than 10000 instances"#);
}

/// Whoever puts them into an order comes to no end, and takes the process with its stack.
#[test]
fn packages_that_need_each_other_are_refused() {
    let using = |name: &str, ty: &str, it: &str| {
        format!(
            r#"(import "{name}" (instance ${it} (alias outer 1 ${ty} (type $t)) (export "t" (type (eq $t)))))
               (alias export ${it} "t" (type $of-{it}))"#
        )
    };
    let round =
        using("a:a/one", "own", "one") + &using("b:b/two", "of-one", "two") + &using("a:a/three", "of-two", "three");
    insta::assert_snapshot!(becomes(&format!(r#"(type $own (record (field "a" u8))) {round}"#)), @r#"component "guest": not a valid component: the WIT package `a:a` needs itself, by way of another"#);
}

/// With the part handed in, nobody who looks at the file sees how often there will be which.
#[test]
fn parts_that_are_handed_in_are_refused() {
    insta::assert_snapshot!(becomes(r#"(component (import "part" (component)))"#), @r#"component "guest": not a valid component: it imports a component, or a part of it does"#);
}
