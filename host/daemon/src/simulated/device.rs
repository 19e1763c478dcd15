//! A device of a client: it holds a session, knows what it had of each channel, and checks whatever it is sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::host::Life;
use super::ledger::Ledger;
use super::model;
use crate::channel::{Client, Frame, Queue};
use crate::message::code;
use crate::session::{Patience, Session};

/// A device.
pub(super) struct Device {
    pub(super) client: Arc<str>,
    pub(super) flow: Arc<str>,
    /// Whether it reads what it is sent late.
    pub(super) is_slow: bool,
    pub(super) session: Option<Connected>,
    /// The last entry had of each channel; no epoch if it is of an epoch that is gone.
    had: BTreeMap<String, Had>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Had {
    epoch: Option<String>,
    offset: u64,
}

/// A session that is under way.
pub(super) struct Connected {
    pub(super) id: Arc<str>,
    pub(super) queue: Arc<Queue<Frame>>,
    pub(super) patience: Arc<Patience>,
    pub(super) waits_for: BTreeMap<u64, Asked>,
    /// Whether it has asked for anything.
    has_asked: bool,
    inbox: mpsc::Sender<String>,
    reading: AbortHandle,
}

/// What was asked for, by the id of the request.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// What was missed.
    Resume,
    /// That a run ends: its place among those wanted.
    Cancel(usize),
    /// A run, at its end or at once: its place among those wanted.
    Run(usize),
    Start(usize),
}

/// What an answer says.
pub(super) enum Answer {
    /// The run that was wanted.
    Started(usize, String),
    /// It has ended with this.
    Ended(usize, String, Json),
    /// It was cancelled.
    Cancelled(usize),
    /// A cancellation was answered so.
    CancelledAs(usize, String),
    /// The host could not do it now.
    NotNow,
    /// It is not known what was missed: it has to connect again.
    NotResumed,
    Nothing,
}

impl Device {
    pub(super) fn new(client: Arc<str>, flow: Arc<str>, is_slow: bool) -> Self {
        Self { client, flow, is_slow, session: None, had: BTreeMap::new() }
    }

    /// Connects.
    pub(super) fn connect(&mut self, life: &Life) {
        let served = life.serving.served(&self.flow).expect("it is served");
        let interface = life.serving.server.hub.interface(&served.plan);
        let (inbox, mut asked) = mpsc::channel::<String>(4_096);
        let (serving, client) = (Arc::clone(&life.serving), Arc::clone(&self.client));
        let session = life.enter(|| Session::new(serving, &interface, client, served.version, Client::Named));
        let (queue, id) = (Arc::clone(session.membership.queue()), Arc::clone(session.membership.session()));
        let patience = Arc::clone(&session.patience);
        let reading = life.enter(|| {
            tokio::spawn(async move {
                while let Some(text) = asked.recv().await {
                    if session.answer(&text).await.is_err() {
                        break;
                    }
                }
            })
        });
        let reading = reading.abort_handle();
        self.session =
            Some(Connected { id, queue, patience, waits_for: BTreeMap::new(), has_asked: false, inbox, reading });
    }

    /// Whether it was here before, and is to ask for what it missed before anything else.
    pub(super) fn comes_back(&self) -> bool {
        !self.had.is_empty() && self.session.as_ref().is_some_and(|session| !session.has_asked)
    }

    /// Asks for what it missed.
    pub(super) fn resume(&mut self, request: u64) {
        let had = |it: &Had| json!({ "epoch": it.epoch.clone().unwrap_or_default(), "offset": it.offset });
        let positions: serde_json::Map<_, _> = self.had.iter().map(|(name, it)| (name.clone(), had(it))).collect();
        self.ask(request, "resume", json!({ "positions": positions }), Asked::Resume);
    }

    /// Is gone, without a word.
    pub(super) fn cut(&mut self) -> Option<Connected> {
        let session = self.session.take();
        session.iter().for_each(|session| session.reading.abort());
        session
    }

    /// Asks for something.
    pub(super) fn ask(&mut self, request: u64, method: &str, params: Json, asked: Asked) {
        let Some(session) = &mut self.session else { return };
        let text = json!({ "jsonrpc": "2.0", "id": request, "method": method, "params": params }).to_string();
        session.has_asked = true;
        session.waits_for.insert(request, asked);
        session.inbox.try_send(text).expect("the host takes what is sent");
    }

    /// Where it was.
    pub(super) fn stands(&self) -> impl Iterator<Item = (&str, Option<&str>, u64)> {
        self.had.iter().map(|(name, had)| (name.as_str(), had.epoch.as_deref(), had.offset))
    }

    /// Takes a message of the host.
    pub(super) fn take(&mut self, message: &Json, ledger: &Ledger) -> Result<Answer, String> {
        let params = &message["params"];
        match message["method"].as_str() {
            Some("welcome") => self.welcome(params),
            Some("push" | "output" | "failed") => self.entry(params, ledger),
            Some("gap") => self.gap(params, ledger),
            Some(other) => Err(format!("nobody knows the method {other}")),
            None => return self.answer(message, ledger),
        }?;
        Ok(Answer::Nothing)
    }

