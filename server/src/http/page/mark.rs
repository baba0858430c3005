//! Where an alert stands and how bad it is, each as a shape, a word and a colour: never as a colour alone.
//!
//! Red: nobody has it yet. Green: somebody has it. Grey: over. Severities have colours of their own, so that no
//! colour says two things.

use domain::alert::Phase;
use domain::view::CardState;
use events::event::signal::Severity;
use i18n::words;
use maud::{Markup, html};

use super::Reader;
use crate::timeline::word;

/// Where an alert stands, for the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Stand {
    /// Nobody has it yet.
    Open,
    /// Nobody is paged for a while.
    Held,
    /// Somebody has it.
    Taken,
    /// It is over.
    Over,
}

impl Stand {
    /// The name in the style sheet.
    pub(in crate::http) const fn class(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Held => "held",
            Self::Taken => "taken",
            Self::Over => "over",
        }
    }

    /// In a word.
    pub(in crate::http) fn word(self, reader: &Reader) -> String {
        match self {
            Self::Open => reader.say(&words::StateOpen),
            Self::Held => reader.say(&words::StateHeld),
            Self::Taken => reader.say(&words::StateAcknowledged),
            Self::Over => reader.say(&words::StateResolved),
        }
    }

    /// Its shape: a disc, two bars, a tick, a ring.
    pub(in crate::http) fn shape(self) -> Markup {
        shape(match self {
            Self::Open => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z",
            Self::Held => "M3 2h4v12h-4z M9 2h4v12h-4z",
            Self::Taken => "M1 8.5l2.2-2.2l3.1 3.1l6.6-6.6l2.1 2.2l-8.7 8.8z",
            Self::Over => "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z M8 4a4 4 0 1 1 0 8a4 4 0 1 1 0-8z",
        })
    }
}

impl From<&Phase> for Stand {
    fn from(phase: &Phase) -> Self {
        match phase {
            Phase::Unraised | Phase::Open { .. } => Self::Open,
            Phase::Held { .. } => Self::Held,
            Phase::Acknowledged { .. } => Self::Taken,
            Phase::Resolved { .. } => Self::Over,
        }
    }
}

impl From<&CardState> for Stand {
    fn from(state: &CardState) -> Self {
        match state {
            CardState::Open => Self::Open,
            CardState::Held(_) => Self::Held,
            CardState::Acknowledged(_) => Self::Taken,
        }
    }
}

/// How bad it is: a filled triangle, a diamond, a hollow triangle, a bar.
pub(in crate::http) fn severity(severity: Severity, reader: &Reader) -> Markup {
    let path = match severity {
        Severity::Critical => "M8 1l7.5 14h-15z",
        Severity::Error => "M8 .5l7.5 7.5l-7.5 7.5l-7.5-7.5z",
        Severity::Warning => "M8 1l7.5 14h-15z M8 5.3l-4.2 7.7h8.4z",
        Severity::Info => "M6 6h4v9h-4z M6 1h4v3.5h-4z",
    };
    html! {
        span class={ "mark " (severity.as_str()) } { (shape(path)) " " (word::severity(severity, reader.locale)) }
    }
}

fn shape(path: &str) -> Markup {
    html! {
        svg viewBox="0 0 16 16" aria-hidden="true" { path fill-rule="evenodd" d=(path) {} }
    }
}
