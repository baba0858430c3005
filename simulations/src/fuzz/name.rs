//! Names of things as they stand in records, addresses and commands.
//!
//! Input: the name.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use events::base32::canonical;
use events::event::token::Role;
use events::{AlertId, AttemptId, Author, Cause, Code, EventId, KeyOwner, PersonId, StreamId, TokenId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::claim::is_said;
use super::shape;

/// Reads a name as each kind there is. Nothing but how letters are written may differ between two spellings of one
/// name: else there are two addresses for one alert, and two keys for one owner.
pub fn text(input: &[u8]) {
    let text = &*shape::lossy(input);
    if let Some(alert) = read::<AlertId>(text) {
        assert_eq!(alert.to_string(), canonical(text), "an alert has one name");
        check_kept(&alert);
        assert_eq!(alert.stream().name(), alert.to_string());
        assert_eq!(read::<Code>(&alert.code().to_string()), Some(alert.code()));
    }
    if let Some(person) = read::<PersonId>(text) {
        assert_eq!(person.to_string(), canonical(text), "a person has one number");
        check_kept(&person);
    }
    if let Some(attempt) = read::<AttemptId>(text) {
        assert_eq!(attempt.to_string(), canonical(text), "an attempt has one name");
        check_kept(&attempt);
    }
    if let Some(code) = read::<Code>(text) {
        assert_eq!(code.to_string(), canonical(text), "a code has one spelling");
        check_kept(&code);
    }
    if let Some(token) = read::<TokenId>(text) {
        assert_eq!(token.to_string(), canonical(text).to_ascii_lowercase(), "a token has one name");
        check_kept(&token);
        assert_eq!(token.stream().name(), token.to_string());
    }
    if let Some(role) = Role::read(text) {
        assert_eq!(role.to_string(), text, "a role has one name");
        check_kept(&role);
    }
    if let Some(event) = read::<EventId>(text) {
        let digits = |text: &str| text.replace('-', "").to_ascii_lowercase();
        assert_eq!(digits(&event.to_string()), digits(text), "a record has one number");
        check_kept(&event);
    }
    let (kind, id) = text.split_once(':').unwrap_or((text, ""));
    if let Some(owner) = read::<KeyOwner>(text) {
        let id = match kind {
            "texts" => id.to_owned(),
            "token" => canonical(id).to_ascii_lowercase(),
            _ => canonical(id),
        };
        assert_eq!(owner.to_string(), format!("{kind}:{id}"), "an owner has one name");
    }
    if let Some(author) = read::<Author>(text) {
        let id = if kind == "person" { canonical(id) } else { id.to_owned() };
        let written = if text == "house" { text.to_owned() } else { format!("{kind}:{id}") };
        assert_eq!(author.to_string(), written, "an author has one name");
    }
    if let Some(cause) = read::<Cause>(text) {
        assert!(matches!(cause, Cause::Record(_)) || cause.to_string() == text, "a cause has one name");
    }
    let stream = StreamId::from(text);
    if text.contains('-') {
        assert_eq!(format!("{}-{}", stream.category(), stream.name()), text);
    } else {
        assert_eq!((stream.category(), stream.name()), (text, ""));
    }
}

/// The name, if it is one of this kind; then it reads as it is written.
fn read<T: FromStr + Display + Debug + PartialEq>(text: &str) -> Option<T>
where
    T::Err: Display + Debug,
{
    match text.parse::<T>() {
        Ok(name) => {
            let again = name.to_string().parse::<T>();
            assert!(
                again.as_ref().is_ok_and(|again| *again == name),
                "{name:?} reads as it is written: {again:?}"
            );
            Some(name)
        }
        Err(error) => {
            is_said(&error.to_string());
            None
        }
    }
}

/// A record holds the name whole.
fn check_kept<T: Serialize + DeserializeOwned + Debug + PartialEq>(name: &T) {
    let stored = serde_json::to_string(name).expect("a name can be kept");
    assert_eq!(serde_json::from_str::<T>(&stored).ok().as_ref(), Some(name));
}
