//! One function a rule.

use super::Breach;
use super::tree::{File, Tree};

/// A rule: where the sources break it.
pub(super) type Rule = fn(&Tree) -> Vec<Breach>;

/// All rules.
pub(super) const ALL: [Rule; 10] = [
    layers_need_only_what_is_theirs,
    flow_is_pure,
    host_names_no_component,
    one_place_binds,
    addresses_are_described,
    queues_are_bounded,
    no_test_is_ignored,
    no_test_sleeps,
    every_guest_is_tested,
    files_are_short,
];

/// What a crate must not depend on: a manifest, names that begin so, and why.
const FOREIGN: [(&str, &[&str], &str); 2] = [
    ("host/flow/Cargo.toml", &["tokio", "wasmtime", "hyper", "rusqlite", "rand"], "flow does no I/O"),
    (
        "host/engine/Cargo.toml",
        &["axum", "hyper", "tungstenite", "tower", "clap"],
        "engine knows no HTTP and no WebSocket",
    ),
];

/// What reads files, sockets, clocks or chance, or runs tasks. A `Duration` is a value like others.
const IMPURE: [&str; 10] = [
    "Instant",
    "SystemTime",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "tokio",
    "wasmtime",
    "now_v7",
    "new_v4",
];

/// Components whose names are also words of the wire: only their calls are looked for.
const WORDS: [&str; 3] = ["client", "function", "output"];

const LINES_MAX: usize = 500;

fn layers_need_only_what_is_theirs(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (manifest, names, why) in FOREIGN {
        for (line, text) in tree.below(manifest, "").flat_map(|file| (1..).zip(file.text.lines())) {
            if let Some(name) = names.iter().find(|name| text.starts_with(**name)) {
                breaches.push(at(manifest, line, format!("depends on {name}, but {why}")));
            }
        }
    }
    breaches
}

fn flow_is_pure(tree: &Tree) -> Vec<Breach> {
    let files = tree.below("host/flow/src/", ".rs").filter(|file| !file.is_for_show());
    let names = |code: &str| IMPURE.into_iter().find(|name| code.contains(name));
    find(files, |code| names(code).map(|name| format!("uses {name}, but flow is pure: take it as an argument")))
}

fn host_names_no_component(tree: &Tree) -> Vec<Breach> {
    let names = component_names(tree);
    let files = tree.below("host/", ".rs").filter(|file| !file.is_for_show());
    let named = |code: &str| names.iter().find(|name| code.contains(name.as_str()));
    find(files, |code| named(code).map(|name| format!("names a component: {name}; a new one must change no host file")))
}

/// The components' names and calls, as Rust code or a document in it would write them.
fn component_names(tree: &Tree) -> Vec<String> {
    let mut names = Vec::new();
    for component in tree.crates("components/") {
        if !WORDS.contains(&component) {
            names.push(format!("\"{component}\""));
        }
        for function in functions(tree, component) {
            names.push(format!("\"{component}.{function}\""));
            names.push(format!(": {component}.{function}"));
        }
    }
    names
}

fn functions<'a>(tree: &'a Tree, component: &str) -> Vec<&'a str> {
    let folder = format!("components/{component}/wit/");
    let lines = tree.files.iter().filter(|file| file.path.starts_with(&folder)).flat_map(|file| file.text.lines());
    lines.filter_map(|line| Some(line.trim().split_once(": func(")?.0.trim_start_matches('%'))).collect()
}

fn one_place_binds(tree: &Tree) -> Vec<Breach> {
    let mut places = find(tree.below("host/", ".rs"), |code| {
        code.contains("bindgen!").then(|| "a second place binds WIT: host functions are linked in one".to_owned())
    });
    places.drain(..places.len().min(1));
    places
}

fn addresses_are_described(tree: &Tree) -> Vec<Breach> {
    let files = tree.below("host/daemon/src/", ".rs");
    find(files, |code| {
        let bare = [".route(\"/api", ".route(\"/run"].iter().any(|route| code.contains(route));
        bare.then(|| "an address that OpenAPI does not describe: make it by `routes!`".to_owned())
    })
}

