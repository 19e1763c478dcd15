//! The platform's components, as they were packed.

use std::path::Path;
use std::sync::LazyLock;

use sandgate_engine::describe::describe;
use sandgate_flow::catalog::{Catalog, Component};

/// Each by its name, in the order of the names.
pub(crate) static PACKED: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/components");
    let entries = folder.read_dir().expect("run `cargo xtask components` first");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "wasm")).collect();
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), std::fs::read(path).expect("a component"))).collect()
});

/// What is known about them.
pub(crate) static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog {
    components: PACKED.iter().map(|(name, bytes)| (name.as_str().into(), about(bytes))).collect(),
});

fn about(bytes: &[u8]) -> Component {
    describe(bytes).expect("a component of the platform").component
}
