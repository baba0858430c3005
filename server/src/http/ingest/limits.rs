//! Every limit of what comes in stands in `docs/sources.md` as it is here, and is answered in each sender's own way.

use actors::admission::{
    SIGNALS_UNDER_WAY_MAX, SIGNALS_UNDER_WAY_OF_ONE_MAX, SIGNALS_WAITING_MAX, SIGNALS_WAITING_OF_ONE_MAX,
    WAITED_MAX,
};
use actors::house::DURABLE_WITHIN;
use adapters::source::{
    BODY_BYTES_MAX, DEDUP_KEY_BYTES_MAX, DEPTH_MAX, DETAIL_CHARS_MAX, DETAILS_CHARS_MAX, DETAILS_COUNT_MAX,
    LABEL_CHARS_MAX, LABELS_CHARS_MAX, LABELS_COUNT_MAX, NAME_CHARS_MAX, NOTE_CHARS_MAX,
    SIGNALS_PER_DELIVERY_MAX, SUMMARY_CHARS_MAX,
};
use axum::body::Body as Sent;
use axum::http::{Request, StatusCode};
use domain::alert::limit::{FLOOD_AT, SYMPTOMS_MAX};
use domain::change::TOLD_PER_DAY_MAX;
use serde_json::{Value, json};

use super::body::{BODIES_BYTES_MAX, BODY_WITHIN};
use crate::http::connections::{
    CONNECTIONS_MAX, HEAD_BYTES_MAX, HEAD_FIELDS_MAX, HEAD_WITHIN, SPOKEN_WITHIN,
};
use crate::http::visit::{Answer, Visit};

const DOCUMENT: &str = include_str!("../../../../docs/sources.md");

const MIB: usize = 1_024 * 1_024;

/// The table as it should stand in the document.
fn table() -> Vec<String> {
    let n = |number: usize| thousands(number);
    let busy = "it comes again: PagerDuty and Opsgenie hear 429, the others 503";
    let rows = [
        (
            n(CONNECTIONS_MAX),
            "connections",
            format!(
                "the next one waits; idle ones are closed, and those that say nothing for {} s",
                SPOKEN_WITHIN.as_secs()
            ),
        ),
        (
            format!("{} s", HEAD_WITHIN.as_secs()),
            "from one request to the head of the next",
            "the connection is closed".to_owned(),
        ),
        (
            format!("{} KiB, {} fields", HEAD_BYTES_MAX / 1_024, HEAD_FIELDS_MAX),
            "the head of a request",
            "431".to_owned(),
        ),
        (format!("{} s", BODY_WITHIN.as_secs()), "for a body to arrive", "503, it comes again".to_owned()),
        (format!("{} MiB", BODY_BYTES_MAX / MIB), "a body", "413".to_owned()),
        (format!("{} MiB", BODIES_BYTES_MAX / MIB), "all bodies that are under way", busy.to_owned()),
        (n(DEPTH_MAX), "objects and lists in each other", "400".to_owned()),
        (
            n(SIGNALS_PER_DELIVERY_MAX),
            "alerts of one body that are read at once",
            "the others are read after them; none is left out".to_owned(),
        ),
        (
            format!("{}, {} of one source", n(SIGNALS_UNDER_WAY_MAX), n(SIGNALS_UNDER_WAY_OF_ONE_MAX)),
            "alerts on their way to disk",
            "the others wait for their source's turn".to_owned(),
        ),
        (
            format!("{}, {} of one source", n(SIGNALS_WAITING_MAX), n(SIGNALS_WAITING_OF_ONE_MAX)),
            "alerts that wait for it",
            busy.to_owned(),
        ),
        (format!("{} s", WAITED_MAX.as_secs()), "waiting for it", busy.to_owned()),
        (format!("{} s", DURABLE_WITHIN.as_secs()), "on the way to disk", "503, it comes again".to_owned()),
        (
            format!("{} bytes", n(DEDUP_KEY_BYTES_MAX)),
            "the name of a problem",
            "its SHA-256 is its name".to_owned(),
        ),
        (format!("{} characters", n(SUMMARY_CHARS_MAX)), "a summary", "it ends with `…`".to_owned()),
        (
            format!(
                "{}, of {} characters each, {} together",
                n(LABELS_COUNT_MAX),
                n(LABEL_CHARS_MAX),
                n(LABELS_CHARS_MAX)
            ),
            "labels",
            "cut with `…`; the detail `labels_left_out` counts the others".to_owned(),
        ),
        (
            format!(
                "{}, of {} characters each, {} together",
                n(DETAILS_COUNT_MAX),
                n(DETAIL_CHARS_MAX),
                n(DETAILS_CHARS_MAX)
            ),
            "details",
            "cut with `…`; the detail `details_left_out` counts the others".to_owned(),
        ),
        (
            format!("{} characters", n(NAME_CHARS_MAX)),
            "the name of a label or detail",
            "it ends with `…`".to_owned(),
        ),
        (format!("{} characters", n(NOTE_CHARS_MAX)), "a note", "it ends with `…`".to_owned()),
        (n(TOLD_PER_DAY_MAX as usize), "changes of one source a day", "429".to_owned()),
        (
            n(FLOOD_AT as usize),
            "new problems of one source within a minute, unless `flood_at` says otherwise",
            "they are grouped for each service, and one more alert says so".to_owned(),
        ),
        (n(SYMPTOMS_MAX), "problems of one alert", "the next one begins another".to_owned()),
    ];
    let rows = rows.into_iter().map(|(limit, of, beyond)| format!("| {limit} | {of} | {beyond} |"));
    ["| limit | of | beyond it |".to_owned(), "| --- | --- | --- |".to_owned()]
        .into_iter()
        .chain(rows)
        .collect()
}

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let (head, tail) = digits.split_at(digits.len().saturating_sub(3));
    if head.is_empty() { tail.to_owned() } else { format!("{head},{tail}") }
}

