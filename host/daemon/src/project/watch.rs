//! Reads a project again when its files change.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventHandler, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio::task::JoinError;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use super::folder::Folder;
use super::{Projects, Reloaded, announce};
use crate::config::{self, Origin};

/// How long nothing must have changed before the files are read: an editor's save is several changes.
const QUIET_MS: u64 = 100;
/// How long changes may go on before the files are read all the same.
const SETTLE_MS_MAX: u64 = 2_000;
/// How often files are looked at where the system cannot tell of changes.
const POLL_EVERY_MS: u64 = 1_000;

/// Puts a newer project in place whenever the files change, until `shutdown`.
pub(crate) async fn watch(folder: Folder, projects: Arc<Projects>, shutdown: CancellationToken) {
    // One place: a change that is waiting to be seen stands for all that follow it.
    let (changed, mut changes) = mpsc::channel(1);
    let Some(mut watched) = Watched::start(&folder, changed) else { return };
    loop {
        // Before the files are read, so that no change falls between; nor, the first time, since they were read last.
        watched.refresh(&projects);
        if let Err(fault) = reload(&projects).await {
            return tracing::error!("the project's files are watched no longer: {fault}; start again to go on");
        }
        // What was read may name folders that were not watched.
        watched.refresh(&projects);
        tokio::select! {
            () = shutdown.cancelled() => return,
            change = changes.recv() => if change.is_none() { return },
        }
        settle(&mut changes).await;
    }
}

async fn reload(projects: &Arc<Projects>) -> Result<(), JoinError> {
    let projects = Arc::clone(projects);
    let reloading = tokio::task::spawn_blocking(move || {
        if let Some(Reloaded { previous, newer }) = projects.reload() {
            // What the log says is so.
            announce(&newer, Some(&previous));
        }
    });
    reloading.await
}

/// Waits until nothing changes any more.
async fn settle(changes: &mut mpsc::Receiver<()>) {
    let latest = Instant::now() + Duration::from_millis(SETTLE_MS_MAX);
    let more = async { while let Ok(Some(())) = timeout(Duration::from_millis(QUIET_MS), changes.recv()).await {} };
    // Either way the files are to be read now.
    let _ = timeout_at(latest, more).await;
}

/// The folders that are watched. Folders and not files, so that a save by rename is seen.
struct Watched {
    watcher: Box<dyn Watcher + Send>,
    root: PathBuf,
}

impl Watched {
    /// Watches the project's folder itself; none, and a line in the log, if even that cannot be done.
    fn start(folder: &Folder, changed: mpsc::Sender<()>) -> Option<Self> {
        let root = folder.path().canonicalize().unwrap_or_else(|_| folder.path().to_owned());
        let notice = Notice { root: root.clone(), changed };
        let started = native(&root, notice.clone()).or_else(|error| {
            tracing::warn!("the system does not tell of changed files ({error}): they are looked at every second");
            polling(&root, notice)
        });
        match started {
            Ok(watcher) => Some(Self { watcher, root }),
            Err(error) => {
                tracing::error!("{} cannot be watched, so changes need a new start: {error}", root.display());
                None
            }
        }
    }

    /// Watches the folders that there are now: they may have been made, or made again.
    fn refresh(&mut self, projects: &Projects) {
        for folder in self.folders(projects).into_iter().filter(|folder| folder.is_dir()) {
            if let Err(error) = self.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                tracing::warn!("{} cannot be watched: {error}", folder.display());
            }
        }
    }

    fn folders(&self, projects: &Projects) -> Vec<PathBuf> {
        let folder = Folder::at(&self.root);
        let project = projects.current();
        let elsewhere = project.config.components.values().filter_map(|component| match &component.origin {
            Some(Origin::File(path)) => self.root.join(path).parent().map(Path::to_owned),
            Some(Origin::Platform(_)) | None => None,
        });
        [folder.flows(), folder.components()].into_iter().chain(elsewhere).collect()
    }
}

