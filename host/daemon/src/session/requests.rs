//! Answers what a client asks by JSON-RPC.

use sandgate_engine::journal::Summary;
use sandgate_engine::run::Run;
use sandgate_flow::event::{Outcome, RunId};
use serde_json::{Value as Json, json};

use super::Session;
use super::closing::Goodbye;
use crate::channel::{Answer, Ending, Frame};
use crate::message::{self, Error, Method, Position, Request, code};

impl Session {
    /// Does what a message asks for. What is wrong with it is answered, and harms nothing.
    pub(crate) async fn answer(&self, text: &str) -> Result<(), Goodbye> {
        match message::parse(text) {
            Ok(request) => self.perform(request).await,
            Err(invalid) => {
                self.refuse(invalid.id.as_ref(), &invalid.error);
                Ok(())
            }
        }
    }

    /// A binary message, which JSON-RPC has no use for.
    pub(super) fn refuse_binary(&self) {
        let error = Error::new(code::INVALID_REQUEST, "requests are text, and this is a binary message");
        self.refuse(Some(&Json::Null), &error);
    }

    async fn perform(&self, Request { id, method }: Request) -> Result<(), Goodbye> {
        let served = self.served()?;
        let first = self.patience.ends();
        if first && !matches!(method, Method::Resume { .. }) {
            self.membership.go_on();
        }
        let done = match method {
            Method::Run { input, key } => self.start(&served, input, key, id.clone().map(Answer::AtEnd)).await,
            Method::Start { input, key } => self.start(&served, input, key, id.clone().map(Answer::AtOnce)).await,
            Method::Cancel { run } => self.cancel(run, id.as_ref()).await,
            Method::Resume { positions } => self.membership.resume(positions, id.as_ref()).await,
        };
        if let Err(error) = done {
            self.go_on_without(id.as_ref(), &error);
        }
        Ok(())
    }

    /// Refuses a request, before all that is held back for the session: whoever did not get what it missed is not to take what
    /// follows for it.
    fn go_on_without(&self, request: Option<&Json>, error: &Error) {
        let refusal: Vec<_> = request.map(|request| Frame::Text(message::error(request, error))).into_iter().collect();
        let queue = self.membership.queue();
        if !queue.release(refusal.clone()) {
            refusal.into_iter().for_each(|frame| queue.push(frame));
        }
    }

    /// Cancels a run and answers how it ended, which is how it was about to end if that was decided before. A cancelled
    /// run ends at once, so whatever else the client asks can wait.
    async fn cancel(&self, id: RunId, request: Option<&Json>) -> Result<(), Error> {
        let unknown = || Error::unknown_run(self.flow(), &id.to_string());
        let run = self.serving.server.engine.find(id).await.filter(|run| self.is_own(run)).ok_or_else(unknown)?;
        run.cancel("its client asked for it");
        let ended = match run.ended().await {
            Outcome::Output(_) => "output",
            Outcome::Completed => "completed",
            Outcome::Failed(_) => "failed",
            Outcome::Cancelled(_) => "cancelled",
        };
        if let Some(request) = request {
            self.tell(message::result(request, &json!({ "run": id.to_string(), "ended": ended })));
        }
        Ok(())
    }

    /// Whether a run was started by this client, on this flow.
    fn is_own(&self, run: &Run) -> bool {
        run.flow() == self.flow() && run.caller().is_some_and(|caller| caller.client == *self.membership.client())
    }

    /// Answers for a run that this client has started before with the same key.
    pub(super) async fn answer_known(&self, run: RunId, answer: &Answer) -> Result<(), Error> {
        let (interface, session) = (self.membership.interface(), self.membership.session());
        match answer {
            Answer::Nothing => {}
            Answer::AtOnce(request) => self.tell(message::result(request, &json!({ "run": run.to_string() }))),
            Answer::AtEnd(request) => {
                interface.wait(run, session, request);
                let ended = self.serving.server.engine.ended(run).await;
                let ended = ended.map_err(|error| Error::new(code::INTERNAL, error.to_string()))?;
                // Otherwise it is answered when the run has ended, or has been meanwhile.
                if let Some((summary, outcome)) = ended
                    && interface.wait_no_longer(run, session, request)
                {
                    self.answer_ended(&summary, &outcome, request);
                }
            }
        }
        Ok(())
    }

    fn answer_ended(&self, summary: &Summary, outcome: &Outcome, request: &Json) {
        let channel = format!("client:{}", self.membership.client());
        let told = summary.told.map(|place| (format!("{:016x}", place.epoch), place.offset));
        let position = told.as_ref().map(|(epoch, offset)| Position { channel: &channel, epoch, offset: *offset });
        self.tell(Ending::new(self.flow(), summary.run, outcome).answer(request, position));
    }

    fn refuse(&self, request: Option<&Json>, error: &Error) {
        if let Some(request) = request {
            self.tell(message::error(request, error));
        }
    }

    fn tell(&self, text: hyper_tungstenite::tungstenite::Utf8Bytes) {
        self.membership.queue().push(Frame::Text(text));
    }
}
