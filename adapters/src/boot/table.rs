//! One channel's table: its options, wherever they are given.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::blueprint::nearest::nearest;
use toml::Spanned;

use super::BootError;
use super::file::Text;
use super::option::{Given, Options};
use crate::channel::{RateLimit, Secret};
use crate::configuration::quantity;
use crate::line::Line;

/// Options that the table of every channel takes.
const COMMON: &[&str] = &["provider", "protocol", "timeout", "per_second", "burst", "pace"];

/// How long a provider can be given for its report. A network takes some seconds to say that a text has arrived, and
/// whoever is not reached within an hour is reached by somebody else.
const REPORTS_WITHIN: std::ops::RangeInclusive<Duration> = Duration::from_secs(5)..=Duration::from_hours(1);

/// One channel's options: from its table in the file, or from the environment.
pub struct Table<'a> {
    options: &'a Options<'a>,
    /// Such as `channels`, `sms`, `twilio-main`.
    path: Vec<String>,
    /// Where it begins in the file.
    at: usize,
    values: BTreeMap<String, Vec<Spanned<Text>>>,
}

impl std::fmt::Debug for Table<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Table").field("path", &self.path).finish_non_exhaustive()
    }
}

impl<'a> Table<'a> {
    pub(super) const fn new(
        options: &'a Options<'a>,
        path: Vec<String>,
        at: usize,
        values: BTreeMap<String, Vec<Spanned<Text>>>,
    ) -> Self {
        Self { options, path, at, values }
    }

    /// Refuses what neither every table nor this one takes.
    pub(super) fn only(&self, known: &[&'static str]) -> Result<(), BootError> {
        let secrets = known.iter().filter_map(|option| option.strip_suffix("_file"));
        let all: Vec<&str> = COMMON.iter().chain(known).copied().chain(secrets).collect();
        let unknown = self.values.iter().find(|(name, _)| !all.contains(&name.as_str()));
        let Some((name, values)) = unknown else { return Ok(()) };
        let at = values.first().map_or(self.at, |value| value.span().start);
        let near = nearest(name, all.iter().copied());
        let meant = near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
        let list: Vec<String> = known.iter().chain(COMMON).map(|option| format!("`{option}`")).collect();
        Err(BootError::Malformed {
            place: self.options.place(at),
            why: format!("unknown field `{}`{meant}, expected one of {}", Line::new(name), list.join(", ")),
        })
    }

    /// The channel's name; that of its kind when it has none of its own.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// The option as it is given, if it is.
    pub fn given(&self, field: &str) -> Option<Given> {
        let value = self.values.get(field).and_then(|values| values.first()).cloned();
        self.options.given(value, &self.option(field))
    }

    /// True when the table names the option, with whatever.
    pub(super) fn names(&self, field: &str) -> bool {
        self.values.contains_key(field)
    }

    /// The option, which must be given. `example` is TOML.
    ///
    /// # Errors
    /// When it is not.
    pub fn required(&self, field: &str, example: &'static str) -> Result<Given, BootError> {
        self.given(field).ok_or_else(|| self.missing(field, example))
    }

    /// A list: from an array, from one value, or from a variable with commas.
    pub fn list(&self, field: &str) -> Vec<Given> {
        let values = self.values.get(field).cloned().unwrap_or_default();
        self.options.list(values, &self.option(field))
    }

    /// The secret that stands in the file named by `{field}_file`, or in a variable.
    ///
    /// # Errors
    /// When it stands in the table itself, or its file cannot be read.
    pub fn secret(&self, field: &str) -> Result<Option<Secret>, BootError> {
        let value = |name: &str| self.values.get(name).and_then(|values| values.first()).cloned();
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        self.options.secret(value(field), value(&format!("{field}_file")), &path, field)
    }

    /// The secret, which must be given. `example` is the name of its file, as TOML.
    ///
    /// # Errors
    /// As [`Table::secret`], and when it is not given.
    pub fn required_secret(&self, field: &str, example: &'static str) -> Result<Secret, BootError> {
        self.secret(field)?.ok_or_else(|| self.missing(&format!("{field}_file"), example))
    }

    /// Takes over an address of the web, where one is given.
    ///
    /// # Errors
    /// When it is none.
    pub fn url(&self, field: &str, url: &mut String) -> Result<(), BootError> {
        if let Some(given) = self.given(field) {
            *url = given.url()?;
        }
        Ok(())
    }

    /// Host and port, which must be given. `example` is TOML.
    ///
    /// # Errors
    /// When they are not, or are none.
    pub fn host_and_port(&self, field: &str, example: &'static str) -> Result<String, BootError> {
        self.required(field, example)?.parsed("a host and a port", example, |text| {
            let (host, port) = text.rsplit_once(':')?;
            port.parse::<u16>().ok()?;
            (!host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic())).then(|| text.to_owned())
        })
    }

