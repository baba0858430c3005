//! A few connections that read, used in place: a read takes some ten microseconds, less than handing it to
//! another thread and back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// So many reads can run at once.
pub(crate) const READERS_COUNT: usize = 4;

/// Readers taken in turn.
#[derive(Debug)]
pub(crate) struct Readers<R> {
    slots: Vec<Mutex<Option<R>>>,
    turn: AtomicUsize,
}

impl<R> Readers<R> {
    /// As many readers as `open` is called for.
    pub(crate) fn new<E>(open: impl Fn() -> Result<R, E>) -> Result<Self, E> {
        let slots =
            (0..READERS_COUNT).map(|_| Ok(Mutex::new(Some(open()?)))).collect::<Result<Vec<_>, E>>()?;
        Ok(Self { slots, turn: AtomicUsize::new(0) })
    }

    /// Reads with a free reader, or waits for one; `None` once closed.
    pub(crate) fn with<T>(&self, read: impl FnOnce(&mut R) -> T) -> Option<T> {
        self.free().as_mut().map(read)
    }

    /// Closes every reader; waits for those at work.
    pub(crate) fn close(&self) {
        for slot in &self.slots {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    fn free(&self) -> MutexGuard<'_, Option<R>> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        for offset in 0..self.slots.len() {
            match self.slots[turn.wrapping_add(offset) % self.slots.len()].try_lock() {
                Ok(slot) => return slot,
                Err(TryLockError::Poisoned(slot)) => return slot.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        self.slots[turn % self.slots.len()].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
