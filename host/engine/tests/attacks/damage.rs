//! Files that are damaged, or made to cost the host: each is loaded or refused, and no more happens.

use crate::guest::{GATEWAY, GUEST, Guest};
use crate::loading::{ENGINE, EXPORT, said};

/// A component with something of everything.
const SOUND: Guest = Guest {
    types: "enum colour { red, green } record pair { first: colour, second: option<string> }",
    go: Some("(pairs: list<pair>) -> result<pair, string>"),
    body: "(param i32 i32) (result i32) (call $say (i32.const 0) (i32.const 0)) i32.const 1024",
    rest: r#"(data (i32.const 1024) "\00")"#,
    ..GUEST
};

/// The next of a series of numbers that look like chance and are the same each time (xorshift64, Marsaglia 2003).
fn next(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state >> 11).unwrap()
}

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
    insta::assert_snapshot!(said(&sound[..sound.len() / 2]), @"");
}

#[test]
fn a_component_with_a_flipped_bit_is_loaded_or_refused() {
    let mut chance = 1;
    for sound in [SOUND.component(), GATEWAY.component()] {
        let loaded = (0..200).filter(|_| {
            let mut flipped = sound.clone();
            let bit = next(&mut chance) % (flipped.len() * 8);
            flipped[bit / 8] ^= 1 << (bit % 8);
            ENGINE.load("guest", &flipped).is_ok()
        });
        let loaded = loaded.count();
        assert!((1..200).contains(&loaded), "{loaded} of 200 were loaded");
    }
}

/// A component whose one core module is the attack; it exports nothing.
fn of_module(fields: &str) -> Vec<u8> {
    wat::parse_str(format!("(component (core module {fields}))")).unwrap()
}

fn loaded_with(text: &str) -> String {
    let begun = std::time::Instant::now();
    let bytes = wat::parse_str(format!("(component {text} {EXPORT})")).unwrap();
    let assembled = begun.elapsed();
    let loaded = ENGINE.load("guest", &bytes);
    println!("{} bytes assembled in {assembled:?}, loaded in {:?}", bytes.len(), begun.elapsed() - assembled);
    match loaded {
        Ok(_) => "loaded".to_owned(),
        Err(error) => cutoff(error.to_string()),
    }
}
fn cutoff(s: String) -> String {
    s.chars().take(500).collect()
}

