//! The shape of `hotpotato.toml`. Every value is kept as it is written, with its place, since the environment may say
//! it too.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Visitor};
use toml::Spanned;

/// A value of the file.
pub(super) type Value = Option<Spanned<Text>>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub listen: Value,
    pub public_url: Value,
    pub data_dir: Value,
    pub log: Log,
    pub operators: Operators,
    pub channels: Channels,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Log {
    pub url: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Operators {
    pub pushover: Vec<Spanned<Text>>,
    pub sms: Vec<Spanned<Text>>,
    pub pager: Vec<Spanned<Text>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Channels {
    pub pushover: Option<Spanned<Pushover>>,
    pub sms: BTreeMap<String, Spanned<Twilio>>,
    pub pager: BTreeMap<String, Spanned<Snpp>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Pushover {
    /// Refused: it is a secret.
    pub token: Value,
    pub token_file: Value,
    pub base_url: Value,
    pub retry: Value,
    pub expire: Value,
    pub timeout: Value,
    pub per_second: Value,
    pub burst: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Twilio {
    pub account_sid: Value,
    /// Refused: it is a secret.
    pub auth_token: Value,
    pub auth_token_file: Value,
    pub from: Value,
    pub messaging_service_sid: Value,
    pub base_url: Value,
    pub validity_period: Value,
    pub timeout: Value,
    pub per_second: Value,
    pub burst: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Snpp {
    pub protocol: Value,
    pub address: Value,
    pub login: Value,
    /// Refused: it is a secret.
    pub password: Value,
    pub password_file: Value,
    pub chars_max: Value,
    pub timeout: Value,
    pub per_second: Value,
    pub burst: Value,
}

/// Text, or a number as text. Its `Debug` shows nothing: it may be a secret in the wrong place.
#[derive(Clone)]
pub(super) struct Text(pub String);

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(…)")
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsText;
        impl Visitor<'_> for AsText {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a number")
            }

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.to_owned()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }
        }
        deserializer.deserialize_any(AsText)
    }
}
