//! One option: from the file or the environment, with the place to blame.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::Spanned;
use toml::de::DeTable;

use super::file::{File, Text, Value};
use super::{BootError, SECRET_BYTES_MAX, SecretFiles};
use crate::channel::Secret;
use crate::configuration::quantity;
use crate::line::Line;
use crate::text_position::Lines;
use domain::alert::limit::SEND_TIMEOUT_MAX;

/// What every variable of ours begins with.
pub(super) const PREFIX: &str = "HOTPOTATO_";

/// A file's text and the environment.
pub struct Options<'a> {
    path: &'a Path,
    text: &'a str,
    lines: Lines<'a>,
    environment: &'a BTreeMap<String, String>,
    secrets: SecretFiles<'a>,
}

/// An option that was given.
pub struct Given {
    /// As it is written.
    pub text: String,
    /// Where: file, line and column, or the variable.
    pub place: String,
    /// The option, such as `channels.pushover.token_file`.
    pub option: String,
    /// Where relative paths count from.
    directory: PathBuf,
}

impl<'a> Options<'a> {
    pub(super) fn of(
        path: &'a Path,
        text: &'a str,
        environment: &'a BTreeMap<String, String>,
        secrets: SecretFiles<'a>,
    ) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { path, text, lines: Lines::of(text), environment, secrets }
    }

    pub(super) fn parse(&self) -> Result<File, BootError> {
        toml::from_str(self.text).map_err(|error| self.malformed(&error))
    }

    /// The file as a tree, for what has no fixed shape.
    pub(super) fn tree(&self) -> Result<Spanned<DeTable<'_>>, BootError> {
        DeTable::parse(self.text).map_err(|error| self.malformed(&error))
    }

    fn malformed(&self, error: &toml::de::Error) -> BootError {
        let offset = error.span().map_or(0, |span| span.start);
        // The parser repeats what it did not understand, and that may be anything.
        let why = Line::new(&error.message().replace('\n', ", ")).to_string();
        BootError::Malformed { place: self.place(offset), why }
    }

    /// The names of all variables that are set.
    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.environment.iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| name.as_str())
    }

    /// A place in the file; just the file when there is none.
    pub(super) fn place(&self, offset: usize) -> String {
        if self.path.as_os_str().is_empty() {
            return "environment".to_owned();
        }
        let (line, column) = self.lines.at(offset);
        format!("{}:{line}:{column}", self.path.display())
    }

    /// The option, from the environment if it is there, else from the file. An empty variable is none.
    pub(super) fn given(&self, value: Value, option: &[&str]) -> Option<Given> {
        let variable = variable(option);
        let own = self.environment.get(&variable).filter(|text| !text.is_empty());
        match (own, value) {
            (Some(text), _) => Some(Given {
                text: text.clone(),
                place: variable,
                option: option.join("."),
                directory: PathBuf::new(),
            }),
            (None, Some(value)) => Some(self.of_file(value, option)),
            (None, None) => None,
        }
    }

    /// A list, from the environment if it is there, else from the file.
    pub(super) fn list(&self, values: Vec<Spanned<Text>>, option: &[&str]) -> Vec<Given> {
        match self.given(None, option) {
            Some(given) => {
                let parts = given.text.split(',').map(str::trim).filter(|part| !part.is_empty());
                parts.map(|part| given.with(part)).collect()
            }
            None => values.into_iter().map(|value| self.of_file(value, option)).collect(),
        }
    }

    fn of_file(&self, value: Spanned<Text>, option: &[&str]) -> Given {
        Given {
            place: self.place(value.span().start),
            text: value.into_inner().0,
            option: option.join("."),
            directory: self.path.parent().unwrap_or(Path::new("")).to_owned(),
        }
    }

    /// The secret `field` of a table, from a variable or from the file that is named as `{field}_file`.
    pub(super) fn secret(
        &self,
        inline: Value,
        file: Value,
        table: &[&str],
        field: &str,
    ) -> Result<Option<Secret>, BootError> {
        let option = [table, &[field]].concat();
        if let Some(inline) = inline {
            return Err(BootError::SecretInFile {
                place: self.place(inline.span().start),
                option: field.to_owned(),
                variable: variable(&option),
            });
        }
        if let Some(given) = self.given(None, &option) {
            return Ok(Some(Secret::new(&given.text)));
        }
        let file_option = format!("{field}_file");
        let file = self.given(file, &[table, &[file_option.as_str()]].concat());
        file.map(|given| given.secret(self.secrets)).transpose()
    }

    /// What is said when an option is missing.
    pub(super) fn missing(&self, at: usize, option: &[&str], example: &'static str) -> BootError {
        BootError::Missing {
            place: self.place(at),
            option: option.last().copied().unwrap_or_default().to_owned(),
            example,
            variable: variable(option),
        }
    }
}

