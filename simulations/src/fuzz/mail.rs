//! What a mail server answers, and what a mail program makes of our mails.
//!
//! Input of answers: a line `STEP KIND CODE`, then the server's words. Input of letters: the title, the text, the link and
//! its title, each in a line.

use adapters::channel::mail::dialogue::{Fault, Step, classify, content};
use adapters::channel::mail::letter::{Letter, Thread};
use adapters::line::Line;
use adapters::text::{TITLE_CHARS_MAX, Text};
use events::Timestamp;
use events::event::outcome::{Outcome, Reason};
use i18n::Locale;

use super::claim::{is_one_line, is_within};
use super::shape;
use decoded::Decoded;

mod decoded;

/// The most that is kept of what a server said.
const DETAIL_CHARS_MAX: usize = 500;
/// The longest line of a mail. Source: RFC 5322, section 2.1.1.
const LINE_CHARS_MAX: usize = 998;
const STEPS: [Step; 7] =
    [Step::Connect, Step::Protect, Step::LogIn, Step::From, Step::Recipient, Step::Data, Step::Content];

/// What a fault at a step means.
pub fn answer(mut input: &[u8]) {
    let head = shape::lossy(shape::line(&mut input)).into_owned();
    let words = shape::lossy(input).into_owned();
    let mut parts = head.split(' ');
    let mut number = || parts.next().and_then(|part| part.parse::<u16>().ok()).unwrap_or(0);
    let (step, kind, code) = (STEPS[usize::from(number()) % STEPS.len()], number(), number());
    let fault = match kind % 5 {
        0 => Fault::Answer(code, words.clone()),
        1 => Fault::Nonsense(words),
        2 => Fault::Unable(words),
        3 => Fault::Connection(words),
        _ => Fault::Silence,
    };
    let report = classify(step, &fault);
    assert_eq!(report, classify(step, &fault));
    is_one_line(&report.detail, "what a server said");
    is_within(&report.detail, DETAIL_CHARS_MAX, "what a server said");
    assert_eq!(report.receipt, None, "a fault gives no number");
    match (&fault, &report.outcome) {
        (_, Outcome::Accepted) => panic!("a fault is no success: {fault:?}"),
        (Fault::Answer(500..=599, _) | Fault::Unable(_), outcome) => {
            assert!(matches!(outcome, Outcome::Refused(_)), "no means no: {outcome:?}");
        }
        (Fault::Answer(400..=499, _), outcome) => {
            assert!(matches!(outcome, Outcome::Failed { .. }), "later means later: {outcome:?}");
        }
        (_, outcome) => {
            let is_open = matches!(outcome, Outcome::Unknown(_));
            assert_eq!(
                is_open,
                step == Step::Content,
                "what was handed over may come, and nothing else: {outcome:?}"
            );
        }
    }
    let is_unknown_address = report.outcome == Outcome::Refused(Reason::UnknownAddress);
    assert!(!is_unknown_address || step == Step::Recipient, "an address is judged where it is given");
}

/// What a server takes for the mail, without the end of its last line; none when it would read on, or take what follows
/// for commands.
fn received(sent: &str) -> Option<String> {
    let mut lines = Vec::new();
    let mut rest = sent.split("\r\n");
    loop {
        match rest.next()? {
            "." => break,
            line => lines.push(line.strip_prefix('.').unwrap_or(line)),
        }
    }
    let is_end = rest.next() == Some("") && rest.next().is_none();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    is_end.then(|| lines.join("\r\n"))
}

/// Our mail, as another program reads it.
pub fn letter(mut input: &[u8]) {
    let mut next = || shape::text(&mut input);
    let (title, body, link, link_title) = (next(), next(), next(), next());
    // What makes texts says no control characters, and titles and links in one line.
    let one_line = |text: &str| Line::new(text).to_string();
    let body = body.lines().map(one_line).collect::<Vec<_>>().join("\n");
    let link = Some(one_line(&link)).filter(|link| !link.is_empty());
    let link_title = link.as_ref().map(|_| one_line(&link_title));
    let title = Line::new(&title).cut(TITLE_CHARS_MAX).to_string();
    let text = Text { title, body, link, link_title, reply: None };
    let letter = Letter {
        id: "a1b2.1.2.3".to_owned(),
        thread: Some(Thread("a1b2.1".to_owned())),
        language: Locale::De,
        at: Timestamp::from_micros(1_795_000_000_000_000),
        text: text.clone(),
    };
    let from = "Hot Potato <pages@house.example>".parse().expect("a mailbox");
    let to = "anna@example.org".parse().expect("an address");
    let bytes = letter.encode(&from, &to).expect("every text has a mail");
    let mail = std::str::from_utf8(&bytes).expect("it is ASCII");
    assert!(mail.is_ascii(), "it needs no 8BITMIME");
    for line in mail.split("\r\n") {
        is_within(line, LINE_CHARS_MAX, "a line of a mail");
        assert!(!line.contains(['\r', '\n', '\0']), "a line ends with both: {line:?}");
    }

    let sent = content(&bytes);
    let received = received(&sent);
    assert_eq!(received.as_deref(), Some(mail.trim_end_matches("\r\n")), "what is sent is what is received");

    let decoded = Decoded::read(mail).unwrap_or_else(|mistake| panic!("{mistake}: {mail}"));
    let names: Vec<&str> = decoded.headers.iter().map(|(name, _)| name.as_str()).collect();
    for name in ["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted"]
    {
        let count = names.iter().filter(|known| known.eq_ignore_ascii_case(name)).count();
        assert_eq!(count, 1, "{name} once: {names:?}");
    }
    assert_eq!(names.len(), 10, "no header comes from a stranger: {names:?}");
    assert_eq!(decoded.header("Subject"), text.title, "the subject is the title");
    assert_eq!(decoded.header("To"), "anna@example.org");
    assert_eq!(decoded.header("Message-ID"), "<a1b2.1.2.3@house.example>");
    let [(plain_type, plain), (html_type, html)] = decoded.parts.as_slice() else {
        panic!("two parts: {:?}", decoded.parts)
    };
    assert!(plain_type.starts_with("text/plain") && html_type.starts_with("text/html"));
    let expected = match (&text.link, &text.link_title) {
        (Some(link), Some(title)) => format!("{}\n\n{title}:\n{link}\n", text.body),
        _ => format!("{}\n", text.body),
    };
    assert_eq!(plain.replace("\r\n", "\n"), expected, "what is sent is what is read");
    let tags = html.matches('<').count();
    let quiet = Letter {
        text: Text { body: text.body.replace(['<', '>'], "x"), title: "x".to_owned(), ..text },
        ..letter
    };
    let quiet = quiet.encode(&from, &to).expect("every text has a mail");
    let quiet = Decoded::read(std::str::from_utf8(&quiet).expect("ASCII")).expect("a mail");
    assert_eq!(tags, quiet.parts[1].1.matches('<').count(), "no stranger writes a tag: {html}");
}
