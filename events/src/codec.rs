//! Events to bodies and back: JSON, with what is personal encrypted beside it.
//!
//! A body is `{"event":{…},"sealed":[["texts:…","BASE64"],…]}`. Inside the event a sealed field is its number in
//! that list. Each text is encrypted with XChaCha20-Poly1305 under its owner's key; the nonce is an HMAC-SHA-256,
//! under the same key, of the place and the text, so that it never repeats for different texts and tells nothing
//! about them (a synthetic nonce in the manner of RFC 5297). The record's place is authenticated with it.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::Sha256;

use crate::chain::Break;
use crate::event::Event;
use crate::id::{BootId, NodeId, StreamId};
use crate::key::{Key, KeyOwner, KeyStore, KeyStoreError};
use crate::record::{Record, Recorded, Version};
use crate::sealed::{self, Plain};

const NONCE_BYTES: usize = 24;

/// A body that cannot be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The keys are not at hand.
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    /// The body is no event of its kind and schema.
    #[error("not a {kind} of schema {schema}: {reason}")]
    Unreadable {
        /// The record's kind.
        kind: String,
        /// The record's schema.
        schema: u16,
        /// What is wrong with it.
        reason: String,
    },
}

impl CodecError {
    /// A record that is not what was written cannot be read either.
    pub(crate) fn broken(recorded: &Recorded, what: Break) -> Self {
        let Record { kind, schema, .. } = &recorded.record;
        Self::Unreadable { kind: kind.to_string(), schema: *schema, reason: what.to_string() }
    }
}

/// Whether a reader wants the personal texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Open all of them. A destroyed key leaves its texts shut; a key that is missing is an error.
    Open,
    /// Open what can be opened, for people who look at what is left.
    OpenIfKept,
    /// Leave all of it shut: cheaper, for folds that need no texts.
    Shut,
}

/// Where a record stands and who writes it: what its texts are bound to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub stream: &'a StreamId,
    pub version: Version,
    pub node: &'a NodeId,
    pub boot: BootId,
}

impl Place<'_> {
    /// What is authenticated with each text.
    fn bound(&self, number: usize) -> Vec<u8> {
        format!("{}\n{}\n{}\n{}\n{number}", self.stream, self.version.0, self.node, self.boot.0).into_bytes()
    }
}

#[derive(Deserialize)]
struct ReadBody<'a> {
    #[serde(borrow)]
    event: &'a RawValue,
    #[serde(borrow, default)]
    sealed: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// An event as JSON, with what has to be sealed before it can be kept.
pub(crate) struct Unsealed {
    event: String,
    texts: Vec<Plain>,
}

impl Unsealed {
    /// Whose keys sealing needs.
    pub(crate) fn owners(&self) -> impl Iterator<Item = KeyOwner> + '_ {
        self.texts.iter().map(|text| text.owner.clone())
    }
}

/// Writes an event, leaving its texts to be sealed.
pub(crate) fn write(event: &Event) -> Result<Unsealed, CodecError> {
    let (json, texts) = sealed::collect(|| event.to_json());
    let event = json.map_err(|error| CodecError::Unreadable {
        kind: event.kind().to_owned(),
        schema: event.schema(),
        reason: error.to_string(),
    })?;
    Ok(Unsealed { event, texts })
}

/// Seals the texts of a written event into a body. A text whose key was destroyed is left out.
pub(crate) fn seal(
    unsealed: &Unsealed,
    place: Place<'_>,
    keys: &impl KeyStore,
) -> Result<Vec<u8>, CodecError> {
    let mut sealed: Vec<(String, String)> = Vec::with_capacity(unsealed.texts.len());
    for (number, text) in unsealed.texts.iter().enumerate() {
        let boxed = match keys.key(&text.owner)? {
            Some(key) => encrypt(&key, &place.bound(number), &text.json),
            None => String::new(),
        };
        sealed.push((text.owner.to_string(), boxed));
    }
    let mut body = format!("{{\"event\":{}", unsealed.event);
    if !sealed.is_empty() {
        body.push_str(",\"sealed\":");
        body.push_str(&serde_json::to_string(&sealed).unwrap_or_default());
    }
    body.push('}');
    Ok(body.into_bytes())
}

