//! A stand-in for a mail server that takes mail for anybody, without protection and without a login: RFC 5321.
//!
//! ```text
//! connect ─► 220 ─► EHLO ─► MAIL ─► RCPT … RCPT ─► DATA ─► 354 ─► … . ─► 250, and again from MAIL
//! ```

use std::io;
use std::time::Duration;

use tokio::io::{AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};

use super::snpp::line::{self, Line};
use crate::behaviour::{Behaviour, HUGE_REPLY_BYTES, NonsenseShape, Script};
use crate::fields::Fields;
use crate::ledger::{Answer, Arrival, Call, Ledger, Provider};
use crate::moment;
use crate::wire::GARBAGE;

/// Longest mail, which `EHLO` says. Source: RFC 1870.
const MAIL_BYTES_MAX: usize = 1024 * 1024;
/// Recipients of one mail. Source: RFC 5321, section 4.5.3.1.8.
const RECIPIENTS_MAX: usize = 100;
/// How long a client may say nothing. Source: RFC 5321, section 4.5.3.2.7.
const IDLE: Duration = Duration::from_mins(5);

const TAKEN: &str = "250 2.0.0 Ok: queued";
const TOO_MUCH: &str = "421 4.7.0 Too much mail, closing";

type Stream = BufStream<TcpStream>;

/// A mail stand-in. Clones share everything.
#[derive(Debug, Clone)]
pub struct Mail {
    ledger: Ledger,
    script: Script,
}

impl Mail {
    /// Creates a stand-in that nobody can call yet.
    pub(crate) fn new(ledger: Ledger) -> Self {
        Self { ledger, script: Script::default() }
    }

    /// Answers calls until it is dropped.
    pub(crate) async fn serve(self, listener: TcpListener) -> io::Result<()> {
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let mail = self.clone();
            tokio::spawn(async move {
                if let Err(error) = mail.talk(BufStream::new(stream)).await {
                    tracing::debug!(%error, "SMTP connection ended");
                }
            });
        }
    }

    /// Returns the script of misbehaviour.
    pub const fn script(&self) -> &Script {
        &self.script
    }

    async fn talk(&self, mut stream: Stream) -> io::Result<()> {
        say(&mut stream, "220 mail.example ESMTP stand-in").await?;
        let mut envelope = Envelope::default();
        loop {
            let Ok(line) = tokio::time::timeout(IDLE, line::read(&mut stream)).await else {
                return say(&mut stream, "421 4.4.2 Timeout, closing").await;
            };
            let text = match line? {
                Line::End => return Ok(()),
                Line::TooLong => {
                    say(&mut stream, "500 5.5.2 Line too long").await?;
                    continue;
                }
                Line::Text(text) => text,
            };
            match envelope.command(&text, |to| self.script.choose(Call::Send, to)) {
                Step::Say(words) => say(&mut stream, words).await?,
                Step::Refuse(to, behaviour, words) => {
                    self.ledger.record(arrival(&to, &behaviour, &words));
                    say(&mut stream, &words).await?;
                }
                Step::Close => return say(&mut stream, "221 2.0.0 Bye").await,
                Step::Read => {
                    say(&mut stream, "354 End data with <CR><LF>.<CR><LF>").await?;
                    let Some(content) = read(&mut stream).await? else { return Ok(()) };
                    if !self.take(&envelope, content, &mut stream).await? {
                        return Ok(());
                    }
                    envelope = Envelope { is_greeted: true, ..Envelope::default() };
                }
            }
        }
    }

    /// Takes a mail: records it for everybody whom it is for, then answers. Returns whether the dialogue goes on.
    async fn take(&self, envelope: &Envelope, content: String, stream: &mut Stream) -> io::Result<bool> {
        let mut behaviours = envelope.to.iter().map(|(_, behaviour)| behaviour);
        let decisive =
            behaviours.find(|behaviour| **behaviour != Behaviour::Accept).cloned().unwrap_or_default();
        let words = match &decisive {
            Behaviour::Fail { status } => {
                format!("{} 4.3.0 Local error in processing", status.unwrap_or(451))
            }
            Behaviour::Throttle { .. } => TOO_MUCH.to_owned(),
            _ if content.len() > MAIL_BYTES_MAX => "552 5.3.4 Message too big".to_owned(),
            _ => TAKEN.to_owned(),
        };
        for (to, _) in &envelope.to {
            self.ledger.record(Arrival {
                text: content.clone(),
                fields: Fields::from([("from".to_owned(), envelope.from.clone().unwrap_or_default())]),
                processed: decisive.processes() && words == TAKEN,
                ..arrival(to, &decisive, &words)
            });
        }
        match &decisive {
            Behaviour::Slow { ms } => moment::pause(Duration::from_millis(*ms)).await,
            Behaviour::Hang { .. } => {
                while line::read(stream).await? != Line::End {}
                return Ok(false);
            }
            Behaviour::DropBefore | Behaviour::DropAfter => return Ok(false),
            Behaviour::Nonsense { shape } => {
                let bytes = match shape {
                    NonsenseShape::NotJson => b"Mail probably sent\r\n".to_vec(),
                    NonsenseShape::GarbageLine => GARBAGE.to_vec(),
                    NonsenseShape::HugeReply => vec![b'2'; HUGE_REPLY_BYTES],
                };
                stream.write_all(&bytes).await?;
                stream.flush().await?;
                return Ok(false);
            }
            _ => {}
        }
        say(stream, &words).await?;
        Ok(!matches!(decisive, Behaviour::Throttle { .. }))
    }
}

