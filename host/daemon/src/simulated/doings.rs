//! What clients do, and what they make of what they are sent.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use sandgate_engine::clock::Clock as _;
use serde_json::{Value as Json, json};

use super::device::{Answer, Asked, Device};
use super::model;
use super::world::{Happening, Outcome, Phase, Wanted, World};
use crate::channel::Frame;

/// As `resume_wait_ms`.
const GO_ON: Duration = Duration::from_millis(500);
/// How long it takes at most until who comes back asks for what it missed.
const ASKS_MS_MAX: u64 = 400;

impl World<'_> {
    /// A device does what comes to its mind.
    pub(super) fn act(&mut self, device: usize) {
        if self.acts_left == 0 && self.phase == Phase::Busy {
            return;
        }
        if !self.devices[device].comes_back() {
            self.acts_left = self.acts_left.saturating_sub(1);
        }
        if self.devices[device].session.is_none() {
            self.connect(device);
        } else if self.phase == Phase::Busy && !self.devices[device].comes_back() {
            match self.chance.below(10) {
                0..5 => self.want(device),
                5..7 => self.repeat(device),
                7 => self.cancel(device),
                8 => self.cut(device),
                _ => {}
            }
        }
        if self.phase == Phase::Busy {
            let thinks = Duration::from_millis(1) + self.chance.up_to_ms(self.setting.think_ms_max);
            self.after(thinks, Happening::Act(device));
            if self.devices[device].is_slow && self.chance.one_in(4) {
                let reads = self.chance.up_to_ms(2_000);
                self.after(reads, Happening::Read(device));
            }
        }
    }

    pub(super) fn connect(&mut self, device: usize) {
        let life = self.life.as_ref().expect("the host is up");
        let comes_back = self.devices[device].stands().next().is_some();
        self.devices[device].connect(life);
        self.trace.note(self.clock.now(), &device.to_string(), "connects");
        if let Some(session) = &self.devices[device].session {
            let id = Arc::clone(&session.id);
            self.after(GO_ON, Happening::GoOn(device, Arc::clone(&id)));
            if comes_back {
                let asks = if self.chance.one_in(2) { Duration::ZERO } else { self.chance.up_to_ms(ASKS_MS_MAX) };
                self.after(asks, Happening::Resume(device, id));
            }
        }
    }

    pub(super) fn resume(&mut self, device: usize, session: &str) {
        if self.devices[device].session.as_ref().is_some_and(|it| *it.id == *session) {
            self.number += 1;
            self.devices[device].resume(self.number);
        }
    }

    /// Wants another run.
    pub(super) fn want(&mut self, device: usize) {
        let a = self.chance.below(6) as i64;
        let ms = *self.chance.of(&self.setting.sleeps_ms);
        let key = (!self.chance.one_in(3)).then(|| format!("k{}", self.wanted.len()));
        let Device { client, flow, .. } = &self.devices[device];
        self.wanted.push(Wanted {
            client: Arc::clone(client),
            flow: Arc::clone(flow),
            input: model::input(a, ms),
            a,
            key,
            run: None,
            is_answered: false,
            is_ended: false,
            is_cancelled: false,
            is_known_cancelled: false,
        });
        let wanted = self.wanted.len() - 1;
        self.ask_for(device, wanted);
        if self.wanted[wanted].key.is_some() && self.chance.one_in(4) {
            // At the same instant, from any of the client's devices.
            let others = self.devices_of(wanted);
            let other = *self.chance.of(&others);
            if !self.devices[other].comes_back() {
                self.ask_for(other, wanted);
            }
        }
    }

    pub(super) fn devices_of(&self, wanted: usize) -> Vec<usize> {
        let Wanted { client, flow, .. } = &self.wanted[wanted];
        let same = |it: &&usize| self.devices[**it].client == *client && self.devices[**it].flow == *flow;
        (0..self.devices.len()).collect::<Vec<_>>().iter().filter(same).copied().collect()
    }

    pub(super) fn ask_for(&mut self, device: usize, wanted: usize) {
        let it = &self.wanted[wanted];
        let mut params = json!({ "input": it.input });
        if let Some(key) = &it.key {
            params["key"] = json!(key);
        }
        let asked = if self.chance.one_in(2) { Asked::Run(wanted) } else { Asked::Start(wanted) };
        let method = if matches!(asked, Asked::Run(_)) { "run" } else { "start" };
        self.ask(device, method, params, asked);
    }

    pub(super) fn ask(&mut self, device: usize, method: &str, params: Json, asked: Asked) {
        self.number += 1;
        self.trace.note(self.clock.now(), &device.to_string(), &format!("asks {method} {params}"));
        self.devices[device].ask(self.number, method, params, asked);
    }

    /// Asks again for a run, answered or not.
    pub(super) fn repeat(&mut self, device: usize) {
        let Device { client, flow, .. } = &self.devices[device];
        let own = |it: &Wanted| it.key.is_some() && it.client == *client && it.flow == *flow;
        let own: Vec<_> = (0..self.wanted.len()).filter(|at| own(&self.wanted[*at])).collect();
        if !own.is_empty() {
            let wanted = *self.chance.of(&own);
            self.ask_for(device, wanted);
        }
    }

    pub(super) fn cancel(&mut self, device: usize) {
        let Device { client, flow, .. } = &self.devices[device];
        let own = |it: &Wanted| it.run.is_some() && !it.is_ended && it.client == *client && it.flow == *flow;
        let own: Vec<_> = (0..self.wanted.len()).filter(|at| own(&self.wanted[*at])).collect();
        if !own.is_empty() && self.chance.one_in(2) {
            let wanted = *self.chance.of(&own);
            self.wanted[wanted].is_cancelled = true;
            let run = self.wanted[wanted].run.clone();
            self.ask(device, "cancel", json!({ "run": run }), Asked::Cancel(wanted));
        }
    }

    /// A device reads what there is.
    pub(super) fn read(&mut self, device: usize) -> Outcome {
        while let Some(session) = &self.devices[device].session {
            let text = match session.queue.try_next() {
                None => return Ok(()),
                Some(Ok(Frame::Text(text))) => text,
                // It was too slow, and is closed.
                Some(_) => {
                    self.trace.note(self.clock.now(), &device.to_string(), "is closed");
                    self.cut(device);
                    let comes_back = self.chance.up_to_ms(1_000);
                    self.after(comes_back, Happening::Act(device));
                    return Ok(());
                }
            };
            self.trace.note(self.clock.now(), &device.to_string(), &text);
            let message: Json = serde_json::from_str(&text).map_err(|error| format!("{text}: {error}"))?;
            let said =
                |wrong: String| format!("device {device} of {}: {wrong}, by {text}", self.devices[device].client);
            let _ = said;
            let taken = {
                let ledger = Arc::clone(&self.ledger);
                let ledger = ledger.lock().unwrap_or_else(PoisonError::into_inner);
                self.devices[device].take(&message, &ledger)
            };
            if let Ok(Answer::NotResumed) = taken {
                self.cut(device);
                let comes_back = self.chance.up_to_ms(1_000);
                self.after(comes_back, Happening::Act(device));
                return Ok(());
            }
            let answered = taken.and_then(|answer| self.answered(answer));
            answered.map_err(|wrong| {
                let Device { client, flow, .. } = &self.devices[device];
                format!("device {device} of {client} on {flow}: {wrong}\n  it was sent {text}")
            })?;
        }
        Ok(())
    }

    pub(super) fn answered(&mut self, answer: Answer) -> Outcome {
        match answer {
            Answer::Nothing | Answer::NotNow | Answer::NotResumed => Ok(()),
            Answer::Started(wanted, run) => self.is_run(wanted, run, false),
            Answer::Ended(wanted, run, output) => {
                self.is_run(wanted, run, true)?;
                let it = &mut self.wanted[wanted];
                let expected = model::output(&it.flow, &it.client, it.a);
                if output != expected {
                    return Err(format!("the output is {output}, and should be {expected}"));
                }
                if it.is_known_cancelled {
                    return Err("it was cancelled before".to_owned());
                }
                it.is_ended = true;
                Ok(())
            }
            Answer::Cancelled(wanted) => {
                let it = &mut self.wanted[wanted];
                it.is_answered = true;
                it.is_ended = true;
                if !it.is_cancelled && !model::is_cancelled_when_left(&it.flow) {
                    return Err("it was cancelled, and nobody asked for that".to_owned());
                }
                Ok(())
            }
            Answer::CancelledAs(wanted, ended) => {
                let it = &mut self.wanted[wanted];
                it.is_ended = true;
                it.is_known_cancelled |= ended == "cancelled" && model::is_durable(&it.flow);
                if ended == "failed" { Err("it has failed".to_owned()) } else { Ok(()) }
            }
        }
    }

    /// One run a key, and it is on the disk.
    pub(super) fn is_run(&mut self, wanted: usize, run: String, has_ended: bool) -> Outcome {
        let ledger = Arc::clone(&self.ledger);
        let ledger = ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let it = &mut self.wanted[wanted];
        if !model::is_durable(&it.flow) {
            it.is_answered = true;
            return Ok(());
        }
        let is_known = ledger.logs.keys().any(|known| known.to_string() == run);
        if !is_known {
            return Err(format!("run {run} is acknowledged, and is not durable"));
        }
        if it.run.as_ref().is_some_and(|before| *before != run) {
            return Err(format!("run {run} answers for a key of which {:?} did", it.run));
        }
        it.run = it.key.is_some().then_some(run);
        it.is_answered = true;
        it.is_ended |= has_ended;
        Ok(())
    }
}
