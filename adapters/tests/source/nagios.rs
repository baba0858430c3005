//! Notifications of Nagios and Icinga.

use std::collections::BTreeMap;

use adapters::source::nagios::{MACROS, Notice, macro_named, read};
use adapters::source::{Deed, Delivery, SourceError};
use events::event::signal::{Severity, Signal, Status};
use serde_json::{Value, json};

use crate::{moment, texts};

/// The environments in a file of captured notifications.
fn environments(name: &str) -> Vec<BTreeMap<String, String>> {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name);
    let text = std::fs::read_to_string(file).expect("the fixture is there");
    let environment = |line: &str| {
        let line: Value = serde_json::from_str(line).expect("a line is JSON");
        serde_json::from_value(line["env"].clone()).expect("an environment")
    };
    text.lines().map(environment).collect()
}

/// The names under which the capture asked Icinga for what its shipped commands call otherwise.
const CAPTURED: [(&str, &str); 13] = [
    ("N_TYPE", "NOTIFICATIONTYPE"),
    ("N_AUTHOR", "NOTIFICATIONAUTHORNAME"),
    ("N_COMMENT", "NOTIFICATIONCOMMENT"),
    ("N_HOST", "HOSTNAME"),
    ("N_ADDRESS", "HOSTADDRESS"),
    ("N_HOST_STATE", "HOSTSTATE"),
    ("N_HOST_OUTPUT", "HOSTOUTPUT"),
    ("N_SERVICE", "SERVICENAME"),
    ("N_STATE", "SERVICESTATE"),
    ("N_STATE_TYPE", "SERVICESTATETYPE"),
    ("N_OUTPUT", "SERVICEOUTPUT"),
    ("N_LAST_STATE", "LASTSERVICESTATE"),
    ("N_LONGDATE", "LONGDATETIME"),
];

fn body(macros: &BTreeMap<String, String>) -> Vec<u8> {
    json!({ "macros": macros }).to_string().into_bytes()
}

fn of(macros: &[(&str, &str)]) -> Delivery {
    read(&body(&texts(macros))).expect("it is understood")
}

/// In a line: what a delivery says about which problem.
fn said(delivery: &Delivery) -> Vec<String> {
    let signals = delivery.signals.iter().map(|received| {
        let signal = &received.signal;
        format!("{} {:?} {:?}: {}", received.dedup_key, signal.status, signal.severity, signal.summary)
    });
    let remarks = delivery.remarks.iter().map(|remark| match &remark.deed {
        Deed::Acknowledged => format!("{} taken", remark.dedup_key),
        Deed::Noted(text) => format!("{} noted: {text}", remark.dedup_key),
        Deed::Held { until } => format!("{} held until {until}", remark.dedup_key),
    });
    signals.chain(remarks).collect()
}

#[test]
fn everything_that_nagios_sent_is_understood() {
    let disk = "db1!disk /var";
    let expected: Vec<Vec<String>> = vec![
        vec![format!("{disk} Firing Critical: db1 / disk /var: DISK CRITICAL 3% free $(id) \"q\" <b>ü</b>")],
        vec![format!("{disk} Firing Critical: db1 / disk /var: still critical")],
        vec![format!("{disk} taken"), format!("{disk} noted: ACKNOWLEDGEMENT, alice: on it; ticket 7")],
        vec![format!("{disk} Resolved Error: db1 / disk /var: DISK OK")],
        vec![format!("{disk} Firing Warning: db1 / disk /var: DISK WARNING")],
        vec![
            format!("{disk} Firing Error: db1 / disk /var FLAPPING: UNKNOWN plugin died"),
            format!("{disk} noted: FLAPPINGSTART: UNKNOWN plugin died"),
        ],
        vec![
            format!("{disk} Firing Error: db1 / disk /var: please look – UNKNOWN plugin died"),
            format!("{disk} noted: CUSTOM, bob: please look"),
        ],
        vec![format!("{disk} noted: DOWNTIMESTART, carol: planned work")],
        vec![
            format!("{disk} Firing Critical: db1 / disk /var: critical in downtime"),
            format!("{disk} noted: DOWNTIMEEND, carol: planned work"),
        ],
        vec!["db1 noted: DOWNTIMESTART, carol: cancel me".to_owned()],
        vec!["db1 Resolved Error: db1 UP".to_owned(), "db1 noted: DOWNTIMECANCELLED".to_owned()],
        vec!["db1 Firing Critical: db1 DOWN: PING CRITICAL 100% loss".to_owned()],
    ];
    let environments = environments("nagios.jsonl");
    let read: Vec<Vec<String>> = environments
        .iter()
        .map(|environment| said(&read(&body(environment)).expect("it is understood")))
        .collect();
    assert_eq!(read, expected);
}