#[test]
fn the_table_of_limits_is_that_of_the_document() {
    let (begin, expected) = ("| limit | of | beyond it |", table());
    let lines = DOCUMENT.lines().skip_while(|line| *line != begin);
    let written: Vec<&str> = lines.take_while(|line| line.starts_with('|')).collect();
    assert_eq!(written, expected, "docs/sources.md should say:\n{}", expected.join("\n"));
}

/// An address of one kind of source.
struct Door {
    name: &'static str,
    kind: &'static str,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    /// A body with something in it that is nested as deep as can be chosen, and how deep it is without.
    body: fn(Value) -> Value,
    depth: usize,
    /// What is answered to what is too long, too deep, and to what comes too early.
    too_long: (u16, &'static str),
    too_deep: (u16, &'static str),
    busy: (u16, &'static str),
}

const PLAIN: Door = Door {
    name: "",
    kind: "",
    path: "",
    headers: &[],
    body: |deep| json!({ "summary": "s", "details": { "d": deep } }),
    depth: 2,
    too_long: (413, r#"{"error":"the body has more than"#),
    too_deep: (400, r#"{"error":"the body is nested deeper than 128"#),
    busy: (503, r#"{"error":"too much is under way"#),
};

const DOORS: [Door; 8] = [
    Door {
        name: "am",
        kind: "kind: alertmanager",
        path: "/integrations/alertmanager/KEY-OF-am-0123456789abcdefghij",
        body: |deep| json!({ "alerts": [{ "labels": { "a": deep } }] }),
        depth: 4,
        ..PLAIN
    },
    Door {
        name: "gf",
        kind: "kind: grafana",
        path: "/integrations/grafana/KEY-OF-gf-0123456789abcdefghij",
        body: |deep| json!({ "alerts": [{ "labels": { "a": deep } }] }),
        depth: 4,
        ..PLAIN
    },
    Door {
        name: "ge",
        kind: "kind: generic",
        path: "/integrations/generic/KEY-OF-ge-0123456789abcdefghij",
        ..PLAIN
    },
    Door {
        name: "oc",
        kind: "kind: oncall",
        path: "/integrations/oncall/KEY-OF-oc-0123456789abcdefghij",
        body: |deep| json!({ "title": "t", "other": deep }),
        depth: 1,
        ..PLAIN
    },
    Door {
        name: "na",
        kind: "kind: nagios",
        path: "/integrations/nagios/KEY-OF-na-0123456789abcdefghij",
        body: |deep| json!({ "other": deep }),
        depth: 1,
        ..PLAIN
    },
    Door {
        name: "pd",
        kind: "kind: pagerduty",
        path: "/v2/enqueue",
        body: |deep| {
            json!({ "routing_key": "KEY-OF-pd-0123456789abcdefghij", "event_action": "trigger",
                    "payload": { "summary": "s", "custom_details": { "d": deep } } })
        },
        depth: 3,
        too_long: (413, r#""status":"invalid event"#),
        too_deep: (400, r#""status":"invalid event"#),
        busy: (429, r#""status":"throttle exceeded"#),
        ..PLAIN
    },
    Door {
        name: "og",
        kind: "kind: opsgenie",
        path: "/v2/alerts",
        headers: &[("authorization", "GenieKey KEY-OF-og-0123456789abcdefghij")],
        body: |deep| json!({ "message": "m", "other": deep }),
        depth: 1,
        too_long: (413, r#""message":"the body has more than"#),
        too_deep: (400, r#""message":"the body is nested deeper"#),
        busy: (429, r#""message":"You are making too many requests!""#),
    },
    Door {
        name: "go",
        kind: "kind: goalert",
        path: "/integrations/goalert/KEY-OF-go-0123456789abcdefghij",
        body: |deep| json!({ "summary": "s", "other": deep }),
        depth: 1,
        too_long: (413, "the body has more than"),
        too_deep: (400, "the body is nested deeper"),
        busy: (503, "too much is under way"),
        ..PLAIN
    },
];

impl Door {
    async fn post(&self, visit: &Visit, body: String) -> Answer {
        let mut request = Request::post(self.path).header("content-type", "application/json");
        for (name, value) in self.headers {
            request = request.header(*name, *value);
        }
        visit.send(request.body(Sent::from(body)).expect("a request")).await
    }

    fn nested(&self, depth: usize) -> String {
        let inner = (self.depth..depth).fold(json!(1), |inner, _| json!([inner]));
        (self.body)(inner).to_string()
    }

    fn expect(&self, answer: &Answer, (status, text): (u16, &str)) {
        let Answer { status: answered, text: said, .. } = answer;
        assert!(answered.as_u16() == status && said.contains(text), "{}: {answered} {said}", self.name);
    }
}

async fn house() -> Visit {
    let visit = Visit::start().await;
    let keys = DOORS.map(|door| format!("KEY-OF-{}-0123456789abcdefghij", door.name));
    let sources: Vec<_> =
        DOORS.iter().zip(&keys).map(|(door, key)| (door.name, door.kind, key.as_str())).collect();
    visit.with_sources(&sources).await;
    visit
}

#[tokio::test]
async fn what_is_too_long_too_deep_or_too_much_is_answered_in_the_senders_own_way() {
    let visit = house().await;
    for door in &DOORS {
        let at_the_limit = door.post(&visit, door.nested(DEPTH_MAX)).await;
        assert!(!at_the_limit.text.contains("nested deeper"), "{}: {}", door.name, at_the_limit.text);
        door.expect(&door.post(&visit, door.nested(DEPTH_MAX + 1)).await, door.too_deep);
        door.expect(&door.post(&visit, " ".repeat(BODY_BYTES_MAX + 1)).await, door.too_long);
        let all = visit.app().bodies.fill();
        let busy = door.post(&visit, door.nested(door.depth)).await;
        drop(all);
        door.expect(&busy, door.busy);
        let retry = busy.header("retry-after");
        assert!(door.name == "go" || retry.parse::<u32>().is_ok(), "{}: {retry:?}", door.name);
    }
}

#[tokio::test]
async fn a_body_of_more_alerts_than_are_read_at_once_is_taken_whole() {
    let visit = house().await;
    let count = SIGNALS_PER_DELIVERY_MAX + 1;
    // What is over and never began costs no record.
    let over: Vec<Value> =
        (0..count).map(|number| json!({ "fingerprint": number.to_string(), "status": "resolved" })).collect();
    let answer = DOORS[0].post(&visit, json!({ "alerts": over }).to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.json()["alerts"].as_array().map(Vec::len), Some(count));
    let over: Vec<Value> =
        (0..count).map(|number| json!({ "dedup_key": number.to_string(), "status": "resolved" })).collect();
    let answer = DOORS[2].post(&visit, json!(over).to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.json()["alerts"].as_array().map(Vec::len), Some(count));
}
