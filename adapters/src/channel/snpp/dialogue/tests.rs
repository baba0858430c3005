use super::*;

fn dialogue(login: Option<&str>) -> Dialogue {
    let message = Line::new("K7M2Q disk full\r\nSEND\r\n");
    Dialogue::new(login.map(Line::new), Line::new("7311"), vec![message], Extras::default())
}

/// Hears the replies in turn; gives what was said and the report, if it came to one.
fn run(mut dialogue: Dialogue, replies: &[&str]) -> (Vec<String>, Option<Report>) {
    let mut said = Vec::new();
    for reply in replies {
        match dialogue.hear(reply.as_bytes()) {
            Step::Listen => {}
            Step::Say(line) => said.push(line.to_string()),
            Step::SayAll(lines) => said.extend(lines.iter().map(Line::to_string)),
            Step::End(report) => return (said, Some(report)),
        }
    }
    (said, None)
}

const HAPPY: [&str; 4] =
    ["220 SNPP Gateway Ready", "250 Pager ID Accepted", "250 Message OK", "250 Message Sent Successfully"];

#[test]
fn happy_dialogue_pages_and_says_what_the_gateway_said() {
    let (said, report) = run(dialogue(None), &HAPPY);
    assert_eq!(said, ["PAGE 7311", "MESS K7M2Q disk full SEND", "SEND"]);
    let report = report.expect("a report");
    assert_eq!((report.outcome, report.receipt), (Outcome::Accepted, None));
    assert_eq!(report.detail, "250 Message Sent Successfully");
}

#[test]
fn login_comes_first_where_there_is_one() {
    for reply in ["250 Login Accepted", "230 logged in", "500 Command Not Implemented"] {
        let replies = ["220 ready", reply, "250 ok", "250 ok", "250 ok"];
        let (said, report) = run(dialogue(Some("house s3cret")), &replies);
        assert_eq!(said[..2], ["LOGI house s3cret", "PAGE 7311"]);
        assert_eq!(report.map(|report| report.outcome), Some(Outcome::Accepted));
    }
}

#[test]
fn replies_mean_what_the_rfc_says() {
    let failed = |reason| Outcome::Failed { reason, retry_after: None };
    let fault = failed(Reason::ProviderFault);
    for (replies, expected) in [
        (&["421 Gateway Service Unavailable"][..], fault),
        (&["554 no service"], fault),
        (&["220 ready", "550 Error, Invalid Pager ID"], Outcome::Refused(Reason::UnknownAddress)),
        (&["220 ready", "530 Not logged in"], Outcome::Refused(Reason::Unauthorized)),
        (&["220 ready", "554 Error, failed"], fault),
        (&["220 ready", "421 Too Many Errors, Goodbye"], fault),
        (&["220 ready", "500 Command Not Implemented"], Outcome::Refused(Reason::Rejected)),
        (&["220 ready", "250 ok", "550 Illegal characters"], Outcome::Refused(Reason::Rejected)),
        (&["220 ready", "250 ok", "503 Message Already Entered"], Outcome::Refused(Reason::Rejected)),
        (&["220 ready", "250 ok", "250 ok", "503 Incomplete"], Outcome::Refused(Reason::Rejected)),
        (&["220 ready", "250 ok", "250 ok", "554 Message Failed"], fault),
        (&["220 ready", "250 ok", "250 ok", "550 no queue"], fault),
        (&["220 ready", "250 ok", "250 ok", "421 Goodbye"], fault),
        (&["220 ready", "250 ok", "250 ok", "750 not two-way"], Outcome::Refused(Reason::Rejected)),
        (&["220 ready", "250 ok", "250 ok", "860 Delivered"], Outcome::Accepted),
        (&["220 ready", "250 ok", "250 ok", "960 Queued"], Outcome::Accepted),
        (&["220 ready", "250 ok", "250 ok", "250"], Outcome::Accepted),
        (&["220 ready", "250 ok", "250 ok", "354 Begin"], Outcome::Unknown(Reason::Nonsense)),
        (&["220 ready", "250 ok", "354 Begin"], failed(Reason::Nonsense)),
        (&["SSH-2.0-OpenSSH_9.2"], failed(Reason::Nonsense)),
        (&["HTTP/1.1 400 Bad Request"], failed(Reason::Nonsense)),
        (&[""], failed(Reason::Nonsense)),
        (&["220 ready", "25"], failed(Reason::Nonsense)),
        (&["220 ready", "2500 ok"], failed(Reason::Nonsense)),
        (&["220 ready", "250 ok", "250 ok", "ok"], Outcome::Unknown(Reason::Nonsense)),
    ] {
        let (_, report) = run(dialogue(None), replies);
        assert_eq!(report.map(|report| report.outcome), Some(expected), "{replies:?}");
    }
    for reply in ["550 Error, Invalid LoginID or Password", "530 no"] {
        let (_, report) = run(dialogue(Some("house")), &["220 ready", reply]);
        assert_eq!(report.map(|report| report.outcome), Some(Outcome::Refused(Reason::Unauthorized)));
    }
}

