use events::event::Language;
use tokio::net::TcpListener;

use super::*;
use crate::channel::stand_in;
use crate::link::LinkKey;
use crate::probe::Ill;
use crate::text::sample::{dispatch, notice};

fn channel(config: TapConfig) -> Tap {
    let links = Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) };
    Tap::new(TapConfig { timeout: Duration::from_secs(2), ..config }, links)
}

fn to_pager() -> Dispatch {
    let evil = "Größe\r\u{3}000\r\u{4}\r\u{1b}\u{2}7399\r\"'.\n.\r\u{0}";
    dispatch(ChannelKind::PAGER, "7311\r\u{3}", Language::De, &notice(evil))
}

/// A terminal that says one of these after each line it hears, the first at once; then it hangs.
async fn terminal(says: &'static [&'static [u8]]) -> (String, tokio::task::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let heard = tokio::spawn(async move {
        let mut all = Vec::new();
        let (mut stream, _) = listener.accept().await.expect("a connection");
        for (at, words) in says.iter().enumerate() {
            while all.ends_with(b"\x1b") || ends(&all) < at {
                if stream.read_buf(&mut all).await.unwrap_or(0) == 0 {
                    return all;
                }
            }
            stream.write_all(words).await.expect("somebody listens");
        }
        while stream.read_buf(&mut all).await.unwrap_or(0) > 0 {}
        all
    });
    (address, heard)
}

/// How much was said: carriage returns that end something, which those between fields do not.
fn ends(said: &[u8]) -> usize {
    let mut in_block = false;
    let mut count = 0;
    for byte in said.iter().map(|byte| block::character(*byte)) {
        match byte {
            block::STX => in_block = true,
            block::ETX | block::US | block::ETB => in_block = false,
            block::CR if !in_block => count += 1,
            _ => {}
        }
    }
    count
}

const CALL: &[&[u8]] =
    &[b"", b"ID=", b"110 1.8\r\x06\r\x1b[p\r", b"211 Page accepted\r\x06\r", b"115 bye\r\x1b\x04\r"];

#[tokio::test]
async fn page_goes_out_and_nothing_in_it_is_the_protocol() {
    let (address, heard) = terminal(CALL).await;
    let report = channel(TapConfig::new(&address)).send(&to_pager()).await;
    assert_eq!(report.outcome, Outcome::Accepted, "{report:?}");
    assert!(report.detail.starts_with("211 Page accepted"), "{report:?}");
    let heard = heard.await.expect("the terminal ends");
    let first = heard.iter().position(|byte| *byte == block::STX);
    assert_eq!(first, heard.iter().rposition(|byte| *byte == block::STX), "{heard:?}");
    let text = String::from_utf8(heard).expect("ASCII");
    assert!(
        text.starts_with("\r\u{1b}PG1\r\u{2}7311\rK7M2Q Groesse 000 7399 \"'. . / Web shop seit "),
        "{text:?}"
    );
    assert!(text.ends_with("\u{4}\r"), "{text:?}");
}

#[tokio::test]
async fn long_texts_go_out_in_parts_in_one_call() {
    let says: &[&[u8]] =
        &[b"", b"ID=", b"\x06\r\x1b[p\r", b"\x06\r", b"\x06\r", b"\x06\r", b"\x06\r", b"\x1b\x04\r"];
    let (address, heard) = terminal(says).await;
    let mut dispatch = to_pager();
    dispatch.errand = Errand::Page(Box::new(notice(&"on many machines ".repeat(40))));
    let report = channel(TapConfig { chars_max: 40, ..TapConfig::new(&address) }).send(&dispatch).await;
    assert_eq!(report.outcome, Outcome::Accepted, "{report:?}");
    let heard = String::from_utf8(heard.await.expect("the terminal ends")).expect("ASCII");
    for part in 1..=4 {
        assert!(heard.contains(&format!("\u{2}7311\rK7M2Q {part}/4 ")), "{heard:?}");
    }
}

