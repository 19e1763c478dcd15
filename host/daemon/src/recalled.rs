//! What runs need that go on after they have been outside of memory: their flows, and the sessions of these.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use sandgate_engine::outbox::Outbox;
use sandgate_engine::run::{Flows, Loaded};
use sandgate_flow::Plan;
use sandgate_flow::event::{Caller, RunId};
use tokio::runtime::Handle;

use crate::channel::{Hub, SessionOutbox};
use crate::versions::{Served, Versions};

/// Published versions of flows, and the interfaces of these.
pub(crate) struct Recalled {
    versions: Versions,
    hub: Hub,
    /// Where versions are loaded, which blocks.
    runtime: Handle,
}

impl Recalled {
    /// To be called on the runtime that versions are loaded on.
    pub(crate) fn new(versions: Versions, hub: Hub) -> Self {
        Self { versions, hub, runtime: Handle::current() }
    }
}

fn loaded(served: &Served) -> Loaded {
    Loaded { plan: Arc::clone(&served.plan), components: Arc::clone(&served.components) }
}

impl Flows for Recalled {
    fn load(&self, flow: &str, version: u64) -> BoxFuture<'static, Result<Loaded, String>> {
        // What is served is at hand, and most runs are of that.
        if let Some(served) = self.versions.held(flow, version) {
            return ready(Ok(loaded(&served))).boxed();
        }
        let (versions, flow) = (self.versions.clone(), flow.to_owned());
        let loading = self.runtime.spawn_blocking(move || versions.load(&flow, version));
        async move {
            let served = loading.await.map_err(|fault| fault.to_string())?.map_err(|error| error.to_string())?;
            Ok(loaded(&served))
        }
        .boxed()
    }

    fn has_left(&self, plan: &Plan, caller: Option<&Caller>) -> bool {
        self.hub.has_left(plan, caller)
    }

    fn outbox(&self, _: RunId, plan: &Plan, caller: Option<&Caller>) -> Arc<dyn Outbox> {
        Arc::new(SessionOutbox::again(self.hub.interface(plan), caller.cloned()))
    }
}
