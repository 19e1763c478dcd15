use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

const GREETER: &str = "
    package acme:greeter@1.2.0;
    /// Greets.
    interface greet {
        /// Says hello.
        hello: func(name: string) -> string;
    }
    /// A greeter.
    world greeter { export greet; }
";

/// This WIT in a folder, after the contract's.
fn written(wit: &str) -> (TempDir, Wit) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("world.wit"), wit).unwrap();
    let wit = Wit::read(&[PathBuf::from(sample::CONTRACT), folder.path().to_owned()]).unwrap();
    (folder, wit)
}

#[test]
fn what_was_packed_is_read_back() {
    let component = sample::component(GREETER);
    let (_folder, wit) = written(GREETER);
    let packed = pack(&component, Some(&wit), Some("stateless = true")).unwrap();
    let sections = sections(&packed).unwrap();
    assert_eq!(sections.component_toml, Some("stateless = true"));
    let [encoded] = sections.wit.as_slice() else { panic!("one package") };
    let (resolve, package) = decode_wit(encoded).unwrap();
    let package = &resolve.packages[package];
    let interface = &resolve.interfaces[package.interfaces["greet"]];
    assert_eq!(interface.functions["hello"].docs.contents.as_deref(), Some("Says hello."));
}

#[test]
fn packing_twice_gives_the_same_bytes() {
    let component = sample::component(GREETER);
    let (_folder, wit) = written(GREETER);
    let once = pack(&component, Some(&wit), Some("title = \"Greeter\"")).unwrap();
    let twice = pack(&once, Some(&wit), Some("title = \"Greeter\"")).unwrap();
    assert_eq!(once, twice);
}

#[test]
fn what_is_not_given_stays() {
    let component = sample::component(GREETER);
    let (_folder, wit) = written(GREETER);
    let with_wit = pack(&component, Some(&wit), None).unwrap();
    let with_both = pack(&with_wit, None, Some("icon = \"hand\"")).unwrap();
    assert_eq!(sections(&with_both).unwrap().wit, sections(&with_wit).unwrap().wit);
    let replaced = pack(&with_both, None, Some("icon = \"wave\"")).unwrap();
    assert_eq!(sections(&replaced).unwrap().component_toml, Some("icon = \"wave\""));
}

#[test]
fn a_packed_component_still_runs() {
    let (_folder, wit) = written(GREETER);
    let packed = pack(&sample::component(GREETER), Some(&wit), Some("")).unwrap();
    wasmtime::component::Component::new(&wasmtime::Engine::default(), packed).unwrap();
}

#[test]
fn the_packages_of_exported_interfaces_are_packed_too() {
    let shared = "package acme:shared@1.0.0; interface shout { shout: func(text: string) -> string; }";
    let own = "package acme:loud; world loud { export acme:shared/shout@1.0.0; }";
    let folder = tempfile::tempdir().unwrap();
    let deps = folder.path().join("deps");
    std::fs::create_dir(&deps).unwrap();
    std::fs::write(deps.join("shared.wit"), shared).unwrap();
    std::fs::write(folder.path().join("world.wit"), own).unwrap();
    let component = sample::component(&format!("{own} {}", shared.replacen("; ", " { ", 1) + " }"));
    let packed = pack(&component, Some(&Wit::read(&[folder.path().to_owned()]).unwrap()), None).unwrap();
    let packages = sections(&packed).unwrap().wit.into_iter().map(|encoded| {
        let (resolve, package) = decode_wit(encoded).unwrap();
        resolve.packages[package].name.to_string()
    });
    assert_eq!(packages.collect::<Vec<_>>(), ["acme:loud", "acme:shared@1.0.0"]);
}

#[test]
fn the_wit_of_another_component_is_refused() {
    let (folder, wit) = written("package acme:other; world other { export wave: interface { wave: func(); } }");
    let error = pack(&sample::component(GREETER), Some(&wit), None).unwrap_err().to_string();
    let expected = format!(
        "the component exports `acme:greeter/greet@1.2.0`, which the WIT in {}, {} does not have: give this component's WIT",
        sample::CONTRACT,
        folder.path().display()
    );
    assert_eq!(error, expected);
}

#[test]
fn wit_that_does_not_parse_is_shown_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("world.wit"), "package acme:greeter;\ninterface greet { hello: fun(); }")
        .unwrap();
    let error = Wit::read(&[folder.path().to_owned()]).unwrap_err().to_string();
    assert!(error.contains("world.wit:2:"), "{error}");
}

#[test]
fn a_section_that_is_cut_off_is_an_error() {
    let packed = pack(&sample::component(GREETER), None, Some("title = \"Greeter\"")).unwrap();
    let error = sections(&packed[..packed.len() - 1]).unwrap_err().to_string();
    assert!(error.starts_with("not a valid component: unexpected end"), "{error}");
}

#[test]
fn a_repeated_section_is_an_error() {
    let mut packed = pack(&sample::component(GREETER), None, Some("")).unwrap();
    section::append(&mut packed, TOML_SECTION, b"");
    assert!(matches!(sections(&packed), Err(Error::Repeated)));
}
