use std::fs::Permissions;
use std::time::Duration;

use wasmtime::Config;

use super::*;
use crate::package::sample;

const DIGEST: [u8; 32] = [7; 32];
const ROOMY: u64 = 1 << 30;

fn compiled(engine: &Engine) -> Component {
    let wit = "package acme:sample; interface things { go: func(); } world sample { export things; }";
    Component::new(engine, sample::component(wit)).unwrap()
}

/// The cache's compiled files.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.to_string_lossy().ends_with(room::SUFFIX)).collect()
}

#[test]
fn what_was_put_is_got_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("compiled");
    let engine = Engine::default();
    let cache = Cache::open(directory.clone(), ROOMY).unwrap();
    assert!(cache.get(&engine, &DIGEST).is_none());
    cache.put(&engine, &DIGEST, &compiled(&engine));
    let again = Cache::open(directory, ROOMY).unwrap();
    assert!(again.get(&engine, &DIGEST).is_some());
    assert!(again.get(&engine, &[8; 32]).is_none());
}

#[test]
fn another_engine_compiles_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(folder.path().to_owned(), ROOMY).unwrap();
    let engine = Engine::default();
    cache.put(&engine, &DIGEST, &compiled(&engine));
    let other = Engine::new(Config::new().epoch_interruption(true)).unwrap();
    assert!(cache.get(&other, &DIGEST).is_none());
    assert!(cache.get(&engine, &DIGEST).is_some());
}

#[test]
fn a_damaged_file_is_removed_and_never_run() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(folder.path().to_owned(), ROOMY).unwrap();
    let engine = Engine::default();
    cache.put(&engine, &DIGEST, &compiled(&engine));
    let [file] = files(folder.path()).try_into().unwrap();
    let whole = fs::read(&file).unwrap();
    for kept in [0, MARK_BYTES - 1, whole.len() - 1] {
        fs::write(&file, &whole[..kept]).unwrap();
        assert!(cache.get(&engine, &DIGEST).is_none());
        assert!(!file.exists());
    }
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    fs::write(&file, damaged).unwrap();
    assert!(cache.get(&engine, &DIGEST).is_none());
}

#[test]
fn a_planted_file_is_never_run() {
    let (folder, others) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let engine = Engine::default();
    let theirs = Cache::open(others.path().to_owned(), ROOMY).unwrap();
    theirs.put(&engine, &DIGEST, &compiled(&engine));
    let [planted] = files(others.path()).try_into().unwrap();
    let cache = Cache::open(folder.path().to_owned(), ROOMY).unwrap();
    fs::copy(&planted, folder.path().join(planted.file_name().unwrap())).unwrap();
    assert!(cache.get(&engine, &DIGEST).is_none());
}

#[test]
fn one_components_file_is_not_taken_for_anothers() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(folder.path().to_owned(), ROOMY).unwrap();
    let engine = Engine::default();
    cache.put(&engine, &DIGEST, &compiled(&engine));
    let [file] = files(folder.path()).try_into().unwrap();
    fs::rename(file, folder.path().join(name(&engine, &[8; 32]))).unwrap();
    assert!(cache.get(&engine, &[8; 32]).is_none());
}

#[test]
fn only_the_owner_may_read_and_a_key_that_others_could_read_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let engine = Engine::default();
    let cache = Cache::open(folder.path().to_owned(), ROOMY).unwrap();
    cache.put(&engine, &DIGEST, &compiled(&engine));
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    let key = folder.path().join("key");
    assert_eq!((mode(folder.path()), mode(&key)), (OWNER_ONLY, OWNER_ONLY_FILE));
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    let again = Cache::open(folder.path().to_owned(), ROOMY).unwrap();
    assert_eq!(mode(&key), OWNER_ONLY_FILE);
    assert!(again.get(&engine, &DIGEST).is_none());
}

#[test]
fn what_was_used_longest_ago_makes_room() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::default();
    let component = compiled(&engine);
    let size = component.serialize().unwrap().len() as u64 + MARK_BYTES as u64;
    let cache = Cache::open(folder.path().to_owned(), 2 * size).unwrap();
    let age = |digest: [u8; 32], seconds| {
        let file = File::open(folder.path().join(name(&engine, &digest))).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds)).unwrap();
    };
    for (digest, seconds) in [([1; 32], 60), ([2; 32], 30)] {
        cache.put(&engine, &digest, &component);
        age(digest, seconds);
    }
    assert!(cache.get(&engine, &[1; 32]).is_some(), "used, and so no longer the oldest");
    cache.put(&engine, &[3; 32], &component);
    assert!(cache.get(&engine, &[2; 32]).is_none());
    assert!(cache.get(&engine, &[1; 32]).is_some());
    assert!(cache.get(&engine, &[3; 32]).is_some());
}

#[test]
fn what_is_larger_than_the_cache_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::open(folder.path().to_owned(), 16).unwrap();
    let engine = Engine::default();
    cache.put(&engine, &DIGEST, &compiled(&engine));
    assert!(files(folder.path()).is_empty());
}
