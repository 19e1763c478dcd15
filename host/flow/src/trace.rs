//! What each activation of a run was given, returned and cost: told of its log.

use std::collections::BTreeMap;

use crate::effect::Effect;
use crate::event::{ActivationId, Cost, Event, Failure, HostCall, Outcome, Recorded, Returned, Timestamp};
use crate::plan::{NodeIndex, Plan};
use crate::state::State;
use crate::step::{Impossible, step};
use crate::value::Value;

/// A run's trace, which grows as its log does.
#[derive(Clone, Debug)]
pub struct Trace {
    state: State,
    /// By their numbers.
    activations: BTreeMap<ActivationId, Activation>,
    outcome: Option<Outcome>,
}

/// What an activation was given, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Activation {
    /// Its node.
    pub node: NodeIndex,
    /// When its component was called; none as long as it waits for room.
    pub activated: Option<Timestamp>,
    /// What it was called with.
    pub given: Option<Given>,
    /// What it asked of the host, and when.
    pub calls: Vec<(Timestamp, HostCall)>,
    /// What became of it, and when; none as long as it is under way.
    pub end: Option<(Timestamp, End)>,
    /// What that took.
    pub cost: Cost,
}

/// What a component was called with.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// One for each parameter, in order.
    Arguments(Vec<Value>),
    /// A gateway's `with`, and those of its branches.
    Question(Option<Value>, Vec<Option<Value>>),
}

/// What became of an activation.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// It returned.
    Returned(Returned),
    /// It failed.
    Failed(Failure),
    /// The run's end was decided while it was under way.
    Cancelled,
}

impl Trace {
    /// The trace of a run from where it stood; of a run to which nothing has happened yet, if that is not known.
    pub fn new(plan: &Plan, from: Option<State>) -> Self {
        let state = from.unwrap_or_else(|| State::new(plan));
        Self { state, activations: BTreeMap::new(), outcome: None }
    }

    /// Adds what happened next, and answers the activations that it concerns.
    ///
    /// # Errors
    ///
    /// It cannot follow.
    pub fn add(&mut self, plan: &Plan, recorded: &Recorded) -> Result<Vec<ActivationId>, Impossible> {
        let effects = step(plan, &mut self.state, recorded)?;
        let mut concerned = Vec::new();
        if let Some(id) = self.note(recorded) {
            concerned.push(id);
        }
        for effect in effects {
            concerned.extend(self.follow(recorded.at, effect));
        }
        Ok(concerned)
    }

    /// The activations, by their numbers. Of one that had been called before the trace begins it is not known with what.
    pub fn activations(&self) -> &BTreeMap<ActivationId, Activation> {
        &self.activations
    }

    /// Forgets the activations before this one that have ended.
    pub fn forget_ended_before(&mut self, id: ActivationId) {
        self.activations.retain(|it, activation| *it >= id || activation.end.is_none());
    }

    /// How the run ended.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// The number of the event that is to be added next.
    pub fn next_event(&self) -> u64 {
        self.state.events()
    }

    fn note(&mut self, recorded: &Recorded) -> Option<ActivationId> {
        let at = recorded.at;
        match &recorded.event {
            Event::Activated(id) => {
                let activation = self.activations.get_mut(id)?;
                activation.activated = Some(at);
                Some(*id)
            }
            Event::CalledHost { activation: id, call, .. } => {
                let activation = self.activations.get_mut(id)?;
                activation.calls.push((at, call.clone()));
                Some(*id)
            }
            Event::Returned { activation, returned, cost } => {
                self.end(*activation, at, End::Returned(returned.clone()), *cost)
            }
            Event::Failed { activation, failure, cost } => {
                self.end(*activation, at, End::Failed(failure.clone()), *cost)
            }
            Event::Ended(outcome) => {
                self.outcome = Some(outcome.clone());
                None
            }
            Event::Started(_) | Event::Cancelled { .. } | Event::GivenUp(_) => None,
        }
    }

    fn end(&mut self, id: ActivationId, at: Timestamp, end: End, cost: Cost) -> Option<ActivationId> {
        let activation = self.activations.get_mut(&id)?;
        activation.end = Some((at, end));
        activation.cost = cost;
        Some(id)
    }

    fn follow(&mut self, at: Timestamp, effect: Effect) -> Option<ActivationId> {
        match effect {
            Effect::Activate { activation, node } => {
                let cost = Cost::default();
                let begun = Activation { node, activated: None, given: None, calls: Vec::new(), end: None, cost };
                self.activations.insert(activation, begun);
                Some(activation)
            }
            Effect::Call { activation, arguments, .. } => self.give(activation, Given::Arguments(arguments)),
            Effect::Route { activation, config, branches, .. } => {
                self.give(activation, Given::Question(config, branches))
            }
            Effect::Cancel(activation) => self.end(activation, at, End::Cancelled, Cost::default()),
            Effect::Again { .. } | Effect::End(_) | Effect::Push(_) | Effect::Announce(_) => None,
        }
    }

    fn give(&mut self, id: ActivationId, given: Given) -> Option<ActivationId> {
        self.activations.get_mut(&id)?.given = Some(given);
        Some(id)
    }
}
