//! One connection to the SNPP stand-in: the dialogue, and what a script makes of it.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncWriteExt as _, BufStream};
use tokio::net::TcpStream;

use super::Snpp;
use super::line::{self, Line};
use super::session::{Session, Step};
use crate::behaviour::{Behaviour, HUGE_REPLY_BYTES, NonsenseShape};
use crate::fields::Fields;
use crate::ledger::{Answer, Arrival, Call, Provider};
use crate::moment;
use crate::wire::GARBAGE;

/// `DATA` ends after so many bytes at the latest.
const MESSAGE_BYTES_MAX: usize = 64 * 1024;

const UNAVAILABLE: &str = "421 Gateway Service Unavailable";

type Stream = BufStream<TcpStream>;

/// Leads the dialogue until either side closes.
pub async fn serve(snpp: &Snpp, stream: TcpStream) -> io::Result<()> {
    let mut stream = BufStream::new(stream);
    if !greet(snpp, &mut stream).await? {
        return Ok(());
    }
    let mut session = Session::new(&snpp.options);
    loop {
        let Ok(line) = tokio::time::timeout(snpp.options.idle, line::read(&mut stream)).await else {
            return say(&mut stream, "421 Timeout, Goodbye").await;
        };
        let mut step = match line? {
            Line::End => return Ok(()),
            Line::TooLong => session.mistake("500 Line Too Long"),
            Line::Text(text) => session.command(&text),
        };
        if let Step::AskPager(pager) = step {
            step = ask_pager(snpp, &mut session, pager);
        }
        if step == Step::ReadMessage {
            say(&mut stream, "354 Begin Input; End with <CRLF>'.'<CRLF>").await?;
            let Some(message) = read_message(&mut stream).await? else { return Ok(()) };
            step = session.take_message(message);
        }
        match step {
            Step::Say(lines) => say(&mut stream, &lines.join("\r\n")).await?,
            Step::Close(line) => return say(&mut stream, &line).await,
            Step::Send => {
                if !send(snpp, &session, &mut stream).await? {
                    return Ok(());
                }
                session.reset();
            }
            Step::Status(tag) => status(snpp, &tag, &mut stream).await?,
            Step::AskPager(_) | Step::ReadMessage => {}
        }
    }
}

/// What is left to do after a disturbance.
enum Next {
    Answer,
    GoOn,
    Close,
}

/// Sends the banner, or what the script has for new connections. Returns whether the dialogue goes on.
async fn greet(snpp: &Snpp, stream: &mut Stream) -> io::Result<bool> {
    let behaviour = snpp.script.choose(Call::Connect, "");
    let is_refused =
        matches!(behaviour, Behaviour::Throttle { .. } | Behaviour::Refuse { .. } | Behaviour::Fail { .. });
    let line = if is_refused { UNAVAILABLE.to_owned() } else { format!("220 {}", snpp.options.banner) };
    if behaviour != Behaviour::Accept {
        snpp.ledger.record(arrival(Call::Connect, "", &behaviour, answer_given(&behaviour, &line)));
    }
    match disturb(stream, &behaviour).await? {
        Next::Close => return Ok(false),
        Next::GoOn => {}
        Next::Answer => say(stream, &line).await?,
    }
    Ok(!is_refused)
}

/// Lets the script decide over one pager ID; a refusal is an entry of its own.
fn ask_pager(snpp: &Snpp, session: &mut Session<'_>, pager: String) -> Step {
    let behaviour = snpp.script.choose(Call::Send, &pager);
    let code = match behaviour {
        Behaviour::Refuse { status, .. } => status.unwrap_or(550),
        _ if !session.knows(&pager) => 550,
        _ => return session.take_pager(pager, behaviour),
    };
    let line = format!("{code} Error, Invalid Pager ID");
    let fields = session.fields.clone();
    snpp.ledger.record(Arrival {
        fields,
        ..arrival(Call::Send, &pager, &behaviour, answer_given(&behaviour, &line))
    });
    session.mistake(&line)
}

/// Pages everybody that was named: records, then answers by the first behaviour that is no plain acceptance.
/// Returns whether the dialogue goes on.
async fn send(snpp: &Snpp, session: &Session<'_>, stream: &mut Stream) -> io::Result<bool> {
    let mut behaviours = session.pagers.iter().map(|(_, behaviour)| behaviour);
    let decisive = behaviours.find(|behaviour| **behaviour != Behaviour::Accept).cloned().unwrap_or_default();
    let line = match &decisive {
        Behaviour::Fail { status } => format!("{} Message Failed", status.unwrap_or(554)),
        Behaviour::Throttle { .. } => UNAVAILABLE.to_owned(),
        _ if session.is_two_way => "960 OK, Message QUEUED for Delivery".to_owned(),
        _ => "250 Message Sent Successfully".to_owned(),
    };
    let wants_read = session.fields.get("ACKR").is_some_and(|asked| asked == "1");
    let take =
        |(pager, _): &(String, Behaviour)| snpp.units.take(pager, !session.choices.is_empty(), wants_read);
    let is_taken = session.is_two_way && decisive.processes();
    let receipt = session.pagers.first().filter(|_| is_taken).map(take);
    let line = match &receipt {
        Some(tag) => line.replacen("960 OK", &format!("960 {tag} OK"), 1),
        None => line,
    };
    for (pager, behaviour) in &session.pagers {
        snpp.ledger.record(Arrival {
            text: session.message.clone().unwrap_or_default(),
            fields: session.fields.clone(),
            processed: decisive.processes(),
            receipt: receipt.clone(),
            ..arrival(Call::Send, pager, behaviour, answer_given(&decisive, &line))
        });
    }
    match disturb(stream, &decisive).await? {
        Next::Close => return Ok(false),
        Next::GoOn => {}
        Next::Answer => say(stream, &line).await?,
    }
    Ok(!matches!(decisive, Behaviour::Throttle { .. }))
}

