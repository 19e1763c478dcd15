//! What must be true of the log of a run, and of what it said.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use sandgate_flow::event::{Event, HostCall, Outcome, Push, Recipient, Recorded, RunId, Started, Timestamp};
use sandgate_flow::value::Value;

use super::ledger::Said;
use super::model::{self, Order};

/// How long it may take until a run is cancelled whose caller has left: the host may be down, and then the disk full.
const CANCELLED_AFTER: Duration = Duration::from_secs(30);

/// A log of a run that has ended.
pub(super) fn log(log: &[Recorded], left: &HashMap<Arc<str>, Timestamp>) -> Result<(), String> {
    let Some(Event::Started(started)) = log.first().map(|first| &first.event) else {
        return Err("its log does not begin with its start".to_owned());
    };
    let outcome = end(log)?;
    sleeps(log)?;
    let pushes: Vec<_> = log.iter().filter_map(pushed).collect();
    match outcome {
        Outcome::Failed(failure) => return Err(format!("flow {} failed: {failure}", started.flow)),
        Outcome::Cancelled(reason) => cancelled(started, reason)?,
        ended => model::ended(started, ended)?,
    }
    in_order(started, &pushes, matches!(outcome, Outcome::Cancelled(_)))?;
    leaves(started, log, left)
}

fn end(log: &[Recorded]) -> Result<&Outcome, String> {
    let ends: Vec<_> =
        log.iter().filter_map(|it| if let Event::Ended(end) = &it.event { Some(end) } else { None }).collect();
    match ends.as_slice() {
        [end] => Ok(end),
        [] => Err("it has not ended".to_owned()),
        more => Err(format!("it has ended {} times", more.len())),
    }
}

/// What follows a sleep comes when that is due or later.
fn sleeps(log: &[Recorded]) -> Result<(), String> {
    let mut asleep = HashMap::new();
    for Recorded { at, event } in log {
        let (activation, due) = match event {
            Event::CalledHost { activation, call: HostCall::Sleep { due }, .. } => (*activation, Some(*due)),
            Event::CalledHost { activation, .. }
            | Event::Returned { activation, .. }
            | Event::Failed { activation, .. } => (*activation, None),
            _ => continue,
        };
        if let Some(was) = asleep.remove(&activation)
            && *at < was
        {
            return Err(format!("activation {} slept until {} and went on at {}", activation.0, was.0, at.0));
        }
        asleep.extend(due.map(|due| (activation, due)));
    }
    Ok(())
}

fn pushed(recorded: &Recorded) -> Option<&Push> {
    match &recorded.event {
        Event::CalledHost { call: HostCall::Push { push, .. }, .. } => Some(push),
        _ => None,
    }
}

fn cancelled(started: &Started, reason: &str) -> Result<(), String> {
    if reason == sandgate_engine::engine::LEFT && !model::is_cancelled_when_left(&started.flow) {
        return Err(format!("flow {} was cancelled since {reason}", started.flow));
    }
    Ok(())
}

/// The pushes are those that the flow is to make, each once.
fn in_order(started: &Started, pushes: &[&Push], is_cut: bool) -> Result<(), String> {
    let mut expected = model::pushes(started);
    for push in pushes {
        expected.take(push).map_err(|wrong| format!("flow {}: {wrong}", started.flow))?;
    }
    match expected.rest() {
        Some(missing) if !is_cut => Err(format!("flow {}: it ended without the push {missing:?}", started.flow)),
        _ => Ok(()),
    }
}

/// Nothing goes on once the caller of a run has left that is to be cancelled then.
fn leaves(started: &Started, log: &[Recorded], left: &HashMap<Arc<str>, Timestamp>) -> Result<(), String> {
    let Some(left) = started.caller.as_ref().and_then(|caller| left.get(&caller.session)) else { return Ok(()) };
    let last = log.iter().rev().find(|it| !matches!(it.event, Event::Ended(_) | Event::Cancelled { .. }));
    match last {
        Some(last) if model::is_cancelled_when_left(&started.flow) && last.at > *left + CANCELLED_AFTER => {
            Err(format!("its caller left at {}, and at {} came {:?}", left.0, last.at.0, last.event))
        }
        _ => Ok(()),
    }
}

/// Everything that runs have pushed, and their ends, are in their channels, once each and in order.
pub(super) fn said(logs: &BTreeMap<RunId, Vec<Recorded>>, said: &Said) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut by_run: HashMap<String, HashMap<&str, Vec<String>>> = HashMap::new();
    for ((channel, _), said) in said {
        for body in said.values() {
            let text = String::from_utf8_lossy(body.get(1..).unwrap_or_default());
            let json: serde_json::Value = serde_json::from_str(&format!("{{{text}}}")).unwrap_or_default();
            let run = json["run"].as_str().unwrap_or_default().to_owned();
            let what = if body.first() == Some(&b'p') { json["message"].to_string() } else { "end".to_owned() };
            by_run.entry(run).or_default().entry(channel).or_default().push(what);
        }
    }
    for (run, log) in logs {
        let said = by_run.remove(&run.to_string()).unwrap_or_default();
        let expected = expected(log);
        let said: BTreeMap<_, _> = said.into_iter().map(|(name, said)| (name.to_owned(), said)).collect();
        if said != expected {
            wrong.push(format!("run {run} was to say {expected:?}, and has said {said:?}"));
        }
    }
    wrong
}

fn expected(log: &[Recorded]) -> BTreeMap<String, Vec<String>> {
    let Some(Event::Started(started)) = log.first().map(|first| &first.event) else { return BTreeMap::new() };
    let client = started.caller.as_ref().map(|caller| format!("{} client:{}", started.flow, caller.client));
    let everyone = format!("{} everyone", started.flow);
    let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for push in log.iter().filter_map(pushed) {
        let name = match &push.to {
            Recipient::Everyone => everyone.clone(),
            _ => client.clone().unwrap_or_default(),
        };
        expected.entry(name).or_default().push(text(&push.message));
    }
    let has_output = matches!(end(log), Ok(Outcome::Output(_) | Outcome::Completed));
    if has_output && let Some(of_everyone) = expected.get_mut(&everyone) {
        of_everyone.push("end".to_owned());
    }
    expected.entry(client.unwrap_or_default()).or_default().push("end".to_owned());
    expected
}

fn text(value: &Value) -> String {
    value.to_json().map(|json| json.to_string()).unwrap_or_default()
}

impl Order {
    /// Takes a push as the next of one of the paths.
    fn take(&mut self, push: &Push) -> Result<(), String> {
        let said = (push.to.to_string(), text(&push.message));
        let path = self.0.iter_mut().find(|path| path.front() == Some(&said));
        match path {
            Some(path) => {
                path.pop_front();
                Ok(())
            }
            None => Err(format!("pushed {said:?}, where one of {:?} is next", self.fronts())),
        }
    }

    fn fronts(&self) -> Vec<&(String, String)> {
        self.0.iter().filter_map(|path| path.front()).collect()
    }

    fn rest(&self) -> Option<&(String, String)> {
        self.fronts().into_iter().next()
    }
}
