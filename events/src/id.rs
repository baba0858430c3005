//! Names of things. Each is its own type, so that one can never pass for another; each is derived or given at the
//! edge, never made up inside.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base32;

macro_rules! slugs {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as written in the configuration.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(Arc::from(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )*};
}

slugs! {
    /// A team's name in the configuration, such as `sysadmin`.
    TeamId
    /// A rota's name in the configuration, such as `sysadmin-primary`.
    RotaId
    /// An escalation policy's name in the configuration, such as `default`.
    PolicyId
    /// A service's name in the configuration, such as `shop`.
    ServiceId
    /// A source's name in the configuration, such as `prometheus`.
    SourceId
    /// A contact method's name within one person, such as `push`.
    ContactId
    /// A configured channel's name, such as `snpp-main`.
    ChannelId
    /// An override's name: eight characters that are easy to read out.
    OverrideId
    /// The name of planned work: eight characters that are easy to read out.
    WorkId
    /// A calendar's name: eight characters that are easy to read out.
    CalendarId
    /// A node's name, such as `a`.
    NodeId
    /// What a source says two signals have in common when they are the same symptom; 1 to 512 bytes.
    DedupKey
    /// One history in the log, such as `alert-7K3M…-1`: category, dash, name.
    StreamId
}

impl StreamId {
    /// What kind of thing has this history: the text before the first dash.
    pub fn category(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// Which thing it is: the text after the first dash, empty when there is none.
    pub fn name(&self) -> &str {
        self.0.split_once('-').map_or("", |(_, name)| name)
    }
}

/// A start of a node's process: the wall clock's microseconds at that start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BootId(pub u64);

/// One problem as its source sees it: a hash of (source, dedup key).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymptomId([u8; 16]);

impl SymptomId {
    /// The symptom that `source` names by `dedup_key`.
    pub fn derive(source: &SourceId, dedup_key: &DedupKey) -> Self {
        let mut hash = Sha256::new();
        hash.update(u64::try_from(source.as_str().len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(source.as_str());
        hash.update(dedup_key.as_str());
        Self(leading(&hash.finalize()))
    }
}

impl fmt::Debug for SymptomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32::encode(&self.0, 26))
    }
}

/// One alert: its first symptom and how many alerts that symptom had before, counted from 1. Written as 26
/// base-32 digits, a dash and the ordinal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlertId {
    /// The alert's first symptom.
    pub symptom: SymptomId,
    /// 1 for the symptom's first alert.
    pub ordinal: u32,
}

impl AlertId {
    /// The history of this alert.
    pub fn stream(&self) -> StreamId {
        StreamId::from(format!("alert-{self}").as_str())
    }

    /// The five characters that name this alert for people. A label, never a credential; two alerts may share it.
    pub fn code(&self) -> Code {
        let mut hash = Sha256::new();
        hash.update(self.symptom.0);
        hash.update(self.ordinal.to_be_bytes());
        Code(leading(base32::encode(&hash.finalize(), 5).as_bytes()))
    }
}

impl fmt::Display for AlertId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", base32::encode(&self.symptom.0, 26), self.ordinal)
    }
}

impl fmt::Debug for AlertId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not an identifier of the kind asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct NotAnId;

/// Reads a number as it is written, and in no other spelling: `+1` and `01` would be further names for the same thing.
fn number(text: &str) -> Result<u32, NotAnId> {
    let number: u32 = text.parse().map_err(|_| NotAnId)?;
    if number.to_string() == text { Ok(number) } else { Err(NotAnId) }
}

impl FromStr for AlertId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (symptom, ordinal) = text.split_once('-').ok_or(NotAnId)?;
        Ok(Self { symptom: SymptomId(base32::decode(symptom).ok_or(NotAnId)?), ordinal: number(ordinal)? })
    }
}

/// Five base-32 characters that name an alert for people.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 5]);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|&letter| write!(f, "{}", char::from(letter)))
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Code {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let text = base32::canonical(text);
        let known =
            text.len() == 5 && text.bytes().all(|letter| letter.is_ascii_alphanumeric() && letter != b'U');
        if known { Ok(Self(leading(text.as_bytes()))) } else { Err(NotAnId) }
    }
}

/// A person, by a number minted when they were first written down: it tells nothing about them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId([u8; 16]);

impl PersonId {
    /// The person with this number; whoever mints it draws the bytes at random.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The history of this person.
    pub fn stream(&self) -> StreamId {
        StreamId::from(format!("person-{self}").as_str())
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32::encode(&self.0, 26))
    }
}

impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PersonId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        base32::decode(text).map(Self).ok_or(NotAnId)
    }
}

/// An API token, by eight characters that everybody may know; its secret is something else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId([u8; 8]);

impl TokenId {
    /// The token with this number; whoever issues it draws the bytes at random.
    pub fn from_bytes(bytes: [u8; 5]) -> Self {
        Self(leading(base32::encode(&bytes, 8).to_ascii_lowercase().as_bytes()))
    }

