//! The host calls that an activation has made, by which it can be unloaded and run again.

use sandgate_flow::event::{ActivationId, Event, HostCall, HostFunction, Recorded, Refusal, Timestamp};
use sha2::{Digest, Sha256};

use super::bindings::sandgate::flow::{output, push};
use crate::limits::Limits;
use crate::sandbox::Wall;

/// The calls of one activation, in order, and the time that it has taken. While it is run again the calls are answered
/// from here, and have no effect.
#[derive(Clone, Default)]
pub(crate) struct Past {
    made: Vec<Made>,
    /// How many of them this instance has made again.
    again: usize,
    /// What the answers hold.
    answer_bytes: usize,
    /// There were too many to be kept.
    forgotten: bool,
    /// How long it has been awake, each time that it was run.
    pub(super) wall: Wall,
}

#[derive(Clone)]
struct Made {
    call: Call,
    answer: Answer,
}

/// A host function and its arguments.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) function: HostFunction,
    /// The SHA-256 of the arguments: what was pushed need not be kept.
    pub(super) arguments: [u8; 32],
}

/// What a host function answered.
#[derive(Clone)]
pub(super) enum Answer {
    Push(Result<u32, push::Error>),
    Sleep,
    Output(Result<(), output::Error>),
}

/// The component did something else than before: it is not a function of its arguments and of what the host answered.
#[derive(Debug, thiserror::Error)]
#[error("called {now} as host call {number}, where it had called {before}")]
pub(crate) struct Diverged {
    number: usize,
    now: &'static str,
    before: String,
}

/// Not an error: the activation sleeps, and its instance is to be dropped meanwhile.
#[derive(Debug, thiserror::Error)]
#[error("the activation sleeps")]
pub(crate) struct Unloaded {
    /// When it is to be run again.
    pub(crate) due: Timestamp,
}

impl Call {
    /// A call by its arguments, each as it crosses the border.
    pub(super) fn new(function: HostFunction, arguments: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for argument in arguments {
            hash.update((argument.len() as u64).to_le_bytes());
            hash.update(argument);
        }
        Self { function, arguments: hash.finalize().into() }
    }
}

impl Answer {
    /// What a call was answered that a log has.
    fn of(call: &HostCall) -> Self {
        match call {
            HostCall::Push { sessions, .. } => Self::Push(Ok(*sessions)),
            HostCall::Sleep { .. } => Self::Sleep,
            HostCall::Output(_) => Self::Output(Ok(())),
            HostCall::Refused { function: HostFunction::Push, refusal } => Self::Push(Err(refusal.clone().into())),
            HostCall::Refused { function: HostFunction::Sleep, .. } => Self::Sleep,
            HostCall::Refused { function: HostFunction::Output, refusal } => {
                Self::Output(Err(output::Error::Other(match refusal {
                    Refusal::UnknownClient(text) | Refusal::Denied(text) | Refusal::Other(text) => text.to_string(),
                    Refusal::TooLarge(limit) => format!("it is too large: the limit is {limit}"),
                })))
            }
        }
    }

    /// What it holds: an error may repeat what the component gave.
    fn bytes(&self) -> usize {
        match self {
            Self::Push(Err(
                push::Error::UnknownClient(text) | push::Error::Denied(text) | push::Error::Other(text),
            ))
            | Self::Output(Err(output::Error::Other(text))) => text.len(),
            Self::Push(_) | Self::Sleep | Self::Output(_) => 0,
        }
    }
}

impl Past {
    /// The calls that a run's log has of one activation. It may be run again however many they are.
    pub(crate) fn of_log(activation: ActivationId, events: &[Recorded]) -> Self {
        let made = events.iter().filter_map(|recorded| match &recorded.event {
            Event::CalledHost { activation: caller, call, arguments } if *caller == activation => {
                let function = call.function();
                Some(Made { call: Call { function, arguments: *arguments }, answer: Answer::of(call) })
            }
            _ => None,
        });
        Self { made: made.collect(), ..Self::default() }
    }

