//! What programs are told: a page, a recall or an announcement as JSON, the same for a webhook and for a program that
//! the house starts. Documented for their authors in `docs/running.md`; fields are added, never changed.

use domain::port::{Dispatch, Errand, Notice};
use events::event::Language;
use events::event::signal::Severity;
use events::{AttemptId, Timestamp};
use serde_json::{Value, json};

use crate::line::Line;
use crate::link::Links;
use crate::text::{self, Text};

/// Characters of a line that an alert brings along, such as its summary.
pub const LINE_CHARS_MAX: usize = 1_024;

/// Something to be told, and for a page what it says.
#[derive(Clone, Debug)]
pub struct Telling {
    /// `type`, `timestamp` and `data`.
    pub told: Value,
    /// The same again has the same: of the attempt for a page. No `.` is in it.
    pub id: String,
    /// What the page says; none for a recall.
    pub text: Option<Text>,
}

/// A dispatch as it is told at this moment.
pub fn telling(links: &Links, dispatch: &Dispatch, now: Timestamp) -> Telling {
    let attempt = id(&dispatch.attempt);
    match &dispatch.errand {
        Errand::Page(notice) => {
            let text = text::push(dispatch, notice, &links.link(dispatch.attempt.alert, notice));
            let data = page(dispatch, notice, &text);
            Telling { told: told("page", now, &data), id: attempt, text: Some(text) }
        }
        Errand::Recall { receipt } => {
            let data = json!({
                "alert": dispatch.attempt.alert.to_string(),
                "attempt": attempt,
                "receipt": receipt,
            });
            Telling { told: told("recall", now, &data), id: format!("{attempt}_recall"), text: None }
        }
    }
}

/// Something that is no page about an alert, such as the house alarm.
pub fn announcement(text: &Text, now: Timestamp) -> Telling {
    let data = json!({ "severity": severity(Severity::Critical), "title": text.title, "text": text.body });
    let id = format!("announcement_{}", now.as_micros());
    Telling { told: told("announcement", now, &data), id, text: Some(text.clone()) }
}

/// The question whether a page would be taken now.
pub fn probe(now: Timestamp) -> Value {
    told("probe", now, &json!({}))
}

/// An attempt's name without dots.
pub fn id(attempt: &AttemptId) -> String {
    attempt.to_string().replace('.', "_")
}

fn told(kind: &str, now: Timestamp, data: &Value) -> Value {
    json!({ "type": kind, "timestamp": now.to_string(), "data": data })
}

fn page(dispatch: &Dispatch, notice: &Notice, text: &Text) -> Value {
    let line = |text: &str| Line::new(text).cut(LINE_CHARS_MAX).to_string();
    // What is in the alert itself stays in the house where the service says so.
    let is_open = !notice.reference_only && !notice.test && notice.message.is_none();
    json!({
        "alert": dispatch.attempt.alert.to_string(),
        "attempt": id(&dispatch.attempt),
        "code": notice.code.to_string(),
        "about": if notice.test { "test" } else if notice.message.is_some() { "message" } else { "problem" },
        "summary": is_open.then(|| line(&notice.summary)),
        "severity": severity(notice.severity),
        "service": notice.service.as_deref().map(line),
        "runbook": notice.runbook.as_deref().filter(|_| is_open).map(line),
        "raised_at": notice.raised_at.to_string(),
        "repeat": notice.repeat,
        "late_seconds": notice.late.map(events::Span::as_seconds),
        "language": language(dispatch.language),
        "time_zone": dispatch.time_zone,
        "title": text.title,
        "text": text.body,
        "link": text.link,
    })
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

const fn language(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::De => "de",
        Language::It => "it",
    }
}

#[cfg(test)]
mod tests {
    use events::event::person::ChannelKind;

    use super::*;
    use crate::link::LinkKey;
    use crate::text::sample::{at, dispatch, notice};

    fn links() -> Links {
        Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) }
    }

    #[test]
    fn a_page_is_told_whole() {
        let notice =
            Notice { runbook: Some("https://wiki.example/shop".to_owned()), ..notice("Checkout\r\n500") };
        let dispatch =
            dispatch(ChannelKind::named("webhook"), "https://chat.example/", Language::De, &notice);
        let telling = telling(&links(), &dispatch, at("2026-11-22T02:10:01Z"));
        let text = telling.text.expect("a page");
        assert_eq!(
            telling.told,
            json!({
                "type": "page",
                "timestamp": "2026-11-22T02:10:01Z",
                "data": {
                    "alert": dispatch.attempt.alert.to_string(),
                    "attempt": telling.id,
                    "code": "K7M2Q",
                    "about": "problem",
                    "summary": "Checkout 500",
                    "severity": "critical",
                    "service": "Web shop",
                    "runbook": "https://wiki.example/shop",
                    "raised_at": "2026-11-22T02:10:00Z",
                    "repeat": false,
                    "late_seconds": null,
                    "language": "de",
                    "time_zone": "Europe/Berlin",
                    "title": text.title,
                    "text": text.body,
                    "link": text.link,
                },
            })
        );
        assert_eq!(telling.id, format!("{}_1_2", dispatch.attempt.alert));
        assert!(!telling.id.contains('.'), "{}", telling.id);
    }

    #[test]
    fn what_the_service_keeps_to_itself_is_not_told() {
        let notice = Notice {
            reference_only: true,
            runbook: Some("https://wiki.example/secret".to_owned()),
            ..notice("secret thing")
        };
        let dispatch = dispatch(ChannelKind::named("exec"), "x", Language::En, &notice);
        let told = telling(&links(), &dispatch, at("2026-11-22T02:10:01Z")).told;
        assert!(!told.to_string().contains("secret"), "{told}");
        assert_eq!(
            (&told["data"]["summary"], &told["data"]["service"]),
            (&Value::Null, &Value::from("Web shop"))
        );
    }

    #[test]
    fn a_recall_has_a_name_of_its_own_that_stays() {
        let mut dispatch = dispatch(ChannelKind::named("exec"), "x", Language::En, &notice("x"));
        dispatch.errand = Errand::Recall { receipt: Some("r7".to_owned()) };
        let first = telling(&links(), &dispatch, at("2026-11-22T02:10:01Z"));
        let again = telling(&links(), &dispatch, at("2026-11-22T02:11:01Z"));
        assert_eq!(first.told["type"], "recall");
        assert_eq!(first.told["data"]["receipt"], "r7");
        assert_eq!(first.id, again.id);
        assert_eq!(format!("{}_recall", first.told["data"]["attempt"].as_str().expect("an id")), first.id);
    }
}
