//! Every target with every file of its corpus, then with generated inputs: the same ones each time.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says so by failing")]

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sandgate_fuzz::{Target, Verdict, chance};

/// After so long no more inputs are generated, on a machine that does much else: what was not looked at is not a failure.
const GENERATED_MAX: Duration = Duration::from_secs(8);

#[test]
fn documents() {
    all("document");
}

#[test]
fn expressions() {
    all("expression");
}

#[test]
fn values() {
    all("value");
}

#[test]
fn messages() {
    all("message");
}

#[test]
fn frames() {
    all("frame");
}

#[test]
fn components() {
    all("component");
}

#[test]
fn every_folder_of_the_corpus_is_of_a_target() {
    for folder in entries(&corpus()) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        assert!(Target::named(&name).is_some(), "fuzz/corpus/{name} is of no target");
        assert!(!entries(&folder).is_empty(), "fuzz/corpus/{name} is empty");
    }
}

fn all(name: &str) {
    let target = Target::named(name).unwrap();
    for file in entries(&corpus().join(name)) {
        let given = format!("fuzz/corpus/{name}/{}", file.file_name().unwrap().to_string_lossy());
        let _ = one(target, &given, &std::fs::read(&file).unwrap());
    }
    let begin = Instant::now();
    let seeds = (0..target.inputs).take_while(|_| begin.elapsed() < GENERATED_MAX);
    let verdicts: Vec<_> =
        seeds.map(|seed| one(target, &format!("seed:{seed}"), &chance::input(seed, target.bytes_max))).collect();
    let accepted = verdicts.iter().filter(|verdict| **verdict == Verdict::Accepted).count();
    // Half of it, since a few inputs say little.
    let few = target.accepted_percent_min * verdicts.len() / 200;
    let all = verdicts.len();
    assert!(accepted >= few, "of {all} inputs {accepted} were accepted: the generator of {name} is off the road");
}

fn one(target: Target, given: &str, input: &[u8]) -> Verdict {
    catch_unwind(|| target.take(input)).unwrap_or_else(|_| {
        let alone = format!("cargo run -p sandgate-fuzz -- {} {given}", target.name);
        panic!(
            "the target {} found something: run `{alone}`; the input as base64: {}",
            target.name,
            BASE64.encode(input)
        )
    })
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}
