//! Answers what a client asks by JSON-RPC.

use sandgate_flow::event::{Outcome, RunId};
use serde_json::{Value as Json, json};

use super::Session;
use super::closing::Goodbye;
use crate::channel::{Answer, Frame};
use crate::message::{self, Error, Method, Request, code};

impl Session {
    /// Does what a message asks for. What is wrong with it is answered, and harms nothing.
    pub(super) async fn answer(&self, text: &str) -> Result<(), Goodbye> {
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
        let done = match method {
            Method::Run { input } => self.start(&served, input, id.clone().map(Answer::AtEnd)).await,
            Method::Start { input } => self.start(&served, input, id.clone().map(Answer::AtOnce)).await,
            Method::Cancel { run } => self.cancel(run, id.as_ref()).await,
        };
        done.unwrap_or_else(|error| self.refuse(id.as_ref(), &error));
        Ok(())
    }

    /// Cancels a run and answers how it ended, which is how it was about to end if that was decided before. A cancelled
    /// run ends at once, so whatever else the client asks can wait.
    async fn cancel(&self, id: RunId, request: Option<&Json>) -> Result<(), Error> {
        let run = self.membership.interface().run(self.membership.client(), id);
        let run = run.ok_or_else(|| Error::unknown_run(self.flow(), &id.to_string()))?;
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

    fn refuse(&self, request: Option<&Json>, error: &Error) {
        if let Some(request) = request {
            self.tell(message::error(request, error));
        }
    }

    fn tell(&self, text: hyper_tungstenite::tungstenite::Utf8Bytes) {
        self.membership.queue().push(Frame::Text(text));
    }
}
