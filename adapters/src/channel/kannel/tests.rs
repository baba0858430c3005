use events::Span;
use events::event::Language;
use events::event::person::ChannelKind;

use super::*;
use crate::channel::stand_in::{self, Then};
use crate::http::RESPONSE_BYTES_MAX;
use crate::link::LinkKey;
use crate::probe::Ill;
use crate::text::sample::{LINK, dispatch, notice};

const ANNA: &str = "+393331234567";

fn config() -> KannelConfig {
    KannelConfig {
        timeout: Duration::from_secs(2),
        ..KannelConfig::new("modem", "http://k/cgi-bin/sendsms", "house", Secret::new("s3&cret"))
    }
}

fn links(public_url: &str) -> Links {
    Links { public_url: public_url.to_owned(), key: LinkKey::new([7; 32]) }
}

fn response(status: u16, body: &str) -> Response {
    Response { status, retry_after: None, body: body.to_owned() }
}

fn to_anna(summary: &str) -> Dispatch {
    dispatch(ChannelKind::SMS, ANNA, Language::It, &notice(summary))
}

#[test]
fn page_is_encoded_as_documented() {
    let notice = notice("Checkout answers 500");
    let dispatch = dispatch(ChannelKind::SMS, ANNA, Language::It, &notice);
    let text = text::sms(&dispatch, &notice, LINK);
    let links = links("https://pager.example/");
    let request = encode(&config(), &links, &dispatch, &text).expect("a number");
    assert_eq!((request.url.as_str(), &request.basic), ("http://k/cgi-bin/sendsms", &None));
    let body = format!("K7M2Q Checkout answers 500\nWeb shop, inizio 03:10\nCi penso io: {LINK}");
    let key = callback::key(&links.key, "modem", &dispatch.attempt);
    let report = format!(
        "https://pager.example/callbacks/kannel/modem/status?attempt={}&key={key}&type=%d&answer=%A",
        dispatch.attempt
    );
    let expected = [
        ("username", "house"),
        ("password", "s3&cret"),
        ("to", ANNA),
        ("text", &body),
        ("charset", "UTF-8"),
        ("coding", "0"),
        ("validity", "5"),
        ("dlr-mask", "31"),
        ("dlr-url", &report),
    ];
    let found: Vec<(&str, &str)> = request.form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_page_can_be_answered_where_the_gateway_brings_answers_and_no_record_says_how() {
    let (links, dispatch) = (links("https://pager.example"), to_anna("disk full"));
    let code = links.key.reply_code(&dispatch.attempt).to_string();
    for key in [None, Some(Secret::new("0f5a2c8e9b7d4163"))] {
        let config = KannelConfig { incoming_key: key.clone(), ..config() };
        let (request, text) = prepare(&config, &links, &dispatch).expect("a page");
        let sent = request.field("text").expect("a text");
        assert_eq!(sent.ends_with(&format!("\nOppure rispondi OK {code}")), key.is_some(), "{sent}");
        assert!(!format!("{request:?}{config:?}").contains("0f5a2c8e9b7d4163"));
        let quoted = Ok(response(202, &format!("0: Accepted for delivery: {sent}")));
        let report = conclude(&config, &request, &text, quoted);
        assert_eq!(report.outcome, Outcome::Accepted);
        let record = format!("{} {}", report.detail, report.text);
        assert!(key.is_none() || !record.contains(&code), "{record}");
    }
}

#[test]
fn what_is_configured_is_sent() {
    for (seconds, minutes) in [(0, "1"), (60, "1"), (61, "2"), (120, "2"), (36_000, "600"), (99_999, "600")] {
        let config = KannelConfig {
            from: Some("4321".to_owned()),
            smsc: Some("modem-1".to_owned()),
            validity_seconds: seconds,
            ..config()
        };
        let request = encode(&config, &links(""), &to_anna("x"), &Text::default()).expect("a number");
        assert_eq!((request.field("from"), request.field("smsc")), (Some("4321"), Some("modem-1")));
        assert_eq!(request.field("validity"), Some(minutes), "{seconds}");
        assert_eq!((request.field("dlr-url"), request.field("dlr-mask")), (None, None), "no public address");
    }
}

#[test]
fn what_the_address_says_is_no_code_of_kannel() {
    let links = links("https://pager.example/%d/100%");
    let request = encode(&config(), &links, &to_anna("x"), &Text::default()).expect("a number");
    let url = request.field("dlr-url").expect("an address");
    assert!(
        url.starts_with("https://pager.example/%%d/100%%/callbacks/kannel/modem/status?attempt="),
        "{url}"
    );
    assert!(url.ends_with("&type=%d&answer=%A"), "{url}");
}

#[test]
fn what_gsm7_cannot_say_goes_as_ucs2() {
    for (text, coding) in [
        ("disk full", "0"),
        ("Größe läuft über [5 €] ^{}\\~| Δ", "0"),
        ("a\nb", "0"),
        ("È finito", "2"),
        ("Диск", "2"),
        ("🔥", "2"),
        ("ç", "2"),
    ] {
        let text = Text { body: text.to_owned(), ..Text::default() };
        let request = encode(&config(), &links(""), &to_anna("x"), &text).expect("a number");
        assert_eq!(request.field("coding"), Some(coding), "{text:?}");
        assert_eq!(request.field("text"), Some(&*text.body));
    }
    let long = Text { body: "Ж".repeat(9_000), ..Text::default() };
    let request = encode(&config(), &links(""), &to_anna("x"), &long).expect("a number");
    assert_eq!(request.field("text").map(|text| text.chars().count()), Some(SMS_CHARS_MAX));
}

#[test]
fn only_one_phone_number_is_paged() {
    let links = links("https://pager.example");
    for address in [
        "",
        " ",
        "+393331234567 +491701234567",
        "+393331234567\r\n",
        "+393331234567&to=+49",
        "+39\u{0}3331234567",
        "abc",
    ] {
        let dispatch = Dispatch { address: address.to_owned(), ..to_anna("x") };
        let report = prepare(&config(), &links, &dispatch).expect_err("no number");
        assert_eq!(report.outcome, Outcome::Refused(Reason::UnknownAddress), "{address:?}");
        assert!(report.text.is_empty(), "{report:?}");
    }
    let recall = Dispatch { errand: Errand::Recall { receipt: None }, ..to_anna("x") };
    let report = prepare(&config(), &links, &recall).expect_err("nothing rings");
    assert_eq!(report.outcome, Outcome::Refused(Reason::Rejected));
}

/// What Kannel 1.4.5 answers, and what may stand before it.
#[test]
fn what_the_gateway_says_means() {
    let failed = |reason| Outcome::Failed { reason, retry_after: None };
    for (status, body, expected) in [
        (202, "0: Accepted for delivery", Outcome::Accepted),
        (202, "3: Queued for later delivery", Outcome::Accepted),
        (202, "Sent.", Outcome::Accepted),
        (202, "", Outcome::Accepted),
        (200, "0: Accepted for delivery\r\n", Outcome::Accepted),
        (200, "3: Queued for later delivery", Outcome::Accepted),
        (200, "Sent. Message splits: 2", Outcome::Accepted),
        (200, "", Outcome::Unknown(Reason::Nonsense)),
        (200, "<html>Log in to the hotel's network</html>", Outcome::Unknown(Reason::Nonsense)),
        (200, "1: what?", Outcome::Unknown(Reason::Nonsense)),
        (204, "", Outcome::Unknown(Reason::Nonsense)),
        (302, "", Outcome::Unknown(Reason::Nonsense)),
        (100, "0: Accepted for delivery", Outcome::Unknown(Reason::Nonsense)),
        (403, "Authorization failed for sendsms", Outcome::Refused(Reason::Unauthorized)),
        (401, "", Outcome::Refused(Reason::Unauthorized)),
        (403, "Not routable. Do not try again.", Outcome::Refused(Reason::Rejected)),
        (400, "Missing receiver number, rejected", Outcome::Refused(Reason::Rejected)),
        (
            400,
            "Number(s) has/have been denied by white- and/or black-lists.",
            Outcome::Refused(Reason::Rejected),
        ),
        (400, "Sender missing and no global set, rejected", Outcome::Refused(Reason::Rejected)),
        (404, "Unknown request.", Outcome::Refused(Reason::Rejected)),
        (429, "", failed(Reason::Throttled)),
        (503, "Temporal failure, try again later.", failed(Reason::ProviderFault)),
        (503, "<html>no upstream</html>", Outcome::Unknown(Reason::ProviderFault)),
        (500, "Sending failed.", Outcome::Unknown(Reason::ProviderFault)),
        (502, "", Outcome::Unknown(Reason::ProviderFault)),
    ] {
        assert_eq!(classify(&response(status, body)), expected, "{status} {body}");
    }
    let asked = Response { retry_after: Some(Span::from_seconds(3)), ..response(429, "") };
    let expected = Outcome::Failed { reason: Reason::Throttled, retry_after: Some(Span::from_seconds(3)) };
    assert_eq!(classify(&asked), expected);
}

fn concluded(config: &KannelConfig, status: u16, body: &str) -> Report {
    let dispatch = to_anna("disk #1 full");
    let (request, text) = prepare(config, &links("https://p"), &dispatch).expect("a page");
    conclude(config, &request, &text, Ok(response(status, body)))
}

#[test]
fn the_gateways_words_are_kept() {
    for (status, body, expected) in [
        (202, "3: Queued for later delivery", "3: Queued for later delivery"),
        (403, "Authorization failed for sendsms", "status 403: Authorization failed for sendsms"),
        (403, "Not routable.\r\nDo not\u{0} try again.", "status 403: Not routable. Do not try again."),
        (500, " \n", "status 500 and no words"),
        (204, "", "status 204 and no words"),
    ] {
        assert_eq!(concluded(&config(), status, body).detail, expected);
    }
    assert_eq!(concluded(&config(), 400, &"x".repeat(9_000)).detail.chars().count(), 500);
    assert!(concluded(&config(), 202, "0: Accepted").text.ends_with("#..."), "the text that was sent");
    assert_eq!(concluded(&config(), 403, "no").text, "");
}

#[test]
fn what_a_gateway_quotes_holds_no_secret() {
    for password in ["s3&cret", "s3  c%r+et", "p\u{e4}ss"] {
        let config = KannelConfig { password: Secret::new(password), ..config() };
        let (request, _) = prepare(&config, &links("https://p"), &to_anna("disk #1")).expect("a page");
        let url = reqwest::Url::parse_with_params(&request.url, &request.form).expect("an address");
        let key = callback::key(&links("").key, "modem", &to_anna("").attempt);
        let token =
            request.field("text").and_then(|text| text.rsplit_once('#')).expect("a link").1.to_owned();
        assert!(url.as_str().contains(&key) && url.as_str().contains(&token), "{url}");
        // The last one is cut in the middle of what is quoted.
        for before in ["", "cannot open ", &"x".repeat(480)] {
            let body = format!("{before}{password} {} {url}", url.query().unwrap_or_default());
            for status in [200, 400, 503] {
                let detail = concluded(&config, status, &body).detail;
                let encoded = form_encoded(password);
                for secret in [password, &*encoded, &key, &token] {
                    assert!(!detail.contains(&secret[..4]), "{secret} in {detail}");
                }
            }
        }
        let report = concluded(&KannelConfig { password: Secret::new("0"), ..config }, 200, "0: Accepted");
        assert_eq!((report.outcome, &*report.detail), (Outcome::Accepted, "***: Accepted"));
    }
}

fn kannel(url: &str, timeout_seconds: u64) -> Kannel {
    let timeout = Duration::from_secs(timeout_seconds);
    let config =
        KannelConfig { url: url.to_owned(), timeout, from: Some("+4930 & Co".to_owned()), ..config() };
    Kannel::new(config, links("https://p")).expect("a client")
}

async fn page_over(url: &str, summary: &str) -> Report {
    kannel(url, 30).send(&to_anna(summary)).await
}

#[tokio::test]
async fn page_goes_out_and_nothing_in_it_is_a_field() {
    let answer = "HTTP/1.1 202 Accepted\r\nContent-Length: 24\r\n\r\n0: Accepted for delivery";
    let server = stand_in::http(answer, Then::Close).await;
    let summary = "disk\r\nfull\u{0} &to=+1900#%d \"x\" 'y' =;\n.\n";
    let report = page_over(&server.url(), summary).await;
    assert_eq!((report.outcome, &*report.detail), (Outcome::Accepted, "0: Accepted for delivery"));
    assert_eq!(report.receipt, None);
    assert!(report.text.starts_with("K7M2Q disk full &to=+1900#%d \"x\" 'y' =; .\n"), "{report:?}");
    let heard = server.heard().await;
    let line = heard.lines().next().unwrap_or_default();
    let start = "GET /?username=house&password=s3%26cret&to=%2B393331234567&text=K7M2Q+disk+full+%26to%3D%2B1900%23%25d+%22x%22+%27y%27+%3D%3B+.%0A";
    assert!(line.starts_with(start) && line.ends_with(" HTTP/1.1"), "{line}");
    assert_eq!((line.matches("&to=").count(), line.matches("text=").count()), (1, 1), "{line}");
    assert!(
        line.contains("&from=%2B4930+%26+Co&dlr-mask=31&dlr-url=https%3A%2F%2Fp%2Fcallbacks%2F"),
        "{line}"
    );
    assert!(heard.ends_with("\r\n\r\n"), "{heard}");
}

#[tokio::test]
async fn trouble_on_the_way_is_told_apart() {
    let huge =
        format!("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n0:{}", " ".repeat(RESPONSE_BYTES_MAX));
    // All clients are made before time runs for any: on a busy machine that takes a while.
    let mut ready = Vec::new();
    for (answer, then, expected) in [
        ("", Then::Hang, Outcome::Unknown(Reason::Timeout)),
        ("", Then::Close, Outcome::Unknown(Reason::Connection)),
        ("SSH-2.0-OpenSSH_9.2\r\n", Then::Close, Outcome::Unknown(Reason::Connection)),
        (
            "HTTP/1.1 202 OK\r\nContent-Length: 20\r\n\r\n0: A",
            Then::Close,
            Outcome::Unknown(Reason::Connection),
        ),
        ("HTTP/1.1 202 OK\r\nContent-Length: 20\r\n\r\n0: A", Then::Hang, Outcome::Unknown(Reason::Timeout)),
        (&huge, Then::Close, Outcome::Unknown(Reason::Nonsense)),
        (
            "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
            Then::Close,
            Outcome::Unknown(Reason::Nonsense),
        ),
    ] {
        let server = stand_in::http(answer, then).await;
        let timeout_seconds = if matches!(then, Then::Hang) { 2 } else { 30 };
        ready.push((answer.to_owned(), expected, kannel(&server.url(), timeout_seconds), server));
    }
    let mut cases = tokio::task::JoinSet::new();
    for (answer, expected, kannel, server) in ready {
        cases.spawn(async move {
            assert_eq!(kannel.send(&to_anna("x")).await.outcome, expected, "{answer}");
            drop(server);
        });
    }
    cases.join_all().await;
    let closed = stand_in::closed().await;
    for url in [format!("http://{closed}"), "http://no-such-host.invalid".to_owned(), "nowhere".to_owned()] {
        let report = page_over(&url, "x").await;
        let expected = Outcome::Failed { reason: Reason::Connection, retry_after: None };
        assert_eq!(report.outcome, expected, "{url}: {}", report.detail);
        assert!(!report.detail.contains("s3"), "{report:?}");
    }
}

#[tokio::test]
async fn whether_a_page_would_go_out_is_asked_with_a_message_to_nobody() {
    let missing = "HTTP/1.1 400 Bad Request\r\nContent-Length: 33\r\n\r\nMissing receiver number, rejected";
    let stranger = "HTTP/1.1 403 Forbidden\r\nContent-Length: 24\r\n\r\nno s3&cret, no s3%26cret";
    let nowhere = "HTTP/1.1 404 Not Found\r\nContent-Length: 16\r\n\r\nUnknown request.";
    for (answer, expected) in [
        (missing, None),
        (stranger, Some(Ill::Unauthorized("status 403: no ***, no ***".to_owned()))),
        (nowhere, Some(Ill::Unfit("status 404: Unknown request.".to_owned()))),
    ] {
        let server = stand_in::http(answer, Then::Close).await;
        let kannel = Kannel::new(KannelConfig { url: server.url(), ..config() }, links("https://p"));
        let probe = kannel.expect("a client").probe().await.expect("there is somebody to ask");
        assert_eq!(probe.ill, expected);
        let heard = server.heard().await;
        assert!(heard.starts_with("GET /?username=house&password=s3%26cret HTTP/1.1\r\n"), "{heard}");
    }
    let url = format!("http://{}/", stand_in::closed().await);
    let probe =
        Kannel::new(KannelConfig { url, ..config() }, links("https://p")).expect("a client").probe().await;
    let ill = probe.and_then(|probe| probe.ill).expect("nobody is there");
    assert!(matches!(ill, Ill::Unreachable(_)) && !ill.words().contains("s3"), "{ill:?}");
}

#[tokio::test]
async fn announcement_asks_for_no_reports() {
    let server = stand_in::http("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n0:", Then::Close).await;
    let config = KannelConfig { url: server.url(), ..config() };
    let kannel = Kannel::new(config, links("https://p")).expect("a client");
    let text = Text::announcement("[NO-LOG]", &format!("[NO-LOG] {}", "ü".repeat(9_999)));
    assert_eq!(kannel.announce(ANNA, &text).await.outcome, Outcome::Accepted);
    assert!(!server.heard().await.contains("dlr"));
    assert_eq!(kannel.announce("7311", &text).await.outcome, Outcome::Refused(Reason::UnknownAddress));
    assert!(!format!("{kannel:?}").contains("s3"));
}