impl Given {
    fn with(&self, text: &str) -> Self {
        Self {
            text: text.to_owned(),
            place: self.place.clone(),
            option: self.option.clone(),
            directory: self.directory.clone(),
        }
    }

    /// The value, read by `parse`.
    ///
    /// # Errors
    /// When it cannot be read so.
    pub fn parsed<T>(
        &self,
        expected: &'static str,
        example: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, BootError> {
        parse(&self.text).ok_or_else(|| BootError::BadValue {
            place: self.place.clone(),
            option: self.option.clone(),
            text: self.text.clone(),
            expected,
            example,
        })
    }

    /// A path, beside the file that names it.
    pub fn path(&self) -> PathBuf {
        self.directory.join(&self.text)
    }

    /// An address of the web, without a slash at the end.
    ///
    /// # Errors
    /// When it is none.
    pub fn url(&self) -> Result<String, BootError> {
        self.parsed("an address that begins with https:// or http://", "\"https://pager.example\"", |text| {
            let address = text.trim_end_matches('/');
            let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
            let host = rest.split('/').next()?;
            let sound = !host.is_empty() && rest.chars().all(|letter| letter.is_ascii_graphic());
            (sound && !rest.contains(['?', '#', '@', '"', '<', '>', '\\'])).then(|| address.to_owned())
        })
    }

    /// A length of time of at least `min` and at most `max` seconds, in whole seconds.
    ///
    /// # Errors
    /// When it is none.
    pub fn seconds(&self, min: u32, max: u32, expected: &'static str) -> Result<u32, BootError> {
        self.parsed(expected, "\"60s\"", |text| {
            let seconds = u32::try_from(quantity::span(text)?.as_seconds()).ok()?;
            (min..=max).contains(&seconds).then_some(seconds)
        })
    }

    /// A length of time of more than nothing and at most a minute.
    ///
    /// # Errors
    /// When it is none.
    pub fn timeout(&self) -> Result<Duration, BootError> {
        self.parsed("a length of time of up to 10s", "\"10s\"", |text| {
            let span = quantity::span(text)?;
            (!span.is_zero() && span <= SEND_TIMEOUT_MAX).then(|| span.into())
        })
    }

    fn secret(&self, secrets: SecretFiles<'_>) -> Result<Secret, BootError> {
        let file = self.path();
        let unreadable = |why: String| BootError::SecretUnreadable {
            place: self.place.clone(),
            option: self.option.clone(),
            file: Line::new(&file.display().to_string()).to_string(),
            why,
        };
        let bytes = secrets(&file).map_err(|error| unreadable(error.to_string()))?;
        let bytes = bytes.ok_or_else(|| unreadable(format!("it has more than {SECRET_BYTES_MAX} bytes")))?;
        let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".to_owned()))?;
        if text.trim().is_empty() {
            return Err(unreadable("it is empty; write the secret into it".to_owned()));
        }
        Ok(Secret::new(&text))
    }
}

/// The variable for an option.
pub(super) fn variable(option: &[&str]) -> String {
    let name = option.join("_").to_uppercase();
    let name = name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' });
    name.fold(PREFIX.to_owned(), |mut variable, letter| {
        variable.push(letter);
        variable
    })
}
