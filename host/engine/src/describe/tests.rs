use std::path::PathBuf;

use sandgate_flow::catalog::Type;
use sandgate_flow::value::Value;

use super::*;
use crate::package::{Wit, pack, sample};

fn described(wit: &str) -> Described {
    describe(&sample::component(wit)).unwrap()
}

fn refusal(wit: &str) -> String {
    describe(&sample::component(wit)).unwrap_err().to_string()
}

/// The component of this WIT with this `component.toml`.
fn with_settings(wit: &str, toml: &str) -> Result<Described, Error> {
    describe(&pack(&sample::component(wit), None, Some(toml)).unwrap())
}

/// A world that exports an interface with this inside.
fn world(interface: &str) -> String {
    format!("package acme:sample@1.0.0; interface things {{ {interface} }} world sample {{ export things; }}")
}

fn parameter_types(interface: &str) -> Vec<Type> {
    let described = described(&world(interface));
    described.component.activities[0].parameters.iter().map(|parameter| parameter.ty.clone()).collect()
}

#[test]
fn a_function_is_an_activity_with_its_types() {
    let described = described(&world("step-up: func(max-count: s64, by: option<u8>) -> result<s64, string>;"));
    assert_eq!(described.imports, [""; 0]);
    assert_eq!(described.gateway, None);
    let [activity] = described.component.activities.as_slice() else { panic!("one activity") };
    assert_eq!((&*activity.interface, &*activity.function), ("acme:sample/things@1.0.0", "step-up"));
    let parameters: Vec<_> = activity.parameters.iter().map(|each| (&*each.name, each.ty.to_string())).collect();
    assert_eq!(parameters, [("max_count", "s64".to_owned()), ("by", "option<u8>".to_owned())]);
    assert_eq!(activity.returns, Some(Type::S64));
    assert_eq!(activity.error, Fallible::Yes(Some(Type::String)));
}

#[test]
fn every_type_of_wit_is_described() {
    let types = parameter_types(
        "flags can { read, write-all }
         enum way { up, down }
         record point { x: f32, the-y: f64 }
         variant shape { dot, ring(point) }
         type alias = point;
         all: func(a: bool, b: char, c: list<u8>, d: list<list<string>>, e: tuple<s8, u64>, f: can, g: way, h: shape,
             i: option<option<alias>>, j: result<_, u32>, k: result);",
    );
    let shown: Vec<_> = types.iter().map(Type::to_string).collect();
    let point = "record { x: f32, the-y: f64 }";
    let expected = [
        "bool",
        "char",
        "list<u8>",
        "list<list<string>>",
        "tuple<s8, u64>",
        "flags { read, write-all }",
        "enum { up, down }",
        &format!("variant {{ dot, ring({point}) }}"),
        &format!("option<option<{point}>>"),
        "result<_, u32>",
        "result<_, _>",
    ];
    assert_eq!(shown, expected);
    assert_eq!(types[2], Type::Bytes);
}

#[test]
fn json_and_message_of_the_contract_are_recognised() {
    let types = parameter_types(
        "use sandgate:flow/types@0.1.0.{json as anything};
         use sandgate:flow/push@0.1.0.{message};
         type mine = message;
         send: func(value: anything, values: list<anything>, message: mine);",
    );
    assert_eq!(types, [Type::Json, Type::List(Type::Json.into()), Type::Message]);
}

#[test]
fn a_type_that_is_only_called_json_is_not_json() {
    let types = parameter_types("record json { text: string } send: func(value: json);");
    assert_eq!(types[0].to_string(), "record { text: string }");
}

#[test]
fn a_gateway_and_its_imports_are_described() {
    let wit = "package acme:sample; world sample { include sandgate:flow/gateway-component@0.1.0; }";
    let described = described(wit);
    assert_eq!(described.component.gateway, Gateway::Exported);
    assert_eq!(described.gateway.as_deref(), Some("sandgate:flow/gateway@0.1.0"));
    assert_eq!(described.component.activities.len(), 0);
    assert!(described.imports.contains(&"sandgate:flow/branches@0.1.0".to_owned()), "{:?}", described.imports);
}

#[test]
fn plain_exports_are_ignored() {
    let described = described(
        "package acme:sample; interface things { go: func(); }
         world sample { export things; export init: func(); export inner: interface { stop: func(); } }",
    );
    assert_eq!(described.component.activities.len(), 1);
}

#[test]
fn a_function_with_a_resource_is_refused_and_the_others_are_not() {
    let interface =
        "resource file { read: func() -> string; } open: func() -> file; close: func(it: file); sum: func();";
    let described = described(&world(interface));
    let names: Vec<_> = described.component.activities.iter().map(|activity| &*activity.function).collect();
    assert_eq!(names, ["sum"]);
    let refused: Vec<_> = described.refused.iter().map(ToString::to_string).collect();
    let of = "of `acme:sample/things@1.0.0` cannot be called from a flow";
    assert!(refused.contains(&format!("`[method]file.read` {of}: it belongs to a resource")), "{refused:#?}");
    let handle = "is or holds a resource, which flows have no values for";
    assert!(refused.contains(&format!("`open` {of}: its result {handle}")), "{refused:#?}");
    assert!(refused.contains(&format!("`close` {of}: its parameter `it` {handle}")), "{refused:#?}");
}

#[test]
fn a_component_without_anything_to_call_is_refused() {
    let message = refusal("package acme:sample; world sample { export go: func(); }");
    assert!(message.starts_with("the component exports nothing that a flow can use: export an interface"), "{message}");
    let message = refusal(&world("resource file; open: func() -> file;"));
    assert!(message.contains("`open` of `acme:sample/things@1.0.0` cannot be called"), "{message}");
}

