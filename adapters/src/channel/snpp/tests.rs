use domain::port::Answer;
use events::Timestamp;
use events::event::Language;
use events::event::outcome::DeliveryStatus;
use events::event::person::ChannelKind;

use super::*;
use crate::channel::stand_in::{self, Then};
use crate::link::LinkKey;
use crate::text::sample::{dispatch, notice};

/// A clock that stands still.
#[derive(Debug)]
struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(1_795_317_000_000_000)
    }
}

const READY: &str = "220 SNPP Gateway Ready\r\n";
const OK: &str = "250 OK\r\n";

fn channel(address: &str) -> Snpp {
    let links = Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) };
    let config = SnppConfig { timeout: Duration::from_secs(2), ..SnppConfig::new(address) };
    Snpp::new(config, links, Arc::new(Standing))
}

fn to_pager() -> Dispatch {
    dispatch(
        ChannelKind::PAGER,
        "7311\r\nSEND",
        Language::De,
        &notice("Größe\r\nSEND\r\nPAGE 1\r\n.\r\nQUIT"),
    )
}

async fn outcome(replies: &[&str], then: Then) -> Outcome {
    let server = stand_in::lines(replies, then).await;
    let report = channel(&server.address.to_string()).send(&to_pager()).await;
    let sent = matches!(report.outcome, Outcome::Accepted | Outcome::Unknown(_));
    assert_eq!(!report.text.is_empty(), sent, "{report:?}");
    report.outcome
}

#[tokio::test]
async fn page_goes_out_and_nothing_in_it_is_a_command() {
    let server = stand_in::lines(&[READY, OK, OK, "250 Message Sent Successfully\r\n"], Then::Close).await;
    let report = channel(&server.address.to_string()).send(&to_pager()).await;
    assert_eq!(report.outcome, Outcome::Accepted);
    assert_eq!(report.detail, "250 Message Sent Successfully");
    assert!(report.text.ends_with("/a/K7M2Q"), "{report:?}");
    let heard = server.heard().await;
    let lines: Vec<&str> = heard.split("\r\n").collect();
    assert_eq!((lines[0], lines[2], lines[3], lines[4]), ("PAGE 7311 SEND", "SEND", "QUIT", ""), "{heard}");
    assert!(lines[1].starts_with("MESS K7M2Q Groesse SEND PAGE 1 . QUIT / Web shop seit "), "{heard}");
    assert_eq!(lines.len(), 5, "{heard}");
}

#[tokio::test]
async fn trouble_before_send_has_failed_and_after_it_is_unknown() {
    let failed = |reason| Outcome::Failed { reason, retry_after: None };
    let endless = "2".repeat(5_000);
    let mut cases = tokio::task::JoinSet::new();
    for (replies, then, expected) in [
        (&[][..], Then::Hang, failed(Reason::Timeout)),
        (&[READY, OK], Then::Hang, failed(Reason::Timeout)),
        (&[READY, OK], Then::Close, failed(Reason::Connection)),
        (&[READY, "250 half a li"], Then::Close, failed(Reason::Connection)),
        (&[&endless], Then::Hang, failed(Reason::Nonsense)),
        (&["\u{0}\u{1}\u{2}\r\n"], Then::Hang, failed(Reason::Nonsense)),
        (&[READY, OK, OK], Then::Hang, Outcome::Unknown(Reason::Timeout)),
        (&[READY, OK, OK], Then::Close, Outcome::Unknown(Reason::Connection)),
        (&[READY, OK, OK, &endless], Then::Hang, Outcome::Unknown(Reason::Nonsense)),
        (&[READY, OK, OK, "what?\n"], Then::Hang, Outcome::Unknown(Reason::Nonsense)),
        (&[READY, "550 no such pager\n"], Then::Hang, Outcome::Refused(Reason::UnknownAddress)),
    ] {
        let replies: Vec<String> = replies.iter().map(|reply| (*reply).to_owned()).collect();
        cases.spawn(async move {
            let replies: Vec<&str> = replies.iter().map(String::as_str).collect();
            assert_eq!(outcome(&replies, then).await, expected, "{replies:?}");
        });
    }
    cases.join_all().await;
    let nobody = stand_in::closed().await.to_string();
    for address in [nobody.as_str(), "no-such-host.invalid:444", "no address"] {
        let report = channel(address).send(&to_pager()).await;
        assert_eq!(report.outcome, failed(Reason::Connection), "{address}");
    }
}

