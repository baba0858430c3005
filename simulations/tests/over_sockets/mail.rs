//! SMTP, as RFC 5321 has it.

use simulations::behaviour::{Behaviour, Rule};
use simulations::ledger::{Call, Entry, Provider};
use simulations::stand_ins::StandIns;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::{SOON, stand_ins};

const GREETING: &[&str] = &["EHLO house.example", "MAIL FROM:<pages@house.example>"];

/// Says each line once the one before was answered; returns the last answers' codes, and "end" for a closed connection.
async fn talk(house: &StandIns, lines: &[&str]) -> Vec<String> {
    let mut stream = TcpStream::connect(&house.addresses().mail).await.expect("a mail server");
    let mut codes = vec![answer(&mut stream).await];
    for line in lines {
        if stream.write_all(format!("{line}\r\n").as_bytes()).await.is_err() {
            break;
        }
        codes.push(answer(&mut stream).await);
    }
    codes
}

async fn answer(stream: &mut TcpStream) -> String {
    let mut heard = String::new();
    let mut piece = [0; 512];
    loop {
        let read = tokio::time::timeout(SOON, stream.read(&mut piece)).await.expect("an answer in time");
        let Ok(length @ 1..) = read else { return "end".to_owned() };
        heard.push_str(&String::from_utf8_lossy(&piece[..length]));
        let last = heard.lines().last().unwrap_or_default();
        if heard.ends_with("\r\n") && last.as_bytes().get(3) == Some(&b' ') {
            return last[..3].to_owned();
        }
    }
}

fn mails(house: &StandIns) -> Vec<Entry> {
    let is_mail = |entry: &Entry| entry.provider == Provider::Mail && entry.call == Call::Send;
    house.ledger().entries().into_iter().filter(is_mail).collect()
}

const MAIL: &[&str] = &["RCPT TO:<anna@example.org>", "DATA", "Subject: x\r\n\r\n..stuffed\r\n.", "QUIT"];

#[tokio::test]
async fn a_mail_is_taken_whole_with_its_stuffed_dots_taken_out() {
    let house = stand_ins().await;
    let codes = talk(&house, &[GREETING, MAIL].concat()).await;
    assert_eq!(codes, ["220", "250", "250", "250", "354", "250", "221"]);
    let mails = mails(&house);
    let [mail] = mails.as_slice() else { panic!("one mail: {mails:#?}") };
    assert_eq!(
        (mail.destination.as_str(), mail.text.as_str()),
        ("anna@example.org", "Subject: x\n\n.stuffed\n")
    );
    assert!(mail.processed && mail.fields["from"] == "pages@house.example", "{mail:?}");
}

#[tokio::test]
async fn each_behaviour_looks_as_it_does_in_smtp() {
    for (behaviour, expected, is_taken) in [
        (Behaviour::Refuse { status: None, code: None }, &["550", "503"][..], false),
        (Behaviour::Fail { status: None }, &["250", "354", "451", "221"], false),
        (Behaviour::Throttle { retry_after_seconds: None }, &["250", "354", "421", "end"], false),
        (Behaviour::Slow { ms: 20 }, &["250", "354", "250", "221"], true),
        (Behaviour::DropBefore, &["250", "354", "end"], false),
        (Behaviour::DropAfter, &["250", "354", "end"], true),
    ] {
        let house = stand_ins().await;
        house.mail().script().set(vec![Rule::new(behaviour.clone())]);
        let codes = talk(&house, &[GREETING, MAIL].concat()).await;
        assert!(
            codes[3..].starts_with(&expected.iter().map(ToString::to_string).collect::<Vec<_>>()),
            "{behaviour:?}: {codes:?}"
        );
        let mails = mails(&house);
        assert!(!mails.is_empty() && mails.iter().all(|mail| mail.processed == is_taken), "{mails:?}");
    }
}
