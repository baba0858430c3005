//! What speaks Opsgenie's Alert API v2.

use adapters::source::opsgenie::{Said, read, read_said, severity};
use adapters::source::{Deed, Received, Remark};
use events::event::signal::Severity;
use serde_json::{Value, json};

use crate::{fixture, moment, signal, texts};

fn received(body: &Value) -> Received {
    read(body.to_string().as_bytes()).expect("it is understood").delivery.signals.remove(0)
}

fn said(body: &Value) -> Said {
    read_said(body.to_string().as_bytes()).expect("it is understood")
}

#[test]
fn alertmanager_speaks_it() {
    for (name, message, labels_count) in [
        ("am-opsgenie-001-v2_alerts.json", "DiskLow x1", 12),
        ("am-opsgenie-002-v2_alerts.json", "HighErrors x2", 9),
        ("am-opsgenie-003-v2_alerts.json", "HighErrors x2", 9),
        ("am-opsgenie-004-v2_alerts.json", "DiskLow x1", 12),
    ] {
        let created = read(&fixture(name)).expect("it is understood");
        let [received] = &created.delivery.signals[..] else { panic!("{name} is one signal") };
        assert_eq!(received.dedup_key.as_str(), created.alias, "{name}");
        assert_eq!(created.alias.len(), 64, "{name}");
        let signal = &received.signal;
        assert_eq!((signal.summary.as_str(), signal.severity), (message, Severity::Error), "{name}");
        assert_eq!(signal.labels["tags"], "a,b", "{name}");
        assert_eq!(signal.labels["responders"], "team1", "{name}");
        assert_eq!(signal.labels["priority"], "P2", "{name}");
        assert_eq!(signal.labels["source"], "http://vm:21093/#/alerts?receiver=all", "{name}");
        assert_eq!(signal.labels["cluster"], "test1", "{name}");
        assert_eq!(signal.labels.len(), labels_count, "{name}: {:?}", signal.labels);
        assert!(signal.details["description"].contains("\nAlerts Firing:\nLabels:\n"), "{name}");
    }
    for name in [
        "am-opsgenie-005-v2_alerts_b61c3868f1592c9d38c00af5b6dac7807d96d66e3aee06f0fa.json",
        "am-opsgenie-006-v2_alerts_2e8268063e11980014735fe0123a329f05ba3d6c4336036410.json",
    ] {
        assert_eq!(read_said(&fixture(name)), Ok(Said::default()), "{name}");
    }
}

#[test]
fn its_own_client_speaks_it() {
    let created = read(&fixture("py-opsgenie-001-v2_alerts.json")).expect("it is understood");
    let mut expected = signal("db1-disk", "disk /var at 5% – «pieno»");
    expected.signal.severity = Severity::Critical;
    expected.signal.severity_said = Some("P1".to_owned());
    expected.signal.labels = texts(&[
        ("entity", "db1"),
        ("priority", "P1"),
        ("responders", "db"),
        ("tags", "disk,db"),
        ("team", "db"),
    ]);
    expected.signal.details = texts(&[("description", "nearly full")]);
    assert_eq!(created.delivery.signals, [expected]);
    for name in
        ["002-v2_alerts_db1-disk_acknowledge", "003-v2_alerts_db1-disk_notes", "004-v2_alerts_db1-disk_close"]
    {
        let said = read_said(&fixture(&format!("py-opsgenie-{name}.json"))).expect("it is understood");
        let expected = (Some("anna"), Some("from a script"));
        assert_eq!((said.user.as_deref(), said.note.as_deref()), expected, "{name}");
    }
}