#[tokio::test]
async fn parity_is_on_every_byte_and_the_password_in_no_report() {
    let (address, heard) =
        terminal(&[b"", b"\xc9D\xbd", b"509 wr\xef\xee\xe7: s3cr\xe5t\x8d\x1b\x84\x8d"]).await;
    let config =
        TapConfig { parity: Parity::Even, password: Some(Secret::new("s3cret")), ..TapConfig::new(&address) };
    let report = channel(config).send(&to_pager()).await;
    assert_eq!(report.outcome, Outcome::Refused(Reason::Unauthorized), "{report:?}");
    assert_eq!(report.detail, "509 wrong: ***");
    let heard = heard.await.expect("the terminal ends");
    assert!(heard.iter().all(|byte| byte.count_ones() % 2 == 0), "{heard:?}");
}

#[tokio::test]
async fn trouble_before_the_block_has_failed_and_after_it_is_unknown() {
    let failed = |reason| Outcome::Failed { reason, retry_after: None };
    let cases: [(&'static [&'static [u8]], Outcome); 3] = [
        (&[b"Welcome\r\n"], failed(Reason::Timeout)),
        (&CALL[..2], failed(Reason::Timeout)),
        (&CALL[..3], Outcome::Unknown(Reason::Timeout)),
    ];
    let mut tasks = tokio::task::JoinSet::new();
    for (says, expected) in cases {
        tasks.spawn(async move {
            let (address, _heard) = terminal(says).await;
            let report = channel(TapConfig::new(&address)).send(&to_pager()).await;
            assert_eq!(report.outcome, expected, "{says:?}");
            let sent = matches!(report.outcome, Outcome::Accepted | Outcome::Unknown(_));
            assert_eq!(!report.text.is_empty(), sent, "{report:?}");
        });
    }
    tasks.join_all().await;
    let nobody = stand_in::closed().await.to_string();
    let report = channel(TapConfig::new(&nobody)).send(&to_pager()).await;
    assert_eq!(report.outcome, failed(Reason::Connection));
}

#[tokio::test]
async fn a_call_that_is_still_being_dialled_is_found_by_the_next_attempt() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (connect, connected) = tokio::sync::oneshot::channel::<()>();
    let modem = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut all = Vec::new();
        let answers: [(usize, &[u8]); 5] = [
            (1, b"\r\nOK\r\n"),
            (2, b"\r\nCONNECT 1200\r\n"),
            (3, b"ID="),
            (4, b"\x06\r\x1b[p\r"),
            (5, b"211 ok\r\x06\r\x1b\x04\r"),
        ];
        let mut connected = Some(connected);
        for (at, answer) in answers {
            while ends(&all) < at {
                assert!(
                    stream.read_buf(&mut all).await.expect("somebody is there") > 0,
                    "it hung up: {all:?}"
                );
            }
            if at == 2 {
                connected.take().expect("once").await.expect("it is said");
            }
            stream.write_all(answer).await.expect("somebody listens");
        }
        (all, listener)
    });
    let dial = vec![Line::new("ATZ"), Line::new("ATDT5559000")];
    let config = TapConfig { timeout: Duration::from_millis(300), dial, ..TapConfig::new(&address) };
    let links = Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) };
    let channel = Tap::new(config, links);
    let report = channel.send(&to_pager()).await;
    assert!(
        matches!(report.outcome, Outcome::Failed { reason: Reason::Timeout, retry_after: Some(_) }),
        "{report:?}"
    );
    connect.send(()).expect("the modem waits");
    let report = channel.send(&to_pager()).await;
    assert_eq!(report.outcome, Outcome::Accepted, "{report:?}");
    let (all, _) = modem.await.expect("one call, dialled once");
    assert!(all.starts_with(b"ATZ\rATDT5559000\r\r\x1bPG1\r\x02"), "{all:?}");
}

#[tokio::test]
async fn a_pager_without_a_number_is_refused_and_an_announcement_is_cut() {
    let mut dispatch = to_pager();
    dispatch.address = "\r\n".to_owned();
    let report = channel(TapConfig::new("127.0.0.1:1")).send(&dispatch).await;
    assert_eq!(report.outcome, Outcome::Refused(Reason::UnknownAddress));
    let (address, heard) = terminal(CALL).await;
    let text = Text::announcement("[NO-LOG]", &format!("[NO-LOG] {}", "ü".repeat(999)));
    let report = channel(TapConfig::new(&address)).announce("7311", &text).await;
    assert_eq!((report.outcome, report.text.len()), (Outcome::Accepted, PAGER_CHARS_MAX_DEFAULT));
    drop(heard);
}

