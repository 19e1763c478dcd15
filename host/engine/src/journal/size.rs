//! About how many bytes events hold, for limits. What several share is counted for each.

use sandgate_flow::State;
use sandgate_flow::event::{Event, Failure, HostCall, Outcome, Recipient, Refusal, Returned};
use sandgate_flow::value::Value;

/// Of an event or a state itself, whatever it holds.
const OWN: usize = 128;

/// An event.
pub(crate) fn of_event(event: &Event) -> usize {
    OWN + match event {
        Event::Started(started) => of_value(&started.input) + of_value(&started.message),
        Event::CalledHost { call, .. } => of_call(call),
        Event::Returned { returned, .. } => of_returned(returned),
        Event::Failed { failure, .. } => of_failure(failure),
        Event::Ended(outcome) => of_outcome(outcome),
        Event::GivenUp(failure) => of_failure(failure),
        Event::Activated(_) | Event::Cancelled { .. } => 0,
    }
}

/// Where a run stands.
pub(super) fn of_state(state: &State) -> usize {
    let data = state.data();
    let values = [&data.input, &data.session, &data.run, &data.message, &data.error].into_iter().chain(&data.results);
    OWN + values.map(of_value).sum::<usize>()
}

/// A value: its texts, bytes and names, and what each value takes in the list or map that it is in.
pub(crate) fn of_value(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::String(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            Value::List(items) => items.iter().map(of_value).sum(),
            Value::Map(entries) => {
                entries.iter().map(|(name, value)| size_of_val(name) + name.len() + of_value(value)).sum()
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Double(_) => 0,
        }
}

fn of_call(call: &HostCall) -> usize {
    match call {
        HostCall::Push { push, .. } => of_value(&push.message) + of_recipient(&push.to),
        HostCall::Output(value) => of_value(value),
        HostCall::Refused {
            refusal: Refusal::UnknownClient(text) | Refusal::Denied(text) | Refusal::Other(text),
            ..
        } => text.len(),
        HostCall::Sleep { .. } | HostCall::Refused { .. } => 0,
    }
}

fn of_recipient(to: &Recipient) -> usize {
    match to {
        Recipient::Clients(ids) => ids.iter().map(|id| size_of_val(id) + id.len()).sum(),
        Recipient::Group(name) => name.len(),
        Recipient::Everyone | Recipient::Caller => 0,
    }
}

fn of_returned(returned: &Returned) -> usize {
    match returned {
        Returned::Value(value) | Returned::Error(value) => of_value(value),
        Returned::Branches(places) => size_of_val(&**places),
    }
}

fn of_outcome(outcome: &Outcome) -> usize {
    match outcome {
        Outcome::Output(value) => of_value(value),
        Outcome::Failed(failure) => of_failure(failure),
        Outcome::Completed | Outcome::Cancelled(_) => 0,
    }
}

fn of_failure(failure: &Failure) -> usize {
    failure.message.len() + failure.detail.as_ref().map_or(0, String::len)
}
