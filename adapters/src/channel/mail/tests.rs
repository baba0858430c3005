use domain::port::Notice;
use events::Timestamp;
use events::event::Language;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::dialogue::{Fault, Step, classify, content};
use super::*;
use crate::channel::stand_in;
use crate::link::LinkKey;
use crate::probe::Ill;
use crate::text::sample::{at, dispatch, notice};

struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        at("2026-11-22T02:10:01Z")
    }
}

fn mail(port: u16) -> Mail {
    let from = "Hot Potato <pages@example.org>".parse().expect("an address");
    let mut config = MailConfig::new("127.0.0.1", port, from);
    config.timeout = Duration::from_secs(1);
    let links = Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) };
    Mail::new(config, &Means { links, clock: Arc::new(Standing) })
}

fn to(address: &str, notice: &Notice) -> Dispatch {
    dispatch(ChannelKind::MAIL, address, Language::De, notice)
}

/// What a server answers to a command that begins so, in place of what is usual: nothing and then the end where there
/// is no text, silence where it is `...`.
type Rules = &'static [(&'static str, &'static str)];

/// A server for one mail. It hands on what it heard, the mail itself included.
async fn server(rules: Rules) -> (u16, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (sender, heard) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        let mut stream = BufReader::new(stream);
        let mut all = String::new();
        let mut line = "GREETING".to_owned();
        loop {
            let rule = rules.iter().find(|(start, _)| line.starts_with(start)).map(|(_, reply)| *reply);
            let usual = match line.get(..4) {
                Some("GREE") => "220 mx.example ESMTP\r\n",
                Some("EHLO") => "250-mx.example\r\n250 AUTH PLAIN\r\n",
                Some("DATA") => "354 go ahead\r\n",
                Some("QUIT") => "221 bye\r\n",
                Some("AUTH") => "235 welcome\r\n",
                Some("MAIL" | "RCPT") => "250 fine\r\n",
                _ => "250 2.0.0 queued as 7\r\n",
            };
            match rule.unwrap_or(usual) {
                "" => break,
                "..." => {
                    let _ = sender.send(all.clone());
                    std::future::pending::<()>().await;
                }
                reply => {
                    let _ = stream.write_all(reply.as_bytes()).await;
                }
            }
            if line == "QUIT\r\n" {
                break;
            }
            let was_data = line == "DATA\r\n" && rule.is_none();
            line.clear();
            if was_data {
                let mut content = Vec::new();
                while !content.ends_with(b"\r\n.\r\n") {
                    let mut byte = [0];
                    if stream.read_exact(&mut byte).await.is_err() {
                        break;
                    }
                    content.push(byte[0]);
                }
                all.push_str(&String::from_utf8_lossy(&content));
                "CONTENT".clone_into(&mut line);
            } else if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                break;
            } else {
                all.push_str(&line);
            }
        }
        let _ = sender.send(all);
    });
    (port, heard)
}

#[tokio::test]
async fn a_page_goes_out_as_a_mail_in_a_thread() {
    let (port, mut heard) = server(&[]).await;
    let report = mail(port).send(&to("anna@example.org", &notice("Ölstand"))).await;
    assert_eq!((report.outcome, report.detail.as_str()), (Outcome::Accepted, "250 2.0.0 queued as 7"));
    assert!(report.text.contains("/a/K7M2Q#..."), "{}", report.text);
    let heard = heard.recv().await.expect("a mail");
    let lines: Vec<&str> = heard.split("\r\n").collect();
    assert_eq!(
        lines[..4],
        ["EHLO example.org", "MAIL FROM:<pages@example.org>", "RCPT TO:<anna@example.org>", "DATA"]
    );
    assert!(heard.is_ascii() && heard.ends_with("\r\n.\r\nQUIT\r\n"), "{heard}");
    let attempt = to("x", &notice("x")).attempt;
    assert_eq!(report.receipt.map(|receipt| receipt.id), Some(attempt.to_string()));
    for header in [
        "From: \"Hot Potato\" <pages@example.org>".to_owned(),
        "To: anna@example.org".to_owned(),
        "Date: Sun, 22 Nov 2026 02:10:01 +0000".to_owned(),
        format!("Message-ID: <{attempt}@example.org>"),
        format!("In-Reply-To: <{}@example.org>", attempt.alert),
        format!("References: <{}@example.org>", attempt.alert),
        "Auto-Submitted: auto-generated".to_owned(),
        "MIME-Version: 1.0".to_owned(),
    ] {
        assert_eq!(lines.iter().filter(|line| **line == header).count(), 1, "{header}\n{heard}");
    }
    assert!(!heard.contains("\r\nX-"), "{heard}");
}