#[test]
fn replies_of_several_lines_count_once() {
    let replies =
        ["220-welcome", "220-to the", "220 gateway", "250-taken", "250 ok", "250 ok", "214-x", "250 sent"];
    let (said, report) = run(dialogue(None), &replies);
    assert_eq!(said.len(), 3);
    assert_eq!(report.map(|report| report.outcome), Some(Outcome::Accepted));
    let endless = vec!["220-more"; 500];
    let (_, report) = run(dialogue(None), &endless);
    let expected = Outcome::Failed { reason: Reason::Nonsense, retry_after: None };
    assert_eq!(report.map(|report| report.outcome), Some(expected));
}

#[test]
fn a_break_is_unknown_only_after_send_was_said() {
    for heard in 0..HAPPY.len() {
        let mut dialogue = dialogue(None);
        for reply in &HAPPY[..heard] {
            let _ = dialogue.hear(reply.as_bytes());
        }
        let expected = if heard == 3 {
            Outcome::Unknown(Reason::Connection)
        } else {
            Outcome::Failed { reason: Reason::Connection, retry_after: None }
        };
        assert_eq!(dialogue.lost(Reason::Connection, "gone").outcome, expected, "after {heard}");
    }
}

#[test]
fn any_bytes_are_heard_without_a_fault() {
    for line in [&b"550 kein Empf\xe4nger\x00\x1b"[..], &[0xff; 900], b"\xff\xfe\xfd", b"550", b"\r"] {
        let mut dialogue = dialogue(None);
        assert_eq!(dialogue.hear(b"220 \xff"), Step::Say(Line::new("PAGE 7311")));
        let Step::End(report) = dialogue.hear(line) else { panic!("an end at {line:?}") };
        assert!(!report.detail.contains(char::is_control), "{report:?}");
    }
}

fn with(extras: Extras, messages: &[&str]) -> Dialogue {
    Dialogue::new(None, Line::new("7311"), messages.iter().map(|text| Line::new(text)).collect(), extras)
}

fn outcome(dialogue: Dialogue, replies: &[&str]) -> Option<Outcome> {
    run(dialogue, replies).1.map(|report| report.outcome)
}

