//! What speaks `PagerDuty`'s Events API v2.

use adapters::source::pagerduty::{read, read_change};
use adapters::source::{Deed, Delivery, Received, Remark};
use events::event::signal::{Severity, Status};
use serde_json::{Value, json};

use crate::{fixture, moment, signal, texts};

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn trigger(more: &Value) -> Value {
    let mut body = json!({
        "routing_key": KEY, "event_action": "trigger", "dedup_key": "k",
        "payload": { "summary": "disk full", "source": "db1", "severity": "critical" },
    });
    merge(&mut body, more);
    body
}

fn merge(body: &mut Value, more: &Value) {
    for (name, value) in more.as_object().into_iter().flatten() {
        if body[name].is_object() && value.is_object() {
            merge(&mut body[name], value);
        } else {
            body[name] = value.clone();
        }
    }
}

fn delivered(body: &Value) -> Delivery {
    read(body.to_string().as_bytes()).expect("it is understood").delivery
}

fn received(body: &Value) -> Received {
    delivered(body).signals.remove(0)
}

fn refusal(body: &Value) -> String {
    read(body.to_string().as_bytes()).expect_err("it is refused").to_string()
}

#[test]
fn alertmanager_speaks_it() {
    let cases = [
        (
            "am-pagerduty-001-v2_enqueue.json",
            "[FIRING:1] DiskLow (test1 127.0.0.1:21080 demo /var db critical db)",
            "1",
            "0",
        ),
        (
            "am-pagerduty-002-v2_enqueue.json",
            "[FIRING:2] HighErrors (test1 127.0.0.1:21080 demo payments)",
            "2",
            "0",
        ),
        (
            "am-pagerduty-003-v2_enqueue.json",
            "[FIRING:1] HighErrors (test1 127.0.0.1:21080 demo payments)",
            "1",
            "1",
        ),
        (
            "am-pagerduty-004-v2_enqueue.json",
            "[FIRING:1] DiskLow (test1 127.0.0.1:21080 demo /var db critical db)",
            "1",
            "0",
        ),
    ];
    for (name, summary, firing, resolved) in cases {
        let event = read(&fixture(name)).expect("it is understood");
        assert_eq!(event.routing_key, KEY, "{name}");
        let [received] = &event.delivery.signals[..] else { panic!("{name} is one signal") };
        assert_eq!(received.dedup_key.as_str(), event.dedup_key, "{name}");
        let signal = &received.signal;
        assert_eq!((signal.status, signal.severity), (Status::Firing, Severity::Error), "{name}");
        assert_eq!(signal.summary, summary, "{name}");
        assert_eq!(signal.labels, texts(&[("source", "Alertmanager")]), "{name}");
        assert_eq!(signal.details["num_firing"], firing, "{name}");
        assert_eq!(signal.details["num_resolved"], resolved, "{name}");
        assert_eq!(signal.details["client"], "Alertmanager", "{name}");
        assert_eq!(signal.details["client_url"], "http://vm:21093/#/alerts?receiver=all", "{name}");
        assert!(signal.details["firing"].starts_with("Labels:\n - alertname = "), "{name}");
    }
}

#[test]
fn its_own_client_speaks_it() {
    let name = "db1/disk";
    let event = |number: &str| {
        let event =
            read(&fixture(&format!("py-pagerduty-{number}-v2_enqueue.json"))).expect("it is understood");
        assert_eq!((event.routing_key.as_str(), event.dedup_key.as_str()), (KEY, name));
        event.delivery
    };
    let mut raised = signal(name, "disk /var at 5% – «pieno»");
    raised.signal.severity = Severity::Critical;
    raised.signal.labels = texts(&[("source", "db1")]);
    raised.signal.details = texts(&[("free", "5%"), ("link 1", "https://wiki.example/disk (Runbook)")]);
    assert_eq!(event("001").signals, [raised]);
    assert_eq!(event("002").remarks, [Remark { dedup_key: name.into(), deed: Deed::Acknowledged }]);
    assert_eq!(event("003").signals[0].signal.status, Status::Resolved);
    let change = read_change(&fixture("py-pagerduty-004-v2_change_enqueue.json")).expect("it is understood");
    assert_eq!(change.summary, "deployed shop 1.2");
    assert_eq!(change.changed_at, Some(moment("2026-11-23T04:08:59.012035Z")));
}