    /// The history of this token.
    pub fn stream(&self) -> StreamId {
        StreamId::from(format!("token-{self}").as_str())
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|&letter| write!(f, "{}", char::from(letter)))
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for TokenId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        base32::decode(text).map(Self::from_bytes).ok_or(NotAnId)
    }
}

/// One try of a page: the alert, the page's place in it and the try's place in the alert, both counted from 1.
/// Idempotency key, correlation and jitter seed in one. Written as `ALERT.PAGE.ATTEMPT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptId {
    /// The alert that somebody is paged about.
    pub alert: AlertId,
    /// The page within the alert, from 1.
    pub page: u32,
    /// The attempt within the alert, from 1.
    pub attempt: u32,
}

impl AttemptId {
    /// A number that is the same on every node and every replay, for spreading retries.
    pub fn jitter_seed(&self) -> u64 {
        let hash = Sha256::digest(self.to_string());
        u64::from_be_bytes(leading(&hash))
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.alert, self.page, self.attempt)
    }
}

impl FromStr for AttemptId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let mut parts = text.split('.');
        let mut next = || parts.next().ok_or(NotAnId);
        let alert = next()?.parse()?;
        let page = number(next()?)?;
        let attempt = number(next()?)?;
        if parts.next().is_some() { Err(NotAnId) } else { Ok(Self { alert, page, attempt }) }
    }
}

/// One record's own number: a hash of where it stands, who wrote it and what it says. Written as a UUID.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub [u8; 16]);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for EventId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let digits: Vec<u8> = text.bytes().filter(|&letter| letter != b'-').collect();
        if digits.len() != 32 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(NotAnId);
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NotAnId)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotAnId)?;
        }
        Ok(Self(bytes))
    }
}

macro_rules! serde_as_text {
    ($($name:ident)*) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(|_| serde::de::Error::custom(concat!("not a ", stringify!($name))))
            }
        }
    )*};
}

serde_as_text! { AlertId PersonId AttemptId EventId Code TokenId }
pub(crate) use serde_as_text;

/// The first `N` bytes; `bytes` must have as many.
fn leading<const N: usize>(bytes: &[u8]) -> [u8; N] {
    std::array::from_fn(|at| bytes[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert() -> AlertId {
        AlertId { symptom: SymptomId::derive(&"prometheus".into(), &"79e8dde02c787fae".into()), ordinal: 3 }
    }

    #[test]
    fn ids_read_back_as_they_are_written() {
        let attempt = AttemptId { alert: alert(), page: 2, attempt: 7 };
        assert_eq!(attempt.to_string().parse(), Ok(attempt));
        assert_eq!(alert().to_string().parse(), Ok(alert()));
        let event = EventId([7; 16]);
        assert_eq!(event.to_string().parse(), Ok(event));
        let token = TokenId::from_bytes([0x5E; 5]);
        assert_eq!((token.to_string().as_str(), token.stream().as_str()), ("bsf5wqjy", "token-bsf5wqjy"));
        assert_eq!(token.to_string().to_uppercase().parse(), Ok(token), "as people may read it out");
        for odd in ["", "bsf5ybj", "bsf5wqjyy", "bsf5ybju", "owner"] {
            assert_eq!(odd.parse::<TokenId>(), Err(NotAnId), "{odd}");
        }
        assert_eq!("7".parse::<AlertId>(), Err(NotAnId));
        assert_eq!("x.1.1".parse::<AttemptId>(), Err(NotAnId));
    }

    #[test]
    fn a_name_has_no_second_spelling() {
        let alert = alert().to_string();
        let (symptom, _) = alert.split_once('-').expect("a dash");
        for odd in ["+3", "03", "-3", " 3", ""] {
            assert_eq!(format!("{symptom}-{odd}").parse::<AlertId>(), Err(NotAnId), "{odd}");
            assert_eq!(format!("{alert}.{odd}.1").parse::<AttemptId>(), Err(NotAnId), "{odd}");
            assert_eq!(format!("{alert}.1.{odd}").parse::<AttemptId>(), Err(NotAnId), "{odd}");
        }
        assert_eq!("+7".repeat(16).parse::<EventId>(), Err(NotAnId));
    }

    #[test]
    fn a_source_and_a_key_do_not_run_into_one_another() {
        assert_ne!(
            SymptomId::derive(&"a".into(), &"bc".into()),
            SymptomId::derive(&"ab".into(), &"c".into())
        );
    }

    #[test]
    fn a_code_forgives_what_people_misread() {
        let code = alert().code();
        assert_eq!(code.to_string().to_lowercase().parse(), Ok(code));
        assert_eq!("O1LI0".parse::<Code>().map(|code| code.to_string()), Ok("01110".to_owned()));
        assert!("UUUUU".parse::<Code>().is_err());
    }

    #[test]
    fn a_stream_names_its_kind_and_its_thing() {
        assert_eq!(alert().stream().category(), "alert");
        assert_eq!(alert().stream().name(), alert().to_string());
    }
}
