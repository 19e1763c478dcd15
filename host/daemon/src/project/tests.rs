//! A project is read from a folder, and read again after its files changed.

use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use sandgate_engine::compile::{Compile, Program};
use sandgate_engine::{Engine, engine};
use tempfile::TempDir;

use super::*;
use crate::platform;

/// A flow that calls components of the platform, which must have been built: `cargo xtask build`.
const FLOW: &str = include_str!("../../../../flows/countdown.yaml");
const FILE: &str = "flows/countdown.yaml";

struct Fixture {
    folder: TempDir,
    loader: Loader,
}

impl Fixture {
    fn new(files: &[(&str, &str)]) -> Self {
        Self::compiling(files, Compile::Here)
    }

    fn compiling(files: &[(&str, &str)], compile: Compile) -> Self {
        assert!(!platform::COMPONENTS.is_empty(), "no components are embedded: run `cargo xtask build` first");
        let folder = tempfile::tempdir().unwrap();
        let limits = sandgate_engine::Limits { instances_live_max: 16, guest_threads: 1, ..Default::default() };
        let engine = Engine::new(engine::Config { limits, compile, ..Default::default() }).unwrap();
        let loader = Loader::new(Folder::at(folder.path()), engine);
        let fixture = Self { folder, loader };
        files.iter().for_each(|(path, text)| fixture.write(path, text));
        fixture
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn load(&mut self) -> Project {
        let config = self.loader.folder().read_config().unwrap();
        self.loader.load(config)
    }
}

fn countdown(project: &Project) -> &Flow {
    project.flows.get("countdown").unwrap()
}

fn version(project: &Project) -> u64 {
    countdown(project).served.as_ref().unwrap().version
}

fn messages(flow: &Flow) -> String {
    flow.problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_flow_that_stops_checking_keeps_its_last_good_version() {
    let mut fixture = Fixture::new(&[(FILE, FLOW)]);
    let first = fixture.load();
    assert_eq!((countdown(&first).status(), version(&first)), ("served", 1));

    fixture.write(FILE, FLOW.replace("next: show", "next: nowhere"));
    let stale = fixture.loader.reload(&first);
    assert_eq!((countdown(&stale).status(), version(&stale)), ("stale", 1));
    assert!(messages(countdown(&stale)).contains("nowhere"), "{}", messages(countdown(&stale)));

    fixture.write(FILE, FLOW.replace("title: Countdown", "title: Three, two, one"));
    let mended = fixture.loader.reload(&stale);
    assert_eq!((countdown(&mended).status(), version(&mended)), ("served", 2));
    assert_eq!(countdown(&mended).served.as_ref().unwrap().plan.title, "Three, two, one");
}

#[test]
fn what_did_not_change_stays_the_version_that_it_is() {
    let mut fixture = Fixture::new(&[(FILE, FLOW)]);
    let first = fixture.load();
    fixture.write(FILE, "format: [");
    let stale = fixture.loader.reload(&first);
    fixture.write(FILE, FLOW);
    let again = fixture.loader.reload(&stale);
    let served = |project: &Project| countdown(project).served.clone().unwrap();
    assert!(Arc::ptr_eq(&served(&first), &served(&again)));
}

#[test]
fn a_flow_that_never_checked_is_not_served_and_harms_no_other() {
    let mut fixture = Fixture::new(&[(FILE, FLOW), ("flows/broken.yaml", "format: 1\nflow: broken\n")]);
    let project = fixture.load();
    let broken = project.flows.get("broken").unwrap();
    assert_eq!((broken.status(), broken.served.is_none()), ("broken", true));
    assert_eq!(countdown(&project).status(), "served");
}

#[test]
fn a_file_that_is_not_a_component_is_named_and_harms_no_other() {
    let mut fixture =
        Fixture::new(&[(FILE, FLOW), ("components/noise.wasm", "noise"), ("components/No.wasm", "noise")]);
    let project = fixture.load();
    let files: Vec<_> = project.unusable.iter().map(|it| it.file.as_str()).collect();
    assert_eq!(files, ["components/No.wasm", "components/noise.wasm"]);
    assert_eq!(countdown(&project).status(), "served");
}

#[test]
fn a_flow_is_in_one_file_of_its_name() {
    let other = FLOW.replace("flow: countdown", "flow: countup");
    let mut fixture = Fixture::new(&[(FILE, &other), ("flows/echo.yaml", FLOW), ("flows/echo.yml", FLOW)]);
    let project = fixture.load();
    assert!(messages(countdown(&project)).contains("`countup` is in a file named `countdown`"));
    let echo = messages(project.flows.get("echo").unwrap());
    assert!(echo.contains("`echo` is in flows/echo.yml too"), "{echo}");
}

#[test]
fn components_of_the_platform_can_have_other_names() {
    let renamed = FLOW.replace("call: ", "call: my_").replace("gateway: ", "gateway: my_");
    let mut config = "[project]\nplatform-components = false\n".to_owned();
    for embedded in platform::COMPONENTS {
        writeln!(config, "[components.my_{0}]\nplatform = \"{0}\"", embedded.name).unwrap();
    }
    let mut fixture = Fixture::new(&[(FILE, &renamed), ("sandgate.toml", &config)]);
    let project = fixture.load();
    assert_eq!(countdown(&project).status(), "served", "{}", messages(countdown(&project)));
    assert!(project.components.iter().all(|component| component.name().starts_with("my_")));
}

#[test]
fn components_of_the_project_stand_over_those_of_the_platform() {
    let own = platform::COMPONENTS.iter().map(|embedded| format!("components/{}.wasm", embedded.name));
    let mut fixture = Fixture::new(&[(FILE, FLOW)]);
    let first = fixture.load();
    own.for_each(|file| fixture.write(&file, "noise"));
    let stale = fixture.loader.reload(&first);
    assert_eq!((countdown(&stale).status(), version(&stale)), ("stale", 1));
    assert_eq!(stale.unusable.len(), platform::COMPONENTS.len());
}

/// How often a component is given to a compiler that ends so, when the project is read three times.
fn times_compiled(ends: &str) -> usize {
    let count = tempfile::NamedTempFile::new().unwrap();
    let script = format!("echo once >>{}; echo no >&2; {ends}", count.path().display());
    let program = Program { path: "/bin/sh".into(), name: "sh".into(), arguments: vec!["-c".into(), script.into()] };
    let config = ("sandgate.toml", "[project]\nplatform-components = false\n");
    let mut fixture = Fixture::compiling(&[config], Compile::By(program));
    fixture.write("components/own.wasm", platform::COMPONENTS[0].bytes);
    let mut project = fixture.load();
    for _ in 0..2 {
        project = fixture.loader.reload(&project);
        assert_eq!(project.unusable[0].file, "components/own.wasm");
    }
    fs::read_to_string(count.path()).unwrap().lines().count()
}

#[test]
fn a_component_that_cannot_be_compiled_is_tried_again_only_where_that_may_help() {
    assert_eq!(times_compiled("exit 1"), 1);
    assert_eq!(times_compiled("kill -s SEGV $$"), 3);
}

/// Limits of a component by its name, as a project has them.
fn push_bytes_max(project: &Project, name: &str) -> u64 {
    project.components.get(name).unwrap().limits().push_bytes_max
}

#[test]
fn limits_of_a_component_take_effect_when_they_are_read() {
    let name = platform::COMPONENTS[0].name;
    let limits = |value: u64| format!("[components.{name}.limits]\npush_bytes_max = {value}\n");
    let mut fixture = Fixture::new(&[(FILE, FLOW)]);
    let first = fixture.load();
    assert_eq!(push_bytes_max(&first, name), sandgate_engine::Limits::default().push_bytes_max as u64);

    fixture.write("sandgate.toml", limits(7));
    let second = fixture.loader.reload(&first);
    assert_eq!((push_bytes_max(&second, name), second.unusable.len()), (7, 0));
    // The flow calls the component, so that what is served is another.
    assert_eq!((version(&first), version(&second)), (1, 2));

    // A file of that name is held to them as well.
    fixture.write(&format!("components/{name}.wasm"), platform::COMPONENTS[0].bytes);
    let own = fixture.loader.reload(&second);
    assert_eq!(push_bytes_max(&own, name), 7);
    fixture.write("sandgate.toml", "[limits.component]\npush_bytes_max = 8\n");
    assert_eq!(push_bytes_max(&fixture.loader.reload(&own), name), 8);
}

#[test]
fn limits_of_a_component_that_there_is_not_are_named() {
    let mut fixture = Fixture::new(&[(FILE, FLOW), ("sandgate.toml", "[components.nobody.limits]\nhandles_max = 7\n")]);
    let said = fixture.load().unusable.iter().map(Unusable::to_string).collect::<String>();
    assert_eq!(said, "sandgate.toml: [components.nobody.limits] is about a component that there is not: \"nobody\"");
}

#[test]
fn a_configuration_that_stops_making_sense_goes_on_as_it_was() {
    let mut fixture = Fixture::new(&[(FILE, FLOW), ("sandgate.toml", "[project]\nname = \"shop\"\n")]);
    let first = fixture.load();
    fixture.write("sandgate.toml", "[project]\nnam = \"store\"\n");
    let second = fixture.loader.reload(&first);
    assert_eq!(second.name, "shop");
    let said = second.unusable.iter().map(Unusable::to_string).collect::<String>();
    assert_eq!(
        said,
        "sandgate.toml: line 2, column 1: unknown key `nam`: did you mean `name`? (what it said before goes on)"
    );
}
