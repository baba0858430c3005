use events::event::Language;
use events::event::person::ChannelKind;

use super::*;
use crate::channel::stand_in::{self, StandIn, Then};
use crate::link::LinkKey;
use crate::text::sample::{LINK, at, dispatch, notice};

const RECEIPT: &str = "rLqVuqTRh62UzxtmqiaLzQmVcPgiCy";

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        at("2026-11-22T12:00:00Z")
    }
}

fn config() -> PushoverConfig {
    PushoverConfig { base_url: "http://p/".to_owned(), ..PushoverConfig::new(Secret::new("t0ken")) }
}

fn to_anna(notice: &Notice) -> Dispatch {
    dispatch(ChannelKind::PUSHOVER, "uQiRzpo4DXghDmr9QzzfQu27cmVRsG", Language::En, notice)
}

fn response(status: u16, body: &str) -> Response {
    Response { status, retry_after: None, body: body.to_owned() }
}

#[test]
fn emergency_is_encoded_as_documented() {
    let notice = notice("Checkout answers 500");
    let dispatch = to_anna(&notice);
    let request = encode(&config(), "http://h", &dispatch, &notice, &text::push(&dispatch, &notice, LINK));
    assert_eq!(request.url, "http://p/1/messages.json");
    let body = "K7M2Q: Checkout answers 500\nWeb shop, critical, since 03:10\nTo take it: “I have it” below.";
    let tag = dispatch.attempt.to_string();
    let expected = [
        ("token", "t0ken"),
        ("user", "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"),
        ("title", "K7M2Q Checkout answers 500"),
        ("message", body),
        ("priority", "2"),
        ("retry", "60"),
        ("expire", "3600"),
        ("url", LINK),
        ("url_title", "I have it"),
        ("timestamp", "1795313400"),
        ("tags", &tag),
    ];
    let found: Vec<(&str, &str)> = request.form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn only_critical_alerts_and_errors_ring_until_acknowledged() {
    for (severity, priority, rings) in [
        (Severity::Critical, "2", true),
        (Severity::Error, "2", true),
        (Severity::Warning, "1", false),
        (Severity::Info, "0", false),
    ] {
        let mut notice = notice("x");
        notice.severity = severity;
        let request = encode(&config(), "http://h", &to_anna(&notice), &notice, &Text::default());
        assert_eq!(request.field("priority"), Some(priority));
        assert_eq!((request.field("retry").is_some(), request.field("expire").is_some()), (rings, rings));
        assert_eq!((request.field("sound"), request.field("ttl"), request.field("url")), (None, None, None));
    }
}

#[test]
fn limits_of_pushover_hold_whatever_is_configured() {
    let config = PushoverConfig { retry_seconds: 1, expire_seconds: 99_999, ..config() };
    let notice = notice("x");
    let request = encode(&config, "http://h", &to_anna(&notice), &notice, &Text::default());
    assert_eq!((request.field("retry"), request.field("expire")), (Some("30"), Some("10800")));
    let config = PushoverConfig { retry_seconds: 99_999, expire_seconds: 1, ..config };
    let request = encode(&config, "http://h", &to_anna(&notice), &notice, &Text::default());
    assert_eq!((request.field("retry"), request.field("expire")), (Some("10800"), Some("10800")));
}

#[test]
fn what_pushover_says_means() {
    let failed = |reason, seconds: Option<u64>| Outcome::Failed {
        reason,
        retry_after: seconds.map(Span::from_seconds),
    };
    let cut = format!("{{\"status\":1,\"x\":\"{}", "x".repeat(2_000));
    for (status, body, expected, detail) in [
        (200, r#"{"status":1,"request":"647d2300"}"#, Outcome::Accepted, ""),
        (
            400,
            r#"{"user":"invalid","errors":["user identifier is invalid"],"status":0,"request":"5042853c"}"#,
            Outcome::Refused(Reason::UnknownAddress),
            "user identifier is invalid",
        ),
        (
            400,
            r#"{"errors":["user key is invalid"],"status":0}"#,
            Outcome::Refused(Reason::UnknownAddress),
            "user key is invalid",
        ),
        (
            400,
            r#"{"token":"invalid","errors":["application token is invalid, see https://pushover.net/api"],"status":0}"#,
            Outcome::Refused(Reason::Unauthorized),
            "application token is invalid, see https://pushover.net/api",
        ),
        (
            400,
            r#"{"message":"cannot be blank","errors":["message cannot be blank","and more"],"status":0}"#,
            Outcome::Refused(Reason::Rejected),
            "message cannot be blank; and more",
        ),
        (200, r#"{"status":0,"errors":["no"]}"#, Outcome::Refused(Reason::Rejected), "no"),
        (403, "blocked", Outcome::Refused(Reason::Unauthorized), "status 403: blocked"),
        (404, "", Outcome::Refused(Reason::Rejected), "status 404:"),
        (
            429,
            r#"{"status":0,"errors":["application is over its quota"]}"#,
            failed(Reason::Throttled, None),
            "application is over its quota",
        ),
        (500, "oops", failed(Reason::ProviderFault, Some(5)), "status 500: oops"),
        (503, "", failed(Reason::ProviderFault, Some(5)), "status 503:"),
        (
            200,
            "<html>hotel wifi</html>",
            Outcome::Unknown(Reason::Nonsense),
            "status 200: <html>hotel wifi</html>",
        ),
        (200, "", Outcome::Unknown(Reason::Nonsense), "status 200:"),
        (200, "[1]", Outcome::Unknown(Reason::Nonsense), "status 200: [1]"),
        (200, "{}", Outcome::Unknown(Reason::Nonsense), "status 200: {}"),
        (302, "", Outcome::Unknown(Reason::Nonsense), "status 302:"),
        (400, r#"{"errors":[" ","\n"]}"#, Outcome::Refused(Reason::Rejected), "status 400: {"),
        (400, r#"{"errors":["\n"]}"#, Outcome::Refused(Reason::Rejected), "status 400: {"),
        (200, cut.as_str(), Outcome::Unknown(Reason::Nonsense), ""),
    ] {
        let report = classify(&response(status, body), Timestamp::default());
        assert_eq!((report.outcome, report.receipt), (expected, None), "{status} {body}");
        assert!(report.detail.len() <= 500 && report.detail.starts_with(detail), "{:?}", report.detail);
    }
    let asked = Response { retry_after: Some(Span::from_seconds(60)), ..response(429, "") };
    assert_eq!(classify(&asked, Timestamp::default()).outcome, failed(Reason::Throttled, Some(60)));
}

#[test]
fn receipt_of_an_emergency_is_kept() {
    let until = at("2026-11-22T03:10:00Z");
    let body = format!(r#"{{"status":1,"receipt":"{RECEIPT}","request":"x"}}"#);
    let receipt = classify(&response(200, &body), until).receipt;
    assert_eq!(receipt, Some(Receipt::ringing(RECEIPT.to_owned(), until)));
    for body in
        [r#"{"status":1,"receipt":"../../x"}"#, r#"{"status":1,"receipt":""}"#, r#"{"status":1,"receipt":7}"#]
    {
        let report = classify(&response(200, body), until);
        assert_eq!((report.outcome, report.receipt), (Outcome::Accepted, None), "{body}");
    }
}

#[test]
fn recall_is_encoded_as_documented() {
    let request = encode_recall(&config(), RECEIPT).expect("a request");
    assert_eq!(request.url, format!("http://p/1/receipts/{RECEIPT}/cancel.json"));
    assert_eq!(request.form, [("token", "t0ken".to_owned())]);
    assert_eq!(encode_recall(&config(), "../1/messages"), None);
}

#[test]
fn what_rings_no_more_counts_as_recalled() {
    for (status, body, expected) in [
        (200, r#"{"status":1}"#, Outcome::Accepted),
        (400, r#"{"errors":["receipt has already been acknowledged"],"status":0}"#, Outcome::Accepted),
        (400, r#"{"errors":["receipt not found; may be invalid or expired"],"status":0}"#, Outcome::Accepted),
        (404, r#"{"receipt":"not found","errors":["already canceled"],"status":0}"#, Outcome::Accepted),
        (
            400,
            r#"{"token":"invalid","errors":["application token is invalid"],"status":0}"#,
            Outcome::Refused(Reason::Unauthorized),
        ),
        (400, r#"{"errors":["something else"],"status":0}"#, Outcome::Refused(Reason::Rejected)),
        (200, "<html>", Outcome::Unknown(Reason::Nonsense)),
    ] {
        assert_eq!(classify_recall(&response(status, body)).outcome, expected, "{body}");
    }
}

fn channel(base_url: &str, timeout_millis: u64) -> Pushover {
    let links = Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) };
    let timeout = Duration::from_millis(timeout_millis);
    let config = PushoverConfig { base_url: base_url.to_owned(), timeout, ..config() };
    Pushover::new(config, links, Arc::new(Noon)).expect("a channel")
}

async fn page_over(server: &StandIn) -> Report {
    channel(&server.url(), 2_000).send(&to_anna(&notice("disk full\r\n\r\npriority=-2&token=x"))).await
}

#[tokio::test]
async fn page_goes_out_and_its_receipt_comes_back() {
    let body = format!(r#"{{"status":1,"receipt":"{RECEIPT}"}}"#);
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let server = stand_in::http(&answer, Then::Hang).await;
    let report = page_over(&server).await;
    assert_eq!(report.outcome, Outcome::Accepted);
    assert!(report.text.starts_with("K7M2Q disk full priority=-2&token=x\n"), "{report:?}");
    assert!(report.text.ends_with("https://pager.example/a/K7M2Q#..."), "{report:?}");
    let rings_until = report.receipt.and_then(|receipt| receipt.rings_until);
    assert_eq!(rings_until, Some(at("2026-11-22T13:00:00Z")));
    let heard = server.heard().await;
    assert!(heard.starts_with("POST /1/messages.json HTTP/1.1\r\n"), "{heard}");
    assert_eq!(heard.matches("\r\n\r\n").count(), 1, "{heard}");
    assert_eq!((heard.matches("&priority=2&").count(), heard.matches("token=").count()), (1, 1), "{heard}");
}

#[tokio::test]
async fn trouble_on_the_way_is_told_apart() {
    let nonsense = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    for (answer, then, expected) in [
        ("", Then::Hang, Reason::Timeout),
        ("", Then::Close, Reason::Connection),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", Then::Close, Reason::Connection),
        (nonsense, Then::Close, Reason::Nonsense),
    ] {
        let report = page_over(&stand_in::http(answer, then).await).await;
        assert_eq!(report.outcome, Outcome::Unknown(expected), "{answer:?}");
        assert!(!report.text.is_empty(), "it may have been sent");
    }
    let nobody = stand_in::closed().await;
    let report = channel(&format!("http://{nobody}"), 2_000).send(&to_anna(&notice("x"))).await;
    assert_eq!(report.outcome, Outcome::Failed { reason: Reason::Connection, retry_after: None });
    assert_eq!(report.text, "", "nothing was sent");
}

#[tokio::test]
async fn recall_goes_out() {
    let server =
        stand_in::http("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"status\":1}", Then::Close).await;
    let mut dispatch = to_anna(&notice("x"));
    dispatch.errand = Errand::Recall { receipt: Some(RECEIPT.to_owned()) };
    assert_eq!(channel(&server.url(), 2_000).send(&dispatch).await, Report::bare(Outcome::Accepted));
    let heard = server.heard().await;
    assert!(heard.starts_with(&format!("POST /1/receipts/{RECEIPT}/cancel.json ")), "{heard}");
    assert!(heard.ends_with("token=t0ken"), "{heard}");
}

#[tokio::test]
async fn recall_without_a_receipt_goes_by_the_tag_that_the_page_carried() {
    let server =
        stand_in::http("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"status\":1}", Then::Close).await;
    let page = encode(&config(), "http://h", &to_anna(&notice("x")), &notice("x"), &Text::default());
    let tag = page.field("tags").expect("a tag").to_owned();
    let mut dispatch = to_anna(&notice("x"));
    dispatch.errand = Errand::Recall { receipt: None };
    assert_eq!(channel(&server.url(), 2_000).send(&dispatch).await, Report::bare(Outcome::Accepted));
    let heard = server.heard().await;
    assert!(heard.starts_with(&format!("POST /1/receipts/cancel_by_tag/{tag}.json ")), "{heard}");
}

#[test]
fn channel_prints_no_secret() {
    let printed = format!("{:?}", channel("http://p", 1));
    assert!(!printed.contains("t0ken"), "{printed}");
}
