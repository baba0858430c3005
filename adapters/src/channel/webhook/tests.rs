use domain::port::Errand;
use events::Span;
use events::event::Language;
use serde_json::Value;

use super::*;
use crate::channel::stand_in::{self, Then};
use crate::link::LinkKey;
use crate::text::sample::{at, dispatch, notice};

/// The secret of the specification's example.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OK: &str = "HTTP/1.1 204 Fine\r\nContent-Length: 0\r\n\r\n";

struct Standing(Timestamp);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn now() -> Timestamp {
    at("2026-11-22T02:10:01Z")
}

fn config(allowed: &[&str]) -> WebhookConfig {
    let mut config = WebhookConfig::new(keys(&Secret::new(SECRET)).expect("a key"));
    config.allowed = allowed.iter().map(|text| Allowed::parse(text).expect(text)).collect();
    config.timeout = Duration::from_secs(1);
    config
}

fn webhook(allowed: &[&str]) -> Webhook {
    let links = Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) };
    let means = Means { links, clock: Arc::new(Standing(now())) };
    Webhook::new(config(allowed), &means, Arc::new(SystemLookup)).expect("a client")
}

fn to(address: &str) -> Dispatch {
    dispatch(KIND, address, Language::De, &notice("Ölstand\r\n\0\"'. \u{202e}"))
}