#[test]
fn everything_is_read() {
    let body = trigger(&json!({
        "payload": {
            "timestamp": "2015-07-17T08:42:58.315+0000", "component": "mysql", "group": "prod", "class": "disk",
            "custom_details": { "free": "5%", "load": 0.75, "none": null },
        },
        "links": [{ "href": "https://w.example/x", "text": "Runbook" }, { "href": "https://w.example/y" }, {}, 7],
        "images": [{ "src": "https://w.example/x.png", "alt": "free space" }],
        "client": "cron", "client_url": "https://cron.example", "surprise": [1],
    }));
    let mut expected = signal("k", "disk full");
    expected.signal.severity = Severity::Critical;
    expected.signal.labels =
        texts(&[("source", "db1"), ("component", "mysql"), ("group", "prod"), ("class", "disk")]);
    expected.signal.details = texts(&[
        ("free", "5%"),
        ("load", "0.75"),
        ("timestamp", "2015-07-17T08:42:58.315+0000"),
        ("link 1", "https://w.example/x (Runbook)"),
        ("link 2", "https://w.example/y"),
        ("image 1", "https://w.example/x.png (free space)"),
        ("client", "cron"),
        ("client_url", "https://cron.example"),
    ]);
    assert_eq!(received(&body), expected);
}

#[test]
fn severities_are_theirs_and_an_unknown_one_is_an_error() {
    let cases = [
        (json!("critical"), Severity::Critical),
        (json!("error"), Severity::Error),
        (json!("warning"), Severity::Warning),
        (json!("info"), Severity::Info),
        (json!("dreadful"), Severity::Error),
        (json!(null), Severity::Error),
    ];
    for (word, expected) in cases {
        let body = trigger(&json!({ "payload": { "severity": word } }));
        assert_eq!(received(&body).signal.severity, expected, "{word}");
    }
}

#[test]
fn details_may_be_text_or_a_list() {
    for (details, expected) in [(json!("a\r\nb"), "a\nb"), (json!(["a", 1]), "[\"a\",1]")] {
        let body = trigger(&json!({ "payload": { "custom_details": details } }));
        assert_eq!(received(&body).signal.details, texts(&[("details", expected)]));
    }
}

#[test]
fn without_a_key_the_payload_says_which_problem_it_is() {
    let body = |more: &Value| {
        let mut body = trigger(more);
        body["dedup_key"] = Value::Null;
        let event = read(body.to_string().as_bytes()).expect("it is understood");
        assert_eq!(event.delivery.signals[0].dedup_key.as_str(), event.dedup_key, "the sender hears the key");
        event.dedup_key
    };
    let first = body(&json!({}));
    assert_eq!(first.len(), 64);
    assert_eq!(first, body(&json!({ "payload": { "severity": "info", "custom_details": { "n": 2 } } })));
    assert_ne!(first, body(&json!({ "payload": { "source": "db2" } })));
    assert_ne!(first, body(&json!({ "payload": { "class": "db1", "source": null } })));
    // With it the sender says later that it is over.
    let over = json!({ "routing_key": KEY, "event_action": "resolve", "dedup_key": first });
    assert_eq!(received(&over).dedup_key.as_str(), first);
}