#[test]
fn everything_that_icinga_sent_is_understood() {
    for environment in environments("icinga2.jsonl") {
        let macros: BTreeMap<String, String> = CAPTURED
            .iter()
            .filter_map(|(captured, name)| Some(((*name).to_owned(), environment.get(*captured)?.clone())))
            .collect();
        let delivery = read(&body(&macros)).expect("it is understood");
        let said = said(&delivery).join("; ");
        let key = if environment["N_SERVICE"].is_empty() { "db1" } else { "db1!disk" };
        let is_fine = matches!(environment["N_STATE"].as_str(), "OK" | "");
        let expected = match environment["N_TYPE"].as_str() {
            "PROBLEM" => format!("{key} Firing"),
            "RECOVERY" => format!("{key} Resolved"),
            "ACKNOWLEDGEMENT" => format!("{key} taken; {key} noted: ACKNOWLEDGEMENT, alice: on it"),
            "CUSTOM" => {
                format!("{key} Firing Error: db1 / disk: look – unknown; {key} noted: CUSTOM, bob: look")
            }
            "DOWNTIMESTART" => format!("{key} noted: DOWNTIMESTART, carol: "),
            "DOWNTIMEEND" if is_fine => {
                format!("{key} Resolved Error: db1 UP; {key} noted: DOWNTIMEEND, carol")
            }
            other => panic!("{other} in {environment:?}"),
        };
        let expected = expected.replace("db1 UP", "db1: up");
        assert!(said.starts_with(&expected), "{said:?} begins with {expected:?}: {environment:?}");
        for received in &delivery.signals {
            let started_at = received.signal.started_at;
            assert_eq!(started_at.is_some(), received.signal.status == Status::Firing, "{environment:?}");
        }
    }
}

#[test]
fn a_problem_brings_all_that_helps_at_night() {
    let mut environment = environments("nagios.jsonl").remove(0);
    environment.insert("NAGIOS_HOSTGROUPNAMES".to_owned(), "db,linux".to_owned());
    environment.insert("NAGIOS_USER1".to_owned(), "s3cret".to_owned());
    let body = json!({ "macros": environment, "labels": { "team": "db" }, "happened_at": "2026-11-22T07:17:27.625Z" });
    let delivery = read(body.to_string().as_bytes()).expect("it is understood");
    let expected = Signal {
        status: Status::Firing,
        summary: "db1 / disk /var: DISK CRITICAL 3% free $(id) \"q\" <b>ü</b>".to_owned(),
        severity: Severity::Critical,
        labels: texts(&[
            ("contact", "pager"),
            ("host", "db1"),
            ("hostgroups", "db,linux"),
            ("service", "disk /var"),
            ("team", "db"),
        ]),
        details: texts(&[
            ("address", "127.0.0.1"),
            ("attempt", "1/1"),
            ("notes_url", "http://127.0.0.1/wiki/db1"),
            ("output", "DISK CRITICAL 3% free $(id) \"q\" <b>ü</b>\nline2 long"),
            ("performance_data", "free=3%;10;5"),
            ("problem_id", "1"),
            ("state", "CRITICAL"),
        ]),
        started_at: Some(moment("2026-11-22T07:17:27.625Z")),
        severity_said: None,
        finding: None,
    };
    assert_eq!(delivery.signals[0].signal, expected);
}

#[test]
fn what_is_sent_is_what_is_read() {
    let notice = Notice {
        macros: texts(&[("NOTIFICATIONTYPE", "PROBLEM"), ("HOSTNAME", "db1"), ("SERVICEDESC", "x")]),
        labels: texts(&[("team", "db")]),
        dedup_key: Some("given".to_owned()),
        object: Some("host".to_owned()),
        happened_at: moment("2026-11-22T07:17:27.625Z"),
    };
    let received = read(notice.body().as_bytes()).expect("it is understood").signals.remove(0);
    assert_eq!(received.dedup_key.as_str(), "given");
    assert_eq!(received.signal.labels, texts(&[("host", "db1"), ("team", "db")]), "it is about the host");
    assert_eq!(received.signal.started_at, Some(notice.happened_at));
    let bare = Notice { macros: texts(&[("HOSTNAME", "db1")]), ..Notice::default() };
    assert_eq!(said(&read(bare.body().as_bytes()).expect("it is understood")), ["db1 Firing Error: db1"]);
}