fn native(root: &Path, notice: Notice) -> notify::Result<Box<dyn Watcher + Send>> {
    let mut watcher = RecommendedWatcher::new(notice, notify::Config::default())?;
    watcher.watch(root, RecursiveMode::NonRecursive)?;
    Ok(Box::new(watcher))
}

fn polling(root: &Path, notice: Notice) -> notify::Result<Box<dyn Watcher + Send>> {
    let every = notify::Config::default().with_poll_interval(Duration::from_millis(POLL_EVERY_MS));
    let mut watcher = PollWatcher::new(notice, every)?;
    watcher.watch(root, RecursiveMode::NonRecursive)?;
    Ok(Box::new(watcher))
}

/// Tells [`watch`] of changes that matter.
#[derive(Clone)]
struct Notice {
    root: PathBuf,
    changed: mpsc::Sender<()>,
}

impl EventHandler for Notice {
    fn handle_event(&mut self, event: notify::Result<Event>) {
        let matters = match event {
            Ok(event) => event.need_rescan() || (is_change(event.kind) && event.paths.iter().any(|it| self.is_of(it))),
            // What was missed is found by reading.
            Err(_) => true,
        };
        if matters {
            // Full is as good: see the channel.
            let _ = self.changed.try_send(());
        }
    }
}

impl Notice {
    /// Whether a path is of the project; in its folder itself lies much else.
    fn is_of(&self, path: &Path) -> bool {
        let known = [config::FILE, "flows", "components"];
        path.parent() != Some(&self.root) || path.file_name().is_some_and(|name| known.iter().any(|it| name == *it))
    }
}

/// Reading a file is an event too, and reading is what follows a change.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Far beyond what a change takes to be told of.
    const TOLD_WITHIN: Duration = Duration::from_secs(30);

    /// A folder that is watched in one of two ways, and whether a change to it is told of.
    async fn is_told(start: fn(&Path, Notice) -> notify::Result<Box<dyn Watcher + Send>>, change: fn(&Path)) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir(root.join("flows")).unwrap();
        let (changed, mut changes) = mpsc::channel(1);
        let mut watcher = start(&root, Notice { root: root.clone(), changed }).unwrap();
        watcher.watch(&root.join("flows"), RecursiveMode::NonRecursive).unwrap();
        change(&root);
        timeout(TOLD_WITHIN, changes.recv()).await == Ok(Some(()))
    }

    #[tokio::test]
    async fn a_file_that_is_written_is_told_of() {
        assert!(is_told(native, |root| fs::write(root.join("flows/a.yaml"), "a").unwrap()).await);
        assert!(is_told(polling, |root| fs::write(root.join("flows/a.yaml"), "a").unwrap()).await);
    }

    #[tokio::test]
    async fn a_file_that_is_saved_by_renaming_is_told_of() {
        let save = |root: &Path| {
            fs::write(root.join(".sandgate.toml.new"), "").unwrap();
            fs::rename(root.join(".sandgate.toml.new"), root.join("sandgate.toml")).unwrap();
        };
        assert!(is_told(native, save).await);
    }

    #[test]
    fn what_else_lies_in_the_folder_does_not_matter() {
        let notice = Notice { root: "/shop".into(), changed: mpsc::channel(1).0 };
        assert!(notice.is_of(Path::new("/shop/sandgate.toml")));
        assert!(notice.is_of(Path::new("/shop/flows")));
        assert!(notice.is_of(Path::new("/shop/flows/a.yaml")));
        assert!(!notice.is_of(Path::new("/shop/.sandgate")));
        assert!(!notice.is_of(Path::new("/shop/notes.txt")));
    }

    #[test]
    fn reading_is_not_a_change() {
        assert!(!is_change(EventKind::Access(AccessKind::Open(AccessMode::Any))));
        assert!(!is_change(EventKind::Access(AccessKind::Close(AccessMode::Read))));
        assert!(is_change(EventKind::Access(AccessKind::Close(AccessMode::Write))));
        assert!(is_change(EventKind::Create(notify::event::CreateKind::File)));
    }
}