#[tokio::test]
async fn the_same_page_is_the_same_mail_byte_for_byte() {
    let mut mails = Vec::new();
    for _ in 0..2 {
        let (port, mut heard) = server(&[]).await;
        mail(port).send(&to("anna@example.org", &notice("Ölstand"))).await;
        mails.push(heard.recv().await.expect("a mail"));
    }
    assert_eq!(mails[0], mails[1]);
}

#[tokio::test]
async fn nothing_in_an_alert_or_an_address_becomes_a_header_a_command_or_markup() {
    for evil in [
        "a\r\nBcc: eve@example.org\r\n\r\nb",
        "\r\n.\r\nMAIL FROM:<eve@example.org>\r\n",
        "\0",
        "..",
        ".",
        "\"'<script>&",
        "=?utf-8?q?a?=",
        "--=_hotpotato_",
        "\u{2028}\u{202e}",
        "ä ö ü ß 🔥",
    ] {
        let mut notice = notice(evil);
        notice.service = Some(evil.to_owned());
        notice.runbook = Some(evil.to_owned());
        let (port, mut heard) = server(&[]).await;
        let report = mail(port).send(&to("anna@example.org", &notice)).await;
        assert_eq!(report.outcome, Outcome::Accepted, "{evil:?}: {report:?}");
        let heard = heard.recv().await.expect("a mail");
        let (top, parts) = heard.split_once("\r\n\r\n").expect("a header");
        let mut names: Vec<&str> = top
            .split("\r\n")
            .skip(4)
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split(':').next().unwrap_or_default())
            .collect();
        names.sort_unstable();
        let expected = [
            "Auto-Submitted",
            "Content-Type",
            "Date",
            "From",
            "In-Reply-To",
            "MIME-Version",
            "Message-ID",
            "References",
            "Subject",
            "To",
        ];
        assert_eq!(names, expected, "{evil:?}: {top}");
        let html = parts.split("text/html").nth(1).expect("the part for eyes");
        assert!(heard.is_ascii() && !heard.contains('\0') && !html.contains("<script>"), "{heard}");
        assert_eq!(heard.matches("\r\n.\r\n").count(), 1, "{heard}");
        let commands = top.split("\r\n").filter(|line| line.starts_with("MAIL FROM:"));
        assert_eq!(commands.count(), 1, "{heard}");
        let lines = parts.split("\r\n").filter(|line| line.starts_with("--=_hotpotato_"));
        assert_eq!(lines.count(), 3, "{parts}");
        // On its way a line that begins with a dot has one more.
        let lines = parts.split("\r\n").map(|line| line.strip_prefix('.').unwrap_or(line));
        assert!(lines.into_iter().all(|line| line.len() <= 76 || line.starts_with("--=_")), "{parts}");
    }
    let (port, _heard) = server(&[]).await;
    for address in [
        "",
        "anna",
        "a@b\r\nRCPT TO:<eve@example.org>",
        "<a@b>",
        "a b@c",
        "a@b,c@d",
        "\"a\"@b",
        "a@[1.2.3.4]",
    ] {
        let report = mail(port).send(&to(address, &notice("x"))).await;
        assert_eq!(report.outcome, Outcome::Refused(Reason::UnknownAddress), "{address:?}");
    }
}

