//! Keys: the same again gives the same run, also at the same instant.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::journal::{self, Journal, Key, Keyed};

/// The keys of runs whose start is on its way to the journal. The journal knows all others.
#[derive(Default)]
pub(crate) struct Keys(Mutex<HashMap<Key, watch::Receiver<()>>>);

/// A key that a run is being started with. Whoever comes with the same waits until this is dropped.
pub(crate) struct Claim {
    keys: Arc<Keys>,
    key: Key,
    _done: watch::Sender<()>,
}

impl Keys {
    /// Claims a key, or answers the run that was started with it.
    ///
    /// # Errors
    ///
    /// The journal could not be asked.
    pub(crate) async fn claim(
        self: &Arc<Self>,
        journal: &dyn Journal,
        key: Key,
    ) -> Result<Result<Claim, Keyed>, journal::Error> {
        let claim = loop {
            match self.try_claim(&key) {
                Ok(claim) => break claim,
                // It is dropped, and that is what is waited for.
                Err(mut claimed) => while claimed.changed().await.is_ok() {},
            }
        };
        Ok(match journal.find(key).await? {
            Some(keyed) => Err(keyed),
            None => Ok(claim),
        })
    }

    fn try_claim(self: &Arc<Self>, key: &Key) -> Result<Claim, watch::Receiver<()>> {
        let mut claimed = self.lock();
        if let Some(claimed) = claimed.get(key) {
            return Err(claimed.clone());
        }
        let (done, waits) = watch::channel(());
        claimed.insert(key.clone(), waits);
        Ok(Claim { keys: Arc::clone(self), key: key.clone(), _done: done })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, watch::Receiver<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.keys.lock().remove(&self.key);
    }
}