#[test]
fn macros_have_many_spellings() {
    for name in ["HOSTNAME", "NAGIOS_HOSTNAME", "ICINGA_HOSTNAME", "hostname", "$HOSTNAME$", " HostName "] {
        assert_eq!(macro_named(name), Some("HOSTNAME"), "{name}");
    }
    for name in ["", "$$", "NAGIOS_", "USER1", "NAGIOS_USER1", "_HOSTPASSWORD", "PATH", "N\u{0}"] {
        assert_eq!(macro_named(name), None, "{name:?}");
    }
    assert!(MACROS.iter().all(|name| macro_named(name) == Some(name)));
    let flat = json!({ "hostname": "db1", "NAGIOS_SERVICEDESC": "disk", "SERVICESTATE": "$SERVICESTATE$", "ServiceOutput": "full" });
    let delivery = read(flat.to_string().as_bytes()).expect("it is understood");
    assert_eq!(
        said(&delivery),
        ["db1!disk Firing Error: db1 / disk: full"],
        "a macro that nobody filled in is none"
    );
    for (word, taken) in [("Acknowledgement", true), ("acknowledgement ", true), ("FlappingStart", false)] {
        let delivery = of(&[("NOTIFICATIONTYPE", word), ("HOSTNAME", "a")]);
        assert_eq!(delivery.remarks[0].deed == Deed::Acknowledged, taken, "{word}");
    }
}

#[test]
fn the_end_of_flapping_and_of_a_downtime_says_how_it_stands() {
    let ends = [
        "FLAPPINGSTOP",
        "FLAPPINGEND",
        "FLAPPINGDISABLED",
        "DOWNTIMEEND",
        "DOWNTIMECANCELLED",
        "DowntimeRemoved",
    ];
    for kind in ends {
        for (state, status) in [
            ("OK", Some(Status::Resolved)),
            ("0", Some(Status::Resolved)),
            ("CRITICAL", Some(Status::Firing)),
            ("", None),
        ] {
            let delivery = of(&[
                ("NOTIFICATIONTYPE", kind),
                ("HOSTNAME", "db1"),
                ("SERVICEDESC", "disk"),
                ("SERVICESTATE", state),
            ]);
            let read = delivery.signals.first().map(|received| received.signal.status);
            assert_eq!(read, status, "{kind} {state}");
            assert!(
                matches!(&delivery.remarks[..], [one] if one.deed == Deed::Noted(kind.to_owned())),
                "{kind}"
            );
        }
    }
    // Another downtime goes on, or they are still looking: they will say so themselves.
    for (name, value) in [("SERVICEDOWNTIME", "1"), ("HOSTDOWNTIME", "2"), ("SERVICESTATETYPE", "SOFT")] {
        for (state, signals_count) in [("CRITICAL", 0), ("OK", 1)] {
            let delivery = of(&[
                ("NOTIFICATIONTYPE", "DOWNTIMEEND"),
                ("HOSTNAME", "db1"),
                ("SERVICEDESC", "disk"),
                ("SERVICESTATE", state),
                (name, value),
            ]);
            assert_eq!(delivery.signals.len(), signals_count, "{name} {state}");
        }
    }
}

#[test]
fn what_flaps_is_as_bad_as_it_was() {
    for (state, last, expected) in [
        ("OK", "CRITICAL", Severity::Critical),
        ("OK", "OK", Severity::Warning),
        ("OK", "", Severity::Warning),
        ("WARNING", "CRITICAL", Severity::Warning),
    ] {
        let delivery = of(&[
            ("NOTIFICATIONTYPE", "FLAPPINGSTART"),
            ("HOSTNAME", "db1"),
            ("SERVICEDESC", "disk"),
            ("SERVICESTATE", state),
            ("LASTSERVICESTATE", last),
        ]);
        assert_eq!(delivery.signals[0].signal.severity, expected, "{state} {last}");
    }
}