#[tokio::test]
async fn what_a_server_says_at_each_step_means() {
    let failed = |reason| Outcome::Failed { reason, retry_after: None };
    let cases: [(Rules, Outcome); 22] = [
        (&[("GREETING", "554 no service\r\n")], Outcome::Refused(Reason::Rejected)),
        (&[("GREETING", "421 busy\r\n")], failed(Reason::ProviderFault)),
        (&[("GREETING", "SSH-2.0-OpenSSH_9.2\r\n")], failed(Reason::Nonsense)),
        (&[("GREETING", "...")], failed(Reason::Timeout)),
        (&[("GREETING", "")], failed(Reason::Connection)),
        (&[("EHLO", "")], failed(Reason::Connection)),
        (&[("MAIL", "530 5.7.0 log in first\r\n")], Outcome::Refused(Reason::Unauthorized)),
        (&[("MAIL", "550 5.7.1 not you\r\n")], Outcome::Refused(Reason::Rejected)),
        (&[("MAIL", "452 4.3.1 disk full\r\n")], failed(Reason::ProviderFault)),
        (&[("RCPT", "550 5.1.1 no such user\r\n")], Outcome::Refused(Reason::UnknownAddress)),
        (&[("RCPT", "550 no such user\r\n")], Outcome::Refused(Reason::UnknownAddress)),
        (&[("RCPT", "550 5.7.1 relaying denied\r\n")], Outcome::Refused(Reason::Rejected)),
        (&[("RCPT", "451 4.7.1 try again later\r\n")], failed(Reason::ProviderFault)),
        (&[("RCPT", "...")], failed(Reason::Timeout)),
        (&[("DATA", "554 5.5.1 no\r\n")], Outcome::Refused(Reason::Rejected)),
        (&[("DATA", "")], failed(Reason::Connection)),
        (&[("CONTENT", "")], Outcome::Unknown(Reason::Connection)),
        (&[("CONTENT", "...")], Outcome::Unknown(Reason::Timeout)),
        (&[("CONTENT", "what?\r\n")], Outcome::Unknown(Reason::Nonsense)),
        (&[("CONTENT", "451 4.3.0 later\r\n")], failed(Reason::ProviderFault)),
        (&[("CONTENT", "552 5.3.4 too large\r\n")], Outcome::Refused(Reason::Rejected)),
        (&[("QUIT", "...")], Outcome::Accepted),
    ];
    for (rules, expected) in cases {
        let (port, _heard) = server(rules).await;
        let report = mail(port).send(&to("anna@example.org", &notice("x"))).await;
        assert_eq!(report.outcome, expected, "{rules:?}: {report:?}");
        let may_have_arrived = matches!(expected, Outcome::Accepted | Outcome::Unknown(_));
        assert_eq!(!report.text.is_empty(), may_have_arrived, "{rules:?}: {report:?}");
    }
    let closed = stand_in::closed().await.port();
    let report = mail(closed).send(&to("anna@example.org", &notice("x"))).await;
    assert_eq!(report.outcome, failed(Reason::Connection), "{report:?}");
}

#[tokio::test]
async fn a_connection_that_cannot_be_protected_sends_nothing() {
    let (port, mut heard) = server(&[]).await;
    let mut mail = mail(port);
    mail.config.tls = Tls::Start;
    mail.config.login = Some(Login { name: "hotpotato".to_owned(), password: Secret::new("s3cret") });
    let report = mail.send(&to("anna@example.org", &notice("x"))).await;
    assert_eq!(report.outcome, Outcome::Refused(Reason::Rejected), "{report:?}");
    drop(mail);
    let heard = heard.recv().await.expect("something");
    assert!(!heard.contains("AUTH") && !heard.contains("MAIL"), "{heard}");
}

#[tokio::test]
async fn a_login_is_said_once_and_repeated_nowhere() {
    for (rules, expected) in [
        (&[][..], Outcome::Accepted),
        (&[("AUTH", "535 5.7.8 s3cret is wrong\r\n")], Outcome::Refused(Reason::Unauthorized)),
        (
            &[("AUTH", "454 4.7.0 later\r\n")],
            Outcome::Failed { reason: Reason::ProviderFault, retry_after: None },
        ),
        (&[("EHLO", "250-mx.example\r\n250 AUTH CRAM-MD5\r\n")], Outcome::Refused(Reason::Unauthorized)),
    ] {
        let (port, mut heard) = server(rules).await;
        let mut mail = mail(port);
        mail.config.login = Some(Login { name: "hotpotato".to_owned(), password: Secret::new("s3cret") });
        let report = mail.send(&to("anna@example.org", &notice("x"))).await;
        assert_eq!(report.outcome, expected, "{rules:?}: {report:?}");
        assert!(!format!("{report:?} {mail:?}").contains("s3cret"), "{report:?} {mail:?}");
        drop(heard.recv().await);
    }
}

#[tokio::test]
async fn an_announcement_is_no_answer_to_anything() {
    let (port, mut heard) = server(&[]).await;
    let text = Text::announcement("[NO-LOG]", "[NO-LOG] disk full");
    let report = mail(port).announce("operators@example.org", &text).await;
    assert_eq!(report.outcome, Outcome::Accepted);
    let heard = heard.recv().await.expect("a mail");
    assert!(heard.contains("\r\nSubject: [NO-LOG]\r\n") && !heard.contains("References"), "{heard}");
}

#[test]
fn addresses_have_their_form() {
    let long_local = format!("{}@example.org", "a".repeat(64));
    for address in [
        "anna@example.org",
        "a.b+c=d@sub.example.org",
        "root@localhost",
        "!#$%&'*+-/=?^_`{|}~@x.example",
        &long_local,
    ] {
        assert_eq!(mistake(address), None, "{address}");
        assert!(address.parse::<Address>().is_ok(), "{address}");
    }
    let (longer, long) =
        (format!("{}@example.org", "a".repeat(65)), format!("a@{}example", "a.".repeat(130)));
    for address in [
        "",
        "@",
        "anna",
        "anna@",
        "@example.org",
        ".a@example.org",
        "a.@example.org",
        "a..b@example.org",
        "a@-x.example",
        "a@x-.example",
        "a@x..example",
        "a@.example",
        "a@example.",
        "a b@example.org",
        "a@exa mple.org",
        "a\r\n@example.org",
        "a@example.org\r\n",
        "a\0@example.org",
        "\"a b\"@example.org",
        "a@[127.0.0.1]",
        "ä@example.org",
        "a@ä.example",
        "<a@example.org>",
        "a@b@example.org",
        "a,b@example.org",
        &longer,
        &long,
    ] {
        assert!(mistake(address).is_some(), "{address:?}");
    }
}