#[test]
fn level_two_is_asked_for_where_it_is_wanted_and_done_without_where_it_is_not_known() {
    let wanted = Extras { level: Some(0), alert: true, ..NONE };
    let (said, report) = run(with(wanted.clone(), &["x"]), &["220", "250", "250", "250", "250", "250 sent"]);
    assert_eq!(said, ["LEVE 0", "ALER 1", "PAGE 7311", "MESS x", "SEND"]);
    assert_eq!(report.map(|report| report.outcome), Some(Outcome::Accepted));
    // hfaxd does not know ALER; another one takes no levels.
    for no in ["500 Command Not Implemented", "502 no", "503 not now", "550 Invalid Service Level", "554 no"]
    {
        let (said, report) = run(with(wanted.clone(), &["x"]), &["220", no, no, "250", "250", "250 sent"]);
        assert_eq!(said, ["LEVE 0", "ALER 1", "PAGE 7311", "MESS x", "SEND"]);
        assert_eq!(report.map(|report| report.outcome), Some(Outcome::Accepted), "{no}");
    }
    // What is not known is not asked for again.
    let replies = ["220", "250", "500 what?", "250", "250", "250", "250", "250", "250", "250"];
    let (said, _) = run(with(wanted.clone(), &["x", "y"]), &replies);
    assert_eq!(said[4..], ["SEND", "LEVE 0", "PAGE 7311", "MESS y", "SEND"]);
    let unauthorized = Some(Outcome::Refused(Reason::Unauthorized));
    assert_eq!(outcome(with(wanted.clone(), &["x"]), &["220", "530 log in"]), unauthorized);
    let fault = Some(Outcome::Failed { reason: Reason::ProviderFault, retry_after: None });
    assert_eq!(outcome(with(wanted.clone(), &["x"]), &["220", "421 too many errors"]), fault);
}

#[test]
fn a_long_text_goes_as_lines_of_data_with_their_dots_stuffed() {
    let text = format!("K7M2Q {} .hidden {}", "x".repeat(500), "y".repeat(600));
    let (said, report) = run(
        with(Extras::default(), &[&text]),
        &["220", "250", "354 Begin Input", "250 Message OK", "250 sent"],
    );
    assert_eq!(said[..2], ["PAGE 7311", "DATA"]);
    assert_eq!((said[3].as_str(), said[6].as_str(), said[7].as_str()), ("..hidden", ".", "SEND"));
    assert!(said.iter().all(|line| line.len() <= SAID_CHARS_MAX), "{said:?}");
    let joined: String = said[2..6].iter().map(|line| line.strip_prefix('.').unwrap_or(line)).collect();
    assert_eq!(joined, text.replace(' ', "").replacen("K7M2Q", "K7M2Q ", 1));
    assert_eq!(report.map(|report| report.outcome), Some(Outcome::Accepted));
    // A gateway of level 1 gets one long line.
    let (said, report) = run(with(Extras::default(), &[&text]), &["220", "250", "500 no", "250", "250 sent"]);
    assert_eq!((said[1].as_str(), said[3].as_str()), ("DATA", "SEND"));
    assert_eq!(said[2], format!("MESS {text}"));
    assert_eq!(report.map(|report| report.outcome), Some(Outcome::Accepted));
    let gone = with(Extras::default(), &[&text]);
    let refused = outcome(gone, &["220", "250", "354 go on", "550 Illegal"]);
    assert_eq!(refused, Some(Outcome::Refused(Reason::Rejected)));
}

const NONE: Extras = Extras { level: None, alert: false, queue: false, choices: Vec::new() };

fn two_way() -> Extras {
    let choices = vec![Choice::new(Choice::TAKE, "I have it"), Choice::new(Choice::ESCALATE, "Escalate")];
    Extras { choices, ..NONE }
}

#[test]
fn a_two_way_page_offers_answers_and_has_a_receipt() {
    let replies = [
        "220 ready",
        "250 OK, Beginning 2-Way Transaction",
        "850 Unit Online",
        "250 Message OK",
        "250 Read Acknowledgment Enabled",
        "250 OK",
        "250 Response Added to Transaction",
        "250 Response Added to Transaction",
        "960 32199 4391 OK, Message QUEUED for Delivery",
    ];
    let (said, report) = run(with(two_way(), &["x"]), &replies);
    let all = "2WAY|PAGE 7311|MESS x|ACKR 1|RTYP MULTICHOICE|MCRE 01 I have it|MCRE 02 Escalate|SEND";
    assert_eq!(said.join("|"), all);
    let report = report.expect("a report");
    assert_eq!(report.outcome, Outcome::Accepted);
    assert_eq!(report.receipt.map(|receipt| receipt.id).as_deref(), Some("32199 4391"));
    // As Net::SNPP::Server has it: choices without a reply type, and without read acknowledgements.
    let replies =
        ["220", "250", "250", "250", "500 no", "500 no", "250 added", "502 twice", "960 1 2 queued"];
    let (said, report) = run(with(two_way(), &["x"]), &replies);
    assert_eq!(said.join("|"), all);
    assert_eq!(report.and_then(|report| report.receipt).map(|receipt| receipt.id).as_deref(), Some("1 2"));
}

