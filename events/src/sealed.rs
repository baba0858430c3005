//! Personal text inside an event: plain in the core, encrypted at rest.
//!
//! An event is written as JSON in which each sealed field is only a number; the texts themselves stand encrypted
//! beside it, in the order of these numbers. Writing and reading happen inside [`collect`] and [`supply`], which
//! only the codec calls: serialising a sealed value anywhere else is an error, so that it cannot leak by accident.

use std::cell::RefCell;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::key::KeyOwner;

/// A value that is encrypted at rest with its owner's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sealed<T> {
    /// The value, readable.
    Open {
        /// Whose key seals it.
        owner: KeyOwner,
        /// The value itself.
        value: T,
    },
    /// The key was destroyed, or the reader did not ask for texts.
    Shut,
}

impl<T> Sealed<T> {
    /// A value to be sealed with `owner`'s key.
    pub const fn new(owner: KeyOwner, value: T) -> Self {
        Self::Open { owner, value }
    }

    /// The value, unless it is shut.
    pub const fn open(&self) -> Option<&T> {
        match self {
            Self::Open { value, .. } => Some(value),
            Self::Shut => None,
        }
    }
}

/// One sealed field's value as JSON, and whose key it wants.
#[derive(Debug)]
pub(crate) struct Plain {
    pub owner: KeyOwner,
    pub json: Vec<u8>,
}

thread_local! {
    static COLLECTED: RefCell<Option<Vec<Plain>>> = const { RefCell::new(None) };
    static SUPPLIED: RefCell<Option<Vec<Option<Plain>>>> = const { RefCell::new(None) };
}

/// Runs `write` and returns what it sealed, in order.
pub(crate) fn collect<R>(write: impl FnOnce() -> R) -> (R, Vec<Plain>) {
    let before = COLLECTED.replace(Some(Vec::new()));
    let result = write();
    let collected = COLLECTED.replace(before);
    (result, collected.unwrap_or_default())
}

/// Runs `read` with the opened texts at hand, in order; `None` stands for one that cannot be opened.
pub(crate) fn supply<R>(opened: Vec<Option<Plain>>, read: impl FnOnce() -> R) -> R {
    let before = SUPPLIED.replace(Some(opened));
    let result = read();
    SUPPLIED.replace(before);
    result
}

impl<T: Serialize> Serialize for Sealed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::Error;
        let Self::Open { owner, value } = self else { return serializer.serialize_none() };
        let json = serde_json::to_vec(value).map_err(S::Error::custom)?;
        let number = COLLECTED.with_borrow_mut(|collected| {
            let collected = collected.as_mut()?;
            collected.push(Plain { owner: owner.clone(), json });
            u64::try_from(collected.len() - 1).ok()
        });
        match number {
            Some(number) => serializer.serialize_u64(number),
            None => Err(S::Error::custom("a sealed value is written only by the codec")),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Sealed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let Some(number) = Option::<usize>::deserialize(deserializer)? else { return Ok(Self::Shut) };
        let plain = SUPPLIED.with_borrow_mut(|supplied| supplied.as_mut()?.get_mut(number)?.take());
        match plain {
            Some(Plain { owner, json }) => {
                let value = serde_json::from_slice(&json).map_err(D::Error::custom)?;
                Ok(Self::Open { owner, value })
            }
            None => Ok(Self::Shut),
        }
    }
}