#[tokio::test]
async fn a_pager_without_a_number_is_refused() {
    let mut dispatch = to_pager();
    dispatch.address = "\r\n".to_owned();
    let report = channel("127.0.0.1:1").send(&dispatch).await;
    assert_eq!(report.outcome, Outcome::Refused(Reason::UnknownAddress));
}

#[tokio::test]
async fn announcement_is_cut_to_what_a_pager_shows() {
    let server = stand_in::lines(&[READY, OK, OK, OK], Then::Close).await;
    let text = Text::announcement("[NO-LOG]", &format!("[NO-LOG] {}", "ü".repeat(999)));
    let report = channel(&server.address.to_string()).announce("7311", &text).await;
    assert_eq!(report.outcome, Outcome::Accepted);
    assert_eq!(report.text.len(), PAGER_CHARS_MAX_DEFAULT);
}

#[tokio::test]
async fn short_pagers_get_parts_and_a_leading_dot_ends_no_data() {
    let server = stand_in::lines(&[READY, OK, OK, OK, OK, OK, OK, OK, OK, OK, OK, OK, OK], Then::Close).await;
    let origin = Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) };
    let config = SnppConfig { chars_max: 40, ..SnppConfig::new(&server.address.to_string()) };
    let mut dispatch = to_pager();
    dispatch.errand = Errand::Page(Box::new(notice(&". \r\n.\r\nSEND \"'".repeat(40))));
    let report = Snpp::new(config, origin.clone(), Arc::new(Standing)).send(&dispatch).await;
    assert_eq!(report.outcome, Outcome::Accepted, "{report:?}");
    let heard = server.heard().await;
    let lines: Vec<&str> = heard.split("\r\n").collect();
    for part in 0..4 {
        assert_eq!((lines[part * 3], lines[part * 3 + 2]), ("PAGE 7311 SEND", "SEND"), "{heard}");
        assert!(lines[part * 3 + 1].starts_with(&format!("MESS K7M2Q {}/4 ", part + 1)), "{heard}");
    }
    let data: &[&str] = &[READY, OK, "354 Begin\r\n", "", "", "", "", OK, OK];
    let server = stand_in::lines(data, Then::Close).await;
    let config = SnppConfig { chars_max: 2_000, ..SnppConfig::new(&server.address.to_string()) };
    let text =
        Text { body: format!("K7M2Q {} .. .QUIT . {}", "x".repeat(502), "y".repeat(999)), ..Text::default() };
    let report =
        Snpp::new(config, origin, Arc::new(Standing)).page("7311", &text, Severity::Critical, &[]).await;
    assert_eq!(report.outcome, Outcome::Accepted, "{report:?}");
    let heard = server.heard().await;
    let lines: Vec<&str> = heard.split("\r\n").collect();
    assert_eq!(lines.iter().position(|line| *line == "."), Some(6), "{heard}");
    assert!(lines[3].starts_with("... .QUIT ."), "{}", lines[3]);
}

#[tokio::test]
async fn a_two_way_page_is_asked_about() {
    let server =
        stand_in::lines(&[READY, "888 3 261122031000+0100 01 MCR Reply Received\r\n"], Then::Close).await;
    let status = channel(&server.address.to_string()).query("32199 4391").await.expect("a status");
    assert_eq!(status.stage, status::Stage::Answered(Answer::Take, String::new()));
    assert_eq!(server.heard().await, "MSTA 32199 4391\r\nQUIT\r\n");
    assert_eq!(channel("127.0.0.1:1").query("32199 4391").await, None);
    assert_eq!(channel("127.0.0.1:1").query("no receipt of ours\r\nQUIT").await, None);
}

fn two_way(address: &str) -> Snpp {
    let password = Some(Secret::new("s3cret"));
    let login = Some(Login { id: "house".to_owned(), password });
    let timeout = Duration::from_secs(2);
    let config = SnppConfig { login, two_way: true, timeout, ..SnppConfig::new(address) };
    Snpp { config, ..channel(address) }
}