#[test]
fn bomb_add() {
    insta::assert_snapshot!(loaded_with(&format!("(core module (func (param i32) (result i32) local.get 0 {}))", "local.get 0 i32.mul local.get 0 i32.add ".repeat(60_000))), @"");
}
#[test]
fn bomb_many() {
    insta::assert_snapshot!(loaded_with(&format!("(core module {})", "(func (param i32) (result i32) local.get 0)".repeat(20_000))), @"");
}
#[test]
fn bomb_blocks() {
    insta::assert_snapshot!(loaded_with(&format!("(core module (func {} {}))", "block ".repeat(50_000), "end ".repeat(50_000))), @"");
}
#[test]
fn bomb_ifs() {
    insta::assert_snapshot!(loaded_with(&format!("(core module (func (param i32) (result i32) (local i32 i32 i32 i32) {} local.get 0))", "local.get 0 if local.get 1 local.set 0 local.get 2 local.set 1 else local.get 0 local.set 2 local.get 1 local.set 3 end ".repeat(10_000))), @"");
}
#[test]
fn bomb_loops() {
    insta::assert_snapshot!(loaded_with(&format!("(core module (func (param i32) (local {}) {} {} ))", "i32 ".repeat(1000), "loop local.get 0 local.set 900 local.get 900 br_if 0 ".repeat(1_000), "end ".repeat(1_000))), @"");
}
#[test]
fn bomb_loops_live() {
    let body: String = (0..1000)
        .map(|i| format!("loop local.get {} local.set {} local.get {} br_if 0 ", (i * 7) % 1000, (i * 13) % 1000, i))
        .collect();
    insta::assert_snapshot!(loaded_with(&format!("(core module (func (param i32) (local {}) {} {} ))", "i32 ".repeat(1000), body, "end ".repeat(1_000))), @"");
}
#[test]
fn bomb_brtable() {
    insta::assert_snapshot!(loaded_with(&format!("(core module (func (param i32) (local {}) {} {}))", "i32 ".repeat(100), "block ".repeat(1000), format!("local.get 0 br_table {} end local.get 1 local.set 2 ", (0..50).map(|i| i.to_string()).collect::<Vec<_>>().join(" ")).repeat(900).to_owned() + &"end ".repeat(100))), @"");
}
#[test]
fn deep_list() {
    for n in [10, 90, 20_000] {
        let types: String = (1..=n).map(|i| format!("(type $t{i} (list $t{}))", i - 1)).collect();
        println!(
            "{}",
            loaded_with(&format!(
                r#"(type $t0 (list u16)) {types}
      (core module $m (memory (export "memory") 1) (func (export "go") (param i32 i32)) (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
      (core instance $i (instantiate $m))
      (func $deep (param "it" $t{n}) (canon lift (core func $i "go") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
      (instance $deepi (export "go" (func $deep)))
      (export "attack:guest/deep@1.0.0" (instance $deepi))"#
            ))
        );
    }
}
#[test]
fn wide_tuple() {
    for n in [10, 40] {
        let types: String = (1..=n).map(|i| format!("(type $t{i} (tuple $t{} $t{}))", i - 1, i - 1)).collect();
        println!(
            "{}",
            loaded_with(&format!(
                r#"(type $t0 (tuple u16)) {types}
      (core module $m (memory (export "memory") 1) (func (export "go") (param i32)) (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
      (core instance $i (instantiate $m))
      (func $deep (param "it" $t{n}) (canon lift (core func $i "go") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
      (instance $deepi (export "go" (func $deep)))
      (export "attack:guest/deep@1.0.0" (instance $deepi))"#
            ))
        );
    }
}
#[test]
fn many_exports() {
    let e: String = (0..20_000).map(|i| format!(r#"(export "f{i}" (func $go))"#)).collect();
    println!(
        "{}",
        loaded_with(
            &format!(
                r#"
      (core module $m (func (export "go")))
      (core instance $i (instantiate $m))
      (func $go (canon lift (core func $i "go")))
      (instance $many {e})
      (export "attack:guest/many@1.0.0" (instance $many))"#
            )
            .replace("$go", "$go2")
        )
    );
}
#[test]
fn many_cases() {
    let e: String = (0..20_000).map(|i| format!(r#" "c{i}""#)).collect();
    println!(
        "{}",
        loaded_with(&format!(
            r#"
      (type $e (enum {e}))
      (core module $m (func (export "go") (param i32)))
      (core instance $i (instantiate $m))
      (func $go2 (param "e" $e) (canon lift (core func $i "go")))
      (component $shim (import "e" (type $e (eq $e)))
       (import "go" (func $go (param "e" $e))) (export $e2 "e" (type $e)) (export "go" (func $go) (func (param "e" $e2))))
      (instance $many (instantiate $shim (with "e" (type $e)) (with "go" (func $go2))))
      (export "attack:guest/many@1.0.0" (instance $many))"#
        ))
    );
}
fn report(name: &str, bytes: &[u8]) {
    let begun = std::time::Instant::now();
    let loaded = ENGINE.load("guest", bytes);
    println!(
        "{name} {} bytes loaded in {:?}: {}",
        bytes.len(),
        begun.elapsed(),
        match loaded {
            Ok(_) => "loaded".to_owned(),
            Err(error) => cutoff(error.to_string()),
        }
    );
}
#[test]
fn nested_components() {
    for n in [50, 1000, 100_000] {
        let mut inner = wasm_encoder::Component::new().finish();
        if n > 10_000 {
            // by hand: prefix sizes
        }
        for _ in 0..n.min(5000) {
            let mut outer = wasm_encoder::Component::new();
            outer.section(&wasm_encoder::RawSection { id: 4, data: &inner });
            inner = outer.finish();
        }
        report("nested components", &inner);
    }
}
#[test]
fn nested_types() {
    for n in [50, 1000, 5000] {
        let mut inner = wasm_encoder::ComponentType::new();
        for _ in 0..n {
            let mut outer = wasm_encoder::ComponentType::new();
            outer.ty().component(&inner);
            inner = outer;
        }
        let mut types = wasm_encoder::ComponentTypeSection::new();
        types.component(&inner);
        let mut component = wasm_encoder::Component::new();
        component.section(&types);
        report("nested types", &component.finish());
        let mut inner = wasm_encoder::InstanceType::new();
        for _ in 0..n {
            let mut outer = wasm_encoder::InstanceType::new();
            outer.ty().instance(&inner);
            outer.export("a", wasm_encoder::ComponentTypeRef::Instance(0));
            inner = outer;
        }
        let mut types = wasm_encoder::ComponentTypeSection::new();
        types.instance(&inner);
        let mut component = wasm_encoder::Component::new();
        component.section(&types);
        let mut imports = wasm_encoder::ComponentImportSection::new();
        imports.import("a:b/c", wasm_encoder::ComponentTypeRef::Instance(0));
        component.section(&imports);
        report("nested instance types", &component.finish());
    }
}

#[test]
fn chain_instances() {
    for n in [20, 90, 5_000, 100_000] {
        let types: String = (1..=n)
            .map(|i| {
                format!(
                    "(type $t{i} (instance (alias outer 1 $t{} (type $x)) (export \"a\" (instance (type $x)))))",
                    i - 1
                )
            })
            .collect();
        println!(
            "{}",
            loaded_with(&format!(r#"(type $t0 (instance)) {types} (import "a:b/c" (instance (type $t{n})))"#))
        );
    }
}
#[test]
fn chain_components() {
    for n in [20, 90, 5_000] {
        let types: String = (1..=n).map(|i| format!("(component $t{i} (alias outer 1 $t{} (component $x)) (instance $i (instantiate $x)) (export \"a\" (instance $i)))", i - 1)).collect();
        println!("{}", loaded_with(&format!(r#"(component $t0) {types} (instance (instantiate $t{n}))"#)));
    }
}
#[test]
fn chain_components_exponential() {
    for n in [5, 12, 25] {
        let types: String = (1..=n).map(|i| format!("(component $t{i} (alias outer 1 $t{} (component $x)) (instance $i (instantiate $x)) (instance $j (instantiate $x)))", i - 1)).collect();
        println!("{}", loaded_with(&format!(r#"(component $t0) {types} (instance (instantiate $t{n}))"#)));
    }
}
#[test]
fn chain_module_exponential() {
    for n in [2, 12, 20] {
        let types: String = (1..=n).map(|i| format!("(component $t{i} (alias outer 1 $t{} (component $x)) (instance $i (instantiate $x)) (instance $j (instantiate $x)))", i - 1)).collect();
        println!(
            "{}",
            loaded_with(&format!(
                r#"(core module $mm) (component $t0 (alias outer 1 $mm (core module $mm)) (core instance (instantiate $mm))) {types} (instance (instantiate $t{n}))"#
            ))
        );
    }
}
