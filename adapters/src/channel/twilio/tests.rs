use std::collections::BTreeSet;

use events::Span;
use events::event::Language;
use events::event::person::ChannelKind;
use i18n::gsm7;

use super::*;
use crate::channel::stand_in::{self, Then};
use crate::http::RESPONSE_BYTES_MAX;
use crate::link::LinkKey;
use crate::text::sample::{LINK, dispatch, notice};

fn config() -> TwilioConfig {
    let sender = Sender::From("+15005550006".to_owned());
    TwilioConfig {
        base_url: "http://t/".to_owned(),
        timeout: Duration::from_secs(2),
        ..TwilioConfig::new("AC1", Secret::new("s3cret"), sender)
    }
}

fn response(status: u16, body: &str) -> Response {
    Response { status, retry_after: None, body: body.to_owned() }
}

#[test]
fn reports_are_promised_only_where_they_can_come() {
    for (public_url, given, expected) in [
        ("https://pager.example", Some(REPORTS_WITHIN_DEFAULT), Some(REPORTS_WITHIN_DEFAULT)),
        ("http://127.0.0.1:8080/", Some(REPORTS_WITHIN_DEFAULT), Some(REPORTS_WITHIN_DEFAULT)),
        ("https://pager.example", None, None),
        ("hotpotato", Some(REPORTS_WITHIN_DEFAULT), None),
    ] {
        let config = TwilioConfig { reports_within: given, ..config() };
        let links = Links { public_url: public_url.to_owned(), key: LinkKey::new([7; 32]) };
        let twilio = Twilio::new(config, links).expect("a client");
        assert_eq!(twilio.usage().reports_within, expected, "{public_url} {given:?}");
    }
}

#[test]
fn page_is_encoded_as_documented() {
    let notice = notice("Checkout answers 500");
    let dispatch = dispatch(ChannelKind::SMS, "+393331234567", Language::It, &notice);
    let text = text::sms(&dispatch, &notice, LINK);
    let request = encode(&config(), "https://pager.example/", &dispatch, &text);
    assert_eq!(request.url, "http://t/2010-04-01/Accounts/AC1/Messages.json");
    assert_eq!(request.basic, Some(("AC1".to_owned(), Secret::new("s3cret"))));
    let body = format!("K7M2Q Checkout answers 500\nWeb shop, inizio 03:10\nCi penso io: {LINK}");
    let callback =
        format!("https://pager.example/callbacks/twilio/message-status?attempt={}", dispatch.attempt);
    let expected = [
        ("To", "+393331234567"),
        ("From", "+15005550006"),
        ("Body", &body),
        ("ValidityPeriod", "120"),
        ("StatusCallback", &callback),
    ];
    let found: Vec<(&str, &str)> = request.form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(found, expected);
    assert_eq!(gsm7::segments(&body), 1);
}

#[test]
fn only_what_can_be_answered_says_how() {
    let links = Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) };
    let dispatch = dispatch(ChannelKind::SMS, "+49", Language::En, &notice("x"));
    for (sender, replies) in [
        (Sender::From("+15005550006".to_owned()), true),
        (Sender::From("55512".to_owned()), true),
        (Sender::MessagingService("MG1".to_owned()), true),
        (Sender::From("HotPotato".to_owned()), false),
    ] {
        let config = TwilioConfig::new("AC1", Secret::new("s3cret"), sender);
        for (config, replies) in
            [(config.clone(), replies), (TwilioConfig { replies: false, ..config }, false)]
        {
            let (request, text) = prepare(&config, &links, &dispatch).expect("a page");
            let body = request.field("Body").unwrap_or_default();
            let code = links.key.reply_code(&dispatch.attempt);
            assert_eq!(body.ends_with(&format!("\nOr reply OK {code}")), replies, "{body}");
            assert_eq!(text.reply.is_some(), replies);
        }
    }
}

#[test]
fn service_validity_and_callback_follow_the_configuration() {
    let sender = Sender::MessagingService("MG1".to_owned());
    let config = TwilioConfig { sender, validity_seconds: 99_999, ..config() };
    let dispatch = dispatch(ChannelKind::SMS, "+49", Language::En, &notice("x"));
    let request = encode(&config, "", &dispatch, &Text::default());
    assert_eq!((request.field("From"), request.field("MessagingServiceSid")), (None, Some("MG1")));
    assert_eq!((request.field("ValidityPeriod"), request.field("StatusCallback")), (Some("36000"), None));
}

