//! What is published is kept, and can be run again.

use std::fs;
use std::sync::Barrier;
use std::thread;

use sandgate_engine::{Engine, engine};
use tempfile::TempDir;

use super::*;
use crate::config::Unsaid;
use crate::platform;

const FLOW: &str = include_str!("../../../../flows/countdown.yaml");

fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

fn candidate<'a>(text: &'a str, components: &[(&str, &'a [u8])]) -> Candidate<'a> {
    let part = |(name, bytes): &(&str, &'a [u8])| Part {
        needed: Needed { name: (*name).into(), digest: Digest::of(bytes), bounds: of_engine() },
        bytes: Bytes::Here(bytes),
    };
    Candidate { flow: "countdown", text, ending: "yaml", parts: components.iter().map(part).collect() }
}

fn of_engine() -> Bounds {
    Bounds { from: Unsaid::Engine, limits: Default::default() }
}

fn publish(store: &Store, candidate: &Candidate<'_>) -> Published {
    store.publish(candidate, Note { message: "why", ..Note::default() }, || Ok(())).unwrap()
}

fn made(number: u64) -> Published {
    Published { number, outcome: Outcome::Made }
}

#[test]
fn versions_are_numbered_and_the_same_again_makes_none() {
    let (_folder, store) = store();
    let one = candidate("one", &[("a", b"1")]);
    assert_eq!(publish(&store, &one), made(1));
    assert_eq!(publish(&store, &one), Published { number: 1, outcome: Outcome::Unchanged });
    assert_eq!(publish(&store, &candidate("one", &[("a", b"2")])), made(2));
    // What version 1 was is another change.
    assert_eq!(publish(&store, &one), made(3));
    assert_eq!(store.version("countdown", 2).unwrap().components[0].digest, Digest::of(b"2"));
    let heads = store.list("countdown", None, 10).unwrap();
    let numbers: Vec<_> = heads.iter().map(|head| (head.number, head.current)).collect();
    assert_eq!(numbers, [(3, true), (2, false), (1, false)]);
}

#[test]
fn limits_of_a_component_make_another_version() {
    let (_folder, store) = store();
    publish(&store, &candidate("one", &[("a", b"1")]));
    let mut lowered = candidate("one", &[("a", b"1")]);
    lowered.parts[0].needed.bounds.limits.insert("handles_max".into(), 7);
    assert_eq!(publish(&store, &lowered), made(2));
    assert_eq!(store.current("countdown").unwrap().components[0].bounds.limits["handles_max"], 7);
}

#[test]
fn what_was_published_is_there_after_another_start() {
    let (folder, store) = store();
    publish(&store, &candidate("one", &[("a", b"1")]));
    let before = store.current("countdown").unwrap();
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.current("countdown").unwrap(), before);
    assert_eq!(store.bytes(&Digest::of(b"1")).unwrap(), b"1");
    assert_eq!(publish(&store, &candidate("two", &[])), made(2));
}

#[test]
fn no_version_is_made_if_what_comes_before_fails() {
    let (_folder, store) = store();
    let failed = store.publish(&candidate("one", &[]), Note::default(), || Err(std::io::Error::other("no")));
    assert_eq!(failed.unwrap_err().to_string(), "no");
    assert!(matches!(store.current("countdown"), Err(Error::NoFlow(_))));
}

#[test]
fn two_that_publish_at_once_get_numbers_of_their_own() {
    let (folder, _) = store();
    let together = Barrier::new(2);
    // Stores of their own, as two processes have them.
    let publish = |text: &'static str| {
        let store = Store::open(folder.path()).unwrap();
        together.wait();
        publish(&store, &candidate(text, &[("a", b"1")])).number
    };
    let publish = &publish;
    let mut numbers = thread::scope(|scope| {
        let other = scope.spawn(move || publish("two"));
        [publish("one"), other.join().unwrap()]
    });
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2]);
}