#[test]
fn a_key_of_any_shape_is_the_same_for_every_action() {
    for key in ["k".repeat(255), "k".repeat(2_000), "a\r\nb\0c".to_owned(), "ünïcode ✓".to_owned()] {
        let raised = trigger(&json!({ "dedup_key": key }));
        let over = json!({ "routing_key": KEY, "event_action": "resolve", "dedup_key": key });
        let taken = json!({ "routing_key": KEY, "event_action": "acknowledge", "dedup_key": key });
        let name = received(&raised).dedup_key;
        assert_eq!(received(&over).dedup_key, name);
        assert_eq!(delivered(&taken).remarks, [Remark { dedup_key: name, deed: Deed::Acknowledged }]);
        let echoed = read(raised.to_string().as_bytes()).expect("it is understood").dedup_key;
        assert_eq!(echoed, key, "the sender hears the key as it was sent");
    }
}

#[test]
fn an_acknowledgement_raises_nothing() {
    let taken = json!({ "routing_key": KEY, "event_action": "Acknowledge", "dedup_key": "k",
        "payload": { "summary": "disk full" } });
    let remarks = vec![Remark { dedup_key: "k".into(), deed: Deed::Acknowledged }];
    assert_eq!(delivered(&taken), Delivery { remarks, ..Delivery::default() });
}

#[test]
fn what_is_over_needs_no_payload_and_names_no_beginning() {
    let mut expected = signal("k", "k");
    expected.signal.status = Status::Resolved;
    let over = json!({ "routing_key": KEY, "event_action": "resolve", "dedup_key": "k", "payload": null });
    assert_eq!(received(&over), expected);
    // Senders who write the same moment every time are heard again.
    let again = trigger(&json!({ "payload": { "timestamp": "2015-07-17T08:42:58Z" } }));
    assert_eq!(received(&again).signal.started_at, None);
}

#[test]
fn a_refusal_names_the_field_and_what_to_send() {
    let cases = [
        (json!({ "routing_key": "" }), "`routing_key` is missing: send the integration's key, as text"),
        (
            json!({ "event_action": null }),
            "`event_action` is missing: send `trigger`, `acknowledge` or `resolve`",
        ),
        (
            json!({ "event_action": "page" }),
            "`event_action` is something else: send `trigger`, `acknowledge` or `resolve`",
        ),
        (json!({ "payload": null }), "`payload.summary` is missing: send what is wrong, in one line of text"),
        (
            json!({ "payload": { "summary": " \n" } }),
            "`payload.summary` is missing: send what is wrong, in one line of text",
        ),
        (
            json!({ "event_action": "resolve", "dedup_key": "" }),
            "`dedup_key` is missing: send the key of the problem that is over",
        ),
        (
            json!({ "event_action": "acknowledge", "dedup_key": null }),
            "`dedup_key` is missing: send the key of the problem",
        ),
    ];
    for (more, expected) in cases {
        assert_eq!(refusal(&trigger(&more)), expected);
    }
    assert_eq!(
        refusal(&json!([])),
        "the body is a list: send an event of PagerDuty's Events API v2, an object"
    );
}

#[test]
fn a_change_is_read() {
    let body = json!({
        "routing_key": KEY,
        "payload": {
            "summary": "deployed shop\n1.2", "source": "ci", "timestamp": "2026-11-22T07:14:09.568+0000",
            "custom_details": { "build": 7 },
        },
        "links": [{ "href": "https://ci.example/7", "text": "Build 7" }],
    });
    let change = read_change(body.to_string().as_bytes()).expect("it is understood");
    assert_eq!(change.routing_key, KEY);
    assert_eq!(change.summary, "deployed shop 1.2");
    let details = texts(&[
        ("build", "7"),
        ("source", "ci"),
        ("timestamp", "2026-11-22T07:14:09.568+0000"),
        ("link 1", "https://ci.example/7 (Build 7)"),
    ]);
    assert_eq!(change.details, details);
    assert_eq!(change.changed_at, Some(moment("2026-11-22T07:14:09.568Z")));
    let error = read_change(json!({ "routing_key": KEY, "payload": {} }).to_string().as_bytes());
    assert_eq!(
        error.expect_err("it is refused").to_string(),
        "`payload.summary` is missing: send what was changed, in one line of text"
    );
}
