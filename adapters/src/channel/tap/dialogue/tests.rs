use super::super::block;
use super::*;

fn pages(texts: &[&str]) -> Vec<Vec<Vec<u8>>> {
    texts.iter().map(|text| block::blocks(&[Line::new("7311"), Line::new(text)])).collect()
}

fn plain() -> Dialogue {
    Dialogue::new(Vec::new(), None, pages(&["K7M2Q disk full"]))
}

/// Hears all of it; gives what was said and the report, if it came to one.
fn run(mut dialogue: Dialogue, heard: &[u8]) -> (Vec<Vec<u8>>, Option<Report>, Dialogue) {
    let mut spoken = Vec::new();
    let mut step = dialogue.begin();
    let mut bytes = heard.iter();
    loop {
        match step {
            Step::Say(words) => spoken.push(words),
            Step::Listen => {}
            Step::End(report) => return (spoken, Some(report), dialogue),
        }
        let Some(byte) = bytes.next() else { return (spoken, None, dialogue) };
        step = dialogue.hear(*byte);
    }
}

fn outcome(dialogue: Dialogue, heard: &[u8]) -> Option<Outcome> {
    run(dialogue, heard).1.map(|report| report.outcome)
}

const LOGGED_IN: &[u8] = b"ID=110 1.8\rWelcome\r\x06\r\x1b[p\r";

fn logged_in(then: &[u8]) -> Vec<u8> {
    [LOGGED_IN, then].concat()
}

#[test]
fn happy_call_is_that_of_the_standard() {
    let (spoken, report, _) = run(plain(), &logged_in(b"211 Page accepted\r\x06\r115 Bye\r\x1b\x04\r"));
    let page = block::blocks(&[Line::new("7311"), Line::new("K7M2Q disk full")]).remove(0);
    assert_eq!(spoken, [b"\r".to_vec(), b"\x1bPG1\r".to_vec(), page, b"\x04\r".to_vec()]);
    let report = report.expect("a report");
    assert_eq!((report.outcome, report.detail.as_str()), (Outcome::Accepted, "211 Page accepted / 115 Bye"));
}

#[test]
fn terminals_that_say_little_are_understood() {
    // No message sequences, no codes, line feeds, and no ACK before the go-ahead.
    assert_eq!(outcome(plain(), b"ID=\x06\r\x1b[p\r\x06\r\x1b\x04"), Some(Outcome::Accepted));
    assert_eq!(outcome(plain(), b"\nID=\r\n\n\x1b[p\n\n\x06\n\x1b\x04"), Some(Outcome::Accepted));
    // One page for each call: it hangs up once it has it.
    assert_eq!(outcome(plain(), &logged_in(b"211 ok\r\x1b\x04\r")), Some(Outcome::Accepted));
}

#[test]
fn the_password_is_said_and_a_wrong_one_is_refused() {
    let dialogue = || Dialogue::new(Vec::new(), Some(Line::new("s3cret")), pages(&["x"]));
    let (spoken, ..) = run(dialogue(), LOGGED_IN);
    assert_eq!(spoken[1], b"\x1bPG1s3cret\r");
    for heard in [&b"ID=509 Invalid password\r\x1b\x04\r"[..], b"ID=\x15\r\x15\r\x15\r", b"ID=ID=ID=ID="] {
        assert_eq!(outcome(dialogue(), heard), Some(Outcome::Refused(Reason::Unauthorized)), "{heard:?}");
    }
}

#[test]
fn hello_is_said_as_often_as_the_standard_says() {
    let mut dialogue = plain();
    let cr = Step::Say(vec![CR]);
    assert_eq!((dialogue.begin(), dialogue.silent(), dialogue.silent()), (cr.clone(), cr.clone(), cr));
    assert_eq!(dialogue.patience(), HELLO_INTERVAL);
    let Step::End(report) = dialogue.silent() else { panic!("an end") };
    assert_eq!(report.outcome, Outcome::Failed { reason: Reason::Timeout, retry_after: None });
}

#[test]
fn a_block_that_is_not_understood_is_said_again() {
    let (spoken, report, _) = run(plain(), &logged_in(b"514 Checksum error\r\x15\r\r\x15\r211 ok\r\x06\r"));
    assert_eq!(spoken.len(), 6, "{spoken:?}");
    assert!(spoken[2] == spoken[3] && spoken[3] == spoken[4] && report.is_none());
    let (spoken, report, _) = run(plain(), &logged_in(b"\x15\r\x15\r\x15\r\x15\r"));
    assert_eq!(spoken.len(), 2 + 1 + 3, "once, and three times again");
    let expected = Outcome::Failed { reason: Reason::ProviderFault, retry_after: None };
    assert_eq!(report.map(|report| report.outcome), Some(expected));
}

