//! One simulation: clients, and a host that crashes, on one clock.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sandgate_engine::clock::Clock as _;
use sandgate_flow::event::Timestamp;
use serde_json::{Value as Json, json};

use super::chance::Chance;
use super::clock::{BEGIN, Simulated};
use super::device::{Answer, Asked, Device};
use super::disk;
use super::host::{Begin, Life, Shared};
use super::ledger::Ledger;
use super::model;
use super::setting::Setting;
use super::trace::Trace;
use crate::channel::Frame;

/// How long a disk that took nothing is left alone, as the daemon does.
const RETRY: Duration = Duration::from_millis(500);
const TIDY: Duration = Duration::from_secs(10);
/// As `resume_wait_ms`.
const GO_ON: Duration = Duration::from_millis(500);
/// How long it takes at most until who comes back asks for what it missed.
const ASKS_MS_MAX: u64 = 400;

/// What happens at some time.
#[derive(Debug)]
enum Happening {
    /// A device does something.
    Act(usize),
    /// A slow device reads.
    Read(usize),
    /// A session asks for what it missed.
    Resume(usize, Arc<str>),
    /// A session that has not asked for anything is sent what was held back.
    GoOn(usize, Arc<str>),
    /// The commit that is under way is on the disk.
    Written,
    /// Those who wait for it are told.
    Tell,
    /// It is tried whether the disk takes something again.
    Retry,
    /// The disk takes nothing, or again what comes.
    Full(bool),
    Tidy,
    Crash,
}

/// A run that a client wants.
struct Wanted {
    client: Arc<str>,
    flow: Arc<str>,
    input: Json,
    a: i64,
    key: Option<String>,
    run: Option<String>,
    is_answered: bool,
    is_ended: bool,
    is_cancelled: bool,
    /// It is known to have ended as one that was cancelled.
    is_known_cancelled: bool,
}

/// Whether clients still ask for new things, and anything fails.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Busy,
    /// Everything is left to finish.
    Ending,
}

pub(super) struct World<'a> {
    shared: &'a Shared,
    folder: &'a Path,
    setting: Setting,
    chance: Chance,
    clock: Simulated,
    ledger: Arc<Mutex<Ledger>>,
    life: Option<Life>,
    lives: u64,
    /// What is to happen in this life, and what happens in any.
    due: BTreeMap<(Timestamp, u64), Happening>,
    number: u64,
    devices: Vec<Device>,
    wanted: Vec<Wanted>,
    crashes_left: u64,
    acts_left: u64,
    is_committing: bool,
    is_full: bool,
    phase: Phase,
    pub(super) trace: Trace,
}

type Outcome<T = ()> = Result<T, String>;

impl<'a> World<'a> {
    pub(super) fn new(shared: &'a Shared, folder: &'a Path, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let setting = Setting::of(&mut chance);
        let clock = Simulated::at(BEGIN, chance.fork(), setting.late_ms_max);
        let ledger = Ledger { keeps_all: setting.keeps_all, ..Ledger::default() };
        let devices = (0..setting.devices).map(|_| {
            let client = format!("c{}", chance.below(setting.clients));
            let (flow, _) = chance.of(&model::FLOWS);
            Device::new(client.into(), (*flow).into(), chance.one_in(4))
        });
        let devices = devices.collect();
        Self {
            shared,
            folder,
            crashes_left: setting.crashes_max,
            acts_left: setting.acts_max,
            setting,
            chance,
            clock,
            ledger: Arc::new(Mutex::new(ledger)),
            life: None,
            lives: 0,
            due: BTreeMap::new(),
            number: 0,
            devices,
            wanted: Vec::new(),
            is_committing: false,
            is_full: false,
            phase: Phase::Busy,
            trace: Trace::default(),
        }
    }

