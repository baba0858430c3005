//! Whatever is sent, the answer is signals within the limits or an error that says what to send instead.

use adapters::source::{
    BODY_BYTES_MAX, DEDUP_KEY_BYTES_MAX, DEPTH_MAX, DETAIL_CHARS_MAX, DETAILS_CHARS_MAX, DETAILS_COUNT_MAX,
    Deed, Delivery, LABEL_CHARS_MAX, LABELS_CHARS_MAX, LABELS_COUNT_MAX, NAME_CHARS_MAX, NOTE_CHARS_MAX,
    Received, Remark, SIGNALS_PER_DELIVERY_MAX, SUMMARY_CHARS_MAX, SourceError, alertmanager, generic,
    goalert, nagios, oncall, opsgenie, pagerduty,
};
use serde_json::{Value, json};

use crate::fixtures;

type Read = fn(&[u8]) -> Result<Delivery, SourceError>;

const READERS: [(&str, Read); 7] = [
    ("alertmanager", alertmanager::read),
    ("generic", generic::read),
    ("pagerduty", |body| pagerduty::read(body).map(|event| event.delivery)),
    ("opsgenie", |body| opsgenie::read(body).map(|created| created.delivery)),
    ("goalert", goalert::read),
    ("oncall", oncall::read),
    ("nagios", nagios::read),
];
/// So many copies of each fixture are changed in their bytes, and as many in their values.
const MUTATIONS_COUNT: u32 = 1_000;

/// Reads with every reader and checks what comes of it; says how many of them understood the body.
fn check(body: &[u8]) -> usize {
    let mut understood = 0;
    for (reader, read) in READERS {
        match read(body) {
            Ok(delivery) => {
                understood += 1;
                assert!(delivery.signals.len() <= SIGNALS_PER_DELIVERY_MAX);
                delivery.signals.iter().for_each(check_signal);
                delivery.remarks.iter().for_each(check_remark);
            }
            Err(error) => {
                let (field, message) = (error.field(), error.to_string());
                assert!(!field.is_empty() && message.contains(field), "{reader}: {message}");
                assert!(message.contains("send "), "{reader}: {message}");
            }
        }
    }
    understood
}

fn check_remark(remark: &Remark) {
    assert!((1..=DEDUP_KEY_BYTES_MAX).contains(&remark.dedup_key.as_str().len()));
    assert!(!remark.dedup_key.as_str().contains(char::is_control));
    if let Deed::Noted(text) = &remark.deed {
        assert!((1..=NOTE_CHARS_MAX).contains(&text.chars().count()));
    }
}

fn check_signal(received: &Received) {
    let Received { dedup_key, signal } = received;
    let length = |text: &str| text.chars().count();
    assert!((1..=DEDUP_KEY_BYTES_MAX).contains(&dedup_key.as_str().len()));
    assert!(!dedup_key.as_str().contains(char::is_control));
    assert!((1..=SUMMARY_CHARS_MAX).contains(&length(&signal.summary)), "{:?}", signal.summary);
    assert!(!signal.summary.contains(char::is_control), "{:?}", signal.summary);

    assert!(signal.labels.len() <= LABELS_COUNT_MAX);
    for (name, value) in &signal.labels {
        assert!((1..=NAME_CHARS_MAX).contains(&length(name)) && length(value) <= LABEL_CHARS_MAX);
        assert!(!name.contains(char::is_control) && !value.contains(char::is_control));
    }
    assert!(signal.details.len() <= DETAILS_COUNT_MAX);
    for (name, text) in &signal.details {
        assert!((1..=NAME_CHARS_MAX).contains(&length(name)) && length(text) <= DETAIL_CHARS_MAX);
        assert!(!name.contains(char::is_control));
        assert!(!text.contains(|letter: char| letter.is_control() && !matches!(letter, '\n' | '\t')));
    }
    let total = |texts: &std::collections::BTreeMap<String, String>| -> usize {
        texts.iter().map(|(name, text)| length(name) + length(text)).sum()
    };
    assert!(total(&signal.labels) <= LABELS_CHARS_MAX);
    assert!(total(&signal.details) <= DETAILS_CHARS_MAX);
}

/// Numbers that look random and are the same on every run (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 to below `end`; 0 when `end` is.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

/// What is put in somewhere.
const TOKENS: [&[u8]; 32] = [
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"\"\"",
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"0",
    b"-",
    b"1e999",
    b"-0.0E-99999",
    b"18446744073709551616",
    b"\\ud800",
    b"\\udc00\\ud83d",
    b"\\u0000",
    b"\\u12",
    b"\\x",
    b"\x00",
    b"\x1b[31m",
    b"\n",
    b"\xc3",
    b"\xff\xfe",
    "\u{feff}".as_bytes(),
    "\u{202e}".as_bytes(),
    b"\"labels\":{\"severity\":\"page\"},",
    b"\"alerts\":[{\"fingerprint\":\"f\"}],",
];