fn queues_are_bounded(tree: &Tree) -> Vec<Breach> {
    let files = ["fuzz/", "host/", "tests/"].into_iter().flat_map(|folder| tree.below(folder, ".rs"));
    find(files, |code| {
        let endless = code.contains("unbounded_channel") || code.contains("::unbounded(");
        endless.then(|| "a queue without a limit: give it one, in Limits".to_owned())
    })
}

fn no_test_is_ignored(tree: &Tree) -> Vec<Breach> {
    let files = ["components/", "fuzz/", "host/", "tests/"].into_iter().flat_map(|folder| tree.below(folder, ".rs"));
    find_in_all(files, |line| {
        line.trim_start().starts_with("#[ignore").then(|| "an ignored test: mend it or delete it".to_owned())
    })
}

fn no_test_sleeps(tree: &Tree) -> Vec<Breach> {
    let written = |file: &&File| !file.path.starts_with("tests/guests/");
    let of_host = tree.below("host/", ".rs").filter(|file| file.is_for_show());
    let of_tests = tree.below("tests/", ".rs").chain(tree.below("tests/", ".py")).filter(written);
    let files = of_tests.chain(of_host).chain(tree.below("fuzz/", ".rs"));
    find_in_all(files, |line| {
        let sleeps = ["thread::sleep(", "time::sleep(", "time.sleep(", "asyncio.sleep(", " sleep(Duration"];
        sleeps.iter().any(|sleep| line.contains(sleep)).then(|| "a test sleeps: wait for what it waits for".to_owned())
    })
}

fn every_guest_is_tested(tree: &Tree) -> Vec<Breach> {
    let is_test = |file: &&File| file.path.starts_with("tests/") && !file.path.starts_with("tests/guests/");
    let tests: Vec<_> = tree.files.iter().filter(is_test).collect();
    let is_named = |guest: &str| {
        let names = [format!("\"{guest}\""), format!("{guest}.wasm"), format!("{guest}.go")];
        tests.iter().any(|file| names.iter().any(|name| file.text.contains(name.as_str())))
    };
    let untested = tree.crates("tests/guests/").into_iter().filter(|guest| !is_named(guest));
    untested
        .map(|guest| whole(&format!("tests/guests/{guest}"), "no test in tests/ names this guest".to_owned()))
        .collect()
}

fn files_are_short(tree: &Tree) -> Vec<Breach> {
    let endings = [".rs", ".js", ".mjs", ".ts", ".css", ".html", ".py"];
    let files = tree.files.iter().filter(|file| endings.iter().any(|ending| file.path.ends_with(ending)));
    let long = files.map(|file| (file, file.text.lines().count())).filter(|(_, lines)| *lines > LINES_MAX);
    long.map(|(file, lines)| whole(&file.path, format!("{lines} lines, and may be {LINES_MAX}: split it"))).collect()
}

/// The lines of code, tests apart, about which `complaint` has something to say.
fn find<'a>(files: impl Iterator<Item = &'a File>, complaint: impl Fn(&str) -> Option<String>) -> Vec<Breach> {
    let lines = files.flat_map(|file| file.code().map(move |(line, code)| (file, line, code)));
    lines.filter_map(|(file, line, code)| Some(at(&file.path, line, complaint(code)?))).collect()
}

/// The lines, tests included, about which `complaint` has something to say.
fn find_in_all<'a>(files: impl Iterator<Item = &'a File>, complaint: impl Fn(&str) -> Option<String>) -> Vec<Breach> {
    let lines = files.flat_map(|file| (1..).zip(file.text.lines()).map(move |(line, text)| (file, line, text)));
    lines.filter_map(|(file, line, text)| Some(at(&file.path, line, complaint(text)?))).collect()
}

fn at(path: &str, line: usize, message: String) -> Breach {
    Breach { path: path.to_owned(), line: Some(line), message }
}