/// Reads a record's event.
///
/// # Errors
/// When the keys cannot be read, or the body is no event of its kind.
pub fn read(recorded: &Recorded, keys: &impl KeyStore, texts: Texts) -> Result<Event, CodecError> {
    let record = &recorded.record;
    let unreadable = |reason: String| CodecError::Unreadable {
        kind: shown(&record.kind),
        schema: record.schema,
        reason: shown(&reason),
    };
    let body: ReadBody<'_> =
        serde_json::from_slice(&record.body).map_err(|error| unreadable(error.to_string()))?;
    let opened = match texts {
        Texts::Shut => Vec::new(),
        Texts::Open | Texts::OpenIfKept => {
            open(recorded, &body, keys, texts).map_err(|error| match error {
                Opening::Keys(error) => CodecError::Keys(error),
                Opening::Broken(reason) => unreadable(reason),
            })?
        }
    };
    let event = current_shape(record, body.event.get()).map_err(|error| unreadable(error.to_string()))?;
    let event = sealed::supply(opened, || Event::from_json(&record.kind, &event))
        .map_err(|error| unreadable(error.to_string()))?;
    if event.kind() == &*record.kind {
        Ok(event)
    } else {
        Err(unreadable(format!("its body is {}", event.kind())))
    }
}

/// What a record says of itself, for an error: it may hold anything, and an error is one line.
fn shown(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() { char::REPLACEMENT_CHARACTER } else { letter })
        .collect()
}

enum Opening {
    Keys(KeyStoreError),
    Broken(String),
}

fn open(
    recorded: &Recorded,
    body: &ReadBody<'_>,
    keys: &impl KeyStore,
    texts: Texts,
) -> Result<Vec<Option<Plain>>, Opening> {
    let record = &recorded.record;
    let place =
        Place { stream: &recorded.stream, version: recorded.version, node: &record.node, boot: record.boot };
    let mut opened = Vec::with_capacity(body.sealed.len());
    for (number, (owner, boxed)) in body.sealed.iter().enumerate() {
        let owner: KeyOwner = owner.parse().map_err(|_| Opening::Broken(format!("{owner:?} owns no key")))?;
        let key = match keys.key(&owner) {
            _ if boxed.is_empty() => None,
            Err(KeyStoreError::Missing { .. }) if texts == Texts::OpenIfKept => None,
            Err(error @ KeyStoreError::Missing { .. }) => return Err(Opening::Broken(error.to_string())),
            Err(error @ KeyStoreError::Unavailable { .. }) => return Err(Opening::Keys(error)),
            Ok(key) => key,
        };
        let plain = match key {
            None => None,
            Some(key) => {
                let json = decrypt(&key, &place.bound(number), boxed)
                    .ok_or_else(|| Opening::Broken(format!("its sealed text {number} was changed")))?;
                Some(Plain { owner, json })
            }
        };
        opened.push(plain);
    }
    Ok(opened)
}

fn encrypt(key: &Key, bound: &[u8], plain: &[u8]) -> String {
    let nonce = synthetic_nonce(key, bound, plain);
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    let payload = Payload { msg: plain, aad: bound };
    let boxed =
        cipher.encrypt(&XNonce::from(nonce), payload).expect("a text of an event is far below 256 GiB");
    BASE64.encode([nonce.as_slice(), &boxed].concat())
}

fn decrypt(key: &Key, bound: &[u8], boxed: &str) -> Option<Vec<u8>> {
    let bytes = BASE64.decode(boxed).ok()?;
    let (nonce, boxed) = bytes.split_at_checked(NONCE_BYTES)?;
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    cipher.decrypt(&XNonce::from(nonce), Payload { msg: boxed, aad: bound }).ok()
}

fn synthetic_nonce(key: &Key, bound: &[u8], plain: &[u8]) -> [u8; NONCE_BYTES] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key.expose())
        .expect("HMAC takes a key of any length");
    mac.update(b"nonce\n");
    mac.update(bound);
    mac.update(b"\n");
    mac.update(plain);
    let bytes = mac.finalize().into_bytes();
    std::array::from_fn(|at| bytes[at])
}

/// Turns a body of an earlier schema of some kind into the next one.
type Upcast = fn(&mut Value);

/// For each kind and schema that is no longer written, how it becomes the next.
const UPCASTS: &[(&str, u16, Upcast)] = &[];

fn current_shape<'a>(record: &Record, json: &'a str) -> serde_json::Result<Cow<'a, str>> {
    upcast(UPCASTS, &record.kind, record.schema, json)
}