/// What was said of a mail before it comes.
#[derive(Debug, Default)]
struct Envelope {
    is_greeted: bool,
    /// Empty for a mail that nobody wants back.
    from: Option<String>,
    to: Vec<(String, Behaviour)>,
}

#[derive(Debug, PartialEq, Eq)]
enum Step {
    Say(&'static str),
    /// Nothing comes to this address.
    Refuse(String, Behaviour, String),
    Read,
    Close,
}

impl Envelope {
    /// Commands and their order. Source: RFC 5321, sections 3.3 and 4.1.
    fn command(&mut self, line: &str, choose: impl Fn(&str) -> Behaviour) -> Step {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" if !rest.is_empty() => {
                *self = Self { is_greeted: true, ..Self::default() };
                Step::Say("250-mail.example\r\n250-SIZE 1048576\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES")
            }
            "HELO" if !rest.is_empty() => {
                *self = Self { is_greeted: true, ..Self::default() };
                Step::Say("250 mail.example")
            }
            "EHLO" | "HELO" => Step::Say("501 5.5.4 Say who you are"),
            "NOOP" => Step::Say("250 2.0.0 Ok"),
            "VRFY" => Step::Say("252 2.0.0 Cannot tell, but will try"),
            "RSET" => {
                *self = Self { is_greeted: self.is_greeted, ..Self::default() };
                Step::Say("250 2.0.0 Ok")
            }
            "QUIT" => Step::Close,
            "MAIL" if !self.is_greeted => Step::Say("503 5.5.1 Say EHLO first"),
            "MAIL" if self.from.is_some() => Step::Say("503 5.5.1 One mail after the other"),
            "MAIL" => match path(rest, "FROM:") {
                Some(from) => {
                    self.from = Some(from);
                    Step::Say("250 2.1.0 Ok")
                }
                None => Step::Say("501 5.1.7 Write MAIL FROM:<address>"),
            },
            "RCPT" if self.from.is_none() => Step::Say("503 5.5.1 Say MAIL first"),
            "RCPT" if self.to.len() >= RECIPIENTS_MAX => Step::Say("452 4.5.3 Too many recipients"),
            "RCPT" => match path(rest, "TO:").filter(|to| to.contains('@')) {
                Some(to) => match choose(&to) {
                    Behaviour::Refuse { status, code } => {
                        let words = format!("{} 5.1.1 No such user here", status.unwrap_or(550));
                        Step::Refuse(to, Behaviour::Refuse { status, code }, words)
                    }
                    behaviour => {
                        self.to.push((to, behaviour));
                        Step::Say("250 2.1.5 Ok")
                    }
                },
                None => Step::Say("501 5.1.3 Write RCPT TO:<address>"),
            },
            "DATA" if self.to.is_empty() => Step::Say("503 5.5.1 Say RCPT first"),
            "DATA" => Step::Read,
            _ => Step::Say("500 5.5.1 Unknown command"),
        }
    }
}

