//! `GoAlert`'s generic API.

use adapters::source::goalert::{Fields, read};
use adapters::source::{Delivery, Received};
use events::event::signal::{Severity, Status};
use serde_json::json;

use crate::{delivery, signal, texts};

fn form(text: &str) -> Delivery {
    let mut fields = Fields::default();
    fields.put_form(text.as_bytes());
    fields.delivery().expect("it is understood")
}

fn one(mut delivery: Delivery) -> Received {
    delivery.signals.remove(0)
}

#[test]
fn an_object_and_a_form_mean_the_same() {
    let body = json!({
        "summary": "disk /var\nat 5%", "details": "a\r\nb", "dedup": "db1/disk",
        "meta": { "team": "db & co", "severity": "warning" },
    });
    let mut expected = signal("db1/disk", "disk /var at 5%");
    expected.signal.severity = Severity::Warning;
    expected.signal.labels = texts(&[("team", "db & co"), ("severity", "warning")]);
    expected.signal.details = texts(&[("details", "a\nb")]);
    assert_eq!(read(body.to_string().as_bytes()), Ok(delivery([expected.clone()])));
    let written = "summary=disk+%2fvar%0Aat+5%25&details=a%0D%0Ab&dedup=db1%2Fdisk&meta=team%3Ddb+%26+co&meta=severity=warning";
    assert_eq!(form(written), delivery([expected]));
}

#[test]
fn the_first_of_two_fields_counts_and_an_object_before_both() {
    let mut fields = Fields::default();
    fields.put_form(b"summary=form&dedup=k");
    fields.put("summary", "address");
    fields.put_json(br#"{"summary":"object"}"#).expect("an object");
    let received = one(fields.delivery().expect("it is understood"));
    assert_eq!((received.dedup_key.as_str(), received.signal.summary.as_str()), ("k", "object"));
}

#[test]
fn it_is_over_when_it_is_closed() {
    assert_eq!(one(form("action=close&dedup=k")).signal.status, Status::Resolved);
    let (open, over) = (one(form("summary=s&details=d")), one(form("summary=s&details=d&action=close")));
    assert_eq!(open.dedup_key, over.dedup_key, "the same two name the same problem");
    assert_ne!(open.dedup_key, one(form("summary=s")).dedup_key);
    assert_eq!(one(form("summary=s&action=other")).signal.status, Status::Firing);
}

#[test]
fn broken_escapes_are_text_and_what_says_nothing_is_refused() {
    assert_eq!(one(form("summary=5%25+100%+%zz%4")).signal.summary, "5% 100% %zz%4");
    assert_eq!(one(form("summary=%ff")).signal.summary, "\u{fffd}");
    for body in ["{}", r#"{"summary":" ","dedup":"k"}"#, r#"{"action":"close"}"#] {
        let error = read(body.as_bytes()).expect_err("it is refused").to_string();
        assert_eq!(error, "`summary` is missing: send what is wrong, in one line of text");
    }
}
