//! Alertmanager's and Grafana's webhooks.

use adapters::source::alertmanager::read;
use adapters::source::{Delivery, Received, SourceError};
use events::event::signal::{Severity, Signal, Status};
use serde_json::{Value, json};

use crate::{delivery, fixture, moment, signal, texts};

fn disk_low() -> Received {
    Received {
        dedup_key: "b5ca2028aabc02b2".into(),
        signal: Signal {
            status: Status::Firing,
            summary: "disk /var at 5%".into(),
            severity: Severity::Critical,
            labels: texts(&[
                ("alertname", "DiskLow"),
                ("cluster", "test1"),
                ("instance", "127.0.0.1:21080"),
                ("job", "demo"),
                ("mount", "/var"),
                ("service", "db"),
                ("severity", "critical"),
                ("team", "db"),
            ]),
            details: texts(&[
                ("summary", "disk /var at 5%"),
                ("generatorURL", "http://vm:21090/graph?g0.expr=disk_free+%3C+10&g0.tab=1"),
                ("externalURL", "http://vm:21093"),
                ("receiver", "all"),
                ("groupKey", "{}:{alertname=\"DiskLow\"}"),
            ]),
            started_at: Some(moment("2026-11-22T07:14:09.568Z")),
            severity_said: None,
            finding: None,
        },
    }
}

fn high_errors(
    fingerprint: &str,
    status: Status,
    severity: Severity,
    service: &str,
    errors_count: u32,
) -> Received {
    let summary = format!("errors on {service} = {errors_count}");
    Received {
        dedup_key: fingerprint.into(),
        signal: Signal {
            status,
            summary: summary.clone(),
            severity,
            labels: texts(&[
                ("alertname", "HighErrors"),
                ("cluster", "test1"),
                ("instance", "127.0.0.1:21080"),
                ("job", "demo"),
                ("service", service),
                ("severity", severity.as_str()),
                ("team", "payments"),
            ]),
            details: texts(&[
                ("description", "Línea 2: ünïcode ✓ and \"quotes\""),
                ("runbook_url", &format!("http://127.0.0.1/runbooks/{service}")),
                ("summary", &summary),
                ("generatorURL", "http://vm:21090/graph?g0.expr=errors+%3E+5&g0.tab=1"),
                ("externalURL", "http://vm:21093"),
                ("receiver", "all"),
                ("groupKey", "{}:{alertname=\"HighErrors\"}"),
            ]),
            started_at: Some(moment("2026-11-22T07:14:11.568Z")),
            severity_said: None,
            finding: None,
        },
    }
}

#[test]
fn one_alert_fires() {
    assert_eq!(read(&fixture("am-webhook-001-hook.json")), Ok(delivery([disk_low()])));
    assert_eq!(read(&fixture("am-webhook-004-hook.json")), Ok(delivery([disk_low()])));
}

#[test]
fn two_alerts_of_a_group_fire() {
    let checkout = high_errors("79e8dde02c787fae", Status::Firing, Severity::Critical, "checkout", 9);
    let search = high_errors("914d922be17d6471", Status::Firing, Severity::Warning, "search", 7);
    assert_eq!(read(&fixture("am-webhook-002-hook.json")), Ok(delivery([checkout, search])));
}

#[test]
fn one_of_two_alerts_of_a_firing_group_is_over() {
    let checkout = high_errors("79e8dde02c787fae", Status::Firing, Severity::Critical, "checkout", 9);
    let search = high_errors("914d922be17d6471", Status::Resolved, Severity::Warning, "search", 7);
    assert_eq!(read(&fixture("am-webhook-003-hook.json")), Ok(delivery([checkout, search])));
}

