//! What sources send: the real bodies, the same ones again, and hostile ones.

use reqwest::Method;
use serde_json::{Value, json};
use tests::fixture;
use tests::house::House;
use tests::household::{ALERTMANAGER_KEY, ANNA, GENERIC_KEY, Household};
use tests::together::side_by_side;
use tests::web::{self, Answer};

/// Nobody is paged before the story is over.
fn nobody_yet() -> Household {
    Household::default().ladder(ANNA, &["{ contact: push, after: 1h }"])
}

async fn summaries(house: &House) -> Vec<String> {
    let mut summaries: Vec<String> = house.alerts().await.into_iter().map(|alert| alert.summary).collect();
    summaries.sort();
    summaries
}

/// How many records the log has.
async fn records(house: &House) -> u64 {
    let verified = house.cli(&["verify", "--format", "json"]).await.json();
    verified["records"].as_u64().expect("a number of records")
}

#[tokio::test]
async fn every_captured_webhook_is_accepted_and_the_same_body_twice_changes_nothing() {
    let house = House::with(nobody_yet()).await;
    for name in fixture::names("am-webhook-").into_iter().chain(fixture::names("grafana-webhook-")) {
        let body = fixture::body(&name);
        house.post_alertmanager(&body).await.ok();
        let (listed, count) = (house.alerts().await, records(&house).await);
        house.post_alertmanager(&body).await.ok();
        assert_eq!(house.alerts().await, listed, "{name} twice");
        assert_eq!(records(&house).await, count, "{name} twice");
    }
    let open = summaries(&house).await;
    for summary in ["disk /var at 5%", "errors on checkout = 9"] {
        assert!(open.contains(&summary.to_owned()), "{summary} is open: {open:?}");
    }
    assert!(!open.contains(&"errors on search = 7".to_owned()), "its source said that it is over: {open:?}");
    let metrics = house.metrics().await;
    assert!(metrics["hotpotato_signals_deduplicated_total"] >= 5.0, "{metrics:?}");
    assert!(metrics["hotpotato_signals_malformed_total"] < 1.0, "{metrics:?}");
    house.finish().await;
}

fn alertmanager_alert(status: &str, starts_at: &str) -> Value {
    json!({ "version": "4", "status": status, "alerts": [{
        "status": status, "fingerprint": "b5ca2028aabc02b2", "startsAt": starts_at,
        "labels": { "alertname": "DiskLow", "severity": "warning" }, "annotations": { "summary": "disk low" },
    }] })
}

#[tokio::test]
async fn what_is_over_stays_over_until_it_begins_anew() {
    let house = House::with(nobody_yet()).await;
    // To resolve what nobody knows is fine, and nothing.
    house.post_alertmanager(&alertmanager_alert("resolved", "2026-11-22T07:00:00Z")).await.ok();
    assert_eq!(summaries(&house).await, [""; 0]);

    house.post_alertmanager(&alertmanager_alert("firing", "2026-11-22T07:14:09.568Z")).await.ok();
    let first = house.listed("disk low").await;
    // The source began anew and tells another start: its symptom is over all the same.
    house.post_alertmanager(&alertmanager_alert("resolved", "2026-11-22T07:10:00Z")).await.ok();
    assert_eq!(summaries(&house).await, [""; 0]);

    house.post_alertmanager(&alertmanager_alert("firing", "2026-11-22T07:20:00Z")).await.ok();
    let second = house.listed("disk low").await;
    assert_ne!(first.id, second.id);
    house.post_alertmanager(&alertmanager_alert("resolved", "2026-11-22T07:20:00Z")).await.ok();
    let count = records(&house).await;
    for late in ["2026-11-22T07:20:00Z", "2026-11-22T07:14:09.568Z", "2026-11-22T07:00:00Z"] {
        house.post_alertmanager(&alertmanager_alert("firing", late)).await.ok();
        assert_eq!(summaries(&house).await, [""; 0], "{late}: that problem is over");
    }
    assert_eq!(records(&house).await, count, "what arrives late changes nothing");
    house.post_alertmanager(&alertmanager_alert("firing", "2026-11-22T07:20:00.001Z")).await.ok();
    let third = house.listed("disk low").await;
    assert!(third.id != first.id && third.id != second.id);
    house.finish().await;
}

