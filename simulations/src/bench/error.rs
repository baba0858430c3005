//! Why nothing could be measured.

use std::io;

use crate::load::LoadError;

/// A measurement could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The house was not built.
    #[error(
        "{0} is missing: build it with `cargo build --release --package server`, or run `cargo xtask bench`"
    )]
    NoHotPotato(String),
    /// The peer is not installed.
    #[error(
        "prometheus-alertmanager is not in the search path; install it as root with\n    \
         apt-get update && apt-get install --no-install-recommends prometheus-alertmanager"
    )]
    NoAlertmanager,
    /// The system refused something.
    #[error("{what}: {error}")]
    System {
        /// What was tried.
        what: String,
        /// The system's words.
        error: io::Error,
    },
    /// A program did something else than it should.
    #[error("{program} {what}; its last lines were:\n{last_lines}")]
    Program {
        /// Which.
        program: &'static str,
        /// What it did, or did not do in time.
        what: String,
        /// The end of what it printed.
        last_lines: String,
    },
    /// A load makes no sense.
    #[error(transparent)]
    Load(#[from] LoadError),
}

impl BenchError {
    /// Says what was tried.
    pub(crate) fn system(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |error| Self::System { what, error }
    }

    pub(super) fn sink(error: io::Error) -> Self {
        Self::System { what: "the sink cannot listen on loopback".to_owned(), error }
    }
}
