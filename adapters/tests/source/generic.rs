//! The house's own shape.

use adapters::source::generic::read;
use adapters::source::{Delivery, Received};
use events::event::signal::{Severity, Status};
use serde_json::json;

use crate::{delivery, moment, signal, texts};

fn read_one(body: &serde_json::Value) -> Received {
    read(body.to_string().as_bytes()).expect("it is understood").signals.remove(0)
}

fn refusal(body: &str) -> String {
    read(body.as_bytes()).expect_err("it is refused").to_string()
}

#[test]
fn everything_is_read() {
    let body = json!({
        "summary": "disk /var\nat 5%", "dedup_key": "db1/disk", "status": "Triggered", "severity": "warn",
        "labels": {"team": "db", "mount": "/var", "free": 5},
        "details": {"text": "one\r\ntwo", "runbook_url": "r", "none": null},
        "started_at": "2026-11-22T08:14:09+01:00", "surprise": 1,
    });
    let mut expected = signal("db1/disk", "disk /var at 5%");
    expected.signal.severity = Severity::Warning;
    expected.signal.severity_said = Some("warn".to_owned());
    expected.signal.labels = texts(&[("team", "db"), ("mount", "/var"), ("free", "5")]);
    expected.signal.details = texts(&[("text", "one\ntwo"), ("runbook_url", "r")]);
    expected.signal.started_at = Some(moment("2026-11-22T07:14:09Z"));
    assert_eq!(read(body.to_string().as_bytes()), Ok(delivery([expected])));
}

#[test]
fn a_summary_is_enough() {
    let received = read_one(&json!({"summary": "it burns"}));
    assert_eq!(received, signal(received.dedup_key.as_str(), "it burns"));
}

#[test]
fn without_a_key_summary_and_labels_say_which_problem_it_is() {
    let key = |body: serde_json::Value| read_one(&body).dedup_key;
    let first = key(json!({"summary": "s", "labels": {"a": "1", "b": "2"}, "details": "x"}));
    assert_eq!(
        first,
        key(json!({"summary": "s ", "labels": {"b": "2", "a": 1}, "status": "ok", "dedup_key": " "}))
    );
    assert_ne!(first, key(json!({"summary": "s", "labels": {"a": "1"}})));
    assert_ne!(first, key(json!({"summary": "t", "labels": {"a": "1", "b": "2"}})));
}

#[test]
fn a_problem_ends_with_its_key_alone() {
    let mut expected = signal("db1/disk", "db1/disk");
    for status in ["resolved", "OK", "close", "Recovery"] {
        expected.signal.status = Status::Resolved;
        assert_eq!(read_one(&json!({"dedup_key": "db1/disk", "status": status})), expected);
    }
}

#[test]
fn an_unknown_status_is_firing() {
    for status in [json!("who knows"), json!(null), json!(3), json!([]), json!("problem")] {
        assert_eq!(read_one(&json!({"summary": "s", "status": status})).signal.status, Status::Firing);
    }
}

#[test]
fn details_may_be_text_or_lines() {
    let details =
        |details: serde_json::Value| read_one(&json!({"summary": "s", "details": details})).signal.details;
    assert_eq!(details(json!("a\nb")), texts(&[("details", "a\nb")]));
    assert_eq!(details(json!(["a", 1, null, {"b": [2]}])), texts(&[("details", "a\n1\n{\"b\":[2]}")]));
    assert_eq!(details(json!(7)), texts(&[("details", "7")]));
    for nothing in [json!(null), json!(""), json!([]), json!({})] {
        assert_eq!(details(nothing), texts(&[]));
    }
    let odd = read_one(&json!({"summary": "s", "labels": ["a", "b"]})).signal;
    assert_eq!((odd.labels, odd.details), (texts(&[]), texts(&[("labels", r#"["a","b"]"#)])));
}

#[test]
fn a_list_is_many_signals() {
    let body = json!([{"summary": "a", "dedup_key": "1"}, null, {"summary": "b", "dedup_key": 2}]);
    assert_eq!(read(body.to_string().as_bytes()), Ok(delivery([signal("1", "a"), signal("2", "b")])));
    assert_eq!(read(b"[]"), Ok(Delivery::default()));
}

#[test]
fn a_refusal_names_the_field_and_what_to_send() {
    let cases = [
        ("{}", "`summary` is missing: send what is wrong, in one line of text"),
        (r#"{"summary":" \n "}"#, "`summary` is blank: send what is wrong, in one line of text"),
        (
            r#"[{"summary":"a"},{"dedup_key":"b"}]"#,
            "`[1].summary` is missing: send what is wrong, in one line of text",
        ),
        (r#"[{"summary":"a"},"b"]"#, "`[1]` is text: send an object with `summary`"),
        (
            r#"{"status":"ok"}"#,
            "`dedup_key` is missing: send the key of the problem that is over, or its `summary`",
        ),
        ("true", "the body is true or false: send an object with `summary`, or a list of such objects"),
        ("summary=x", "the body is not JSON: expected value at line 1 column 1; send JSON"),
    ];
    for (body, expected) in cases {
        assert_eq!(refusal(body), expected);
    }
}