#[test]
fn everything_is_read() {
    let body = json!({
        "message": "disk\r\nfull", "alias": "db1/disk", "description": "one\r\ntwo", "entity": "db1", "source": "cron",
        "priority": "P1", "tags": ["disk", 7, null], "user": "anna", "note": "I am on it\nnow",
        "responders": [{ "name": "db", "type": "team" }, { "username": "a@example.org", "type": "user" }, { "id": "x" }],
        "visibleTo": [{ "name": "db", "type": "team" }], "actions": ["Restart", "Drain"],
        "details": { "free": 5, "text": "a\nb", "entity": "not this one", "long": "x".repeat(300), "none": null },
    });
    let created = read(body.to_string().as_bytes()).expect("it is understood");
    let mut expected = signal("db1/disk", "disk full");
    expected.signal.severity = Severity::Critical;
    expected.signal.severity_said = Some("P1".to_owned());
    expected.signal.labels = texts(&[
        ("priority", "P1"),
        ("entity", "db1"),
        ("source", "cron"),
        ("tags", "disk,7"),
        ("responders", "db,a@example.org,x"),
        ("free", "5"),
    ]);
    expected.signal.details = texts(&[
        ("actions", "Restart, Drain"),
        ("description", "one\ntwo"),
        ("entity", "not this one"),
        ("long", &"x".repeat(300)),
        ("text", "a\nb"),
        ("user", "anna"),
    ]);
    assert_eq!(created.delivery.signals, [expected]);
    let noted = Remark { dedup_key: "db1/disk".into(), deed: Deed::Noted("I am on it\nnow".to_owned()) };
    assert_eq!(created.delivery.remarks, [noted]);
    assert_eq!(created.alias, "db1/disk");
}

#[test]
fn a_message_is_enough() {
    let body = json!({ "message": "it burns" });
    let created = read(body.to_string().as_bytes()).expect("it is understood");
    let mut expected = signal(&created.alias, "it burns");
    expected.signal.labels = texts(&[("priority", "P3")]);
    expected.signal.severity_said = Some("P3".to_owned());
    assert_eq!(created.delivery.signals, [expected]);
    let alias = |body: &Value| read(body.to_string().as_bytes()).expect("it is understood").alias;
    assert_eq!(created.alias, alias(&json!({ "message": "it burns", "alias": " ", "priority": "P1" })));
    assert_ne!(created.alias, alias(&json!({ "message": "it burns", "entity": "db1" })));
}

#[test]
fn priorities_are_severities() {
    for (priority, expected) in [
        ("P1", Severity::Critical),
        ("P2", Severity::Error),
        ("P3", Severity::Error),
        ("p4", Severity::Warning),
        ("P5", Severity::Info),
        ("", Severity::Error),
        ("urgent", Severity::Error),
    ] {
        assert_eq!(severity(priority), expected, "{priority}");
        assert_eq!(
            received(&json!({ "message": "m", "priority": priority })).signal.severity,
            expected,
            "{priority}"
        );
    }
}

#[test]
fn what_is_said_with_a_deed_is_read() {
    let body = json!({
        "user": "anna\r\nroot", "source": "cli", "note": " n\n", "endTime": "2026-11-22T08:10:00+01:00",
        "escalation": { "name": "network" }, "tags": ["a", "b"], "details": { "k": "v" },
        "message": "m\nn", "description": "d", "priority": "P1",
    });
    let expected = Said {
        user: Some("anna root".to_owned()),
        note: Some("n".to_owned()),
        end_time: Some(moment("2026-11-22T07:10:00Z")),
        whom: Some("network".to_owned()),
        tags: vec!["a".to_owned(), "b".to_owned()],
        details: texts(&[("k", "v")]),
        message: Some("m n".to_owned()),
        description: Some("d".to_owned()),
        priority: Some("P1".to_owned()),
    };
    assert_eq!(said(&body), expected);
    for nothing in ["", " ", "null", "{}"] {
        assert_eq!(read_said(nothing.as_bytes()), Ok(Said::default()), "{nothing:?}");
    }
    assert_eq!(
        said(&json!({ "owner": { "id": "1", "username": "b@example.org" } })).whom.as_deref(),
        Some("b@example.org")
    );
    assert!(read_said(b"[1]").is_err());
}

#[test]
fn a_refusal_names_the_field_and_what_to_send() {
    for body in [json!({}), json!({ "message": " \n" }), json!({ "message": null, "alias": "a" })] {
        let error = read(body.to_string().as_bytes()).expect_err("it is refused").to_string();
        assert_eq!(error, "`message` is missing: send what is wrong, in one line of text");
    }
}