#[test]
fn the_signature_is_that_of_the_specification() {
    // Source: the test vector of the specification's reference libraries.
    let keys = keys(&Secret::new(SECRET)).expect("a key");
    let signed = sign(&keys[0], "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", r#"{"test": 2432232314}"#);
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn secrets_have_their_form_and_do_not_print_themselves() {
    let encoded = |bytes: usize| format!("whsec_{}", STANDARD.encode(vec![7; bytes]));
    let some = |count: usize| vec![encoded(32); count].join("\n");
    for (text, expected) in [
        (SECRET.to_owned(), Some(1)),
        (encoded(24), Some(1)),
        (encoded(64), Some(1)),
        (some(4), Some(4)),
        (encoded(23), None),
        (encoded(65), None),
        (some(5), None),
        ("secret".to_owned(), None),
        ("whsec_".to_owned(), None),
        ("whsec_!!!".to_owned(), None),
        (format!("{SECRET}\nsecret"), None),
        (String::new(), None),
    ] {
        assert_eq!(keys(&Secret::new(&text)).map(|keys| keys.len()), expected, "{text:?}");
    }
    assert!(!format!("{:?}", webhook(&[])).contains("[49,"), "{:?}", webhook(&[]));
}

#[tokio::test]
async fn a_page_arrives_signed_by_every_key_and_is_to_be_recalled() {
    let server = stand_in::http(OK, Then::Close).await;
    let mut webhook = webhook(&["127.0.0.0/8"]);
    let both = Secret::new(&format!("whsec_{}\n{SECRET}", STANDARD.encode([7; 32])));
    webhook.config.keys = keys(&both).expect("two keys");
    let dispatch = to(&format!("{}hook?room=1", server.url()));
    let report = webhook.send(&dispatch).await;
    assert_eq!(report.outcome, Outcome::Accepted, "{report:?}");
    let receipt = report.receipt.expect("a receipt");
    assert_eq!(receipt.rings_until, Some(now() + RINGS_MAX));
    assert!(report.text.contains("/a/K7M2Q#..."), "{}", report.text);

    let heard = server.heard().await;
    let (top, body) = heard.split_once("\r\n\r\n").expect("a request");
    let lines: Vec<&str> = top.lines().collect();
    assert_eq!(lines[0], "POST /hook?room=1 HTTP/1.1");
    let header = |name: &str| {
        let found: Vec<&str> =
            lines.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect();
        assert_eq!(found.len(), 1, "{name}: {top}");
        found[0]
    };
    let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
    assert_eq!((id, timestamp), (receipt.id.as_str(), "1795313401"));
    let signatures: Vec<&str> = header("webhook-signature").split(' ').collect();
    let expected: Vec<String> =
        webhook.config.keys.iter().map(|key| sign(key, id, timestamp, body)).collect();
    assert_eq!(signatures, expected);
    let told: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(
        (&told["type"], &told["data"]["summary"]),
        (&Value::from("page"), &Value::from("Ölstand \"'."))
    );
}

#[tokio::test]
async fn a_recall_and_an_announcement_are_told_too() {
    let webhook = webhook(&["127.0.0.1"]);
    let server = stand_in::http(OK, Then::Close).await;
    let mut recall = to(&server.url());
    recall.errand = Errand::Recall { receipt: Some("x".to_owned()) };
    let report = webhook.send(&recall).await;
    assert_eq!((report.outcome, report.receipt), (Outcome::Accepted, None));
    let heard = server.heard().await;
    assert!(heard.contains(r#""type":"recall""#) && heard.contains("_recall\r\n"), "{heard}");

    let server = stand_in::http(OK, Then::Close).await;
    let text = Text::announcement("[NO-LOG]", "[NO-LOG] disk full");
    let report = webhook.announce(&server.url(), &text).await;
    assert_eq!((report.outcome, report.receipt), (Outcome::Accepted, None));
    let heard = server.heard().await;
    assert!(heard.contains(r#""type":"announcement""#) && heard.contains("[NO-LOG] disk full"), "{heard}");
}

#[tokio::test]
async fn what_leads_into_the_house_is_refused_before_a_byte_is_sent() {
    let server = stand_in::http(OK, Then::Close).await;
    let port = server.address.port();
    let webhook = webhook(&["10.0.0.0/8"]);
    for address in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://2130706433:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[fd00:ec2::254]/".to_owned(),
        format!("http://a:b@127.0.0.1:{port}/"),
        "file:///etc/passwd".to_owned(),
        String::new(),
    ] {
        let report = webhook.send(&to(&address)).await;
        assert_eq!(report.outcome, Outcome::Refused(Reason::Rejected), "{address}");
        assert!(!report.detail.contains("127.0.0.1") && report.text.is_empty(), "{report:?}");
    }
    let heard = tokio::time::timeout(Duration::from_millis(200), server.heard()).await;
    assert!(heard.is_err(), "{heard:?}");
}

#[test]
fn answers_mean_what_they_say() {
    let failed = |reason, retry_after| Outcome::Failed { reason, retry_after };
    let wait = Some(Span::from_seconds(7));
    for (status, retry_after, expected) in [
        (200, None, Outcome::Accepted),
        (202, None, Outcome::Accepted),
        (204, None, Outcome::Accepted),
        (301, None, Outcome::Refused(Reason::Rejected)),
        (308, None, Outcome::Refused(Reason::Rejected)),
        (400, None, Outcome::Refused(Reason::Rejected)),
        (401, None, Outcome::Refused(Reason::Unauthorized)),
        (403, None, Outcome::Refused(Reason::Unauthorized)),
        (404, None, Outcome::Refused(Reason::UnknownAddress)),
        (408, None, failed(Reason::Timeout, None)),
        (410, None, Outcome::Refused(Reason::UnknownAddress)),
        (413, None, Outcome::Refused(Reason::Rejected)),
        (429, wait, failed(Reason::Throttled, wait)),
        (500, None, Outcome::Unknown(Reason::ProviderFault)),
        (502, None, Outcome::Unknown(Reason::ProviderFault)),
        (503, wait, failed(Reason::ProviderFault, wait)),
        (504, None, Outcome::Unknown(Reason::ProviderFault)),
        (600, None, Outcome::Unknown(Reason::Nonsense)),
    ] {
        let response = Response { status, retry_after, body: "no\r\nway\0".to_owned() };
        let report = classify(&response);
        assert_eq!(report.outcome, expected, "{status}");
        assert!(!report.detail.contains(char::is_control), "{report:?}");
    }
}

#[test]
fn addresses_have_their_form() {
    for address in ["https://chat.example/hook", "http://127.0.0.1:8080/", "https://chat.example:8443/a?b=c"]
    {
        assert_eq!(mistake(address), None, "{address}");
    }
    for address in
        ["", "chat.example", "https://a:b@chat.example/", "ftp://x/", "https://x/\r\ny", "https://x/ y"]
    {
        assert!(mistake(address).is_some(), "{address:?}");
    }
}