#[test]
fn a_problem_that_comes_back_within_a_second_is_no_old_one() {
    let started = |kind: &str, changed: &str, happened_at: &str| {
        let body = json!({
            "macros": { "NOTIFICATIONTYPE": kind, "HOSTNAME": "db1", "HOSTSTATE": "DOWN", "LASTHOSTSTATECHANGE": changed },
            "happened_at": happened_at,
        });
        let delivery = read(body.to_string().as_bytes()).expect("it is understood");
        delivery.signals[0].signal.started_at
    };
    let changed = "1795331847";
    assert_eq!(started("PROBLEM", changed, "2026-11-22T07:17:27.1Z"), Some(moment("2026-11-22T07:17:27.1Z")));
    assert_eq!(started("PROBLEM", changed, "2026-11-22T07:18:26.9Z"), Some(moment("2026-11-22T07:18:26.9Z")));
    assert_eq!(started("PROBLEM", changed, "2026-11-22T08:00:00Z"), Some(moment("2026-11-22T07:17:27Z")));
    assert_eq!(started("PROBLEM", changed, ""), Some(moment("2026-11-22T07:17:27Z")));
    assert_eq!(started("PROBLEM", "", "2026-11-22T08:00:00Z"), Some(moment("2026-11-22T08:00:00Z")));
    assert_eq!(started("CUSTOM", changed, "2026-11-22T08:00:00Z"), Some(moment("2026-11-22T08:00:00Z")));
    assert_eq!(started("CUSTOM", changed, ""), None);
    assert_eq!(started("RECOVERY", changed, "2026-11-22T08:00:00Z"), None);
}

#[test]
fn what_says_nothing_is_refused_and_the_least_is_enough() {
    let refused = |body: Value| read(body.to_string().as_bytes()).expect_err("it is refused").to_string();
    let missing = "`macros.HOSTNAME` is missing: send the name of the host";
    for body in [json!({}), json!({ "macros": {} }), json!({ "macros": { "NOTIFICATIONTYPE": "PROBLEM" } })] {
        assert_eq!(refused(body), missing);
    }
    assert_eq!(
        refused(json!({ "macros": [] })),
        "`macros` is a list: send an object of macros, such as HOSTNAME"
    );
    assert_eq!(refused(json!([])), "the body is a list: send an object with `macros`, such as HOSTNAME");
    assert!(matches!(read(b"x"), Err(SourceError::NotJson { .. })));
    assert_eq!(said(&of(&[("HOSTADDRESS", "10.0.0.1")])), ["10.0.0.1 Firing Error: 10.0.0.1"]);
    assert_eq!(said(&of(&[("SERVICEDESC", "disk")])), ["disk Firing Error: disk"]);
    let by_output = of(&[("HOSTOUTPUT", "it burns")]);
    assert_eq!(by_output.signals[0].signal.summary, "it burns");
}

#[test]
fn whatever_stands_in_a_macro_is_text() {
    let evil = "ü\r\nSEND\r\n.\r\n$(id) `id` ; rm -rf / | \"q\" 'q' <b>\u{0}\u{1b}[31m\u{202e}\u{2028}\\n&&";
    let macros: BTreeMap<String, String> =
        MACROS.into_iter().map(|name| (name.to_owned(), evil.to_owned())).collect();
    for kind in ["PROBLEM", "RECOVERY", "ACKNOWLEDGEMENT", "FLAPPINGSTART", "DOWNTIMEEND", "CUSTOM", evil] {
        let mut macros = macros.clone();
        macros.insert("NOTIFICATIONTYPE".to_owned(), kind.to_owned());
        let delivery = read(&body(&macros)).expect("it is understood");
        for received in &delivery.signals {
            assert!(!received.signal.summary.contains(char::is_control), "{received:?}");
            assert!(
                received.signal.summary.contains("$(id) `id` ; rm -rf / | \"q\" 'q' <b>"),
                "{received:?}"
            );
            assert!(!received.dedup_key.as_str().contains(char::is_control), "{received:?}");
        }
        for remark in &delivery.remarks {
            let Deed::Noted(text) = &remark.deed else { continue };
            assert!(!text.contains(|letter: char| letter.is_control() && letter != '\n'), "{text:?}");
            assert!(!text.contains('\u{202e}'), "{text:?}");
        }
    }
}