#[test]
fn two_way_is_done_without_where_the_gateway_or_the_pager_cannot() {
    let (said, report) = run(with(two_way(), &["x"]), &["220", "500 no", "250", "250", "250 1 2 sent"]);
    assert_eq!(said.join("|"), "2WAY|PAGE 7311|MESS x|SEND");
    let report = report.expect("a report");
    assert_eq!((report.outcome, report.receipt), (Outcome::Accepted, None));
    for no in ["550 Pager Not 2WAY Capable", "750 Two-Way Unit NOT Online; Transaction Denied"] {
        let (said, report) =
            run(with(two_way(), &["x"]), &["220", "250", no, "250 reset", "250", "250", "250 sent"]);
        assert_eq!(said.join("|"), "2WAY|PAGE 7311|RESE|PAGE 7311|MESS x|SEND");
        assert_eq!(report.map(|report| report.outcome), Some(Outcome::Accepted), "{no}");
    }
    let replies = ["220", "250", "550 no", "250 reset", "550 Invalid Pager ID"];
    assert_eq!(outcome(with(two_way(), &["x"]), &replies), Some(Outcome::Refused(Reason::UnknownAddress)));
    assert_eq!(
        outcome(with(two_way(), &["x"]), &["220", "250", "850", "250", "500", "500", "500", "780 expired"]),
        Some(Outcome::Refused(Reason::Rejected))
    );
}

#[test]
fn of_several_parts_the_last_can_be_answered_and_half_a_page_is_unknown() {
    let (said, _) = run(with(two_way(), &["a", "b"]), &["220", "250", "250", "250", "250", "850"]);
    assert_eq!(said.join("|"), "PAGE 7311|MESS a|SEND|2WAY|PAGE 7311|MESS b");
    let half = || with(Extras::default(), &["a", "b"]);
    for (reply, reason) in [
        ("550 Invalid Pager ID", Reason::UnknownAddress),
        ("554 failed", Reason::ProviderFault),
        ("421 gone", Reason::ProviderFault),
        ("what?", Reason::Nonsense),
    ] {
        let replies = ["220", "250", "250", "250 sent", reply];
        assert_eq!(outcome(half(), &replies), Some(Outcome::Unknown(reason)), "{reply}");
    }
    let (_, none) = run(half(), &["220", "250", "250", "250 sent"]);
    assert_eq!(none, None);
    assert_eq!(
        outcome(half(), &["220", "250", "250", "250", "250", "250", "250 sent"]),
        Some(Outcome::Accepted)
    );
}

#[test]
fn a_gateway_that_queues_is_asked_to() {
    let (said, _) =
        run(with(Extras { queue: true, ..NONE }, &["x"]), &["220", "250 Job will be queued.", "250"]);
    assert_eq!(said.join("|"), "SITE JQUEUE YES|PAGE 7311|MESS x");
    let (said, _) = run(with(Extras { queue: true, ..NONE }, &["x"]), &["220", "500 what?", "250"]);
    assert_eq!(said.join("|"), "SITE JQUEUE YES|PAGE 7311|MESS x");
}

#[test]
fn what_can_be_answered_is_short_and_no_command() {
    let nasty = Choice::new(Choice::TAKE, "\r\nSEND\r\n.\0 \"'Übernehme ich gleich selbst");
    assert_eq!(nasty.words.as_str(), "SEND . \"'Uebe..");
    let (said, _) = run(
        with(Extras { choices: vec![nasty], ..NONE }, &["x"]),
        &["220", "250", "850", "250", "250", "250", "250"],
    );
    assert_eq!(said[5..], ["MCRE 01 SEND . \"'Uebe..", "SEND"]);
}