#[test]
fn what_twilio_says_means() {
    let throttled = Outcome::Failed { reason: Reason::Throttled, retry_after: None };
    let refused = Outcome::Refused;
    for (status, code, expected) in [
        (400, 21_211, refused(Reason::UnknownAddress)),
        (400, 21_614, refused(Reason::UnknownAddress)),
        (400, 21_612, refused(Reason::UnknownAddress)),
        (400, 21_610, refused(Reason::Rejected)),
        (400, 21_408, refused(Reason::Rejected)),
        (400, 21_602, refused(Reason::Rejected)),
        (400, 21_606, refused(Reason::Rejected)),
        (400, 90_007, refused(Reason::Rejected)),
        (401, 20_003, refused(Reason::Unauthorized)),
        (403, 20_006, refused(Reason::Unauthorized)),
        (404, 20_404, refused(Reason::Unauthorized)),
        (400, 20_003, refused(Reason::Unauthorized)),
        (429, 20_429, throttled),
        (429, 14_107, throttled),
        (429, 63_038, throttled),
        (400, 21_611, throttled),
        (400, 30_001, throttled),
        (400, 30_022, throttled),
        (500, 20_500, Outcome::Unknown(Reason::ProviderFault)),
        (503, 20_503, Outcome::Unknown(Reason::ProviderFault)),
        (302, 0, Outcome::Unknown(Reason::Nonsense)),
    ] {
        let body =
            format!(r#"{{"code":{code},"message":"It is so.","more_info":"https://x","status":{status}}}"#);
        let report = classify(&response(status, &body));
        assert_eq!((report.outcome, report.receipt), (expected, None), "{status} {code}");
        assert_eq!(report.detail, format!("{code}: It is so."));
    }
    for (body, said) in
        [(r#"{"message":" \n"}"#, "status 400: {"), (r#"{"code":1,"message":""}"#, "status 400: {")]
    {
        assert!(
            classify(&response(400, body)).detail.starts_with(said),
            "a reason that says something: {body}"
        );
    }
    let asked = Response { retry_after: Some(Span::from_seconds(3)), ..response(429, "") };
    let expected = Outcome::Failed { reason: Reason::Throttled, retry_after: Some(Span::from_seconds(3)) };
    assert_eq!(classify(&asked).outcome, expected);
}

#[test]
fn taken_messages_have_a_receipt() {
    let queued = r#"{"sid":"SM1f0e","status":"queued","error_code":null,"error_message":null}"#;
    let report = classify(&response(201, queued));
    assert_eq!(report.outcome, Outcome::Accepted);
    assert_eq!(report.receipt, Some(Receipt::of("SM1f0e".to_owned())));
    let failed =
        r#"{"sid":"SM1","status":"failed","error_code":30034,"error_message":"Unregistered number"}"#;
    let report = classify(&response(201, failed));
    assert_eq!(report.outcome, Outcome::Refused(Reason::Rejected));
    assert_eq!(report.detail, "30034: Unregistered number");
    for body in ["", "{}", "<html>", r#"{"sid":7}"#, r#"{"sid":null}"#, "[]", "\u{0}"] {
        assert_eq!(classify(&response(201, body)).outcome, Outcome::Unknown(Reason::Nonsense), "{body}");
        assert_eq!(classify(&response(400, body)).outcome, Outcome::Refused(Reason::Rejected), "{body}");
    }
}

/// Every client that this build can send through.
fn carriers() -> Vec<Carrier> {
    let config = config();
    vec![
        Carrier::Own(Client::new(config.timeout, CONNECTIONS_MAX).expect("a client")),
        #[cfg(feature = "twilio-rs")]
        Carrier::TwilioRs(
            twilio_rs::Client::new(&config.base_url, config.timeout).expect("certificates of authorities"),
        ),
    ]
}

async fn page_over(carrier: Carrier, base_url: &str) -> Report {
    let links = Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) };
    let config = TwilioConfig { base_url: base_url.to_owned(), ..config() };
    let notice = notice("disk full\r\nTo=+1900&Body=x");
    let dispatch = dispatch(ChannelKind::SMS, "+393331234567", Language::De, &notice);
    let prober = Client::new(config.timeout, 0).expect("a client");
    Twilio { config, links, carrier, prober }.send(&dispatch).await
}

/// A request's head as lines whose order does not matter, and its form.
fn lines_and_form(request: &str) -> (BTreeSet<String>, String) {
    let (head, form) = request.split_once("\r\n\r\n").expect("a head");
    (head.lines().map(str::to_ascii_lowercase).collect(), form.to_owned())
}

#[tokio::test]
async fn page_goes_out_and_its_sid_comes_back() {
    let answer = "HTTP/1.1 201 Created\r\nContent-Length: 13\r\n\r\n{\"sid\":\"SM1\"}";
    let mut requests = Vec::new();
    for carrier in carriers() {
        let server = stand_in::http(answer, Then::Close).await;
        let host = server.address.to_string();
        let report = page_over(carrier, &server.url()).await;
        assert_eq!(report.outcome, Outcome::Accepted);
        assert_eq!(report.receipt, Some(Receipt::of("SM1".to_owned())));
        assert!(report.text.starts_with("K7M2Q disk full To=+1900&Body=x\n"), "{report:?}");
        assert!(report.text.ends_with("/a/K7M2Q#...\nOder antworten: OK ..."), "{report:?}");
        let heard = server.heard().await;
        assert!(heard.starts_with("POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1\r\n"), "{heard}");
        assert!(heard.contains("\r\nauthorization: Basic QUMxOnMzY3JldA==\r\n"), "{heard}");
        assert!(heard.contains("\r\n\r\nTo=%2B393331234567&From="), "{heard}");
        assert_eq!((heard.matches("To=").count(), heard.matches("Body=").count()), (1, 1), "{heard}");
        requests.push(lines_and_form(&heard.replace(&host, "host")));
    }
    requests.dedup();
    assert_eq!(requests.len(), 1, "the same request through every client: {requests:?}");
}

#[tokio::test]
async fn trouble_on_the_way_is_told_apart() {
    let mut under_way = Vec::new();
    for (answer, then, expected) in [
        ("", Then::Hang, Reason::Timeout),
        ("", Then::Close, Reason::Connection),
        ("HTTP/1.1 503 Oops\r\nContent-Length: 0\r\n\r\n", Then::Close, Reason::ProviderFault),
        ("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nhi", Then::Close, Reason::Nonsense),
        ("SSH-2.0-OpenSSH_9.2\r\n", Then::Close, Reason::Connection),
        ("HTTP/1.1 201 Created\r\nContent-Length: 20\r\n\r\n{\"sid\"", Then::Close, Reason::Connection),
        ("HTTP/1.1 201 Created\r\nContent-Length: 20\r\n\r\n{\"sid\"", Then::Hang, Reason::Timeout),
        ("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", Then::Close, Reason::Nonsense),
    ] {
        for carrier in carriers() {
            let page = async move {
                let server = stand_in::http(answer, then).await;
                page_over(carrier, &server.url()).await
            };
            under_way.push((answer, expected, tokio::spawn(page)));
        }
    }
    for (answer, expected, page) in under_way {
        let report = page.await.expect("the page came to an end");
        assert_eq!(report.outcome, Outcome::Unknown(expected), "{answer:?}");
    }
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let closed = stand_in::closed().await;
    let plain = stand_in::lines(&["no TLS here\r\n"], Then::Close).await;
    for base_url in [
        format!("http://{closed}"),
        plain.url().replace("http:", "https:"),
        "http://no-such-host.invalid".to_owned(),
        "no address".to_owned(),
        "/nowhere".to_owned(),
        "nowhere".to_owned(),
        String::new(),
    ] {
        for carrier in carriers() {
            let report = page_over(carrier, &base_url).await;
            let expected = Outcome::Failed { reason: Reason::Connection, retry_after: None };
            assert_eq!(report.outcome, expected, "{base_url}: {}", report.detail);
        }
    }
}

#[tokio::test]
async fn asked_wait_is_kept_and_a_huge_answer_is_none() {
    let later = "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n";
    let huge = format!("{{\"sid\":\"SM1\"{}}}", " ".repeat(RESPONSE_BYTES_MAX));
    let huge = format!("HTTP/1.1 201 Created\r\nContent-Length: {}\r\n\r\n{huge}", huge.len());
    let asked = Outcome::Failed { reason: Reason::Throttled, retry_after: Some(Span::from_seconds(7)) };
    for (answer, expected) in [(later, asked), (&huge, Outcome::Unknown(Reason::Nonsense))] {
        for carrier in carriers() {
            let report = page_over(carrier, &stand_in::http(answer, Then::Close).await.url()).await;
            assert_eq!(report.outcome, expected);
        }
    }
}

#[test]
fn preferred_client_is_the_one_that_the_build_names() {
    let carrier = Carrier::new(&config()).expect("a client");
    assert_eq!(matches!(carrier, Carrier::Own(_)), cfg!(not(feature = "twilio-rs")));
    assert!(!format!("{carrier:?}").contains("s3cret"));
}
