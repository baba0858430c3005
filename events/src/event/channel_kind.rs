//! Kinds of channels, by name: which there are, the channels themselves say.

use std::fmt;

use serde::de::{Deserializer, Error, Unexpected};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

/// Bytes of a kind's name.
pub const NAME_BYTES_MAX: usize = 16;

/// What kind of channel an address belongs to, such as `sms`: 1 to [`NAME_BYTES_MAX`] of `a-z`, `0-9` and `-`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelKind {
    /// The name, and zeros after it.
    name: [u8; NAME_BYTES_MAX],
}

impl ChannelKind {
    /// Pushover, by user key.
    pub const PUSHOVER: Self = Self::named("pushover");
    /// SMS, by phone number in E.164 form.
    pub const SMS: Self = Self::named("sms");
    /// A pager, by its number at the paging terminal.
    pub const PAGER: Self = Self::named("pager");
    /// A call, by phone number in E.164 form.
    pub const VOICE: Self = Self::named("voice");
    /// Mail, by address.
    pub const MAIL: Self = Self::named("mail");

    /// The kind with this name, for names that stand in the source.
    ///
    /// # Panics
    /// When it cannot be a name; for constants, when they are compiled.
    pub const fn named(name: &'static str) -> Self {
        match Self::from_bytes(name.as_bytes()) {
            Some(kind) => kind,
            None => panic!("a channel's kind has 1 to 16 of a-z, 0-9 and -"),
        }
    }

    /// The kind with this name; `None` when it cannot be one.
    pub const fn parse(name: &str) -> Option<Self> {
        Self::from_bytes(name.as_bytes())
    }

    const fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() || bytes.len() > NAME_BYTES_MAX {
            return None;
        }
        let mut name = [0; NAME_BYTES_MAX];
        let mut at = 0;
        while at < bytes.len() {
            if !matches!(bytes[at], b'a'..=b'z' | b'0'..=b'9' | b'-') {
                return None;
            }
            name[at] = bytes[at];
            at += 1;
        }
        Some(Self { name })
    }

    /// True when what was sent may ring by itself until somebody stops it, even when its answer was lost.
    pub fn rings(self) -> bool {
        self == Self::PUSHOVER
    }

    /// True when every provider of this kind reaches the same address, so that one can stand in for another. A pager's
    /// number means something at its own terminal only, and so does whatever has a server or a program of its own.
    pub fn is_shared(self) -> bool {
        [Self::PUSHOVER, Self::SMS, Self::VOICE, Self::MAIL].contains(&self)
    }

    /// As it is written, such as `sms`.
    pub fn as_str(&self) -> &str {
        let length = self.name.iter().position(|&byte| byte == 0).unwrap_or(NAME_BYTES_MAX);
        std::str::from_utf8(&self.name[..length]).unwrap_or_default()
    }
}

impl fmt::Display for ChannelKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for ChannelKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for ChannelKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ChannelKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let wrong = || D::Error::invalid_value(Unexpected::Str(&name), &"the name of a kind of channel");
        Self::parse(&name).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_written_as_it_is_named() {
        for kind in [ChannelKind::PUSHOVER, ChannelKind::SMS, ChannelKind::named("abcdefghijklmno9")] {
            let written = serde_json::to_string(&kind).expect("a name");
            assert_eq!(written, format!("\"{kind}\""));
            assert_eq!(serde_json::from_str::<ChannelKind>(&written).expect("the same"), kind);
        }
    }

    #[test]
    fn what_is_no_name_is_no_kind() {
        for name in ["", "SMS", "a b", "abcdefghijklmnopq", "ü", "a\0"] {
            assert_eq!(ChannelKind::parse(name), None, "{name:?}");
            assert!(serde_json::from_value::<ChannelKind>(name.into()).is_err(), "{name:?}");
        }
    }
}
