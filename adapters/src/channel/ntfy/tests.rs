use events::Span;
use events::event::Language;

use super::*;
use crate::channel::Secret;
use crate::channel::stand_in::{self, Then};
use crate::link::LinkKey;
use crate::probe::Ill;
use crate::text::sample::{dispatch, notice};

const TAKEN: &str = r#"{"id":"sPs71M8A2T","time":1643935928,"expires":1643936928,"event":"message","topic":"anna-Qx7vT2kM","message":"x"}"#;

fn links() -> Links {
    Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) }
}

fn to_anna(summary: &str) -> Dispatch {
    dispatch(KIND, "anna-Qx7vT2kM", Language::De, &notice(summary))
}

fn body(prepared: &Prepared) -> Value {
    serde_json::from_str(&prepared.request.body).expect("JSON")
}

#[test]
fn a_page_is_loud_and_its_button_takes_it() {
    let prepared =
        prepare(&NtfyConfig::default(), &links(), &to_anna("Checkout antwortet 500")).expect("a page");
    assert_eq!(prepared.request.url, "https://ntfy.sh/");
    let body = body(&prepared);
    assert_eq!(body["topic"], "anna-Qx7vT2kM");
    assert_eq!(body["title"], "K7M2Q Checkout antwortet 500");
    assert_eq!((body["priority"].as_u64(), &body["tags"]), (Some(5), &json!(["rotating_light"])));
    assert!(body["message"].as_str().is_some_and(|text| text.contains("kritisch")), "{body}");
    assert_eq!(body.get("markdown"), None);
    let click = body["click"].as_str().expect("a link");
    let (address, token) = click.split_once('#').expect("a token");
    assert_eq!(address, "https://pager.example/a/K7M2Q");
    assert_eq!(
        body["actions"],
        json!([{
            "action": "http", "label": "Ich übernehme", "url": address, "method": "POST",
            "headers": { "Content-Type": "application/x-www-form-urlencoded" },
            "body": format!("token={token}"), "clear": true,
        }])
    );
    let record = prepared.text.for_record();
    assert!(record.contains("/a/K7M2Q#...") && !record.contains(token), "{record}");
}

#[test]
fn severities_have_their_priorities() {
    for (severity, expected) in
        [(Severity::Critical, 5), (Severity::Error, 5), (Severity::Warning, 4), (Severity::Info, 3)]
    {
        let request = encode(&NtfyConfig::default(), "t", &Text::announcement("a", "b"), severity);
        let body: Value = serde_json::from_str(&request.body).expect("JSON");
        assert_eq!(body["priority"].as_u64(), Some(expected));
        assert_eq!((body.get("click"), body.get("actions")), (None, None), "no link, no button");
    }
}

#[test]
fn nothing_in_an_alert_leaves_its_field() {
    for evil in [
        "a\r\nPriority: 1\r\n\r\n",
        "\0",
        "\",\"topic\":\"other",
        "\\",
        "\\\"",
        ".\r\n.",
        "''",
        "\u{2028}\u{202e}",
        "{{.}}",
    ] {
        let mut notice = notice(evil);
        notice.service = Some(evil.to_owned());
        notice.runbook = Some(evil.to_owned());
        let dispatch = dispatch(KIND, "anna-Qx7vT2kM", Language::En, &notice);
        let prepared = prepare(&NtfyConfig::default(), &links(), &dispatch).expect("a page");
        assert!(!prepared.request.body.contains(['\r', '\n', '\0']), "{:?}", prepared.request.body);
        let body = body(&prepared);
        let fields: Vec<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(fields, ["topic", "title", "message", "priority", "tags", "click", "actions"], "{evil:?}");
        assert_eq!(body["topic"], "anna-Qx7vT2kM");
        for field in ["title", "message"] {
            let text = body[field].as_str().expect("a text").replace('\n', " ");
            assert!(!text.contains(char::is_control) && !text.contains('\u{202e}'), "{text:?}");
        }
    }
}

#[test]
fn the_longest_text_fits_a_message() {
    let prepared = prepare(&NtfyConfig::default(), &links(), &to_anna(&"🔥".repeat(9_999))).expect("a page");
    let message = body(&prepared)["message"].as_str().map(str::len);
    assert!(message.is_some_and(|bytes| bytes > 3_000 && bytes <= MESSAGE_BYTES_MAX), "{message:?}");
}

#[test]
fn topics_have_their_form() {
    for topic in ["a", "anna-Qx7vT2kM", "A_9", &"x".repeat(64)] {
        assert_eq!(mistake(topic), None, "{topic}");
    }
    let long = "x".repeat(65);
    for topic in ["", " ", "a b", "a/b", "ä", "a\r\nb", "a\0", "..", "v1", "docs", "\"a\"", &long] {
        assert!(mistake(topic).is_some(), "{topic:?}");
        let to = Dispatch { address: topic.to_owned(), ..to_anna("x") };
        let report = prepare(&NtfyConfig::default(), &links(), &to).expect_err("no page");
        assert_eq!(report.outcome, Outcome::Refused(Reason::UnknownAddress), "{topic:?}");
    }
}