#[test]
fn types_beyond_the_bounds_are_refused() {
    let deep = format!("deep: func(a: {}u8{});", "option<".repeat(16), ">".repeat(16));
    assert!(refusal(&world(&deep)).contains("its parameter `a` is nested too deeply: 16"), "{deep}");
    let wide: String = (1..13).map(|n| format!("type t{n} = tuple<t{0}, t{0}>;", n - 1)).collect();
    let wide = format!("type t0 = tuple<u8, u8>; {wide} wide: func(a: t12);");
    assert!(refusal(&world(&wide)).contains("its parameter `a` is too large"), "{wide}");
}

#[test]
fn another_version_of_the_contract_is_refused_by_name() {
    let wit = "package acme:sample;
        interface things { go: func(); }
        world sample { import sandgate:flow/timer@0.2.0; export things; }
        package sandgate:flow@0.2.0 { interface timer { sleep: func(milliseconds: u64); } }";
    let expected = "`sandgate:flow/timer@0.2.0` is of another version of the contract: this host has 0.1: build the \
                    component for that";
    assert_eq!(refusal(wit), expected);
}

#[test]
fn what_is_not_a_component_is_called_what_it_is() {
    let message = |bytes: &[u8]| describe(bytes).unwrap_err().to_string();
    assert_eq!(message(b""), "not WebAssembly: the file is empty");
    assert!(message(&sample::module()).starts_with("a core WebAssembly module, not a component"));
    assert!(message(b"  (component)").starts_with("WebAssembly text (WAT)"));
    assert_eq!(
        message(b"\x7fELF\x02\x01\x01\x00\x00"),
        "not WebAssembly: the file begins with the bytes 7f 45 4c 46 02 01 01 00"
    );
    let component = sample::component(&world("go: func();"));
    assert!(message(&component[..component.len() / 2]).starts_with("not a valid component: "));
}

#[test]
fn no_bytes_make_it_panic() {
    let component = sample::component(&world("go: func(a: list<option<string>>) -> result<u8>;"));
    for at in (8..component.len()).step_by(7) {
        for bit in 0..8 {
            let mut damaged = component.clone();
            damaged[at] ^= 1 << bit;
            let _ = describe(&damaged);
        }
    }
}

#[test]
fn docs_come_from_the_packed_wit() {
    let wit = "package acme:sample;
        /// Things to do.
        interface things {
            /// Goes.
            go: func();
        }
        /// A sample.
        world sample { export things; }";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("world.wit"), wit).unwrap();
    let packed_wit = Wit::read(&[PathBuf::from(sample::CONTRACT), folder.path().to_owned()]).unwrap();
    let described = describe(&pack(&sample::component(wit), Some(&packed_wit), None).unwrap()).unwrap();
    assert_eq!(described.component.docs.as_deref(), Some("A sample."));
    assert_eq!(described.component.activities[0].docs.as_deref(), Some("Goes."));
}

#[test]
fn settings_are_applied() {
    let interface = "enum way { up, down } step-up: func(max-count: s64, way: way);";
    let toml = "stateless = true\ntitle = \"Counter\"\ngroup = \"Flow\"\nicon = \"hash\"\n\
                [parameters.step_up.max-count]\nwidget = \"slider\"\nhidden = true\ndocs = \"How far.\"\n\
                [parameters.step-up.way]\ndefault = \"down\"\n";
    let component = with_settings(&world(interface), toml).unwrap().component;
    assert_eq!(component.title.as_deref(), Some("Counter"));
    assert_eq!(component.instances, Instances::Stateless);
    let [count, way] = component.activities[0].parameters.as_slice() else { panic!("two parameters") };
    assert_eq!((count.widget.as_deref(), count.docs.as_deref()), (Some("slider"), Some("How far.")));
    assert_eq!((count.visibility, way.visibility), (Visibility::Hidden, Visibility::Shown));
    assert_eq!(way.default, Some(Value::from("down")));
}

#[test]
fn settings_that_do_not_fit_are_refused() {
    let message = |toml: &str| with_settings(&world("go: func(far: u8);"), toml).unwrap_err().to_string();
    assert!(message("statless = true").contains("unknown field `statless`"));
    assert_eq!(
        message("[parameters.run.far]"),
        "component.toml: parameters.run: there is no such function; there is `go`"
    );
    assert_eq!(
        message("[parameters.go.near]"),
        "component.toml: parameters.go.near: the function has no such parameter; it has `far`"
    );
    assert_eq!(
        message("[parameters.go.far]\ndefault = 256"),
        "component.toml: parameters.go.far: the default does not fit: $: 256 is out of range (the WIT type is `u8`)"
    );
}

#[test]
fn a_function_of_two_interfaces_is_named_with_its_interface() {
    let wit = "package acme:sample;
        interface one { go: func(far: u8); }
        interface two { go: func(far: u8); }
        world sample { export one; export two; }";
    let message = with_settings(wit, "[parameters.go.far]").unwrap_err().to_string();
    assert!(message.ends_with("put the interface's name before it, in quotes, as in \"one.go\""), "{message}");
    let component = with_settings(wit, "[parameters.\"two.go\".far]\ndefault = 2").unwrap().component;
    let defaults = component.activities.iter().map(|activity| activity.parameters[0].default.clone());
    assert_eq!(defaults.collect::<Vec<_>>(), [None, Some(Value::Int(2))]);
}
