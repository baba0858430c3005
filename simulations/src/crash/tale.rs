//! One alert as its source remembers it: what was said, how often, and when it was heard. Times are Unix milliseconds.

use std::fmt;

use serde::Serialize;

/// Which kind of source tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Alertmanager's webhook.
    Alertmanager,
    /// The house's own shape.
    Generic,
}

impl SourceKind {
    /// Its name in a sentence.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alertmanager => "alertmanager",
            Self::Generic => "generic",
        }
    }
}

/// What a source or a person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It began, or goes on as before.
    Fires,
    /// It goes on with another severity.
    Changes,
    /// Somebody takes it.
    Taken,
    /// It is over.
    Resolved,
}

/// One thing that was said until it was answered 2xx.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// What.
    pub what: What,
    /// The severity that was said with it.
    pub severity: &'static str,
    /// When it was first said.
    pub tried_at: u64,
    /// When it was answered 2xx.
    pub heard_at: u64,
    /// How often it was said until then.
    pub tries: u32,
}

/// One alert.
#[derive(Debug, Clone, Serialize)]
pub struct Tale {
    /// In every page about it, and in no other.
    pub summary: String,
    /// What the source calls the symptom.
    pub key: String,
    /// Which kind of source.
    pub kind: SourceKind,
    /// What the house calls it, as answered to the first signal.
    pub id: Option<String>,
    /// Everything that was said, in order. The first is that it fires.
    pub said: Vec<Said>,
    /// What was refused for good, if something was.
    pub refused: Option<String>,
}

impl Tale {
    /// When the house had it: nothing before that counts.
    pub fn accepted_at(&self) -> Option<u64> {
        self.said.first().map(|said| said.heard_at)
    }

    /// What ended the paging, if something did.
    pub fn end(&self) -> Option<&Said> {
        self.said.iter().find(|said| matches!(said.what, What::Taken | What::Resolved))
    }

    /// The severity that was last heard.
    pub fn severity(&self) -> &'static str {
        let told = self.said.iter().rev().find(|said| matches!(said.what, What::Fires | What::Changes));
        told.map_or("", |said| said.severity)
    }

    /// What the house should say of it.
    pub fn state(&self) -> &'static str {
        match self.said.iter().rev().find(|said| matches!(said.what, What::Taken | What::Resolved)) {
            None => "open",
            Some(Said { what: What::Resolved, .. }) => "resolved",
            Some(_) => "acknowledged",
        }
    }

    /// Its id, for people.
    pub fn id_or_dash(&self) -> &str {
        self.id.as_deref().unwrap_or("-")
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, severity, tried_at, heard_at, tries } = self;
        write!(f, "{tried_at} {what:?} ({severity}), answered 2xx at {heard_at} at try {tries}")
    }
}
