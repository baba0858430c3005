use events::event::Language;

use super::*;
use crate::channel::kannel::KannelConfig;
use crate::channel::stand_in::{self, Then};
use crate::channel::twilio::{Sender, TwilioConfig};
use crate::link::LinkKey;
use crate::probe::Ill;
use crate::text::sample::{at, dispatch, notice};

#[derive(Debug)]
struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        at("2026-11-22T02:11:00Z")
    }
}

fn config() -> VoiceConfig {
    VoiceConfig {
        base_url: "http://t/".to_owned(),
        timeout: Duration::from_secs(2),
        ..VoiceConfig::new("AC1", Secret::new("s3cret"), "+15005550006")
    }
}

fn links() -> Links {
    Links { public_url: "https://pager.example/".to_owned(), key: LinkKey::new([7; 32]) }
}

fn to_anna(errand: Option<Errand>) -> Dispatch {
    let notice = notice("Checkout answers 500");
    let dispatch = dispatch(ChannelKind::VOICE, "+393331234567", Language::It, &notice);
    Dispatch { errand: errand.unwrap_or_else(|| dispatch.errand.clone()), ..dispatch }
}

fn response(status: u16, body: &str) -> Response {
    Response { status, retry_after: None, body: body.to_owned() }
}

fn form(request: &Request) -> Vec<(&str, &str)> {
    request.form.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[test]
fn a_call_is_encoded_as_documented() {
    let dispatch = to_anna(None);
    let Ok(Prepared::Page(request, text)) = prepare(&config(), &links(), &dispatch) else { panic!("a page") };
    assert_eq!(request.url, "http://t/2010-04-01/Accounts/AC1/Calls.json");
    assert_eq!(request.basic, Some(("AC1".to_owned(), Secret::new("s3cret"))));
    let at =
        |path: &str| format!("https://pager.example/callbacks/twilio/{path}?attempt={}", dispatch.attempt);
    let (answered, status) = (at("voice"), at("voice/status"));
    let expected = [
        ("To", "+393331234567"),
        ("From", "+15005550006"),
        ("Timeout", "25"),
        ("TimeLimit", "300"),
        ("Url", &answered),
        ("Method", "POST"),
        ("MachineDetection", "Enable"),
        ("StatusCallback", &status),
        ("StatusCallbackMethod", "POST"),
        ("StatusCallbackEvent", "initiated"),
        ("StatusCallbackEvent", "ringing"),
        ("StatusCallbackEvent", "answered"),
        ("StatusCallbackEvent", "completed"),
    ];
    assert_eq!(form(&request), expected);
    assert!(
        text.body.starts_with("Qui Hot Potato. Allarme K, 7, M, 2, Q. Checkout answers 500."),
        "{text:?}"
    );
}

#[test]
fn where_twilio_cannot_reach_us_it_is_told_at_once_what_to_say() {
    let dispatch = to_anna(None);
    let text = Text { body: "<Größe> & \"mehr\"".repeat(99), ..Text::default() };
    let config = VoiceConfig { ring_seconds: 9_999, ..config() };
    let request = encode(&config, "", &dispatch, &text);
    assert_eq!((request.field("Url"), request.field("StatusCallback")), (None, None));
    assert_eq!(request.field("Timeout"), Some("600"));
    let twiml = request.field("Twiml").expect("words");
    assert!(twiml.contains("it-IT") && twiml.contains("&lt;Größe&gt; &amp; &quot;mehr&quot;"), "{twiml}");
    assert!(!twiml.contains("Gather") && twiml.chars().count() <= 4_000, "{}", twiml.len());
}

#[test]
fn what_twilio_says_of_a_call_means() {
    let throttled = Outcome::Failed { reason: Reason::Throttled, retry_after: None };
    let refused = Outcome::Refused;
    for (status, code, expected) in [
        (400, 21_211, refused(Reason::UnknownAddress)),
        (400, 21_214, refused(Reason::UnknownAddress)),
        (400, 21_217, refused(Reason::UnknownAddress)),
        (400, 13_224, refused(Reason::UnknownAddress)),
        (400, 21_210, refused(Reason::Rejected)),
        (400, 21_215, refused(Reason::Rejected)),
        (400, 21_216, refused(Reason::Rejected)),
        (400, 21_219, refused(Reason::Rejected)),
        (400, 21_205, refused(Reason::Rejected)),
        (401, 20_003, refused(Reason::Unauthorized)),
        (403, 20_006, refused(Reason::Unauthorized)),
        (404, 20_404, refused(Reason::Unauthorized)),
        (429, 20_429, throttled),
        (400, 10_004, throttled),
        (500, 20_500, Outcome::Unknown(Reason::ProviderFault)),
        (503, 20_503, Outcome::Unknown(Reason::ProviderFault)),
        (302, 0, Outcome::Unknown(Reason::Nonsense)),
    ] {
        let body = format!(r#"{{"code":{code},"message":"It is so.","status":{status}}}"#);
        let report = classify(&response(status, &body), Timestamp::default());
        assert_eq!((report.outcome, report.receipt), (expected, None), "{status} {code}");
        assert_eq!(report.detail, format!("{code}: It is so."));
    }
}

#[test]
fn a_call_that_was_taken_can_be_stopped_while_it_rings() {
    let queued = r#"{"sid":"CA1f0e","status":"queued"}"#;
    let report = conclude(&config(), &Text::default(), Ok(response(201, queued)), at("2026-11-22T02:11:00Z"));
    assert_eq!(report.outcome, Outcome::Accepted);
    let rings_until = Some(at("2026-11-22T02:12:30Z"));
    assert_eq!(report.receipt, Some(Receipt { id: "CA1f0e".to_owned(), rings_until, asked_until: None }));
    let failed = classify(&response(201, r#"{"sid":"CA1","status":"failed"}"#), Timestamp::default());
    assert_eq!(failed.outcome, Outcome::Refused(Reason::Rejected));
    for body in ["", "{}", "<html>", r#"{"sid":7}"#, r#"{"sid":"../Messages"}"#, "[]", "\u{0}"] {
        let report = classify(&response(201, body), Timestamp::default());
        assert_eq!((report.outcome, report.receipt), (Outcome::Unknown(Reason::Nonsense), None), "{body}");
    }
    let stop =
        prepare(&config(), &links(), &to_anna(Some(Errand::Recall { receipt: Some("CA1f0e".into()) })));
    let Ok(Prepared::Recall(request)) = stop else { panic!("a recall") };
    assert_eq!(request.url, "http://t/2010-04-01/Accounts/AC1/Calls/CA1f0e.json");
    assert_eq!(form(&request), [("Status", "canceled")]);
    for receipt in [None, Some("../x".to_owned()), Some(String::new())] {
        let report =
            prepare(&config(), &links(), &to_anna(Some(Errand::Recall { receipt }))).expect_err("no");
        assert_eq!(report.outcome, Outcome::Refused(Reason::Rejected), "{report:?}");
    }
}

#[test]
fn a_call_that_is_over_rings_no_more() {
    for (status, body, expected) in [
        (200, r#"{"sid":"CA1","status":"canceled"}"#, Outcome::Accepted),
        (400, r#"{"code":21220,"message":"Invalid call state"}"#, Outcome::Accepted),
        (404, r#"{"code":20404,"message":"not found"}"#, Outcome::Refused(Reason::Unauthorized)),
        (429, r#"{"code":20429}"#, Outcome::Failed { reason: Reason::Throttled, retry_after: None }),
        (500, "", Outcome::Unknown(Reason::ProviderFault)),
    ] {
        assert_eq!(
            conclude_recall(&config(), Ok(response(status, body))).outcome,
            expected,
            "{status} {body}"
        );
    }
}

async fn call_over(base_url: &str, address: &str) -> Report {
    let config = VoiceConfig { base_url: base_url.to_owned(), ..config() };
    let means = Means { links: links(), clock: Arc::new(StoppedClock) };
    let provider = config.start(&means).expect("a client");
    provider.send(&Dispatch { address: address.to_owned(), ..to_anna(None) }).await
}

#[tokio::test]
async fn a_call_goes_out_and_its_sid_comes_back() {
    let answer = "HTTP/1.1 201 Created\r\nContent-Length: 13\r\n\r\n{\"sid\":\"CA1\"}";
    let server = stand_in::http(answer, Then::Close).await;
    let report = call_over(&server.url(), "+393331234567\r\n&To=+1900").await;
    assert_eq!(report.outcome, Outcome::Accepted);
    assert!(report.text.starts_with("Qui Hot Potato.") && !report.text.contains("://"), "{report:?}");
    let heard = server.heard().await;
    assert!(heard.starts_with("POST /2010-04-01/Accounts/AC1/Calls.json HTTP/1.1\r\n"), "{heard}");
    assert!(heard.contains("To=%2B393331234567%0D%0A%26To%3D%2B1900&From="), "{heard}");
    assert!(!heard.contains("s3cret"), "the token goes as credentials: {heard}");
}

#[tokio::test]
async fn the_token_stands_in_no_report() {
    let body = r#"{"code":20003,"message":"s3cret is no token"}"#;
    let answer = format!("HTTP/1.1 401 No\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let server = stand_in::http(&answer, Then::Close).await;
    let report = call_over(&server.url(), "+49").await;
    assert_eq!(report.outcome, Outcome::Refused(Reason::Unauthorized));
    assert!(!report.detail.contains("s3cret") && report.text.is_empty(), "{report:?}");
}

#[tokio::test]
async fn nobody_knows_what_became_of_a_call_without_an_answer() {
    let silent = stand_in::http("", Then::Close).await;
    let report = call_over(&silent.url(), "+49").await;
    assert_eq!(report.outcome, Outcome::Unknown(Reason::Connection));
    assert!(!report.text.is_empty(), "it may have been said");
    let closed = format!("http://{}", stand_in::closed().await);
    let report = call_over(&closed, "+49").await;
    assert_eq!(report.outcome, Outcome::Failed { reason: Reason::Connection, retry_after: None });
}

#[tokio::test]
async fn an_announcement_is_said_twice_in_the_request_itself() {
    let answer = "HTTP/1.1 201 Created\r\nContent-Length: 13\r\n\r\n{\"sid\":\"CA1\"}";
    let server = stand_in::http(answer, Then::Close).await;
    let config = VoiceConfig { base_url: server.url(), ..config() };
    let means = Means { links: links(), clock: Arc::new(StoppedClock) };
    let provider = config.start(&means).expect("a client");
    let text = Text::announcement("[NO-LOG]", "the disk is full");
    let report = provider.announce("+49301234567", &text).await;
    assert_eq!(report.outcome, Outcome::Accepted);
    let heard = server.heard().await;
    assert_eq!(heard.matches("the+disk+is+full").count(), 2, "{heard}");
    assert!(heard.contains("&Twiml=%3C%3Fxml") && !heard.contains("Url="), "{heard}");
}

#[tokio::test]
async fn the_account_is_asked_as_for_texts() {
    for (body, expected) in [
        (r#"{"status":"active"}"#, None),
        (r#"{"status":"suspended"}"#, Some(Ill::Unauthorized("the account is suspended".to_owned()))),
    ] {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let server = stand_in::http(&answer, Then::Close).await;
        let means = Means { links: links(), clock: Arc::new(StoppedClock) };
        let voice = VoiceConfig { base_url: server.url(), ..config() }.start(&means).expect("a client");
        assert_eq!(voice.probe().await.and_then(|probe| probe.ill), expected);
        let heard = server.heard().await;
        assert!(heard.starts_with("GET /2010-04-01/Accounts/AC1.json HTTP/1.1\r\n"), "{heard}");
    }
}

#[test]
fn calls_and_texts_of_one_twilio_depend_on_the_same_and_a_gateway_of_ones_own_does_not() {
    let secret = || Secret::new("s3cret");
    let calls = VoiceConfig::new("AC1", secret(), "+15005550006").depends_on();
    let sender = Sender::From("+15005550006".to_owned());
    assert_eq!(calls, TwilioConfig::new("AC2", secret(), sender).depends_on());
    assert_eq!(calls.as_deref(), Some("api.twilio.com"));
    let gateway = KannelConfig::new("modem", "http://sms.example:13013/cgi-bin/sendsms", "house", secret());
    assert_eq!(gateway.depends_on().as_deref(), Some("sms.example"));
}