/// Changes bytes, so that the body is mostly not JSON any more.
fn change_bytes(body: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(body.len());
        let end = (at + dice.below(40)).min(body.len());
        match dice.below(6) {
            0 if !body.is_empty() => body[at] = dice.roll().to_le_bytes()[0],
            1 => drop(body.drain(at..end)),
            2 => {
                let again = body[at..end].to_vec();
                body.splice(at..at, again);
            }
            3 => body.truncate(at),
            _ => drop(body.splice(at..at, dice.pick(&TOKENS).iter().copied())),
        }
    }
}

/// A value that does not belong anywhere.
fn odd_value(dice: &mut Dice) -> Value {
    match dice.below(14) {
        0 => json!(null),
        1 => json!(true),
        2 => json!(-1.5e300),
        3 => json!(u64::MAX),
        4 => json!(""),
        5 => json!(" \t\r\n"),
        6 => json!("\u{0}\u{7f}\u{85}\u{2028}\u{202e}"),
        7 => json!("ü🔥".repeat(1 << dice.below(14))),
        8 => json!([]),
        9 => json!({}),
        10 => json!([null, [1, { "a": "b" }], "c"]),
        11 => {
            (0..dice.below(150)).map(|count| (format!("name{count}"), json!("v".repeat(count * 2)))).collect()
        }
        12 => json!({ "": "x", "\u{0}": 1, "n".repeat(400): "y", "severity": ["page"], "summary": {"a": 1} }),
        _ => (0..dice.below(100)).fold(json!(0), |inner, _| json!([inner])),
    }
}

/// Puts an odd value somewhere, so that the body stays JSON.
fn change_value(value: &mut Value, dice: &mut Dice) {
    let deeper = dice.below(6) > 0;
    match value {
        Value::Array(entries) if deeper && !entries.is_empty() => {
            let at = dice.below(entries.len());
            change_value(&mut entries[at], dice);
        }
        Value::Object(fields) if deeper && !fields.is_empty() => {
            let at = dice.below(fields.len());
            if let Some((_, field)) = fields.iter_mut().nth(at) {
                change_value(field, dice);
            }
        }
        _ => *value = odd_value(dice),
    }
}

#[test]
fn changed_bodies_are_understood_or_refused_with_a_reason() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let own = json!({
        "summary": "disk\n/var", "dedup_key": "k", "status": "firing", "severity": "critical",
        "labels": {"team": "db", "n": 1}, "details": {"text": "one\r\ntwo"}, "started_at": 1_795_331_649,
    });
    let notification = json!({
        "macros": {
            "NOTIFICATIONTYPE": "FLAPPINGSTOP", "HOSTNAME": "db1", "NAGIOS_SERVICEDESC": "disk\n/var", "SERVICESTATE": "CRITICAL",
            "SERVICEOUTPUT": "ünï $(id)", "NOTIFICATIONAUTHOR": "alice", "TIMET": 1_795_331_649,
        },
        "labels": {"team": "db"}, "dedup_key": "k", "object": "service", "happened_at": "2026-11-22T07:17:27.625Z",
    });
    let mut bodies = fixtures();
    bodies.push(("notification".into(), notification.to_string().into_bytes()));
    bodies.push(("generic".into(), own.to_string().into_bytes()));
    bodies.push(("generic list".into(), json!([own, own]).to_string().into_bytes()));
    let (mut understood, mut tried) = (0, 0);
    for (name, body) in &bodies {
        // Only some kinds are ever understood; the others are here for what they hold.
        let thorough =
            ["am-webhook", "am-pagerduty", "am-opsgenie", "py-", "grafana", "generic", "notification"]
                .iter()
                .any(|kind| name.starts_with(kind));
        let mutations_count = if thorough { MUTATIONS_COUNT } else { MUTATIONS_COUNT / 10 };
        let value: Option<Value> = serde_json::from_slice(body).ok();
        for _ in 0..mutations_count {
            let mut changed = body.clone();
            change_bytes(&mut changed, &mut dice);
            understood += usize::from(check(&changed) > 0);
            if let Some(mut value) = value.clone() {
                for _ in 0..=dice.below(3) {
                    change_value(&mut value, &mut dice);
                }
                understood += usize::from(check(value.to_string().as_bytes()) > 0);
            }
            tried += 2;
        }
    }
    // The changes must leave enough sense for the readers to be tried in earnest, and not too much.
    assert!(understood > tried / 10 && understood < tried * 9 / 10, "{understood} of {tried}");
}

#[test]
fn a_nested_body_is_refused_before_it_can_hurt() {
    let nested = |depth: usize| {
        let inner = depth - 3;
        let labels = format!("{}{}", "[".repeat(inner), "]".repeat(inner));
        format!(
            r#"{{"summary":"s","alerts":[{{"labels":{{"a":1}},"fingerprint":"f","startsAt":{labels}}}]}}"#
        )
    };
    assert_eq!(check(nested(DEPTH_MAX).as_bytes()), 3);
    let error = generic::read(nested(DEPTH_MAX + 1).as_bytes()).expect_err("too deep");
    assert!(matches!(error, SourceError::TooDeep { .. }));
    assert_eq!(check("[".repeat(1_000_000).as_bytes()), 0);
    assert_eq!(check("{\"summary\":".repeat(500_000).as_bytes()), 0);
}