    /// Runs it to its end.
    pub(super) fn run(&mut self) -> Outcome {
        self.start()?;
        for device in 0..self.devices.len() {
            let at = self.chance.up_to_ms(self.setting.think_ms_max);
            self.after(at, Happening::Act(device));
        }
        for _ in 0..self.setting.full_disks {
            let at = self.within_horizon();
            self.after(at, Happening::Full(true));
            let healed = at + self.chance.up_to_ms(5_000);
            self.after(healed, Happening::Full(false));
        }
        let ends_at = self.clock.now() + self.setting.horizon;
        if self.crashes_left > 0 {
            let at = self.within_horizon();
            self.after(at, Happening::Crash);
        }
        self.go_on_until(Some(ends_at))?;
        self.let_finish()?;
        self.check_end()
    }

    fn within_horizon(&mut self) -> Duration {
        let horizon = u64::try_from(self.setting.horizon.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.chance.below(horizon))
    }

    fn after(&mut self, delay: Duration, happening: Happening) {
        self.number += 1;
        self.due.insert((self.clock.now() + delay, self.number), happening);
    }

    fn life(&self) -> &Life {
        self.life.as_ref().expect("the host is up")
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&mut self) -> Outcome {
        self.lives += 1;
        let folder = self.folder_of(self.lives);
        let begin = Begin {
            setting: &self.setting,
            clock: &self.clock,
            ledger: &self.ledger,
            chance: self.chance.fork(),
            folder,
        };
        let life = Life::begin(self.shared, begin).map_err(|error| format!("the host does not start: {error:#}"))?;
        if self.phase == Phase::Ending {
            life.store.heal();
        }
        self.life = Some(life);
        self.trace.note(self.clock.now(), "host", &format!("life {} begins", self.lives));
        self.after(TIDY, Happening::Tidy);
        self.is_wrong()
    }

    fn folder_of(&self, life: u64) -> PathBuf {
        self.folder.join(life.to_string())
    }

    /// Lets happen what is due, one after the other.
    fn go_on_until(&mut self, end: Option<Timestamp>) -> Outcome {
        const STEPS_MAX: usize = 300_000;
        for _ in 0..STEPS_MAX {
            self.look()?;
            let own = self.due.first_key_value().map(|((at, _), _)| *at);
            let sleeper = self.clock.next();
            let Some(next) = own.into_iter().chain(sleeper).min() else { return Ok(()) };
            if end.is_some_and(|end| next > end) {
                return Ok(());
            }
            self.clock.advance(next);
            if own == Some(next)
                && let Some((_, happening)) = self.due.pop_first()
            {
                self.happen(happening)?;
            }
        }
        Err("it does not come to an end".to_owned())
    }

    fn happen(&mut self, happening: Happening) -> Outcome {
        match happening {
            Happening::Act(device) => self.act(device),
            Happening::Read(device) => self.read(device)?,
            Happening::GoOn(device, session) => {
                let same = self.devices[device].session.as_ref().filter(|it| it.id == session);
                same.into_iter().for_each(|it| it.patience.is_over());
            }
            Happening::Resume(device, session) => self.resume(device, &session),
            Happening::Written => self.written(),
            Happening::Tell => {
                self.is_committing = false;
                self.life().store.journal.tell(self.clock.now());
            }
            Happening::Retry => {
                if !self.life().store.journal.recover() {
                    self.after(RETRY, Happening::Retry);
                } else {
                    self.is_committing = false;
                }
            }
            Happening::Full(full) => {
                self.is_full = full && self.phase == Phase::Busy;
                self.refuse()?;
            }
            Happening::Tidy => {
                if !self.is_committing {
                    self.life().store.journal.tidy(self.clock.now());
                }
                if self.phase == Phase::Busy {
                    self.after(TIDY, Happening::Tidy);
                }
            }
            Happening::Crash => {
                if self.phase == Phase::Busy && self.crashes_left > 0 {
                    self.crash()?;
                    let at = self.within_horizon();
                    self.after(at, Happening::Crash);
                }
            }
        }
        Ok(())
    }

    fn refuse(&mut self) -> Outcome {
        let refused = self.life().store.journal.refuse(self.is_full);
        refused.map_err(|error| error.to_string())
    }