#[tokio::test]
async fn a_changed_severity_is_taken_and_a_repeat_is_not() {
    let house = House::with(nobody_yet()).await;
    let signal = |severity: &str| json!({ "summary": "disk low", "dedup_key": "disk", "severity": severity });
    house.post_generic(&signal("warning")).await.ok();
    assert_eq!(house.listed("disk low").await.severity, "warning");
    let count = records(&house).await;
    house.post_generic(&signal("warning")).await.ok();
    assert_eq!(records(&house).await, count);
    house.post_generic(&signal("critical")).await.ok();
    assert_eq!(house.listed("disk low").await.severity, "critical");
    assert_eq!(house.alerts().await.len(), 1);
    house.post_generic(&json!({ "dedup_key": "disk", "status": "resolved" })).await.ok();
    assert_eq!(house.alerts().await, []);
    house.finish().await;
}

/// What nobody should send, with a name for the failure.
pub(super) fn hostile_bodies() -> Vec<(&'static str, Vec<u8>)> {
    let text = |body: &str| body.as_bytes().to_vec();
    let mut bodies = vec![
        ("nothing", Vec::new()),
        ("blank", text(" \r\n\t")),
        ("null", text("null")),
        ("a number", text("42")),
        ("a text", text("\"firing\"")),
        ("an empty list", text("[]")),
        ("an empty object", text("{}")),
        ("half an object", text("{\"alerts\": [{\"labels\":")),
        ("two documents", text("{}{}")),
        ("a form", text("summary=disk&severity=critical")),
        ("a web page", text("<html><body>It works!</body></html>")),
        ("invalid UTF-8", b"{\"summary\": \"\xff\xfe\xc3\x28\", \"alerts\": \"\xf0\x28\x8c\x28\"}".to_vec()),
        ("UTF-16", "{\"summary\":\"x\"}".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("a byte order mark", [b"\xef\xbb\xbf".as_slice(), b"{\"summary\":\"marked\"}"].concat()),
        ("zero bytes", vec![0; 4_096]),
        (
            "half a surrogate",
            text("{\"summary\": \"\\ud800\", \"alerts\": [{\"labels\": {\"a\": \"\\udfff\"}}]}"),
        ),
        ("deep lists", [b"[".repeat(200_000), b"]".repeat(200_000)].concat()),
        ("deep objects", [b"{\"a\":".repeat(100_000), b"1".to_vec(), b"}".repeat(100_000)].concat()),
        (
            "deep labels",
            text(&format!("{{\"alerts\":[{{\"labels\":{}1{}}}]}}", "{\"a\":".repeat(500), "}".repeat(500))),
        ),
        ("a long text", text(&format!("{{\"summary\": \"{}\"}}", "x".repeat(2_000_000)))),
        ("many alerts", text(&format!("{{\"alerts\":[{}{{}}]}}", "{},".repeat(50_000)))),
        (
            "large numbers",
            text("{\"summary\": 1e999999, \"alerts\": [{\"startsAt\": 99999999999999999999999999}]}"),
        ),
    ];
    let odd = [
        json!(null),
        json!(true),
        json!(-1.5e300),
        json!("\u{0}\u{1b}[2J\r\n.\r\nSEND"),
        json!([[]]),
        json!({ "": {} }),
    ];
    for value in odd {
        for field in ["status", "labels", "annotations", "startsAt", "endsAt", "fingerprint"] {
            let mut alert =
                json!({ "status": "firing", "labels": { "alertname": "Odd" }, "fingerprint": "odd" });
            alert[field] = value.clone();
            bodies.push((
                "an odd alert",
                json!({ "version": "4", "alerts": [alert] }).to_string().into_bytes(),
            ));
        }
        for field in ["alerts", "version", "status", "commonLabels", "groupKey", "truncatedAlerts"] {
            let mut body = fixture::body("am-webhook-001-hook.json");
            body[field] = value.clone();
            bodies.push(("an odd body", body.to_string().into_bytes()));
        }
        for field in ["summary", "dedup_key", "status", "severity", "labels", "details", "started_at"] {
            let mut body = json!({ "summary": "odd", "dedup_key": "odd" });
            body[field] = value.clone();
            bodies.push(("an odd signal", body.to_string().into_bytes()));
        }
    }
    bodies
}

#[tokio::test]
async fn hostile_bodies_are_answered_and_harm_nobody() {
    let house = House::with(nobody_yet()).await;
    let before = house.fire("accepted before").await;
    for address in ["alertmanager", "generic"] {
        let key = if address == "generic" { GENERIC_KEY } else { ALERTMANAGER_KEY };
        let path = format!("/integrations/{address}/{key}");
        for (name, body) in hostile_bodies() {
            let answer = house.post(&path, body).await;
            assert!(answer.status < 500, "{address}, {name}: {answer:?}");
            assert!(answer.is_ok() || answer.json()["error"].is_string(), "{address}, {name}: {answer:?}");
        }
        // What is far too long is refused, or hung up on before all of it was said; so over a connection of its own.
        let too_long = vec![b' '; 33 * 1_024 * 1_024];
        if let Ok(answer) = Answer::to(web::client().post(house.url(&path)).body(too_long)).await {
            assert_eq!(answer.status, 413, "{address}: {answer:?}");
        }
    }
    let refused = house.post_generic(&json!({ "severity": "critical" })).await;
    assert_eq!(refused.status, 400, "{refused:?}");
    assert_eq!(refused.json()["field"], "summary", "{refused:?}");
    let after = house.fire("accepted after").await;
    let open = house.alerts().await;
    for alert in [before, after] {
        assert!(open.iter().any(|listed| listed.id == alert.id), "{alert:?} is lost");
    }
    assert!(house.metrics().await["hotpotato_signals_malformed_total"] > 10.0);
    assert_eq!(house.request(Method::GET, "/healthz").await.expect("an answer").status, 200);
    assert!(!house.logged().contains("panicked"), "something panicked");
    house.finish().await;
}

#[tokio::test]
async fn nothing_in_an_alert_becomes_a_command_at_a_pager_gateway_or_breaks_a_text() {
    let mut house = House::with(Household::default().ladder(
        ANNA,
        &["{ contact: pager, after: 0s }", "{ contact: sms, after: 0s }", "{ contact: push, after: 0s }"],
    ))
    .await;
    let evil = "disk\r\nSEND\r\nPAGE 7399\r\nMESS evil\r\nSEND\r\n.\r\nQUIT\u{0}\u{1b}[2J\u{85}\u{2028}full";
    let body = json!({ "summary": evil, "dedup_key": "evil", "severity": "warning", "labels": { "a\r\nb": "c\r\nd" } });
    house.post_generic(&body).await.ok();
    let (pager, sms, push) =
        (house.page(ANNA.pager).await, house.page(ANNA.sms).await, house.page(ANNA.push).await);
    assert!(!pager.text.contains(char::is_control), "{pager:#?}");
    assert!(pager.text.contains("disk SEND PAGE 7399"), "the words themselves do no harm: {pager:#?}");
    for page in [sms, push] {
        assert!(!page.words().replace('\n', " ").contains(char::is_control), "{page:#?}");
    }
    house.finish().await;
}

#[tokio::test]
async fn a_source_is_known_by_its_key_at_the_address_of_its_kind() {
    let house = House::with(nobody_yet()).await;
    let body = json!({ "summary": "disk full", "alerts": [] }).to_string();
    for (path, status) in [
        ("/integrations/generic/wrong".to_owned(), 404),
        (format!("/integrations/generic/{ALERTMANAGER_KEY}"), 404),
        (format!("/integrations/alertmanager/{GENERIC_KEY}"), 404),
        (format!("/integrations/generic/{GENERIC_KEY}x"), 404),
        ("/integrations/pagerduty/v2/enqueue".to_owned(), 400),
        ("/integrations/opsgenie/v2/alerts".to_owned(), 401),
        ("/integrations/opsgenie/v2/heartbeats/nightly/ping".to_owned(), 401),
        (format!("/integrations/goalert/{GENERIC_KEY}"), 403),
        (format!("/integrations/oncall/{GENERIC_KEY}"), 404),
        (format!("/integrations/grafana/{GENERIC_KEY}"), 404),
        (format!("/heartbeats/{GENERIC_KEY}"), 404),
    ] {
        let answer = house.post(&path, body.clone().into_bytes()).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
    }
    assert_eq!(house.alerts().await, []);
    house.finish().await;
}

#[tokio::test]
async fn many_sources_at_once_raise_each_symptom_once() {
    let house = std::rc::Rc::new(House::with(nobody_yet()).await);
    side_by_side((0..40).map(|number| {
        let house = std::rc::Rc::clone(&house);
        async move {
            let key = format!("symptom {}", number % 10);
            house.post_generic(&json!({ "summary": key, "dedup_key": key })).await.ok();
        }
    }))
    .await;
    let house = std::rc::Rc::into_inner(house).expect("all sources are done");
    let expected: Vec<String> = (0..10).map(|number| format!("symptom {number}")).collect();
    assert_eq!(summaries(&house).await, expected);
    house.finish().await;
}
