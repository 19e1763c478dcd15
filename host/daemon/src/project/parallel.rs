//! Doing the same to many things at once.

use std::sync::{Mutex, PoisonError};
use std::thread;

/// What comes of each, in their order. Blocks until all is done, on this thread and as many more, of this name, as make
/// `threads`, or as the system has.
pub(super) fn in_parallel<T: Send, R: Send>(
    all: Vec<T>,
    (name, threads): (&str, usize),
    each: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let more = threads.min(all.len()).saturating_sub(1);
    let mut done: Vec<Option<R>> = all.iter().map(|_| None).collect();
    let left = Mutex::new(all.into_iter().zip(&mut done));
    let work = || {
        // Not within the condition of a `while let`, which would hold the lock.
        let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
        while let Some((one, place)) = next() {
            *place = Some(each(one));
        }
    };
    thread::scope(|scope| {
        for _ in 0..more {
            if thread::Builder::new().name(name.to_owned()).spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    drop(left);
    done.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn all_is_done_once_and_in_order() {
        let all: Vec<usize> = (0..100).collect();
        for threads in [0, 1, 3, 200] {
            assert_eq!(in_parallel(all.clone(), ("test", threads), |one| one), all);
        }
        assert!(in_parallel(Vec::<usize>::new(), ("test", 3), |one| one).is_empty());
    }

    #[test]
    fn it_is_done_at_once() {
        // Each waits for the other two.
        let together = Barrier::new(3);
        in_parallel(vec![(); 3], ("test", 3), |()| together.wait().is_leader());
    }
}