#[test]
fn a_large_body_is_read_up_to_the_limit() {
    let body = |length: usize| {
        json!({"summary": "s", "alerts": [{"labels": {"a": "x".repeat(length)}}]}).to_string().into_bytes()
    };
    assert_eq!(check(&body(BODY_BYTES_MAX - 100)), 3);
    let error = alertmanager::read(&body(BODY_BYTES_MAX)).expect_err("too large");
    assert!(matches!(error, SourceError::TooLarge { .. }));
}

#[test]
fn a_list_of_any_length_is_read_part_by_part() {
    let count = 2 * SIGNALS_PER_DELIVERY_MAX + 1;
    let entries: Vec<_> = (0..count).map(|count| json!({"fingerprint": count, "summary": count})).collect();
    let keys = |body: &[u8], read: fn(&[u8], usize) -> Result<Delivery, SourceError>| {
        let (mut keys, mut parts, mut from) = (Vec::new(), Vec::new(), Some(0));
        while let Some(at) = from {
            let delivery = read(body, at).expect("it is understood");
            assert_eq!(delivery.truncated_count, if at == 0 { 7 } else { 0 } * u64::from(body[0] == b'{'));
            parts.push(delivery.signals.len());
            keys.extend(delivery.signals.into_iter().map(|one| one.signal.summary));
            from = delivery.goes_on_at;
        }
        assert_eq!(parts, [SIGNALS_PER_DELIVERY_MAX, SIGNALS_PER_DELIVERY_MAX, 1]);
        keys
    };
    let expected: Vec<_> = (0..count).map(|count| count.to_string()).collect();
    let webhook = json!({"alerts": entries, "truncatedAlerts": 7}).to_string();
    assert_eq!(keys(webhook.as_bytes(), alertmanager::read_from), expected);
    assert_eq!(keys(json!(entries).to_string().as_bytes(), generic::read_from), expected);
    let exactly = json!({"alerts": entries[..SIGNALS_PER_DELIVERY_MAX]}).to_string();
    assert_eq!(alertmanager::read(exactly.as_bytes()).expect("it is understood").goes_on_at, None);
}

#[test]
fn what_is_said_once_for_many_alerts_does_not_fill_the_memory() {
    let alerts: Vec<_> = (0..SIGNALS_PER_DELIVERY_MAX).map(|count| json!({"fingerprint": count})).collect();
    let common: serde_json::Map<_, _> =
        (0..100).map(|count| (format!("n{count}"), json!("x".repeat(1_000)))).collect();
    let body = json!({"commonLabels": common, "commonAnnotations": common, "groupKey": "g".repeat(9_000), "alerts": alerts});
    let delivery = alertmanager::read(body.to_string().as_bytes()).expect("it is understood");
    assert_eq!(delivery.signals.len(), SIGNALS_PER_DELIVERY_MAX);
    let texts =
        delivery.signals.iter().flat_map(|one| one.signal.labels.values().chain(one.signal.details.values()));
    assert!(texts.map(String::len).sum::<usize>() < BODY_BYTES_MAX);
}

#[test]
fn other_character_sets_and_empty_bodies_are_refused() {
    let read = |body: &[u8]| generic::read(body).expect_err("it is refused");
    assert_eq!(read(b"{\"summary\":\"Ger\xe4t\"}"), SourceError::NotUtf8 { at: 15 });
    assert!(matches!(read(b"{\0\"\0a\0\"\0"), SourceError::NotJson { line: 1, .. }));
    for empty in ["", " \r\n", "\u{feff}", "\u{feff} "] {
        assert_eq!(read(empty.as_bytes()), SourceError::Empty);
    }
    // What could have been mended is named all the same, where something else is wrong.
    let twice_wrong = read(b"{\"summary\":\"a\nb\",\n oops}");
    assert!(matches!(twice_wrong, SourceError::NotJson { line: 1, column: 13, .. }), "{twice_wrong:?}");
    assert!(matches!(read(b"{\"summary\":\"a\"} x"), SourceError::NotJson { .. }));
}

#[test]
fn what_scripts_get_wrong_is_forgiven() {
    let cases: [(&[u8], &str); 5] = [
        ("\u{feff}{\"summary\":\"a\"}".as_bytes(), "a"),
        (b"{\"summary\":\"line one\nline\x01two\"}", "line one line two"),
        (br#"{"summary":"C:\Windows \ud800 full"}"#, "C:\\Windows \u{fffd} full"),
        (br#"{"summary":"a","summary":1e999,"\udfff":1}"#, "1e999"),
        (br#"{"summary":12345678901234567890123}"#, "12345678901234567890123"),
    ];
    for (body, expected) in cases {
        let delivery = generic::read(body).expect("it is understood");
        assert_eq!(delivery.signals[0].signal.summary, expected);
    }
}