#[test]
fn answers_mean_what_ntfy_says() {
    let failed = |reason, seconds: Option<u64>| Outcome::Failed {
        reason,
        retry_after: seconds.map(Span::from_seconds),
    };
    for (status, retry_after, body, expected) in [
        (200, None, TAKEN, Outcome::Accepted),
        (200, None, "", Outcome::Unknown(Reason::Nonsense)),
        (200, None, "<html>It works!</html>", Outcome::Unknown(Reason::Nonsense)),
        (200, None, r#"{"id":"x","event":"open"}"#, Outcome::Unknown(Reason::Nonsense)),
        (302, None, "", Outcome::Unknown(Reason::Nonsense)),
        (
            400,
            None,
            r#"{"code":40009,"http":400,"error":"invalid request: topic invalid"}"#,
            Outcome::Refused(Reason::UnknownAddress),
        ),
        (
            400,
            None,
            r#"{"code":40010,"http":400,"error":"invalid request: topic name is not allowed"}"#,
            Outcome::Refused(Reason::UnknownAddress),
        ),
        (
            400,
            None,
            r#"{"code":40018,"http":400,"error":"invalid request: actions invalid"}"#,
            Outcome::Refused(Reason::Rejected),
        ),
        (
            401,
            None,
            r#"{"code":40101,"http":401,"error":"unauthorized"}"#,
            Outcome::Refused(Reason::Unauthorized),
        ),
        (
            403,
            None,
            r#"{"code":40301,"http":403,"error":"forbidden"}"#,
            Outcome::Refused(Reason::Unauthorized),
        ),
        (
            404,
            None,
            r#"{"code":40401,"http":404,"error":"page not found"}"#,
            Outcome::Refused(Reason::Rejected),
        ),
        (413, None, r#"{"code":41301,"http":413,"error":"too large"}"#, Outcome::Refused(Reason::Rejected)),
        (
            429,
            None,
            r#"{"code":42901,"http":429,"error":"limit reached: too many requests"}"#,
            failed(Reason::Throttled, None),
        ),
        (429, Some(7), "", failed(Reason::Throttled, Some(7))),
        (500, None, "", failed(Reason::ProviderFault, None)),
        (507, Some(3), "", failed(Reason::ProviderFault, Some(3))),
    ] {
        let retry_after = retry_after.map(Span::from_seconds);
        let report = classify(&Response { status, retry_after, body: body.to_owned() });
        assert_eq!(report.outcome, expected, "{status} {body}");
        assert_eq!(report.receipt.is_some(), expected == Outcome::Accepted, "{report:?}");
        assert!(
            expected == Outcome::Accepted || report.detail.starts_with(&status.to_string()),
            "{report:?}"
        );
    }
}

#[tokio::test]
async fn a_page_goes_out_and_the_token_is_told_to_nobody_else() {
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{TAKEN}", TAKEN.len());
    let refusal = "HTTP/1.1 403 No\r\nContent-Length: 20\r\n\r\n{\"error\":\"no tk_abc\"}";
    let silence = "";
    for (answer, then, expected) in [
        (answer.as_str(), Then::Close, Outcome::Accepted),
        (refusal, Then::Close, Outcome::Refused(Reason::Unauthorized)),
        (silence, Then::Hang, Outcome::Unknown(Reason::Timeout)),
        (silence, Then::Close, Outcome::Unknown(Reason::Connection)),
    ] {
        let server = stand_in::http(answer, then).await;
        let config = NtfyConfig {
            base_url: server.url(),
            credentials: Credentials::Bearer(Secret::new("tk_abc")),
            timeout: Duration::from_secs(1),
            ..NtfyConfig::default()
        };
        let client = Client::new(config.timeout, 0).expect("a client");
        let report =
            Ntfy { config, links: links(), prober: client.clone(), client }.send(&to_anna("Ölstand")).await;
        assert_eq!(report.outcome, expected, "{report:?}");
        assert!(!format!("{report:?}").contains("tk_abc"), "{report:?}");
        let heard = server.heard().await;
        assert!(heard.starts_with("POST / HTTP/1.1\r\n"), "{heard}");
        assert!(heard.contains("authorization: Bearer tk_abc\r\n") && heard.contains("Ölstand"), "{heard}");
    }
}

#[tokio::test]
async fn a_recall_sends_nothing() {
    let recall = Dispatch { errand: Errand::Recall { receipt: None }, ..to_anna("x") };
    let report = prepare(&NtfyConfig::default(), &links(), &recall).expect_err("nothing");
    assert_eq!(report.outcome, Outcome::Refused(Reason::Rejected));
}

#[tokio::test]
async fn whether_a_page_would_go_out_is_asked_without_publishing() {
    let answer = |status: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
    };
    let known = Credentials::Bearer(Secret::new("tk_s3cret"));
    for (credentials, answer, expected, paths) in [
        (Credentials::None, answer("200 OK", r#"{"healthy":true}"#), None, 1),
        (known.clone(), answer("200 OK", r#"{"healthy":true}"#), None, 2),
        (known.clone(), answer("200 OK", r#"{"healthy":false}"#), Some("unfit"), 1),
        (known.clone(), answer("200 OK", "<html>"), Some("unfit"), 1),
        (known.clone(), answer("502 Bad Gateway", "tk_s3cret"), Some("unfit"), 1),
    ] {
        let mut server = stand_in::http(&answer, Then::Close).await;
        let config = NtfyConfig { base_url: server.url(), credentials, ..NtfyConfig::default() };
        let probe = probe(&config, &Client::new(config.timeout, 0).expect("a client")).await;
        assert_eq!(probe.ill.as_ref().map(Ill::as_str), expected, "{answer}");
        assert!(!format!("{probe:?}").contains("tk_s3cret"), "{probe:?}");
        for (at, path) in ["/v1/health", "/v1/account"].iter().enumerate().take(paths) {
            let heard = server.next().await;
            assert!(heard.starts_with(&format!("GET {path} HTTP/1.1\r\n")), "{heard}");
            let is_named = heard.to_ascii_lowercase().contains("authorization: bearer tk_s3cret");
            assert_eq!(is_named, at == 1, "{heard}");
        }
    }
}