#[tokio::test]
async fn a_two_way_page_offers_answers_in_the_language_of_the_person_and_is_asked_about_for_an_hour() {
    let tag = "960 32199 4391 OK\r\n";
    for (language, take, escalate) in [
        (Language::En, "I have it", "Escalate"),
        (Language::De, "Ich habs", "Weiter"),
        (Language::It, "Ci penso io", "Avanti"),
    ] {
        let server = stand_in::lines(&[READY, OK, OK, OK, OK, OK, OK, OK, OK, tag], Then::Close).await;
        let mut dispatch = to_pager();
        dispatch.language = language;
        let report = two_way(&server.address.to_string()).send(&dispatch).await;
        let receipt = report.receipt.expect("a receipt");
        assert_eq!(receipt.asked_until, Some(Standing.now() + ASKED_FOR));
        assert_eq!((receipt.id.as_str(), receipt.rings_until), ("32199 4391", None));
        let heard = server.heard().await;
        assert!(heard.contains(&format!("\r\nMCRE 01 {take}\r\nMCRE 02 {escalate}\r\nSEND\r\n")), "{heard}");
        for words in [take, escalate] {
            assert!(words.len() <= 15 && words.is_ascii(), "{words}");
            assert!(crate::reply::word(words).is_some(), "understood when a pager says it in words: {words}");
        }
    }
    let mut test = to_pager();
    if let Errand::Page(notice) = &mut test.errand {
        notice.test = true;
    }
    let offered = choices(two_way("x").config(), &test);
    assert_eq!(offered, [Choice::new(Choice::TAKE, "Ich habs")], "of a test there is no next step");
    assert_eq!(choices(channel("x").config(), &to_pager()), []);
}

#[tokio::test]
async fn whatever_a_gateway_answers_about_a_page_does_no_harm() {
    let endless = "8".repeat(5_000);
    let about = |line: &str| vec![READY.to_owned(), OK.to_owned(), line.to_owned()];
    for (replies, then, expected) in [
        (about("888 3 x 01 Reply s3cret\r\n"), Then::Close, Some((Some(Answer::Take), false))),
        (about("889 3 x we use s3cret\r\n"), Then::Close, Some((Some(Answer::Words), false))),
        (about("421 gone\r\n"), Then::Close, None),
        (about("888 half a li"), Then::Close, None),
        (about(&endless), Then::Hang, None),
        (about("\u{0}\u{1}\r\n"), Then::Hang, None),
        (about(""), Then::Hang, None),
        (vec![], Then::Hang, None),
        (vec![], Then::Close, None),
        (vec![READY.to_owned(), "550 wrong password s3cret\r\n".to_owned()], Then::Close, None),
    ] {
        let replies: Vec<&str> = replies.iter().map(String::as_str).collect();
        let server = stand_in::lines(&replies, then).await;
        let news = two_way(&server.address.to_string()).ask("32199 4391").await;
        assert!(!format!("{news:?}").contains("s3cret"), "{news:?}");
        assert_eq!(news.map(|news| (news.answer, news.expired)), expected, "{replies:?}");
    }
    let unknown = "550 Unknown or Illegal Message_Tag or Pass_Code\r\n";
    let server = stand_in::lines(&[READY, OK, unknown, OK, unknown], Then::Close).await;
    let news = two_way(&server.address.to_string()).ask("1 2").await.expect("it was forgotten");
    assert_eq!(news, News { expired: true, ..News::default() });
    let server = stand_in::lines(&[READY, OK, "870 3 x Read\r\n"], Then::Close).await;
    let news = two_way(&server.address.to_string()).ask("1 2").await.expect("it was read");
    assert_eq!(news.status, Some(DeliveryStatus::Read));
}

#[tokio::test]
async fn a_question_gives_way_to_a_page() {
    let silent = stand_in::lines(&[READY], Then::Hang).await;
    let snpp = two_way(&silent.address.to_string());
    let page = UnderWay::begin(&snpp.under_way);
    assert_eq!(snpp.ask("1 2").await, None, "nothing is asked while a page is on its way");
    drop(page);
    let (page, asked) = tokio::join!(
        async {
            tokio::task::yield_now().await;
            UnderWay::begin(&snpp.under_way)
        },
        tokio::time::timeout(Duration::from_secs(1), snpp.ask("1 2")),
    );
    assert_eq!(asked, Ok(None), "it is given up before its own time is over");
    drop(page);
}