#[test]
fn bytes_that_no_version_names_are_swept_away_and_no_others() {
    let (folder, store) = store();
    publish(&store, &candidate("one", &[("a", b"1")]));
    let components = folder.path().join("components");
    fs::write(components.join(format!("{}.wasm", Digest::of(b"left over"))), "left over").unwrap();
    fs::write(components.join("half.new"), "ha").unwrap();
    assert_eq!(store.sweep().unwrap(), 2);
    assert_eq!(fs::read_dir(components).unwrap().count(), 1);
    assert_eq!(store.bytes(&Digest::of(b"1")).unwrap(), b"1");
}

#[test]
fn a_damaged_file_is_named_and_mended_by_publishing_it_again() {
    let (folder, store) = store();
    publish(&store, &candidate("one", &[("a", b"1")]));
    let file = folder.path().join(format!("components/{}.wasm", Digest::of(b"1")));
    fs::write(&file, "2").unwrap();
    let error = store.bytes(&Digest::of(b"1")).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{} is damaged", file.display())), "{error}");
    publish(&store, &candidate("two", &[("a", b"1")]));
    assert_eq!(store.bytes(&Digest::of(b"1")).unwrap(), b"1");
}

#[test]
fn what_a_newer_program_wrote_is_left_alone() {
    let (folder, store) = store();
    drop(store);
    let database = rusqlite::Connection::open(folder.path().join("versions.sqlite")).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    let error = Store::open(folder.path()).err().unwrap().to_string();
    assert!(error.contains("was written by a newer program: its format is 99"), "{error}");
}

#[test]
fn files_are_published_when_they_change_and_not_when_another_version_was_made_current() {
    let (_folder, store) = store();
    let found = |text: &'static str| store.publish_found(&candidate(text, &[]), "found").unwrap();
    assert_eq!(found("one"), made(1));
    assert_eq!(found("one"), Published { number: 1, outcome: Outcome::Unchanged });
    publish(&store, &candidate("from elsewhere", &[]));
    assert_eq!(found("one"), Published { number: 2, outcome: Outcome::Overruled });
    assert_eq!(found("two"), made(3));
}

fn versions(folder: &TempDir) -> Versions {
    assert!(!platform::COMPONENTS.is_empty(), "no components are embedded: run `cargo xtask build` first");
    let limits = sandgate_engine::Limits { instances_live_max: 16, guest_threads: 1, ..Default::default() };
    let engine = Engine::new(engine::Config { limits, ..Default::default() }).unwrap();
    Versions::new(Store::open(folder.path()).unwrap(), engine)
}

fn of_platform() -> Vec<(&'static str, &'static [u8])> {
    platform::COMPONENTS.iter().map(|embedded| (embedded.name, embedded.bytes)).collect()
}

#[test]
fn any_version_can_be_loaded_and_is_the_same_while_it_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let versions = versions(&folder);
    publish(versions.store(), &candidate(FLOW, &of_platform()));
    let changed = FLOW.replace("title: Countdown", "title: Down");
    let mut lowered = candidate(&changed, &of_platform());
    lowered.parts[0].needed.bounds.limits.insert("handles_max".into(), 7);
    publish(versions.store(), &lowered);

    let old = versions.load("countdown", 1).unwrap();
    let new = versions.load_current("countdown").unwrap();
    assert_eq!([(old.version, &*old.plan.title), (new.version, &*new.plan.title)], [(1, "Countdown"), (2, "Down")]);
    assert!(Arc::ptr_eq(&old, &versions.load("countdown", 1).unwrap()));
    let handles_max =
        |served: &Served| served.components.get(platform::COMPONENTS[0].name).unwrap().limits().handles_max;
    assert_eq!(handles_max(&new), 7);
    assert!(handles_max(&old) > 7);
    let weak = Arc::downgrade(&old);
    drop(old);
    assert!(weak.upgrade().is_none());
    assert_eq!(versions.load("countdown", 1).unwrap().version, 1);
}

#[test]
fn a_version_that_there_is_not_says_which_there_are() {
    let (_folder, store) = store();
    publish(&store, &candidate("one", &[]));
    assert_eq!(
        store.version("countdown", 7).unwrap_err().to_string(),
        "flow countdown has no version 7: its versions are 1 to 1"
    );
    assert_eq!(store.version("other", 1).unwrap_err().to_string(), "flow \"other\" has no versions: publish it first");
}
