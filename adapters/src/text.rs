//! Puts a notice into words: the person's language, the person's zone, and no more than the channel takes.
//!
//! First the code and what is wrong, then where and since when, then how to acknowledge. When a text is too long it
//! is the summary that is shortened, never the code, the service or the link.

use chrono_tz::Tz;
use domain::alert::WorkStage;
use domain::port::{Dispatch, Notice};
use events::event::Language;
use events::event::person::ChannelKind;
use events::event::signal::{Finding, Severity};
use events::{Span, Timestamp};
use i18n::{Locale, Message as _, format, page, words};

use crate::line::Line;

mod digest;
mod mail;
mod message;
mod pager;
mod parts;
mod push;
mod sms;
mod voice;

pub use mail::mail;
pub use message::{failure, message};
pub use pager::{CHARS_MAX_DEFAULT as PAGER_CHARS_MAX_DEFAULT, pager};
pub use parts::{PARTS_MAX as PAGER_PARTS_MAX, parts};
pub use push::{BODY_CHARS_MAX, LINK_CHARS_MAX, LINK_TITLE_CHARS_MAX, TITLE_CHARS_MAX, push};
pub use sms::{
    CHARS_MAX as SMS_CHARS_MAX, SEGMENTS_MAX as SMS_SEGMENTS_MAX, UCS2_SEGMENTS_MAX, sms, sms_with_reply,
};
pub use voice::{CHARS_MAX as VOICE_CHARS_MAX, spelled, voice};

/// What stands where a name is missing.
const NO_NAME: &str = "-";
/// What stands for the secret part of a link in records.
const TOKEN_MASK: &str = "...";

/// What a page says, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// One line above it; empty where the channel has none.
    pub title: String,
    /// The text itself; with the link in it where the channel has no place of its own for one.
    pub body: String,
    /// Where to acknowledge, if the channel shows a link beside the text.
    pub link: Option<String>,
    /// What the link says.
    pub link_title: Option<String>,
    /// The reply code in it, if it can be answered: it lets somebody in, and is struck out of records.
    pub reply: Option<String>,
}

impl Text {
    /// Says something that is no page about an alert, such as the house alarm, in one line. Only a push message
    /// shows the title.
    pub fn announcement(title: &str, body: &str) -> Self {
        let title = Line::new(title).cut(TITLE_CHARS_MAX).to_string();
        Self { title, body: Line::new(body).cut(BODY_CHARS_MAX).to_string(), ..Self::default() }
    }

    /// The text for the record, with the tokens of links struck out: a credential has no place in a history.
    pub fn for_record(&self) -> String {
        let parts = [Some(&self.title), Some(&self.body), self.link.as_ref()];
        let parts: Vec<&str> =
            parts.into_iter().flatten().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let text = strike_tokens(&parts.join("\n"));
        match &self.reply {
            // It stands at the end: the same digits may stand elsewhere in the text for another reason.
            Some(code) => match text.strip_suffix(code.as_str()) {
                Some(before) => format!("{before}{TOKEN_MASK}"),
                None => text.replace(code, TOKEN_MASK),
            },
            None => text,
        }
    }
}

/// The language of our texts for a person.
pub const fn locale(language: Language) -> Locale {
    match language {
        Language::En => Locale::En,
        Language::De => Locale::De,
        Language::It => Locale::It,
    }
}

/// Puts the notice of a dispatch into words for the dispatch's kind of channel, with its default limits.
pub fn text(dispatch: &Dispatch, notice: &Notice, link: &str) -> Text {
    match dispatch.channel {
        ChannelKind::SMS => sms(dispatch, notice, link),
        ChannelKind::VOICE => voice(dispatch, notice),
        ChannelKind::PAGER => pager(dispatch, notice, link, PAGER_CHARS_MAX_DEFAULT),
        _ => push(dispatch, notice, link),
    }
}

/// A moment in a person's zone: `03:10` on the day on which `near` is, `Sun 22 Nov, 03:10` on any other. A zone
/// that nobody knows is UTC.
pub fn local_time(locale: Locale, zone: &str, moment: Timestamp, near: Timestamp) -> String {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let local = moment.to_utc().with_timezone(&zone).naive_local();
    if near.to_utc().with_timezone(&zone).date_naive() == local.date() {
        format::time(locale, &local.time())
    } else {
        format::date_time(locale, &local)
    }
}

