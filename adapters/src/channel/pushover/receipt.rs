//! What became of an emergency: whether somebody acknowledged it in the app.
//!
//! Pushover says so by calling us, without a signature, and when it is asked. The call is only a reason to ask.
//!
//! Source: <https://pushover.net/api/receipts>.

use domain::port::{News, Tap};
use events::Timestamp;
use events::event::outcome::DeliveryStatus;
use serde_json::{Map, Value};

use super::{PushoverConfig, is_one, is_receipt};
use crate::channel::Secret;
use crate::http::{Response, SendError};
use crate::line::Line;

/// The most that is kept of a device's name; Pushover's have up to 25 characters.
const DEVICE_CHARS_MAX: usize = 60;
/// The most that is kept of a user key; theirs have 30 characters.
const KEY_CHARS_MAX: usize = 64;

/// Where Pushover calls us when somebody acknowledges; `None` when it is not to, or cannot.
pub fn callback_url(config: &PushoverConfig, public_url: &str) -> Option<String> {
    let is_wanted = config.callback.unwrap_or_else(|| public_url.starts_with("https://"));
    is_wanted.then(|| format!("{}/callbacks/pushover", public_url.trim_end_matches('/')))
}

/// Where it is asked what became of an emergency; `None` when this is no receipt of Pushover's. The address holds our
/// token.
pub fn question(config: &PushoverConfig, receipt: &str) -> Option<Secret> {
    let base_url = config.base_url.trim_end_matches('/');
    let mut url = reqwest::Url::parse(&format!("{base_url}/1/receipts/{receipt}.json")).ok()?;
    url.query_pairs_mut().append_pair("token", config.token.expose());
    is_receipt(receipt).then(|| Secret::new(url.as_str()))
}

/// What an answer says; none when nothing was learnt.
///
/// | status | body | what it says |
/// | --- | --- | --- |
/// | 200 | `status` 1 | what it says |
/// | 404, or 400 that blames the receipt | | it is long forgotten: it rings no more |
/// | anything else | | nothing |
pub fn conclude(config: &PushoverConfig, answer: Result<Response, SendError>) -> Option<News> {
    match answer {
        Ok(response) => {
            let news = read(&response);
            if news.is_none() {
                let said = Line::new(&config.token.strike(&response.body)).cut(DEVICE_CHARS_MAX * 4);
                tracing::warn!(status = response.status, %said, "Pushover does not say what became of an emergency");
            }
            news
        }
        Err(error) => {
            tracing::warn!(%error, "Pushover could not be asked what became of an emergency");
            None
        }
    }
}

fn read(response: &Response) -> Option<News> {
    let body = response.json();
    let is_forgotten =
        |body: &Map<String, Value>| body.get("receipt").and_then(Value::as_str) == Some("invalid");
    match (response.status, body) {
        (200, Some(body)) if is_one(body.get("status")) => Some(news(&body)),
        (404, _) => Some(News { expired: true, ..News::default() }),
        (400, Some(body)) if is_forgotten(&body) => Some(News { expired: true, ..News::default() }),
        _ => None,
    }
}