    fn written(&mut self) {
        if self.life().store.journal.write() {
            let then =
                if self.chance.one_in(2) { Duration::ZERO } else { self.chance.up_to_ms(self.setting.commit_ms_max) };
            self.after(then, Happening::Tell);
        } else {
            self.after(RETRY, Happening::Retry);
        }
    }

    /// Lets the host do what it can, the journal begin a commit, and clients read.
    fn look(&mut self) -> Outcome {
        self.life().settle();
        for device in 0..self.devices.len() {
            if !self.devices[device].is_slow || self.phase == Phase::Ending {
                self.read(device)?;
            }
        }
        if !self.is_committing && self.life().store.journal.begin() {
            self.is_committing = true;
            let takes = self.chance.up_to_ms(self.setting.commit_ms_max);
            self.after(takes, Happening::Written);
            if self.phase == Phase::Busy && self.chance.one_in(self.setting.crash_in_commit_one_in) {
                let at = self.chance.up_to_ms(self.setting.commit_ms_max);
                self.after(at, Happening::Crash);
            }
        }
        self.is_wrong()
    }

    fn is_wrong(&self) -> Outcome {
        let ledger = self.ledger();
        if ledger.wrong.is_empty() { Ok(()) } else { Err(ledger.wrong.join("\n")) }
    }

    fn crash(&mut self) -> Outcome {
        self.crashes_left = self.crashes_left.saturating_sub(1);
        let then = self.folder_of(self.lives + 1);
        let Some(life) = self.life.take() else { return Ok(()) };
        let left = disk::crash(&life.store.journal, &life.folder, &then, &mut self.chance);
        let left = left.map_err(|error| format!("the disk of the simulation: {error}"))?;
        self.trace.note(self.clock.now(), "host", &format!("crash: {left:?}"));
        for device in 0..self.devices.len() {
            self.cut(device);
        }
        // What still holds the files of this life.
        let folder = life.folder.clone();
        drop(life);
        let _ = std::fs::remove_dir_all(folder);
        self.due.retain(|_, it| {
            matches!(it, Happening::Act(_) | Happening::Read(_) | Happening::Full(_) | Happening::Crash)
        });
        self.is_committing = false;
        let down = self.chance.up_to_ms(10_000);
        self.clock.advance(self.clock.now() + down);
        self.start()?;
        self.refuse()
    }

    fn cut(&mut self, device: usize) {
        let now = self.clock.now();
        let device = &mut self.devices[device];
        let Some(session) = device.cut() else { return };
        let leaves = model::is_cancelled_when_left(&device.flow);
        if leaves {
            self.ledger().left.insert(session.id, now);
        }
    }