    /// Whether the activation can be run again.
    pub(super) fn is_known(&self) -> bool {
        !self.forgotten
    }

    /// Whether it is cheap to make them again.
    pub(super) fn is_short(&self, limits: &Limits) -> bool {
        self.is_known() && self.made.len() <= limits.unload_host_calls_max
    }

    /// Whether the activation is still doing what it has done before.
    pub(super) fn is_again(&self) -> bool {
        self.again < self.made.len()
    }

    /// What the call answered when it was made before; none if it is new.
    ///
    /// # Errors
    ///
    /// Another call was made at this place.
    pub(super) fn answer(&mut self, call: &Call) -> Result<Option<Answer>, Diverged> {
        let Some(made) = self.made.get(self.again) else { return Ok(None) };
        if made.call != *call {
            let with = if made.call.function == call.function { " with other arguments" } else { "" };
            let before = format!("{}{with}", made.call.function.name());
            return Err(Diverged { number: self.again + 1, now: call.function.name(), before });
        }
        self.again += 1;
        Ok(Some(made.answer.clone()))
    }

    /// Notes a new call. Beyond what may be kept, all are forgotten, and the activation cannot be run again.
    pub(super) fn note(&mut self, call: Call, answer: Answer, limits: &Limits) {
        if self.forgotten {
            return;
        }
        self.answer_bytes += answer.bytes();
        self.made.push(Made { call, answer });
        self.again = self.made.len();
        if self.made.len() > limits.replay_host_calls_max || self.answer_bytes > limits.replay_answer_bytes_max {
            *self = Self { forgotten: true, wall: self.wall, ..Self::default() };
        }
    }

    /// For the instance that makes these calls again.
    pub(crate) fn rewound(&self) -> Self {
        Self { again: 0, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slept() -> Past {
        let (mut past, limits) = (Past::default(), Limits::default());
        past.note(Call::new(HostFunction::Push, &[b"everyone", b"1"]), Answer::Push(Ok(3)), &limits);
        past.note(Call::new(HostFunction::Sleep, &[b"5"]), Answer::Sleep, &limits);
        past.rewound()
    }

    #[test]
    fn what_was_asked_before_is_answered_as_before() {
        let mut past = slept();
        let answer = past.answer(&Call::new(HostFunction::Push, &[b"everyone", b"1"])).unwrap();
        assert!(matches!(answer, Some(Answer::Push(Ok(3)))));
        assert!(past.answer(&Call::new(HostFunction::Sleep, &[b"5"])).unwrap().is_some());
        assert!(!past.is_again());
        assert!(past.answer(&Call::new(HostFunction::Push, &[b"everyone", b"2"])).unwrap().is_none());
    }

    #[test]
    fn another_call_at_its_place_has_diverged() {
        let said = |call| slept().answer(&call).err().unwrap().to_string();
        assert_eq!(
            said(Call::new(HostFunction::Sleep, &[b"5"])),
            "called sleep as host call 1, where it had called push"
        );
        let other = Call::new(HostFunction::Push, &[b"everyone", b"2"]);
        assert_eq!(said(other), "called push as host call 1, where it had called push with other arguments");
    }

    #[test]
    fn arguments_are_told_apart_by_where_they_end() {
        assert!(Call::new(HostFunction::Push, &[b"ab", b"c"]) != Call::new(HostFunction::Push, &[b"a", b"bc"]));
    }

    #[test]
    fn too_many_calls_and_too_long_answers_are_forgotten() {
        let limits = Limits { replay_host_calls_max: 2, replay_answer_bytes_max: 10, ..Limits::default() };
        let call = || Call::new(HostFunction::Push, &[]);
        let mut past = Past::default();
        for known in [true, true, false, false] {
            past.note(call(), Answer::Push(Ok(0)), &limits);
            assert_eq!(past.is_known(), known);
        }
        assert!(!past.is_again() && past.made.is_empty());
        let mut past = Past::default();
        past.note(call(), Answer::Push(Err(push::Error::UnknownClient("x".repeat(11)))), &limits);
        assert!(!past.is_known());
    }
}