fn news(body: &Map<String, Value>) -> News {
    let text = |name: &str, chars_max| {
        let text = body.get(name).and_then(Value::as_str).unwrap_or_default();
        Line::new(text).cut(chars_max).to_string()
    };
    let seconds = |name: &str| body.get(name).and_then(Value::as_i64).unwrap_or(0);
    let at = |name: &str| Timestamp::from_micros(seconds(name).clamp(0, i64::from(u32::MAX)) * 1_000_000);
    let tap = is_one(body.get("acknowledged")).then(|| Tap {
        at: at("acknowledged_at"),
        by: text("acknowledged_by", KEY_CHARS_MAX),
        device: text("acknowledged_by_device", DEVICE_CHARS_MAX),
    });
    News {
        acknowledged: tap,
        status: (seconds("last_delivered_at") > 0).then_some(DeliveryStatus::Delivered),
        expired: is_one(body.get("expired")),
        ..News::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECEIPT: &str = "rLqVuqTRh62UzxtmqiaLzQmVcPgiCy";

    fn config() -> PushoverConfig {
        PushoverConfig { base_url: "http://p/".to_owned(), ..PushoverConfig::new(Secret::new("t0ken&x")) }
    }

    fn said(status: u16, body: &str) -> Option<News> {
        conclude(&config(), Ok(Response { status, body: body.to_owned(), ..Response::default() }))
    }

    #[test]
    fn pushover_calls_where_the_house_has_a_public_address() {
        let with = |callback| PushoverConfig { callback, ..config() };
        for (callback, public_url, expected) in [
            (None, "https://pager.example/", Some("https://pager.example/callbacks/pushover")),
            (None, "http://127.0.0.1:8080", None),
            (Some(true), "http://127.0.0.1:8080", Some("http://127.0.0.1:8080/callbacks/pushover")),
            (Some(false), "https://pager.example", None),
        ] {
            assert_eq!(
                callback_url(&with(callback), public_url).as_deref(),
                expected,
                "{callback:?} {public_url}"
            );
        }
    }

    #[test]
    fn only_a_receipt_is_asked_about_and_nothing_runs_into_the_address() {
        let url = question(&config(), RECEIPT).expect("a receipt");
        assert_eq!(url.expose(), format!("http://p/1/receipts/{RECEIPT}.json?token=t0ken%26x"));
        for receipt in ["", "../apps/limits", "a/b", "a?x=1", "a\r\nHost: x", "ü", "r#", &"r".repeat(65)] {
            assert!(question(&config(), receipt).is_none(), "{receipt:?}");
        }
    }

    #[test]
    fn what_pushover_says_of_an_emergency() {
        let body = r#"{"status":1,"acknowledged":1,"acknowledged_at":1424305421,"acknowledged_by":"uQiRzpo4DXghDmr9QzzfQu27cmVRsG","acknowledged_by_device":"my\r\nphone","last_delivered_at":1424305379,"expired":1,"expires_at":1424308979,"called_back":0,"called_back_at":0,"request":"e95f0e"}"#;
        let news = said(200, body).expect("news");
        let tap = news.acknowledged.expect("a tap");
        assert_eq!(tap.at, Timestamp::parse_rfc3339("2015-02-19T00:23:41Z").expect("a moment"));
        assert_eq!((tap.by.as_str(), tap.device.as_str()), ("uQiRzpo4DXghDmr9QzzfQu27cmVRsG", "my phone"));
        assert_eq!((news.status, news.expired), (Some(DeliveryStatus::Delivered), true));
        let ringing = r#"{"status":1,"acknowledged":0,"acknowledged_at":0,"acknowledged_by":"","last_delivered_at":0,"expired":0}"#;
        assert_eq!(said(200, ringing), Some(News::default()));
    }

    #[test]
    fn what_is_no_answer_says_nothing() {
        let gone = Some(News { expired: true, ..News::default() });
        assert_eq!(said(404, r#"{"receipt":"invalid","errors":["receipt not found"],"status":0}"#), gone);
        assert_eq!(said(400, r#"{"receipt":"invalid","errors":["receipt is invalid"],"status":0}"#), gone);
        for (status, body) in [
            (200, "<html>a captive portal</html>"),
            (200, r#"{"status":0,"acknowledged":1}"#),
            (200, r#"{"acknowledged":1}"#),
            (400, r#"{"token":"invalid","status":0}"#),
            (401, ""),
            (429, r#"{"status":0}"#),
            (500, r#"{"status":1,"acknowledged":1}"#),
        ] {
            assert_eq!(said(status, body), None, "{status} {body}");
        }
        assert_eq!(conclude(&config(), Err(SendError::Lost(Line::new("reset")))), None);
    }
}