#[test]
fn grafana_speaks_it_too() {
    let alert = |key: &str, name: &str, zone: &str, start: &str, details: &[(&str, &str)]| {
        let mut alert = signal(key, &format!("s {zone}"));
        alert.signal.labels = texts(&[("alertname", name), ("team", "blue"), ("zone", zone)]);
        alert.signal.details = texts(details);
        alert.signal.details.extend(texts(&[
            ("values", r#"{"B":44.23943737541908,"C":1}"#),
            ("externalURL", "http://127.0.0.1/"),
            ("receiver", "oncall"),
            ("groupKey", "{}:{}"),
        ]));
        alert.signal.started_at = Some(moment(start));
        alert
    };
    let memory = alert(
        "c6eadffa33fcdf37",
        "High memory usage",
        "us-1",
        "2021-10-12T07:51:03.157076Z",
        &[
            ("description", "d"),
            ("runbook_url", "http://127.0.0.1/runbook/1"),
            ("summary", "s us-1"),
            ("generatorURL", "http://127.0.0.1/alerting/1afz29v7z/edit"),
            (
                "silenceURL",
                "http://127.0.0.1/alerting/silence/new?alertmanager=grafana&matchers=alertname%3DT2",
            ),
        ],
    );
    let cpu = alert(
        "bc97ff14869b13e3",
        "High CPU usage",
        "eu-1",
        "2021-10-12T07:56:03.157076Z",
        &[
            ("description", "d2"),
            ("summary", "s eu-1"),
            ("generatorURL", "http://127.0.0.1/alerting/d1rdpdv7k/edit"),
            ("silenceURL", "http://127.0.0.1/alerting/silence/new"),
        ],
    );
    assert_eq!(read(&fixture("grafana-webhook-FROM-DOCS.json")), Ok(delivery([memory, cpu])));
}

fn read_json(body: &serde_json::Value) -> Delivery {
    read(body.to_string().as_bytes()).expect("it is understood")
}

fn read_alert(alert: &serde_json::Value) -> Received {
    read_json(&json!({ "alerts": [alert] })).signals.remove(0)
}

fn refusal(body: &str) -> String {
    read(body.as_bytes()).expect_err("it is refused").to_string()
}

#[test]
fn the_summary_is_the_best_text_that_there_is() {
    let cases = [
        (json!({"summary": "a", "message": "b", "description": "c"}), json!({"alertname": "X"}), "a"),
        (json!({"summary": " \n", "message": "b\nb"}), json!({}), "b b"),
        (json!({"description": "\n  c \nd"}), json!({"alertname": "X"}), "c"),
        (json!({}), json!({"alertname": "X", "instance": "db1"}), "X (db1)"),
        (json!(null), json!({"alertname": "X"}), "X"),
        (json!({}), json!({"job": "j", "host": "h"}), "host=h, job=j"),
        (json!({"note": "n"}), json!(null), "note=n"),
        (json!(null), json!(null), "f"),
    ];
    for (annotations, labels, expected) in cases {
        let alert = json!({"annotations": annotations, "labels": labels, "fingerprint": "f"});
        assert_eq!(read_alert(&alert).signal.summary, expected, "{alert}");
    }
}

#[test]
fn an_alert_without_status_has_that_of_its_group() {
    let body = json!({"status": "resolved", "alerts": [
        {"fingerprint": "a"},
        {"fingerprint": "b", "status": "firing"},
        {"fingerprint": "c", "status": null},
    ]});
    let statuses: Vec<_> = read_json(&body).signals.iter().map(|received| received.signal.status).collect();
    assert_eq!(statuses, [Status::Resolved, Status::Firing, Status::Resolved]);
    assert_eq!(read_alert(&json!({"fingerprint": "a"})).signal.status, Status::Firing);
}

#[test]
fn what_the_group_says_is_true_for_each_alert_that_does_not_say_otherwise() {
    let body = json!({
        "commonLabels": {"severity": "warning", "team": "a"},
        "commonAnnotations": {"summary": "all of it", "runbook_url": "r"},
        "alerts": [{"labels": {"team": "b", "severity": null}, "annotations": {"summary": "this"}}],
    });
    let signal = read_json(&body).signals.remove(0).signal;
    assert_eq!(signal.severity, Severity::Warning);
    assert_eq!(signal.labels, texts(&[("severity", "warning"), ("team", "b")]));
    assert_eq!(signal.details, texts(&[("runbook_url", "r"), ("summary", "this")]));
    assert_eq!(signal.summary, "this");
}

#[test]
fn without_a_fingerprint_the_labels_say_which_symptom_it_is() {
    let key = |alert: serde_json::Value| read_alert(&alert).dedup_key;
    let first = key(json!({"labels": {"a": "1", "b": "2"}, "annotations": {"value": "7"}}));
    assert_eq!(first.as_str().len(), 64);
    assert_eq!(first, key(json!({"status": "resolved", "labels": {"b": 2, "a": "1"}, "fingerprint": ""})));
    assert_ne!(first, key(json!({"labels": {"a": "1", "b": "3"}})));
    // Labels count in full, also where they are too long to be kept.
    let long = "x".repeat(5_000);
    assert_ne!(
        key(json!({"labels": {"a": format!("{long}1")}})),
        key(json!({"labels": {"a": format!("{long}2")}}))
    );
    // Those of the group are part of it, wherever they stand.
    let split = json!({"commonLabels": {"b": "2"}, "alerts": [{"labels": {"a": "1"}}]});
    assert_eq!(first, read_json(&split).signals[0].dedup_key);
    // And where there are none, the annotations.
    assert_ne!(key(json!({"annotations": {"summary": "a"}})), key(json!({"annotations": {"summary": "b"}})));
}

#[test]
fn wrong_types_and_nulls_are_read_as_well_as_they_can_be() {
    let body = json!({
        "status": 7, "truncatedAlerts": "4", "groupLabels": null, "commonLabels": null, "receiver": ["x"],
        "externalURL": "", "groupKey": null, "surprise": [[[1]]],
        "alerts": [null, {
            "status": {"a": 1}, "fingerprint": 42, "startsAt": 7.5, "generatorURL": null,
            "labels": {"alertname": "X", "n": 1.50, "yes": true, "no": null, "o": {"k": [1, " a "]}},
            "annotations": "by hand",
        }],
    });
    let delivery = read_json(&body);
    assert_eq!(delivery.truncated_count, 4);
    let mut expected = signal("42", "X");
    expected.signal.labels =
        texts(&[("alertname", "X"), ("n", "1.5"), ("yes", "true"), ("o", r#"{"k":[1," a "]}"#)]);
    expected.signal.details =
        texts(&[("annotations", "by hand"), ("lost_upstream", "4"), ("receiver", r#"["x"]"#)]);
    expected.signal.started_at = Some(moment("1970-01-01T00:00:07Z"));
    assert_eq!(delivery.signals, [expected]);
}

#[test]
fn a_moment_that_is_not_known_is_none() {
    for start in [json!("0001-01-01T00:00:00Z"), json!("soon"), json!(null), json!({})] {
        assert_eq!(read_alert(&json!({"fingerprint": "a", "startsAt": start})).signal.started_at, None);
    }
}

#[test]
fn an_alert_that_comes_twice_stays_twice_in_order() {
    let body = json!({"alerts": [
        {"fingerprint": "a", "status": "firing"},
        {"fingerprint": "b"},
        {"fingerprint": "a", "status": "resolved"},
    ]});
    let signals = read_json(&body).signals;
    let keys: Vec<_> = signals.iter().map(|received| received.dedup_key.as_str()).collect();
    assert_eq!(keys, ["a", "b", "a"]);
    assert_eq!(signals[2].signal.status, Status::Resolved);
}

#[test]
fn no_alerts_are_no_signals_and_one_needs_no_list() {
    assert_eq!(read_json(&json!({"alerts": []})), Delivery::default());
    assert_eq!(read_json(&json!({"alerts": {"fingerprint": "a"}})).signals.len(), 1);
    let left_out = read_json(&json!({"alerts": null, "truncatedAlerts": 3}));
    assert_eq!(left_out, Delivery { truncated_count: 3, ..Delivery::default() });
}

#[test]
fn the_newest_fields_are_read() {
    let body = json!({
        "version": "4", "groupKey": "{}:{}", "receiver": "house", "status": "firing", "truncatedAlerts": 12,
        "notification_reason": "new alerts added",
        "routeLabels": {"team": "from the route", "tier": "1"},
        "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
        "alerts": [
            {"status": "firing", "labels": {"alertname": "X", "team": "own"}, "fingerprint": "a"},
            {"status": "resolved", "labels": {"alertname": "Y"}, "fingerprint": "b"},
        ],
    });
    let delivery = read_json(&body);
    assert_eq!(delivery.truncated_count, 12);
    let [first, second] = &delivery.signals[..] else { panic!("two signals") };
    assert_eq!(first.signal.labels, texts(&[("alertname", "X"), ("team", "own"), ("tier", "1")]));
    assert_eq!(second.signal.labels["team"], "from the route");
    assert_eq!(second.signal.status, Status::Resolved, "its own status counts");
    for received in [first, second] {
        assert_eq!(received.signal.details["notification_reason"], "new alerts added");
        assert_eq!(received.signal.details["lost_upstream"], "12");
    }
    // What a route says is no part of which problem it is.
    let key = |route: Value| {
        let body = json!({"routeLabels": route, "alerts": [{"labels": {"alertname": "X"}}]});
        read_json(&body).signals[0].dedup_key.clone()
    };
    assert_eq!(key(json!({})), key(json!({"tier": "1"})));
    for nothing in [json!({}), json!(null)] {
        let body = json!({"routeLabels": nothing, "notification_reason": null, "truncatedAlerts": 0, "alerts": [{"fingerprint": "a"}]});
        assert_eq!(read_json(&body).signals[0].signal.details, texts(&[]));
    }
}

#[test]
fn a_refusal_names_the_field_and_what_to_send() {
    let cases = [
        ("{}", "`alerts` is missing: send a list of alerts, each with `labels`"),
        (r#"{"alerts":"all"}"#, "`alerts` is text: send a list of alerts, each with `labels`"),
        (
            r#"{"alerts":[{"fingerprint":"a"},7]}"#,
            "`alerts[1]` is a number: send an object with `labels`, `annotations` or a `fingerprint`",
        ),
        (
            r#"{"alerts":[{"labels":{},"annotations":null,"generatorURL":"u"}]}"#,
            "`alerts[0]` is empty: send an object with `labels`, `annotations` or a `fingerprint`",
        ),
        ("[{}]", "the body is a list: send an object with a list `alerts`, as Alertmanager's webhook does"),
    ];
    for (body, expected) in cases {
        assert_eq!(refusal(body), expected);
    }
    let error = read(br#"{"alerts":[7]}"#).expect_err("it is refused");
    assert_eq!(error.field(), "alerts[0]");
    assert!(matches!(error, SourceError::FieldWrong { .. }));
}