/// Answers a question about a two-way page.
async fn status(snpp: &Snpp, tag: &str, stream: &mut Stream) -> io::Result<()> {
    let behaviour = snpp.script.choose(Call::Status, tag);
    let line = match &behaviour {
        Behaviour::Refuse { status, .. } => format!("{} Unknown status", status.unwrap_or(550)),
        Behaviour::Fail { status } => format!("{} Error, failed", status.unwrap_or(554)),
        Behaviour::Throttle { .. } => UNAVAILABLE.to_owned(),
        _ => snpp.units.status(tag),
    };
    snpp.ledger.record(arrival(Call::Status, tag, &behaviour, answer_given(&behaviour, &line)));
    match disturb(stream, &behaviour).await? {
        Next::Close | Next::GoOn => Ok(()),
        Next::Answer => say(stream, &line).await,
    }
}

fn arrival(call: Call, destination: &str, behaviour: &Behaviour, answer: Answer) -> Arrival {
    Arrival {
        provider: Provider::Snpp,
        call,
        destination: destination.to_owned(),
        text: String::new(),
        fields: Fields::new(),
        behaviour: behaviour.clone(),
        processed: false,
        receipt: None,
        answer,
    }
}

fn answer_given(behaviour: &Behaviour, line: &str) -> Answer {
    match behaviour {
        Behaviour::Hang { .. } | Behaviour::DropBefore | Behaviour::DropAfter => Answer::default(),
        Behaviour::Nonsense { .. } => Answer { code: None, body: "(nonsense)".to_owned() },
        _ => Answer { code: line.get(..3).and_then(|code| code.parse().ok()), body: line.to_owned() },
    }
}

/// Does what is no answer: waits, hangs, drops, talks nonsense.
async fn disturb(stream: &mut Stream, behaviour: &Behaviour) -> io::Result<Next> {
    match behaviour {
        Behaviour::Slow { ms } => moment::pause(Duration::from_millis(*ms)).await,
        Behaviour::Hang { .. } => {
            while line::read(stream).await? != Line::End {}
            return Ok(Next::Close);
        }
        Behaviour::DropBefore | Behaviour::DropAfter => return Ok(Next::Close),
        Behaviour::Nonsense { shape } => return talk_nonsense(stream, *shape).await,
        _ => {}
    }
    Ok(Next::Answer)
}

async fn talk_nonsense(stream: &mut Stream, shape: NonsenseShape) -> io::Result<Next> {
    let (bytes, next) = match shape {
        NonsenseShape::NotJson => (b"Message probably sent\r\n".to_vec(), Next::GoOn),
        NonsenseShape::GarbageLine => (GARBAGE.to_vec(), Next::Close),
        NonsenseShape::HugeReply => (vec![b'2'; HUGE_REPLY_BYTES], Next::Close),
    };
    stream.write_all(&bytes).await?;
    stream.flush().await?;
    Ok(next)
}

/// Reads `DATA` up to the single dot, takes stuffed dots out, and joins the lines with line feeds. Returns
/// `None` when the client left, `Some(None)` when a line or the whole was too long.
async fn read_message(stream: &mut Stream) -> io::Result<Option<Option<String>>> {
    let mut lines: Vec<String> = Vec::new();
    let (mut bytes, mut is_too_long) = (0, false);
    loop {
        match line::read(stream).await? {
            Line::End => return Ok(None),
            Line::TooLong => is_too_long = true,
            Line::Text(text) if text == "." => break,
            Line::Text(text) => {
                bytes += text.len();
                is_too_long |= bytes > MESSAGE_BYTES_MAX;
                if !is_too_long {
                    lines.push(text.strip_prefix('.').map_or_else(|| text.clone(), str::to_owned));
                }
            }
        }
    }
    Ok(Some((!is_too_long).then(|| lines.join("\n"))))
}

async fn say(stream: &mut Stream, lines: &str) -> io::Result<()> {
    stream.write_all(lines.as_bytes()).await?;
    stream.write_all(b"\r\n").await?;
    stream.flush().await
}
