//! One simulation: clients, and a host that crashes, on one clock.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sandgate_engine::clock::Clock as _;
use sandgate_flow::event::Timestamp;
use serde_json::Value as Json;

use super::chance::Chance;
use super::clock::{BEGIN, Simulated};
use super::device::Device;
use super::disk;
use super::host::{Begin, Life, Shared};
use super::ledger::Ledger;
use super::model;
use super::setting::Setting;
use super::trace::Trace;

/// How long a disk that took nothing is left alone, as the daemon does.
const RETRY: Duration = Duration::from_millis(500);
const TIDY: Duration = Duration::from_secs(10);

/// What happens at some time.
#[derive(Debug)]
pub(super) enum Happening {
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
pub(super) struct Wanted {
    pub(super) client: Arc<str>,
    pub(super) flow: Arc<str>,
    pub(super) input: Json,
    pub(super) a: i64,
    pub(super) key: Option<String>,
    pub(super) run: Option<String>,
    pub(super) is_answered: bool,
    pub(super) is_ended: bool,
    pub(super) is_cancelled: bool,
    /// It is known to have ended as one that was cancelled.
    pub(super) is_known_cancelled: bool,
}

/// Whether clients still ask for new things, and anything fails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Busy,
    /// Everything is left to finish.
    Ending,
}

pub(super) struct World<'a> {
    pub(super) shared: &'a Shared,
    pub(super) folder: &'a Path,
    pub(super) setting: Setting,
    pub(super) chance: Chance,
    pub(super) clock: Simulated,
    pub(super) ledger: Arc<Mutex<Ledger>>,
    pub(super) life: Option<Life>,
    pub(super) lives: u64,
    /// What is to happen in this life, and what happens in any.
    pub(super) due: BTreeMap<(Timestamp, u64), Happening>,
    pub(super) number: u64,
    pub(super) devices: Vec<Device>,
    pub(super) wanted: Vec<Wanted>,
    pub(super) crashes_left: u64,
    pub(super) acts_left: u64,
    pub(super) is_committing: bool,
    pub(super) is_full: bool,
    pub(super) phase: Phase,
    pub(super) trace: Trace,
}

pub(super) type Outcome<T = ()> = Result<T, String>;

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

    pub(super) fn after(&mut self, delay: Duration, happening: Happening) {
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
        let (now, due) = (self.clock.now().since(BEGIN), self.due.values().take(5).collect::<Vec<_>>());
        Err(format!("it does not come to an end: after {now:?} there are to happen {due:?}, and a sleeper"))
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

    pub(super) fn cut(&mut self, device: usize) {
        let now = self.clock.now();
        let device = &mut self.devices[device];
        let Some(session) = device.cut() else { return };
        let leaves = model::is_cancelled_when_left(&device.flow);
        if leaves {
            self.ledger().left.insert(session.id, now);
        }
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
