//! What is measured: a running house, a running Alertmanager, or the floor under both.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Serialize;

use super::program::Program;
use crate::load::LoadKind;

/// Who is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contender {
    /// This house.
    HotPotato,
    /// Debian's Alertmanager.
    Alertmanager,
    /// The least that it can cost; see `crate::floor`.
    Floor,
}

impl Contender {
    /// A name for files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HotPotato => "hotpotato",
            Self::Alertmanager => "alertmanager",
            Self::Floor => "floor",
        }
    }
}

impl fmt::Display for Contender {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::HotPotato => "Hot Potato",
            Self::Alertmanager => "Alertmanager",
            Self::Floor => "the floor",
        })
    }
}

/// A running contender that pages the sink.
#[derive(Debug)]
pub struct Subject {
    pub contender: Contender,
    pub program: Program,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it takes alerts.
    pub path: String,
    /// In which shape.
    pub kind: LoadKind,
    /// Its configuration and data.
    pub folder: PathBuf,
}
