//! Grafana `OnCall`'s formatted webhook.

use adapters::source::oncall::read;
use events::event::signal::Status;
use serde_json::{Value, json};

use crate::{delivery, signal, texts};

fn received(body: &Value) -> adapters::source::Received {
    read(body.to_string().as_bytes()).expect("it is understood").signals.remove(0)
}

#[test]
fn everything_is_read() {
    let body = json!({
        "alert_uid": "08d6891a-835c-e661-39fa-96b6a9e26552", "title": "The whole system is down", "state": "alerting",
        "image_url": "https://w.example/x.png", "link_to_upstream_details": "https://w.example/down",
        "message": "Smth happened.\r\nOh no!", "surprise": 1,
    });
    let mut expected = signal("08d6891a-835c-e661-39fa-96b6a9e26552", "The whole system is down");
    expected.signal.details = texts(&[
        ("image_url", "https://w.example/x.png"),
        ("link_to_upstream_details", "https://w.example/down"),
        ("message", "Smth happened.\nOh no!"),
    ]);
    assert_eq!(read(body.to_string().as_bytes()), Ok(delivery([expected])));
}

#[test]
fn it_is_over_when_it_is_ok() {
    let over = received(&json!({ "alert_uid": "u", "state": "ok" }));
    assert_eq!((over.dedup_key.as_str(), over.signal.status), ("u", Status::Resolved));
    let again = received(&json!({ "alert_uid": "u", "title": "t", "state": "who knows" }));
    assert_eq!(again.signal.status, Status::Firing);
}

#[test]
fn without_a_uid_the_title_and_link_say_which_problem_it_is() {
    let key = |body: Value| received(&body).dedup_key;
    let first = key(json!({ "title": "t", "message": "a" }));
    assert_eq!(first, key(json!({ "title": "t", "message": "b", "state": "ok" })));
    assert_ne!(first, key(json!({ "title": "t", "link_to_upstream_details": "https://w.example" })));
    assert_ne!(first, key(json!({ "title": "u" })));
    assert_eq!(received(&json!({ "message": "only\nthis" })).signal.summary, "only this");
}

#[test]
fn what_says_nothing_is_refused() {
    let refusal = |body: &str| read(body.as_bytes()).expect_err("it is refused").to_string();
    for body in ["{}", r#"{"title":" ","message":null}"#] {
        assert_eq!(refusal(body), "`title` is missing: send what is wrong, in one line of text");
    }
    let sentence =
        "the body is text: send an alert as Grafana OnCall's formatted webhook takes it, an object";
    assert_eq!(refusal("\"x\""), sentence);
}
