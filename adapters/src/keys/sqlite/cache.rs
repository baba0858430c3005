//! The keys that were used last.

use std::sync::{Mutex, MutexGuard, PoisonError};

use events::{Key, KeyOwner};

use crate::sqlite::Recent;

/// At most this many keys are remembered: some ten megabytes.
const KEYS_REMEMBERED_MAX: usize = 65_536;

/// What is known of an owner that has a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Their key.
    Key(Key),
    /// Their key was destroyed.
    Destroyed,
}

impl Known {
    pub(super) fn into_key(self) -> Option<Key> {
        match self {
            Self::Key(key) => Some(key),
            Self::Destroyed => None,
        }
    }
}

/// How many keys had been destroyed when something was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch(u64);

/// What is in it is durable. A key that was read before another one was destroyed is not taken in: it might be
/// that very key.
#[derive(Debug)]
pub(super) struct Cache(Mutex<Kept>);

#[derive(Debug)]
struct Kept {
    keys: Recent<KeyOwner, Known>,
    epoch: Epoch,
}

impl Cache {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Kept { keys: Recent::new(KEYS_REMEMBERED_MAX), epoch: Epoch(0) }))
    }

    /// What is known of the owner, or the epoch for [`Cache::remember`].
    pub(super) fn get(&self, owner: &KeyOwner) -> Result<Known, Epoch> {
        let mut kept = self.kept();
        let epoch = kept.epoch;
        kept.keys.get(owner).cloned().ok_or(epoch)
    }

    /// Those of whom nothing is known.
    pub(super) fn unknown(&self, owners: &[KeyOwner]) -> Vec<KeyOwner> {
        let mut kept = self.kept();
        owners.iter().filter(|owner| kept.keys.get(*owner).is_none()).cloned().collect()
    }

    /// Takes in what was read after `epoch`.
    pub(super) fn remember(&self, owner: &KeyOwner, known: &Known, epoch: Epoch) {
        let mut kept = self.kept();
        if kept.epoch == epoch {
            kept.keys.insert(owner.clone(), known.clone());
        }
    }

    /// Takes in what the writer wrote or met, in its order.
    pub(super) fn committed(&self, changes: impl Iterator<Item = (KeyOwner, Known)>) {
        let mut kept = self.kept();
        for (owner, known) in changes {
            if known == Known::Destroyed {
                kept.epoch.0 += 1;
            }
            kept.keys.insert(owner, known);
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_key_was_destroyed_is_not_remembered() {
        let cache = Cache::new();
        let owner = KeyOwner::Person(events::PersonId::from_bytes([1; 16]));
        let epoch = cache.get(&owner).expect_err("nothing is known yet");
        cache.committed([(owner.clone(), Known::Destroyed)].into_iter());
        cache.remember(&owner, &Known::Key(Key::from_bytes([7; 32])), epoch);
        assert_eq!(cache.get(&owner), Ok(Known::Destroyed));
    }
}