fn upcast<'a>(
    upcasts: &[(&str, u16, Upcast)],
    kind: &str,
    schema: u16,
    json: &'a str,
) -> serde_json::Result<Cow<'a, str>> {
    let mut due = upcasts.iter().filter(|(of, from, _)| *of == kind && *from >= schema).peekable();
    if due.peek().is_none() {
        return Ok(Cow::Borrowed(json));
    }
    let mut value = serde_json::from_str(json)?;
    for (_, _, upcast) in due {
        upcast(&mut value);
    }
    serde_json::to_string(&value).map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EventLog;
    use crate::event::alert::AlertEvent;
    use crate::event::sample;
    use crate::journal::Journal;
    use crate::key::DerivedKeys;
    use crate::memory::MemoryLog;
    use crate::record::Position;

    async fn raised() -> (Recorded, Event) {
        let event = Event::from(sample::raised());
        let journal = Journal::new(MemoryLog::new(), DerivedKeys::default(), "a".into(), BootId(7));
        let stream = sample::alert().stream();
        journal
            .append(&stream, sample::head(), &sample::context(), std::slice::from_ref(&event))
            .await
            .expect("an append");
        let recorded = journal.log().tail(Position::START, 1).await.expect("a tail").remove(0);
        (recorded, event)
    }

    #[tokio::test]
    async fn what_is_written_reads_back_with_its_texts() {
        let (recorded, event) = raised().await;
        assert_eq!(read(&recorded, &DerivedKeys::default(), Texts::Open), Ok(event));
    }

    #[tokio::test]
    async fn a_record_of_one_kind_never_reads_as_another() {
        let (mut recorded, _) = raised().await;
        for kind in ["alert.repeated", "alert.rai\u{1b}sed", "alert", "person.defined", ""] {
            recorded.record.kind = kind.into();
            let error = read(&recorded, &DerivedKeys::default(), Texts::Open).expect_err("no such event");
            assert!(!error.to_string().contains(char::is_control), "{error:?}");
        }
    }

    #[tokio::test]
    async fn at_rest_no_text_can_be_read() {
        let (recorded, event) = raised().await;
        let Event::Alert(AlertEvent::Raised(raised)) = &event else { panic!("a raised alert") };
        let summary = &raised.signal.open().expect("open").summary;
        let body = String::from_utf8_lossy(&recorded.record.body).into_owned();
        assert!(!body.contains(summary.as_str()), "{body}");
    }

    #[tokio::test]
    async fn without_its_key_an_event_still_reads_and_only_its_texts_are_gone() {
        let (recorded, _) = raised().await;
        let keys = DerivedKeys::default();
        keys.destroy(&KeyOwner::Alert(sample::alert())).await.expect("destroyed");
        let Ok(Event::Alert(AlertEvent::Raised(raised))) = read(&recorded, &keys, Texts::Open) else {
            panic!("a raised alert")
        };
        assert_eq!(raised.signal.open(), None);
    }

    #[tokio::test]
    async fn a_sealed_text_that_was_changed_is_noticed() {
        let (mut recorded, _) = raised().await;
        recorded.version = Version(2);
        let moved = read(&recorded, &DerivedKeys::default(), Texts::Open);
        assert!(matches!(moved, Err(CodecError::Unreadable { .. })), "{moved:?}");
    }

    #[test]
    fn a_sealed_text_is_never_written_by_anything_but_the_codec() {
        assert!(serde_json::to_string(&Event::from(sample::raised()).to_json().is_err()).is_ok());
        assert!(Event::from(sample::raised()).to_json().is_err());
    }

    #[test]
    fn an_old_shape_climbs_through_every_upcast_to_the_current_one() {
        let upcasts: &[(&str, u16, Upcast)] = &[
            ("alert.noted", 1, |value| value["two"] = 2.into()),
            ("alert.noted", 2, |value| value["three"] = 3.into()),
            ("alert.raised", 1, |value| value["other"] = 1.into()),
        ];
        let climbed =
            |schema| upcast(upcasts, "alert.noted", schema, r#"{"one":1}"#).expect("JSON").into_owned();
        assert_eq!(climbed(1), r#"{"one":1,"two":2,"three":3}"#);
        assert_eq!(climbed(2), r#"{"one":1,"three":3}"#);
        assert_eq!(climbed(3), r#"{"one":1}"#);
    }
}