    /// Takes over how many characters a pager shows, where that is given.
    ///
    /// # Errors
    /// When it is no such number.
    pub fn chars_max(&self, chars_max: &mut usize) -> Result<(), BootError> {
        if let Some(given) = self.given("chars_max") {
            *chars_max = given.parsed("a number from 20 to 2000", "240", |text| {
                text.parse().ok().filter(|chars| (20..=2_000).contains(chars))
            })?;
        }
        Ok(())
    }

    /// Takes over how long one send may take, where that is given.
    ///
    /// # Errors
    /// When it is no such length of time.
    pub fn timeout(&self, timeout: &mut Duration) -> Result<(), BootError> {
        if let Some(given) = self.given("timeout") {
            *timeout = given.timeout()?;
        }
        Ok(())
    }

    /// Takes over within what time the provider reports that a page has arrived, where that is given; `never` for one
    /// whose reports cannot reach us.
    ///
    /// # Errors
    /// When it is no such length of time.
    pub fn reports_within(&self, within: &mut Option<Duration>) -> Result<(), BootError> {
        if let Some(given) = self.given("reports_within") {
            *within = given.parsed("a length of time from 5s to 1h, or never", "\"90s\"", |text| {
                if text == "never" {
                    return Some(None);
                }
                let within = Duration::from(quantity::span(text)?);
                REPORTS_WITHIN.contains(&within).then_some(Some(within))
            })?;
        }
        Ok(())
    }

    /// Takes over how fast we send, where that is given.
    ///
    /// # Errors
    /// When it is no such number.
    pub fn rate(&self, rate: &mut RateLimit) -> Result<(), BootError> {
        if let Some(given) = self.given("per_second") {
            rate.per_second = given.parsed("a number above 0 and up to 1000", "1", |text| {
                text.parse().ok().filter(|rate: &f64| *rate > 0.0 && *rate <= 1_000.0)
            })?;
        }
        if let Some(given) = self.given("burst") {
            rate.burst = given.parsed("a number from 1 to 10000", "5", |text| {
                text.parse().ok().filter(|burst| (1..=10_000).contains(burst))
            })?;
        }
        Ok(())
    }

    /// What is said when an option is there but cannot be used, for a reason that does not repeat its value.
    pub fn unusable(&self, field: &str, why: &str) -> BootError {
        let value = self.values.get(field).and_then(|values| values.first());
        let at = value.map_or(self.at, |value| value.span().start);
        BootError::Malformed {
            place: self.options.place(at),
            why: format!("{}: {why}", self.option(field).join(".")),
        }
    }

    /// What is said when an option is missing.
    pub fn missing(&self, field: &str, example: &'static str) -> BootError {
        self.options.missing(self.at, &self.option(field), example)
    }

    fn option<'s>(&'s self, field: &'s str) -> Vec<&'s str> {
        self.path.iter().map(String::as_str).chain([field]).collect()
    }
}