/// What is wrong, in the reader's words: what the house has found out by itself, and how many problems there are when
/// there are several.
pub fn summary(locale: Locale, summary: &str, finding: Option<Finding>, problems: u32) -> String {
    let found = match finding {
        None => summary.to_owned(),
        Some(Finding::Flood { at }) => {
            words::FindingFlood { source: summary, count: i64::from(at) }.render(locale)
        }
        Some(Finding::Silence { every, .. }) => {
            words::FindingSilence { source: summary, every: &format::span(locale, whole_seconds(every)) }
                .render(locale)
        }
    };
    if problems > 1 {
        words::Problems { count: i64::from(problems), summary: &found }.render(locale)
    } else {
        found
    }
}

/// What all texts of a notice share.
struct Parts {
    locale: Locale,
    code: String,
    summary: Line,
    service: Line,
    severity: String,
    when: String,
    repeat: bool,
    late: Option<String>,
    /// What planned work has to do with it, in a sentence; none for a service that wants no text in the clear.
    work: Option<String>,
    /// The same in a few words.
    work_short: Option<String>,
}

impl Parts {
    fn new(dispatch: &Dispatch, notice: &Notice) -> Self {
        let locale = locale(dispatch.language);
        let service = notice.service.as_deref().map(Line::new).filter(|service| !service.is_empty());
        Self {
            locale,
            code: notice.code.to_string(),
            summary: match &notice.message {
                None => Line::new(&self::summary(locale, &notice.summary, notice.finding, notice.problems)),
                Some(about) => Line::new(&message(locale, &dispatch.time_zone, about, dispatch.expires_at)),
            },
            service: service.unwrap_or_else(|| Line::new(NO_NAME)),
            severity: severity(locale, notice.severity),
            when: local_time(locale, &dispatch.time_zone, notice.raised_at, dispatch.expires_at),
            repeat: notice.repeat,
            late: notice.late.map(|late| format::span(locale, whole_seconds(late))),
            work: work(locale, dispatch, notice),
            work_short: work_short(locale, notice),
        }
    }

    /// The time with what must be said of this page in a word: `03:10 (repeat, 4 min late)`.
    fn when_with_labels(&self) -> String {
        let labels = self.labels();
        if labels.is_empty() { self.when.clone() } else { format!("{} ({labels})", self.when) }
    }

    /// A message's sentence, with what must be said of it in a word before it.
    fn sentence(&self) -> Line {
        let labels = self.labels();
        let sentence = self.summary.as_str();
        if labels.is_empty() { self.summary.clone() } else { Line::new(&format!("({labels}) {sentence}")) }
    }

    fn labels(&self) -> String {
        let repeat = self.repeat.then(|| page::RepeatShort.render(self.locale));
        let late = self.late.as_deref().map(|span| page::LateShort { span }.render(self.locale));
        let work = self.work_short.clone();
        repeat.into_iter().chain(late).chain(work).collect::<Vec<String>>().join(", ")
    }
}

/// What planned work has to do with a page. A held alert pages nobody.
fn work(locale: Locale, dispatch: &Dispatch, notice: &Notice) -> Option<String> {
    let work = notice.work.as_ref().filter(|_| !notice.reference_only && !notice.test)?;
    let until = local_time(locale, &dispatch.time_zone, work.ends_at, dispatch.expires_at);
    let (worker, what) = (Line::new(&work.worker), Line::new(&work.what));
    let worker = if worker.is_empty() { NO_NAME } else { worker.as_str() };
    let what = if what.is_empty() { NO_NAME } else { what.as_str() };
    match work.stage {
        WorkStage::Holding => None,
        WorkStage::WithWorker => Some(page::WorkYours { what, until: &until }.render(locale)),
        WorkStage::WithOnCall => Some(page::WorkOn { worker, what, until: &until }.render(locale)),
        WorkStage::Over => Some(page::WorkOver { worker, what }.render(locale)),
    }
}

fn work_short(locale: Locale, notice: &Notice) -> Option<String> {
    let work = notice.work.as_ref().filter(|_| !notice.test)?;
    match work.stage {
        WorkStage::Holding => None,
        WorkStage::WithWorker => Some(page::WorkYoursShort.render(locale)),
        WorkStage::WithOnCall => Some(page::WorkOnShort.render(locale)),
        WorkStage::Over => Some(page::WorkOverShort.render(locale)),
    }
}

fn whole_seconds(span: Span) -> u64 {
    std::time::Duration::from(span).as_secs()
}

fn severity(locale: Locale, severity: Severity) -> String {
    match severity {
        Severity::Critical => words::SeverityCritical.render(locale),
        Severity::Error => words::SeverityError.render(locale),
        Severity::Warning => words::SeverityWarning.render(locale),
        Severity::Info => words::SeverityInfo.render(locale),
    }
}

