//! Tells the operators directly, past the log, when the house itself is in trouble.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actors::alarm::{Health, HouseAlarm, Trouble};
use adapters::channel::ReadyChannel;
use adapters::text::Text;
use domain::port::Clock;
use events::event::outcome::Outcome;
use events::{Span, Timestamp};
use i18n::{Locale, Message, format, page, words};
use tokio::sync::watch;

/// The same trouble is told again after this long, while it lasts.
const ALARM_EVERY: Span = Span::from_minutes(5);

/// Of several contact methods that break within [`ALARM_EVERY`] so many are told, each saying where all of them stand:
/// a provider that suddenly knows nobody is no reason to send hundreds of pages.
const CONTACTS_TOLD_MAX: usize = 5;

/// How the trouble with a contact method is remembered, before whose and which.
const CONTACT: &str = "contact";

/// How often one operator is tried over one channel.
const TRIES_MAX: u32 = 3;

/// How long all tries together may take.
pub const ALARM_WITHIN: Duration = Duration::from_secs(14);

/// One way to an operator.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The channel.
    pub channel: Arc<ReadyChannel>,
    /// The address there.
    pub address: String,
}

/// The operators, and what they were told when.
pub struct OperatorsAlarm {
    operators: Vec<Operator>,
    clock: Arc<dyn Clock>,
    told: Mutex<HashMap<String, Timestamp>>,
}

impl std::fmt::Debug for OperatorsAlarm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OperatorsAlarm").field("operators", &self.operators.len()).finish_non_exhaustive()
    }
}

impl OperatorsAlarm {
    /// An alarm that pages these operators.
    pub fn new(operators: Vec<Operator>, clock: Arc<dyn Clock>) -> Self {
        Self { operators, clock, told: Mutex::default() }
    }

    /// Pages every operator now and returns once each was reached or given up.
    pub async fn page(&self, trouble: &Trouble) {
        let text = text(trouble);
        let pages = self.operators.iter().cloned().map(|operator| {
            let text = text.clone();
            tokio::spawn(async move { tell(&operator, &text).await })
        });
        for page in pages.collect::<Vec<_>>() {
            // A page that fell over was one of several.
            let _ = page.await;
        }
    }

    /// Tells the operators again every five minutes for as long as the log refuses.
    pub async fn repeat_while(self: Arc<Self>, mut health: watch::Receiver<Health>) {
        loop {
            let Ok(refusing) =
                health.wait_for(|health| health.log_refuses.is_some()).await.map(|health| health.clone())
            else {
                return;
            };
            let reason = refusing.log_refuses.unwrap_or_default();
            let recovered = health.wait_for(|health| health.log_refuses.is_none());
            if tokio::time::timeout(Duration::from(ALARM_EVERY), recovered).await.is_err() {
                self.sound(Trouble::LogRefuses { reason });
            }
        }
    }

    /// Everybody; but what is wrong with a channel is told over others, where an operator has one.
    fn who_hears(&self, trouble: &Trouble) -> Vec<Operator> {
        let Some(channel) = trouble.channel() else { return self.operators.clone() };
        let others = self.operators.iter().filter(|operator| operator.channel.id != *channel);
        let others: Vec<Operator> = others.cloned().collect();
        if others.is_empty() { self.operators.clone() } else { others }
    }