/// The address between the brackets.
fn path(rest: &str, name: &str) -> Option<String> {
    let given = rest.get(..name.len()).filter(|given| given.eq_ignore_ascii_case(name))?;
    let (address, _) = rest[given.len()..].trim_start().strip_prefix('<')?.split_once('>')?;
    (!address.contains(char::is_whitespace)).then(|| address.to_owned())
}

/// Reads a mail up to the single dot, takes stuffed dots out, and joins its lines with line feeds; `None` when the
/// client left. What is beyond [`MAIL_BYTES_MAX`] is read and forgotten. Source: RFC 5321, section 4.5.2.
async fn read(stream: &mut Stream) -> io::Result<Option<String>> {
    let mut content = String::new();
    loop {
        match line::read(stream).await? {
            Line::End => return Ok(None),
            Line::Text(text) if text == "." => return Ok(Some(content)),
            Line::Text(text) if content.len() <= MAIL_BYTES_MAX => {
                content.push_str(text.strip_prefix('.').unwrap_or(&text));
                content.push('\n');
            }
            Line::Text(_) => {}
            // No line of a mail has more than 998 characters: RFC 5322, section 2.1.1.
            Line::TooLong => content.extend(std::iter::repeat_n('\u{fffd}', MAIL_BYTES_MAX)),
        }
    }
}

fn arrival(to: &str, behaviour: &Behaviour, words: &str) -> Arrival {
    let answer = match behaviour {
        Behaviour::Hang { .. } | Behaviour::DropBefore | Behaviour::DropAfter => Answer::default(),
        Behaviour::Nonsense { .. } => Answer { code: None, body: "(nonsense)".to_owned() },
        _ => Answer { code: words.get(..3).and_then(|code| code.parse().ok()), body: words.to_owned() },
    };
    Arrival {
        provider: Provider::Mail,
        call: Call::Send,
        destination: to.to_owned(),
        text: String::new(),
        fields: Fields::new(),
        behaviour: behaviour.clone(),
        processed: false,
        receipt: None,
        answer,
    }
}

async fn say(stream: &mut Stream, words: &str) -> io::Result<()> {
    stream.write_all(format!("{words}\r\n").as_bytes()).await?;
    stream.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_have_an_order() {
        let mut envelope = Envelope::default();
        let mut code = |line: &str| match envelope.command(line, |_| Behaviour::Accept) {
            Step::Say(words) => words[..3].to_owned(),
            Step::Refuse(_, _, words) => words,
            Step::Read => "354".to_owned(),
            Step::Close => "221".to_owned(),
        };
        for (line, expected) in [
            ("MAIL FROM:<a@b.example>", "503"),
            ("EHLO", "501"),
            ("EHLO house.example", "250"),
            ("RCPT TO:<a@b.example>", "503"),
            ("MAIL FROM: a@b.example", "501"),
            ("mail from:<> SIZE=100", "250"),
            ("MAIL FROM:<a@b.example>", "503"),
            ("DATA", "503"),
            ("RCPT TO:<nobody>", "501"),
            ("RCPT TO:<a@b.example>", "250"),
            ("DATA", "354"),
            ("RSET", "250"),
            ("DATA", "503"),
            ("AUTH PLAIN", "500"),
            ("QUIT", "221"),
        ] {
            assert_eq!(code(line), expected, "{line}");
        }
    }
}