    /// Who was never here begins where the channels stand.
    fn welcome(&mut self, params: &Json) -> Result<(), String> {
        if params["client"] != json!(&*self.client) || params["flow"] != json!(&*self.flow) {
            return Err("it is welcomed as somebody else".to_owned());
        }
        if self.had.is_empty() {
            self.had = positions(&params["positions"]);
        }
        Ok(())
    }

    fn entry(&mut self, params: &Json, ledger: &Ledger) -> Result<(), String> {
        let (channel, epoch, offset) = place(params)?;
        let had = self.had.get_mut(channel).ok_or_else(|| format!("{channel} is none of its channels"))?;
        let is_next = offset == had.offset + 1 && had.epoch.as_deref().is_none_or(|it| it == epoch);
        if !is_next {
            return Err(format!("{channel}: had {had:?}, and is sent {offset} of epoch {epoch}"));
        }
        let full_name = format!("{} {channel}", self.flow);
        if model::is_durable(&self.flow) && !ledger.is_said(&full_name, epoch, offset) {
            return Err(format!("{channel}: offset {offset} is said, and is not durable"));
        }
        *had = Had { epoch: Some(epoch.to_owned()), offset };
        Ok(())
    }

    fn gap(&mut self, params: &Json, ledger: &Ledger) -> Result<(), String> {
        let channel = params["channel"].as_str().unwrap_or_default();
        let had = self.had.get_mut(channel).ok_or_else(|| format!("{channel} is none of its channels"))?;
        let epoch = params["epoch"].as_str().unwrap_or_default();
        if params["from"] != json!(had.offset + 1) || had.epoch.as_deref().is_some_and(|it| it != epoch) {
            return Err(format!("a gap that does not follow {had:?}: {params}"));
        }
        if model::is_durable(&self.flow) && ledger.keeps_all {
            return Err(format!("a gap where all is kept: {params}"));
        }
        *had = match params["to"].as_u64() {
            Some(to) if to > had.offset => Had { epoch: Some(epoch.to_owned()), offset: to },
            None if params["to"].is_null() => Had { epoch: None, offset: 0 },
            _ => return Err(format!("a gap of nothing: {params}")),
        };
        Ok(())
    }

    fn answer(&mut self, message: &Json, ledger: &Ledger) -> Result<Answer, String> {
        let request = message["id"].as_u64().ok_or("an answer to nothing")?;
        let waits_for = self.session.as_mut().and_then(|session| session.waits_for.remove(&request));
        let asked = waits_for.ok_or_else(|| format!("request {request} was answered before, or not asked"))?;
        let result = &message["result"];
        // The end of a run may be the next entry of its client's channel as well.
        let ended = if result.is_null() { &message["error"]["data"] } else { result };
        if matches!(asked, Asked::Run(_)) && ended["offset"].is_u64() {
            let (channel, _, offset) = place(ended)?;
            if self.had.get(channel).is_none_or(|had| offset > had.offset) {
                self.entry(ended, ledger)?;
            }
        }
        let run = result["run"].as_str().unwrap_or_default().to_owned();
        if !message["error"].is_null() {
            return failed(&asked, &message["error"]);
        }
        match asked {
            Asked::Resume => self.resumed(&result["positions"]).map(|()| Answer::Nothing),
            Asked::Start(wanted) => Ok(Answer::Started(wanted, run)),
            Asked::Run(wanted) => Ok(Answer::Ended(wanted, run, result["output"].clone())),
            Asked::Cancel(wanted) => {
                Ok(Answer::CancelledAs(wanted, result["ended"].as_str().unwrap_or_default().to_owned()))
            }
        }
    }

    /// It was sent all that it missed.
    fn resumed(&mut self, stands: &Json) -> Result<(), String> {
        for (channel, stands) in positions(stands) {
            let had = self.had.entry(channel.clone()).or_insert_with(|| stands.clone());
            if had.epoch.is_none() && stands.offset == 0 {
                had.epoch = stands.epoch.clone();
            }
            if *had != stands {
                return Err(format!("{channel}: resumed up to {stands:?}, and has {had:?}"));
            }
        }
        Ok(())
    }
}

fn failed(asked: &Asked, error: &Json) -> Result<Answer, String> {
    let code = error["code"].as_i64().and_then(|code| i32::try_from(code).ok()).unwrap_or_default();
    match (asked, code) {
        (Asked::Resume, code::INTERNAL) => Ok(Answer::NotResumed),
        (_, code::STORING | code::INTERNAL) => Ok(Answer::NotNow),
        (Asked::Run(wanted), code::CANCELLED) => Ok(Answer::Cancelled(*wanted)),
        (Asked::Cancel(_), code::UNKNOWN_RUN) => Ok(Answer::Nothing),
        _ => Err(format!("{asked:?} was answered with {error}")),
    }
}

fn place(params: &Json) -> Result<(&str, &str, u64), String> {
    let parts = (params["channel"].as_str(), params["epoch"].as_str(), params["offset"].as_u64());
    let (Some(channel), Some(epoch), Some(offset)) = parts else { return Err(format!("no place: {params}")) };
    Ok((channel, epoch, offset))
}

fn positions(positions: &Json) -> BTreeMap<String, Had> {
    let had = |it: &Json| Had {
        epoch: it["epoch"].as_str().map(str::to_owned),
        offset: it["offset"].as_u64().unwrap_or_default(),
    };
    positions.as_object().into_iter().flatten().map(|(name, it)| (name.clone(), had(it))).collect()
}
