//! What runs need that go on after they have been outside of memory: their flows, and the sessions of these.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use sandgate_engine::outbox::Outbox;
use sandgate_engine::run::{Flows, Loaded};
use sandgate_flow::Plan;
use sandgate_flow::document::OnLeave;
use sandgate_flow::event::{Caller, RunId};

use crate::channel::{Hub, SessionOutbox};
use crate::project::Projects;

/// The flows of the project, and the interfaces of these.
pub(crate) struct Recalled {
    projects: Arc<Projects>,
    hub: Hub,
}

impl Recalled {
    pub(crate) fn new(projects: Arc<Projects>, hub: Hub) -> Self {
        Self { projects, hub }
    }
}

impl Flows for Recalled {
    fn load(&self, flow: &str, version: u64) -> BoxFuture<'static, Result<Loaded, String>> {
        let project = self.projects.current();
        let served = project.flows.get(flow).and_then(|flow| flow.served.clone());
        let loaded = served
            .filter(|served| served.version == version)
            .map(|served| Loaded { plan: Arc::clone(&served.plan), components: Arc::clone(&served.components) });
        ready(loaded.ok_or_else(|| format!("version {version} of flow {flow} is not there"))).boxed()
    }

    fn has_left(&self, plan: &Plan, caller: Option<&Caller>) -> bool {
        plan.interface.on_leave == OnLeave::Cancel && self.hub.has_left(plan, caller)
    }

    fn outbox(&self, _: RunId, plan: &Plan, caller: Option<&Caller>) -> Arc<dyn Outbox> {
        Arc::new(SessionOutbox::again(self.hub.interface(plan), caller.cloned()))
    }
}