#[tokio::test]
async fn whether_a_page_would_go_out_is_asked_by_logging_on_and_off() {
    type Says = &'static [&'static [u8]];
    let cases: [(Says, Option<&str>, &str); 5] = [
        (
            &[b"", b"ID=", b"110 1.8\r\x06\r\x1b[p\r", b"115 bye\r\x1b\x04\r"],
            None,
            "\r\u{1b}PG1s3cret\r\u{4}\r",
        ),
        (&[b"", b"ID=", b"509 wrong: s3cret\r\x1b\x04\r"], Some("unauthorized"), "\r\u{1b}PG1s3cret\r"),
        (&[b"", b"ID=", b"502 busy\r\x1b\x04\r"], Some("unfit"), "\r\u{1b}PG1s3cret\r"),
        (&[b"", b"ID="], Some("unreachable"), "\r\u{1b}PG1s3cret\r"),
        (&[b"Welcome\r\n"], Some("unreachable"), "\r"),
    ];
    let mut tasks = tokio::task::JoinSet::new();
    for (says, expected, said) in cases {
        tasks.spawn(async move {
            let (address, heard) = terminal(says).await;
            let tap =
                channel(TapConfig { password: Some(Secret::new("s3cret")), ..TapConfig::new(&address) });
            let ill = tap.probe().await.expect("there is somebody to ask").ill;
            assert_eq!(ill.as_ref().map(Ill::as_str), expected, "{ill:?}");
            assert!(!ill.is_some_and(|ill| ill.words().contains("s3cret")));
            drop(tap);
            let heard = heard.await.expect("the terminal ends");
            assert!(String::from_utf8_lossy(&heard).starts_with(said), "{heard:?}");
            assert!(!heard.contains(&block::STX), "no page: {heard:?}");
        });
    }
    tasks.join_all().await;
    let nobody = stand_in::closed().await.to_string();
    let ill = channel(TapConfig::new(&nobody)).probe().await.and_then(|probe| probe.ill);
    assert_eq!(ill.map(|ill| ill.as_str()), Some("unreachable"));
}

#[tokio::test]
async fn a_question_gives_the_line_to_a_page_at_once_and_is_asked_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (asked, is_asked) = tokio::sync::oneshot::channel::<()>();
    let line = tokio::spawn(async move {
        let (mut question, _) = listener.accept().await.expect("a connection");
        asked.send(()).expect("somebody waits");
        let mut heard = Vec::new();
        while question.read_buf(&mut heard).await.unwrap_or(0) > 0 {}
        let mut calls = Vec::new();
        for says in [CALL, &[b"", b"ID=", b"\x06\r\x1b[p\r", b"\x1b\x04\r"]] {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut all = Vec::new();
            for (at, words) in says.iter().enumerate() {
                while all.ends_with(b"\x1b") || ends(&all) < at {
                    assert!(stream.read_buf(&mut all).await.expect("a call") > 0, "{all:?}");
                }
                stream.write_all(words).await.expect("somebody listens");
            }
            calls.push(all.contains(&block::STX));
        }
        calls
    });
    let tap = Arc::new(channel(TapConfig { timeout: Duration::from_secs(9), ..TapConfig::new(&address) }));
    let question = tokio::spawn({
        let tap = Arc::clone(&tap);
        async move { tap.probe().await }
    });
    is_asked.await.expect("a call");
    // Nobody waits until the terminal of the first call has been silent for as long as it may.
    let paged = tokio::time::timeout(dialogue::HELLO_INTERVAL, tap.send(&to_pager())).await;
    assert_eq!(paged.map(|report| report.outcome), Ok(Outcome::Accepted));
    assert_eq!(question.await.expect("an answer"), Some(Probe::SOUND));
    assert_eq!(line.await.expect("three calls"), [true, false]);
}
