//! Starts runs for a session.

use std::sync::Arc;

use sandgate_engine::run::Start;
use sandgate_flow::event::Caller;
use sandgate_flow::value::Value;
use serde_json::{Map, Value as Json};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::Session;
use super::closing::Goodbye;
use crate::channel::{Answer, SessionOutbox, Starter};
use crate::limits::milliseconds;
use crate::message::{Error, code};
use crate::project::Served;

impl Session {
    /// Starts a run with this input, if it fits.
    pub(super) async fn start(&self, served: &Served, input: Json, answer: Option<Answer>) -> Result<(), Error> {
        let input = served.plan.interface.input.accept(input).map_err(|wrong| Error::input(self.flow(), &wrong))?;
        let busy = |_| Error::runs_per_session(self.flow(), self.limits().runs_per_session_max);
        let permit = Arc::clone(&self.runs).try_acquire_owned().map_err(busy)?;
        self.begin(served, input, Value::Null, answer.unwrap_or(Answer::Nothing), permit).await
    }

    /// Starts a run with this message and the input that the flow has by default. If the session has as many runs under
    /// way as it may, waits for one to end, and reads nothing meanwhile.
    pub(super) async fn start_raw(&self, message: Value) -> Result<(), Goodbye> {
        let served = self.served()?;
        let unfit = |wrong: Vec<_>| Goodbye::Policy(Error::input(self.flow(), &wrong).message);
        let input = served.plan.interface.input.accept(Json::Object(Map::new())).map_err(unfit)?;
        let limits = self.limits();
        let busy = || Goodbye::Busy(Error::runs_per_session(self.flow(), limits.runs_per_session_max).message);
        let permit = timeout(milliseconds(limits.run_wait_ms_max), Arc::clone(&self.runs).acquire_owned()).await;
        let permit = permit.map_err(|_| busy())?.map_err(|_| busy())?;
        self.begin(&served, input, message, Answer::Nothing, permit).await.map_err(|error| match error.code {
            code::BUSY => Goodbye::Busy(error.message),
            _ => Goodbye::Failed(error.message),
        })
    }

    async fn begin(
        &self,
        served: &Served,
        input: Value,
        message: Value,
        answer: Answer,
        permit: OwnedSemaphorePermit,
    ) -> Result<(), Error> {
        let starter = Starter::new(&self.membership, answer, served.plan.interface.on_leave);
        let outbox = Arc::new(SessionOutbox::new(Arc::clone(self.membership.interface()), starter, permit));
        let start = Start {
            plan: Arc::clone(&served.plan),
            version: served.version,
            components: Arc::clone(&served.components),
            input,
            message,
            caller: Some(Caller {
                session: Arc::clone(self.membership.session()),
                client: Arc::clone(self.membership.client()),
            }),
            outbox,
        };
        let engine = self.serving.server.engine.clone();
        // A task of its own, since this one may end in the middle, and the run that was started is to be known then too.
        let started = tokio::spawn(async move { engine.start(start).await.map(drop) });
        match started.await {
            Ok(started) => started.map_err(|refused| Error::refused(self.flow(), &refused)),
            Err(error) => Err(Error::new(code::INTERNAL, format!("flow {}: {error}", self.flow()))),
        }
    }
}
