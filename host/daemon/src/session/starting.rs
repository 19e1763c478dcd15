//! Starts runs for a session.

use std::sync::Arc;

use sandgate_engine::run::{Start, Started};
use sandgate_flow::event::Caller;
use sandgate_flow::value::Value;
use serde_json::{Map, Value as Json};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::Session;
use super::closing::Goodbye;
use crate::channel::{Answer, SessionOutbox, Starting};
use crate::limits::milliseconds;
use crate::message::{Error, code};
use crate::project::Served;

/// What a run is to be started with.
struct Asked {
    input: Value,
    message: Value,
    key: Option<Arc<str>>,
}

impl Session {
    /// Starts a run with this input, if it fits.
    pub(super) async fn start(
        &self,
        served: &Served,
        input: Json,
        key: Option<String>,
        answer: Option<Answer>,
    ) -> Result<(), Error> {
        let input = served.plan.interface.input.accept(input).map_err(|wrong| Error::input(self.flow(), &wrong))?;
        let busy = |_| Error::runs_per_session(self.flow(), self.limits().runs_per_session_max);
        let permit = Arc::clone(&self.runs).try_acquire_owned().map_err(busy)?;
        let answer = answer.unwrap_or(Answer::Nothing);
        let asked = Asked { input, message: Value::Null, key: key.map(Arc::from) };
        match self.begin(served, asked, answer.clone(), permit).await? {
            Started::New(_) => Ok(()),
            Started::Before(run) => self.answer_known(run, &answer).await,
        }
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
        let begun = self.begin(&served, Asked { input, message, key: None }, Answer::Nothing, permit).await;
        begun.map(drop).map_err(|error| match error.code {
            code::BUSY | code::STORING => Goodbye::Busy(error.message),
            _ => Goodbye::Failed(error.message),
        })
    }

    async fn begin(
        &self,
        served: &Served,
        Asked { input, message, key }: Asked,
        answer: Answer,
        permit: OwnedSemaphorePermit,
    ) -> Result<Started, Error> {
        let starting = Starting::new(&self.membership, answer, served.plan.interface.on_leave, permit);
        let outbox = Arc::new(SessionOutbox::new(Arc::clone(self.membership.interface()), starting));
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
            key,
            outbox,
        };
        let engine = self.serving.server.engine.clone();
        // A task of its own, since this one may end in the middle, and the run that was started is to be known then too.
        let started = tokio::spawn(async move { engine.start(start).await });
        match started.await {
            Ok(started) => started.map_err(|refused| Error::refused(self.flow(), &refused)),
            Err(error) => Err(Error::new(code::INTERNAL, format!("flow {}: {error}", self.flow()))),
        }
    }
}