/// `https://pager.example/a/K7M2Q#token` becomes `https://pager.example/a/K7M2Q#...`.
fn strike_tokens(text: &str) -> String {
    let mut struck = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        match word.split_once('#') {
            Some((address, token)) if address.contains("/a/") && !token.is_empty() => {
                struck.push_str(address);
                struck.push('#');
                struck.push_str(TOKEN_MASK);
                struck.push_str(&piece[word.len()..]);
            }
            _ => struck.push_str(piece),
        }
    }
    struck
}

#[cfg(test)]
pub(crate) mod sample {
    use events::event::person::ChannelKind;
    use events::{AlertId, AttemptId, SymptomId};

    use super::*;
    use domain::port::Errand;
    use events::PersonId;

    pub(crate) const LINK: &str = "https://pager.example/a/K7M2Q#q3mZ0bYx7Jt2Vw9Lc4Rk1A";

    pub(crate) fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).expect("a moment")
    }

    pub(crate) fn notice(summary: &str) -> Notice {
        Notice {
            code: "K7M2Q".parse().expect("a code"),
            person: PersonId::from_bytes([1; 16]),
            generation: 1,
            summary: summary.to_owned(),
            severity: Severity::Critical,
            service: Some("Web shop".to_owned()),
            runbook: None,
            raised_at: at("2026-11-22T02:10:00Z"),
            repeat: false,
            late: None,
            test: false,
            reference_only: false,
            work: None,
            message: None,
            finding: None,
            problems: 1,
        }
    }

    pub(crate) fn dispatch(
        channel: ChannelKind,
        address: &str,
        language: Language,
        notice: &Notice,
    ) -> Dispatch {
        let alert = AlertId {
            symptom: SymptomId::derive(&"prometheus".into(), &"79e8dde02c787fae".into()),
            ordinal: 1,
        };
        Dispatch {
            attempt: AttemptId { alert, page: 1, attempt: 2 },
            channel,
            via: None,
            has_alternative: false,
            address: address.to_owned(),
            language,
            time_zone: "Europe/Berlin".to_owned(),
            expires_at: at("2026-11-22T02:11:00Z"),
            errand: Errand::Page(Box::new(notice.clone())),
            with: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sample::{LINK, at, dispatch, notice};
    use super::*;

    #[test]
    fn times_are_in_the_persons_zone_and_short_on_the_same_day() {
        let near = at("2026-11-22T02:11:00Z");
        for (zone, moment, expected) in [
            ("Europe/Berlin", "2026-11-22T02:10:00Z", "03:10"),
            ("UTC", "2026-11-22T02:10:00Z", "02:10"),
            ("America/New_York", "2026-11-22T02:10:00Z", "21:10"),
            ("Nowhere/Atall", "2026-11-22T02:10:00Z", "02:10"),
            ("", "2026-11-22T02:10:00Z", "02:10"),
            ("Europe/Berlin", "2026-11-21T22:59:00Z", "Sat 21 Nov, 23:59"),
            ("Europe/Berlin", "2026-11-21T23:00:00Z", "00:00"),
            ("Europe/Berlin", "2026-07-01T02:10:00Z", "Wed 1 Jul, 04:10"),
        ] {
            assert_eq!(local_time(Locale::En, zone, at(moment), near), expected, "{zone} {moment}");
        }
    }

    #[test]
    fn records_hold_no_token() {
        let notice = notice("broken #1 at https://x/a/b");
        for channel in [ChannelKind::PUSHOVER, ChannelKind::SMS, ChannelKind::PAGER] {
            let dispatch = dispatch(channel, "x", Language::En, &notice);
            let text = text(&dispatch, &notice, LINK).for_record();
            assert!(text.contains("https://pager.example/a/K7M2Q#..."), "{text}");
            assert!(text.contains("broken #1 at https://x/a/b"), "{text}");
            assert!(!text.contains("q3mZ0b"), "{text}");
        }
    }

    #[test]
    fn control_characters_of_an_alert_reach_no_channel() {
        let mut notice = notice("disk\r\nfull\u{0}\u{1b}[2J\r\nSEND\r\n");
        notice.service = Some("Web\r\nshop".to_owned());
        notice.runbook = Some("https://wiki/\r\nX-Evil: 1".to_owned());
        for language in [Language::En, Language::De, Language::It] {
            for (channel, breaks_max) in
                [(ChannelKind::PUSHOVER, 3), (ChannelKind::SMS, 2), (ChannelKind::PAGER, 0)]
            {
                let text = text(&dispatch(channel, "x", language, &notice), &notice, LINK);
                assert!(!text.title.contains(char::is_control), "{text:?}");
                assert_eq!(text.body.matches('\n').count(), breaks_max, "{text:?}");
                assert!(!text.body.replace('\n', " ").contains(char::is_control), "{text:?}");
                assert!(text.body.contains("disk full [2J SEND"), "{text:?}");
            }
        }
    }
}
