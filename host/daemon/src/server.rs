//! The server: what it is made of, and what its parts share.

use std::sync::Arc;

use sandgate_engine::Engine;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::channel::Hub;
use crate::limits::Limits;
use crate::origin::Allowed;
use crate::project::{Projects, Served};
use crate::publishing::Publisher;
use crate::{listener, router};

/// Serves a project's flows to clients.
pub(crate) struct Server {
    /// Runs them.
    pub(crate) engine: Engine,
    /// Runs drafts and cases, of which clients hear nothing.
    pub(crate) aside: Engine,
    /// Has them.
    pub(crate) projects: Arc<Projects>,
    /// Changes them: drafts, versions.
    pub(crate) publisher: Publisher,
    /// Sends clients what they say.
    pub(crate) hub: Hub,
    /// Bounds it all.
    pub(crate) limits: Arc<Limits>,
    /// Says which pages of other servers may talk to this one.
    pub(crate) origins: Allowed,
}

/// A server that is being served from.
pub(crate) struct Serving {
    pub(crate) server: Server,
    /// How many drafts can still be tried.
    pub(crate) trials: Arc<Semaphore>,
    /// How many can still have cases run.
    pub(crate) case_requests: Arc<Semaphore>,
    /// Cancelled when the server is to stop.
    pub(crate) shutdown: CancellationToken,
}

/// Why a flow cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotServed {
    /// There is none with this id.
    #[error("there is no flow {0:?}: /api/v1/flows lists those there are")]
    Unknown(String),
    /// It has never been free of errors.
    #[error("flow {0} has problems, and no version of it had none: see /")]
    Broken(Arc<str>),
}

impl Server {
    /// Serves until `shutdown` is cancelled, and then until every connection has ended or `drain_ms_max` has passed.
    pub(crate) async fn serve(self, listener: TcpListener, shutdown: CancellationToken) {
        let limits = Arc::clone(&self.limits);
        let serving = Serving {
            trials: Arc::new(Semaphore::new(limits.trials_max)),
            case_requests: Arc::new(Semaphore::new(limits.case_requests_max)),
            server: self,
            shutdown: shutdown.clone(),
        };
        let router = router::router(Arc::new(serving));
        listener::run(listener, router, &limits, shutdown).await;
    }
}

impl Serving {
    /// The bounds.
    pub(crate) fn limits(&self) -> &Limits {
        &self.server.limits
    }

    /// What is served of a flow now.
    ///
    /// # Errors
    ///
    /// Nothing is.
    pub(crate) fn served(&self, flow: &str) -> Result<Arc<Served>, NotServed> {
        let project = self.server.projects.current();
        let flow = project.flows.get(flow).ok_or_else(|| NotServed::Unknown(flow.to_owned()))?;
        flow.served.clone().ok_or_else(|| NotServed::Broken(Arc::clone(&flow.id)))
    }
}