    /// A device does what comes to its mind.
    fn act(&mut self, device: usize) {
        if self.acts_left == 0 && self.phase == Phase::Busy {
            return;
        }
        self.acts_left = self.acts_left.saturating_sub(1);
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
            let thinks = self.chance.up_to_ms(self.setting.think_ms_max);
            self.after(thinks, Happening::Act(device));
            if self.devices[device].is_slow {
                let reads = self.chance.up_to_ms(2_000);
                self.after(reads, Happening::Read(device));
            }
        }
    }

    fn connect(&mut self, device: usize) {
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

    fn resume(&mut self, device: usize, session: &str) {
        if self.devices[device].session.as_ref().is_some_and(|it| *it.id == *session) {
            self.number += 1;
            self.devices[device].resume(self.number);
        }
    }

    /// Wants another run.
    fn want(&mut self, device: usize) {
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

    fn devices_of(&self, wanted: usize) -> Vec<usize> {
        let Wanted { client, flow, .. } = &self.wanted[wanted];
        let same = |it: &&usize| self.devices[**it].client == *client && self.devices[**it].flow == *flow;
        (0..self.devices.len()).collect::<Vec<_>>().iter().filter(same).copied().collect()
    }

    fn ask_for(&mut self, device: usize, wanted: usize) {
        let it = &self.wanted[wanted];
        let mut params = json!({ "input": it.input });
        if let Some(key) = &it.key {
            params["key"] = json!(key);
        }
        let asked = if self.chance.one_in(2) { Asked::Run(wanted) } else { Asked::Start(wanted) };
        let method = if matches!(asked, Asked::Run(_)) { "run" } else { "start" };
        self.ask(device, method, params, asked);
    }

    fn ask(&mut self, device: usize, method: &str, params: Json, asked: Asked) {
        self.number += 1;
        self.trace.note(self.clock.now(), &device.to_string(), &format!("asks {method} {params}"));
        self.devices[device].ask(self.number, method, params, asked);
    }

    /// Asks again for a run, answered or not.
    fn repeat(&mut self, device: usize) {
        let Device { client, flow, .. } = &self.devices[device];
        let own = |it: &Wanted| it.key.is_some() && it.client == *client && it.flow == *flow;
        let own: Vec<_> = (0..self.wanted.len()).filter(|at| own(&self.wanted[*at])).collect();
        if !own.is_empty() {
            let wanted = *self.chance.of(&own);
            self.ask_for(device, wanted);
        }
    }

    fn cancel(&mut self, device: usize) {
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
    fn read(&mut self, device: usize) -> Outcome {
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

    fn answered(&mut self, answer: Answer) -> Outcome {
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
    fn is_run(&mut self, wanted: usize, run: String, has_ended: bool) -> Outcome {
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

    /// Nothing fails any more: whatever was begun comes to its end, and everybody is told what they missed.
    fn let_finish(&mut self) -> Outcome {
        self.phase = Phase::Ending;
        self.due.retain(|_, it| !matches!(it, Happening::Crash | Happening::Act(_)));
        self.is_full = false;
        self.refuse()?;
        self.life().store.heal();
        self.trace.note(self.clock.now(), "all", "finishes");
        self.go_on_until(None)?;
        for device in 0..self.devices.len() {
            if self.devices[device].session.is_none() {
                self.connect(device);
            }
        }
        self.go_on_until(None)?;
        let unanswered = |it: &Wanted| it.key.is_some() && !it.is_answered;
        let unanswered: Vec<_> = (0..self.wanted.len()).filter(|at| unanswered(&self.wanted[*at])).collect();
        for wanted in unanswered {
            let device = *self.chance.of(&self.devices_of(wanted));
            self.ask_for(device, wanted);
        }
        self.go_on_until(None)
    }

    fn check_end(&mut self) -> Outcome {
        for (at, wanted) in self.wanted.iter().enumerate() {
            if wanted.key.is_some() && !wanted.is_answered {
                return Err(format!("the request for run {at}, flow {}, was never answered", wanted.flow));
            }
        }
        let under_way = self.life().serving.server.engine.under_way();
        if (under_way.runs, under_way.asleep) != (0, 0) {
            return Err(format!("not all runs have ended: {under_way:?}"));
        }
        for (number, device) in self.devices.iter().enumerate() {
            self.has_all(number, device)?;
        }
        // And once more, so that what is on the disk is compared with what was told.
        self.crash()?;
        let mut ledger = self.ledger();
        ledger.finish();
        drop(ledger);
        self.is_wrong()
    }

    /// A device that is connected had all that was said, and its requests were answered.
    fn has_all(&self, number: usize, device: &Device) -> Outcome {
        let Some(session) = &device.session else { return Err(format!("device {number} cannot connect")) };
        if let Some(asked) = session.waits_for.values().next() {
            return Err(format!("device {number}, flow {}: {asked:?} was never answered", device.flow));
        }
        if !model::is_durable(&device.flow) {
            return Ok(());
        }
        let ledger = self.ledger();
        for (name, epoch, offset) in device.stands() {
            let full_name: Arc<str> = format!("{} {name}", device.flow).into();
            let epoch = u64::from_str_radix(epoch.unwrap_or_default(), 16).unwrap_or_default();
            let last = ledger.said.get(&(full_name, epoch)).and_then(|said| said.last_key_value());
            let last = last.map_or(0, |(last, _)| *last);
            if offset != last {
                return Err(format!("device {number}, flow {}: it had {name} up to {offset} of {last}", device.flow));
            }
        }
        Ok(())
    }
}
