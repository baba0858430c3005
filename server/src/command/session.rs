//! One run of a command: who reads it, how, and where the server is.

use i18n::Locale;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Failure, Format, Output, environment, reader_of};
use crate::client::{Client, Request};
use crate::reader::Reader;
use crate::terminal::{self, Style};

/// One run of a command.
#[derive(Clone, Debug)]
pub(super) struct Session {
    /// Who reads what it says.
    pub(super) reader: Reader,
    /// Whether there is colour.
    pub(super) style: Style,
    /// For people, or for programs.
    pub(super) format: Format,
}

impl Session {
    /// A run with these options.
    pub(super) fn new(output: Option<Output>, language: Option<Locale>) -> Self {
        let (no_color, term) = (environment("NO_COLOR"), environment("TERM"));
        Self {
            reader: reader_of(output, language),
            style: Style::choose(terminal::is_terminal(), no_color.as_deref(), term.as_deref()),
            format: output.map_or(Format::Table, |output| output.format),
        }
    }

    /// The language.
    pub(super) const fn locale(&self) -> Locale {
        self.reader.locale
    }

    /// True when a program reads it.
    pub(super) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// The server.
    pub(super) fn client(&self) -> Result<Client, Failure> {
        Ok(Client::new(&environment, self.locale())?)
    }

    /// Asks the server, and reads its answer.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        client: &Client,
        request: Request<'_>,
    ) -> Result<(Value, T), Failure> {
        let value = client.ask(request).await?;
        let read = serde_json::from_value(value.clone()).map_err(|_| client.misunderstood())?;
        Ok((value, read))
    }
}

/// Prints a value for programs; people can read it too.
pub(super) fn print_json(value: &Value) {
    terminal::print(&format!("{value:#}"));
}
