//! Two-way pages and how far they are: RFC 1861, sections 4.6.9 and 4.6.10.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::DateTime;
use serde::{Deserialize, Serialize};

use crate::moment;

/// How far a two-way page is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// It waits at the gateway.
    Queued,
    /// It is on the pager.
    Delivered,
    /// The person has read it.
    Read,
    /// The person has chosen the answer with this code.
    Chosen(String),
    /// The person has written.
    Written(String),
    /// It did not reach the pager in time.
    Expired,
}

#[derive(Debug)]
struct Page {
    pager: String,
    has_choices: bool,
    wants_read: bool,
    progress: Progress,
    changes: u32,
    at_seconds: u64,
}

/// All two-way pages by tag and pass code. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Units {
    pages: Arc<Mutex<BTreeMap<String, Page>>>,
}

impl Units {
    /// Takes a page; gives its tag and pass code.
    pub(super) fn take(&self, pager: &str, has_choices: bool, wants_read: bool) -> String {
        let mut known = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let number = known.len() + 1;
        let tag = format!("{} {}", 32_000 + number, 4_000 + number);
        let at_seconds = moment::unix_seconds();
        let (pager, progress) = (pager.to_owned(), Progress::Queued);
        known.insert(tag.clone(), Page { pager, has_choices, wants_read, progress, changes: 1, at_seconds });
        tag
    }

    pub(super) fn progress(&self, pager: &str, progress: Progress) -> bool {
        let mut known = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(page) = known.values_mut().rev().find(|page| page.pager == pager) else { return false };
        page.progress = progress;
        page.changes += 1;
        page.at_seconds = moment::unix_seconds();
        true
    }

    /// What is answered to `MSTA`.
    pub(super) fn status(&self, tag: &str) -> String {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(page) = pages.get(tag) else {
            return "550 Unknown or Illegal Message_Tag or Pass_Code".to_owned();
        };
        let at = i64::try_from(page.at_seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let at = at.map(|at| at.format("%y%m%d%H%M%S+0000").to_string()).unwrap_or_default();
        let (code, words) = match &page.progress {
            Progress::Queued => (960, "Message Queued; Awaiting Delivery".to_owned()),
            Progress::Delivered if page.wants_read => {
                (860, "Delivered, Awaiting Read Confirmation".to_owned())
            }
            Progress::Delivered if page.has_choices => (861, "Delivered, Awaiting Reply (MCR)".to_owned()),
            Progress::Delivered => (880, "Message Delivered (No Reply Pending)".to_owned()),
            Progress::Read if page.has_choices => (870, "Delivered, Read, Awaiting Reply (MCR)".to_owned()),
            Progress::Read => (881, "Message Delivered and Read by Recipient".to_owned()),
            Progress::Chosen(code) => (888, format!("{code} MCR Reply Received")),
            Progress::Written(words) => (889, words.clone()),
            Progress::Expired => (780, "MESSAGE EXPIRED Before Delivery!".to_owned()),
        };
        format!("{code} {} {at} {words}", page.changes)
    }
}
