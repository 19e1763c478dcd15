//! The clock of a simulation: it goes on when it is told to, and wakes some of those who sleep late.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::future::BoxFuture;
use sandgate_engine::clock::Clock;
use sandgate_flow::event::Timestamp;

use super::chance::Chance;

/// When simulations begin.
pub(super) const BEGIN: Timestamp = Timestamp(1_700_000_000_000_000);

/// Time that only the simulation lets pass.
#[derive(Clone)]
pub(super) struct Simulated(Arc<Mutex<State>>);

struct State {
    now: Timestamp,
    /// By when they are woken, then in the order that they came.
    sleepers: BTreeMap<(Timestamp, u64), Waker>,
    next: u64,
    chance: Chance,
    late_ms_max: u64,
}

impl Simulated {
    /// A clock at this time. Of those who sleep some are woken late, by so much at most.
    pub(super) fn at(now: Timestamp, chance: Chance, late_ms_max: u64) -> Self {
        Self(Arc::new(Mutex::new(State { now, sleepers: BTreeMap::new(), next: 0, chance, late_ms_max })))
    }

    /// When somebody is woken next.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.lock().sleepers.first_key_value().map(|((due, _), _)| *due)
    }

    /// Lets time pass until then, and wakes those who are due.
    pub(super) fn advance(&self, now: Timestamp) {
        let mut state = self.lock();
        state.now = state.now.max(now);
        let after = state.now + Duration::from_micros(1);
        let later = state.sleepers.split_off(&(after, 0));
        let due = std::mem::replace(&mut state.sleepers, later);
        drop(state);
        due.into_values().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for Simulated {
    fn now(&self) -> Timestamp {
        self.lock().now
    }

    fn sleep_until(&self, due: Timestamp) -> BoxFuture<'static, ()> {
        Box::pin(Sleep { clock: self.clone(), due, woken: None })
    }
}

struct Sleep {
    clock: Simulated,
    due: Timestamp,
    /// Its place among the sleepers.
    woken: Option<(Timestamp, u64)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut state = clock.lock();
        if state.now >= self.woken.map_or(self.due, |(at, _)| at) {
            return Poll::Ready(());
        }
        let due = self.due;
        let place = *self.woken.get_or_insert_with(|| {
            state.next += 1;
            let late_ms_max = state.late_ms_max;
            let late = if state.chance.one_in(4) { state.chance.up_to_ms(late_ms_max) } else { Duration::ZERO };
            (due + late, state.next)
        });
        state.sleepers.insert(place, cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(place) = self.woken {
            let waker = self.clock.lock().sleepers.remove(&place);
            drop(waker);
        }
    }
}