#[test]
fn faults_after_the_mail_itself_are_unknown_and_before_it_failed() {
    for step in
        [Step::Connect, Step::Protect, Step::LogIn, Step::From, Step::Recipient, Step::Data, Step::Content]
    {
        for fault in
            [Fault::Silence, Fault::Connection("reset".to_owned()), Fault::Nonsense("a\r\nb\0".to_owned())]
        {
            let report = classify(step, &fault);
            let is_unknown = matches!(report.outcome, Outcome::Unknown(_));
            assert_eq!(is_unknown, step == Step::Content, "{step:?} {fault:?}");
            assert!(!report.detail.contains(char::is_control), "{report:?}");
        }
    }
}

#[test]
fn no_line_of_a_mail_ends_it() {
    for (message, expected) in [
        ("a\r\nb\r\n", "a\r\nb\r\n.\r\n"),
        ("a", "a\r\n.\r\n"),
        ("", "\r\n.\r\n"),
        (".\r\n.\r\n..\r\nQUIT\r\n", "..\r\n..\r\n...\r\nQUIT\r\n.\r\n"),
        ("a\r\n.\r\nRSET", "a\r\n..\r\nRSET\r\n.\r\n"),
        ("a.\r\nb.", "a.\r\nb.\r\n.\r\n"),
    ] {
        assert_eq!(content(message.as_bytes()), expected, "{message:?}");
    }
}

#[test]
fn a_title_that_looks_encoded_already_is_encoded_once_more() {
    let title = "K7M2Q =?utf-8?b?4oCu?= =?utf-8?q?=0D=0ABcc:_x?= Größe ".repeat(3);
    let letter = Letter {
        id: "1.2".to_owned(),
        thread: None,
        language: i18n::Locale::En,
        at: at("2026-11-22T02:10:01Z"),
        text: Text { title, body: "x".to_owned(), ..Text::default() },
    };
    let from = "pages@example.org".parse().expect("a mailbox");
    let mail = letter.encode(&from, &"anna@example.org".parse().expect("an address")).expect("a mail");
    let mail = String::from_utf8(mail).expect("ASCII");
    let (head, _) = mail.split_once("\r\n\r\n").expect("a head");
    assert!(!head.contains("4oCu") && !head.contains("=0D=0ABcc"), "{head}");
    assert!(head.contains("\r\nSubject: =?utf-8?b?SzdNMlEg"), "{head}");
    assert!(head.lines().all(|line| line.len() <= 84), "{head}");
}

#[tokio::test]
async fn whether_a_page_would_go_out_is_asked_without_a_mail() {
    let cases: [(Rules, Option<&str>); 6] = [
        (&[], None),
        (&[("AUTH", "535 5.7.8 not s3cret\r\n")], Some("unauthorized")),
        (&[("NOOP", "530 5.7.0 log in first\r\n")], Some("unauthorized")),
        (&[("EHLO", "250 mx.example\r\n")], Some("unauthorized")),
        (&[("GREE", "421 4.3.2 too busy\r\n")], Some("unfit")),
        (&[("GREE", "...")], Some("unreachable")),
    ];
    for (rules, expected) in cases {
        let (port, mut heard) = server(rules).await;
        let mut mail = mail(port);
        mail.config.login = Some(Login { name: "house".to_owned(), password: Secret::new("s3cret") });
        let probe = mail.probe().await.expect("there is somebody to ask");
        assert_eq!(probe.ill.as_ref().map(Ill::as_str), expected, "{rules:?}: {probe:?}");
        assert!(!format!("{probe:?}").contains("s3cret"), "{probe:?}");
        assert_eq!(probe.certificate_expires_at, None, "there is none without TLS");
        let heard = heard.recv().await.expect("a connection");
        assert!(!heard.contains("MAIL") && !heard.contains("DATA"), "{heard}");
        if expected.is_none() {
            assert!(heard.ends_with("NOOP\r\nQUIT\r\n"), "{heard}");
        }
    }
    let nobody = stand_in::closed().await.port();
    let ill = mail(nobody).probe().await.and_then(|probe| probe.ill);
    assert_eq!(ill.map(|ill| ill.as_str()), Some("unreachable"));
}