fn whole(path: &str, message: String) -> Breach {
    Breach { path: path.to_owned(), line: None, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        Tree { files: files.iter().map(file).collect() }
    }

    /// Where the rule is broken, as shown.
    fn breaches(rule: Rule, files: &[(&str, &str)]) -> Vec<String> {
        rule(&tree(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn flow_may_depend_on_no_runtime() {
        let manifest = "[dependencies]\nserde.workspace = true\ntokio.workspace = true\n";
        let found = breaches(layers_need_only_what_is_theirs, &[("host/flow/Cargo.toml", manifest)]);
        assert_eq!(found, ["host/flow/Cargo.toml:3: depends on tokio, but flow does no I/O"]);
    }

    #[test]
    fn comments_and_unit_tests_of_flow_may_speak_of_files() {
        let text = "// std::fs is not used\nfn f() {}\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        assert!(breaches(flow_is_pure, &[("host/flow/src/a.rs", text)]).is_empty());
        assert_eq!(breaches(flow_is_pure, &[("host/flow/src/a.rs", "use std::fs;\n")]).len(), 1);
    }

    const COUNTER: [(&str, &str); 2] =
        [("components/counter/Cargo.toml", ""), ("components/counter/wit/world.wit", "    next: func(a: u8);\n")];

    #[test]
    fn a_component_named_in_the_host_is_found() {
        let [manifest, wit] = COUNTER;
        let named = ("host/engine/src/run.rs", "fn f() {\n    call(\"counter.next\");\n}\n");
        let found = breaches(host_names_no_component, &[manifest, wit, named]);
        let why = "names a component: \"counter.next\"; a new one must change no host file";
        assert_eq!(found, [format!("host/engine/src/run.rs:2: {why}")]);
    }

    #[test]
    fn an_example_may_name_a_component() {
        let [manifest, wit] = COUNTER;
        let named = ("host/engine/examples/run.rs", "call(\"counter\");\n");
        assert!(breaches(host_names_no_component, &[manifest, wit, named]).is_empty());
    }

    #[test]
    fn only_the_second_place_that_binds_is_one_too_many() {
        let bound = ("host/engine/src/a.rs", "wasmtime::component::bindgen!({});\n");
        assert!(breaches(one_place_binds, &[bound]).is_empty());
        assert_eq!(breaches(one_place_binds, &[bound, ("host/engine/src/b.rs", bound.1)]).len(), 1);
    }

    #[test]
    fn an_address_without_a_description_is_found() {
        let bare = ("host/daemon/src/api/a.rs", "    Router::new().route(\"/api/v1/a\", get(a))\n");
        assert_eq!(breaches(addresses_are_described, &[bare]).len(), 1);
        let other = ("host/daemon/src/router.rs", "    .route(\"/livez\", get(live)).routes(routes!(list))\n");
        assert!(breaches(addresses_are_described, &[other]).is_empty());
    }

    #[test]
    fn queues_ignored_tests_and_sleeps_are_found_in_tests_too() {
        let text =
            "#[cfg(test)]\nmod tests {\n    #[ignore]\n    thread::sleep(a);\n}\nlet (a, b) = unbounded_channel();\n";
        let file = [("tests/a.rs", text)];
        assert_eq!(breaches(no_test_is_ignored, &file), ["tests/a.rs:3: an ignored test: mend it or delete it"]);
        assert_eq!(breaches(no_test_sleeps, &file).len(), 1);
        assert_eq!(breaches(no_test_sleeps, &[("host/engine/tests/flows/a.rs", text)]).len(), 1);
        assert_eq!(breaches(queues_are_bounded, &[("host/a.rs", "let (a, b) = unbounded_channel();\n")]).len(), 1);
    }

    #[test]
    fn a_guest_that_no_test_names_is_found() {
        let guest = ("tests/guests/spin/Cargo.toml", "[package]\n");
        let found = breaches(every_guest_is_tested, &[guest]);
        assert_eq!(found, ["tests/guests/spin: no test in tests/ names this guest"]);
        assert!(breaches(every_guest_is_tested, &[guest, ("tests/guests.rs", "run(\"spin\");\n")]).is_empty());
    }

    #[test]
    fn a_long_file_is_found() {
        let long = "a\n".repeat(LINES_MAX + 1);
        let found = breaches(files_are_short, &[("host/a.rs", &long), ("host/b.rs", "a\n")]);
        assert_eq!(found, ["host/a.rs: 501 lines, and may be 500: split it"]);
    }
}