#[test]
fn codes_say_what_a_no_means() {
    let failed = |reason| Outcome::Failed { reason, retry_after: None };
    for (answer, expected) in [
        (&b"511 no such pager\r\x1e\r"[..], Outcome::Refused(Reason::UnknownAddress)),
        (b"510 too long\r\x1e\r", Outcome::Refused(Reason::UnknownAddress)),
        (b"505 numbers only\r\x1e\r", Outcome::Refused(Reason::Rejected)),
        (b"517 80 characters\r\x1e\r", Outcome::Refused(Reason::Rejected)),
        (b"\x1e\r", Outcome::Refused(Reason::Rejected)),
        (b"512 try later\r\x1e\r", failed(Reason::ProviderFault)),
        (b"516 quota\r\x1e\r", failed(Reason::Throttled)),
        (b"503 too many errors\r\x1b\x04\r", failed(Reason::ProviderFault)),
        (b"113 time is over\r\x1b\x04\r", failed(Reason::Throttled)),
        (b"\x1b\x04\r", Outcome::Unknown(Reason::ProviderFault)),
        (b"211 ok\r\x06\r511 no such pager\r\x1e\r", Outcome::Refused(Reason::UnknownAddress)),
    ] {
        assert_eq!(outcome(plain(), &logged_in(answer)), Some(expected), "{answer:?}");
    }
    for (answer, expected) in [
        (&b"ID=\x1b\x04\r"[..], failed(Reason::ProviderFault)),
        (b"ID=508 no such service\r\x1b\x04\r", Outcome::Refused(Reason::Rejected)),
        (b"ID=\x06\r\x1b\x04\r", failed(Reason::ProviderFault)),
    ] {
        assert_eq!(outcome(plain(), answer), Some(expected), "{answer:?}");
    }
}

#[test]
fn a_break_is_unknown_once_the_last_block_was_said_and_nothing_after_it_was_taken() {
    let failed = Outcome::Failed { reason: Reason::Connection, retry_after: None };
    let unknown = Outcome::Unknown(Reason::Connection);
    let long = format!("K7M2Q {}", "x".repeat(600));
    for (texts, heard, expected) in [
        (&["K7M2Q x"][..], &b""[..], failed),
        (&["K7M2Q x"], b"ID=\x06", failed),
        (&["K7M2Q x"], b"ID=\x06\r\x1b[", failed),
        (&["K7M2Q x"], LOGGED_IN, unknown),
        (&["K7M2Q x"], &logged_in(b"211 ok\r\x06"), Outcome::Accepted),
        // In several blocks: only the last one makes it a page.
        (&[&long], LOGGED_IN, failed),
        (&[&long], &logged_in(b"\x06\r"), failed),
        (&[&long], &logged_in(b"\x06\r\x06\r"), unknown),
        // In parts: the first one is there.
        (&["K7M2Q 1/2 x", "K7M2Q 2/2 y"], &logged_in(b"\x06\r"), unknown),
        (&["K7M2Q 1/2 x", "K7M2Q 2/2 y"], &logged_in(b"\x06\r\x06\r"), Outcome::Accepted),
        (&["K7M2Q 1/2 x", &long], &logged_in(b"\x06\r\x06\r"), unknown),
    ] {
        let (_, report, dialogue) = run(Dialogue::new(Vec::new(), None, pages(texts)), heard);
        assert_eq!(report, None);
        assert_eq!(dialogue.lost(Reason::Connection, "gone").outcome, expected, "{texts:?} after {heard:?}");
    }
    // A part that is refused after another was taken.
    let halves = Dialogue::new(Vec::new(), None, pages(&["K7M2Q 1/2 x", "K7M2Q 2/2 y"]));
    let refused = outcome(halves, &logged_in(b"\x06\r511 gone\r\x1e\r"));
    assert_eq!(refused, Some(Outcome::Unknown(Reason::UnknownAddress)));
}

#[test]
fn a_modem_is_set_up_and_dials() {
    let modem = || vec![Line::new("ATZ"), Line::new("ATDT5559000")];
    let dialogue = || Dialogue::new(modem(), None, pages(&["x"]));
    let (spoken, _, dialled) = run(dialogue(), b"ATZ\r\r\nOK\r\n");
    assert_eq!(spoken, [b"ATZ\r".to_vec(), b"ATDT5559000\r".to_vec()]);
    assert!(dialled.is_dialling());
    let lost = dialled.lost(Reason::Timeout, "no answer in time");
    assert!(matches!(lost.outcome, Outcome::Failed { retry_after: Some(_), .. }), "{lost:?}");
    let (spoken, _, connected) = run(dialogue(), b"OK\r\n\r\nCONNECT 1200\r\nID=");
    assert_eq!(spoken[2..], [b"\r".to_vec(), b"\x1bPG1\r".to_vec()]);
    assert!(!connected.is_dialling());
    let mut again = dialogue();
    assert_eq!(again.rejoin(), Step::Listen);
    assert!(again.is_dialling());
    for word in ["BUSY", "NO CARRIER", "NO DIALTONE", "NO ANSWER", "ERROR"] {
        let heard = format!("OK\r\n{word}\r\n");
        let expected = Outcome::Failed { reason: Reason::Connection, retry_after: None };
        assert_eq!(outcome(dialogue(), heard.as_bytes()), Some(expected), "{word}");
    }
}

#[test]
fn endless_talk_is_nonsense_and_any_bytes_are_heard() {
    let noise = vec![b'x'; HEARD_BYTES_MAX + 1];
    assert_eq!(
        outcome(plain(), &noise),
        Some(Outcome::Failed { reason: Reason::Nonsense, retry_after: None })
    );
    let all: Vec<u8> = (0..=255).collect();
    let (_, report, _) = run(plain(), &logged_in(&all));
    let report = report.expect("ESC and RS are among them");
    assert!(!report.detail.contains(char::is_control), "{report:?}");
}