    fn is_due(&self, trouble: &Trouble) -> bool {
        let kind = match trouble {
            // Whoever watches the accounts, the providers and the ledger tells each thing once.
            Trouble::AccountLow { .. }
            | Trouble::ProviderIll { .. }
            | Trouble::CertificateEnds { .. }
            | Trouble::Unaccounted { .. } => return true,
            Trouble::LogRefuses { .. } => "log".to_owned(),
            Trouble::Quarantined { .. } => "quarantine".to_owned(),
            Trouble::ConfigurationUnreadable { .. } => "configuration".to_owned(),
            Trouble::NobodyToPage { .. } => "nobody".to_owned(),
            Trouble::NoRoute { .. } => "route".to_owned(),
            // Each breaks once, and whoever hears of one does not know of the others.
            Trouble::ContactBroken { person, contact } => format!("{CONTACT} {person} {contact}"),
            Trouble::ContactUnanswered { person, contact } => {
                format!("{CONTACT} {person} {contact} unanswered")
            }
        };
        let now = self.clock.now();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, last| now.since(*last) < ALARM_EVERY);
        let is_contact = kind.starts_with(CONTACT);
        let contacts = told.keys().filter(|kind| kind.starts_with(CONTACT)).count();
        let is_due = !(told.contains_key(&kind) || is_contact && contacts >= CONTACTS_TOLD_MAX);
        if is_due {
            told.insert(kind, now);
        }
        is_due
    }
}

impl HouseAlarm for OperatorsAlarm {
    fn sound(&self, trouble: Trouble) {
        if !self.is_due(&trouble) {
            return;
        }
        let text = text(&trouble);
        for operator in self.who_hears(&trouble) {
            let text = text.clone();
            tokio::spawn(async move { tell(&operator, &text).await });
        }
    }
}

async fn tell(operator: &Operator, text: &Text) {
    for attempt in 1..=TRIES_MAX {
        let report = operator.channel.provider.announce(&operator.address, text).await;
        match report.outcome {
            Outcome::Accepted => return,
            Outcome::Refused(reason) => {
                tracing::error!(?reason, detail = report.detail, "an operator cannot be paged");
                return;
            }
            Outcome::Failed { reason, .. } | Outcome::Unknown(reason) => {
                tracing::error!(
                    ?reason,
                    attempt,
                    detail = report.detail,
                    "an operator was not paged; trying again"
                );
            }
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "outside the core, between tries: nothing else to wait for"
        )]
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Operators are told in English: nobody knows here who they are.
fn text(trouble: &Trouble) -> Text {
    let locale = Locale::En;
    let mut title = page::HouseAlarmTitle.render(locale);
    let body = match trouble {
        Trouble::LogRefuses { reason } => {
            let known = if reason.contains("full") {
                words::ReasonDiskFull.render(locale)
            } else {
                words::ReasonLogUnavailable.render(locale)
            };
            page::NoLog { reason: &known }.render(locale)
        }
        Trouble::Quarantined { alert, .. } => {
            page::Quarantine { code: &alert.code().to_string() }.render(locale)
        }
        Trouble::ConfigurationUnreadable { .. } => page::ConfigurationUnreadable.render(locale),
        Trouble::NobodyToPage { alert } => {
            page::NobodyToPage { code: &alert.code().to_string() }.render(locale)
        }
        Trouble::ContactBroken { person, contact } => {
            page::OperatorsContact { person, contact: contact.as_str() }.render(locale)
        }
        Trouble::ContactUnanswered { person, contact } => {
            page::OperatorsUnanswered { person, contact: contact.as_str() }.render(locale)
        }
        Trouble::Unaccounted { count } => {
            page::Unaccounted { count: i64::try_from(*count).unwrap_or(i64::MAX) }.render(locale)
        }
        Trouble::NoRoute { source } => page::NoRoute { source }.render(locale),
        Trouble::ProviderIll { channel, words } => {
            page::ProviderIll { channel: channel.as_str(), detail: words }.render(locale)
        }
        Trouble::CertificateEnds { channel, ends_at } => {
            let when = format::date_time(locale, &ends_at.to_utc().naive_utc());
            page::CertificateEnds { channel: channel.as_str(), when: &when }.render(locale)
        }
        Trouble::AccountLow { channel, limit, remaining, resets_at } => {
            let (left, limit) = (remaining.to_string(), limit.to_string());
            let until = resets_at.to_string();
            let (left, limit, until) = (left.as_str(), limit.as_str(), until.as_str());
            title = page::AccountLowTitle.render(locale);
            page::AccountLow { channel: channel.as_str(), left, limit, until }.render(locale)
        }
    };
    Text::announcement(&title, &body)
}
