//! One connection to the TAP stand-in: the dialogue, and what a script makes of it.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Tap;
use super::session::{Session, Step};
use crate::behaviour::{Behaviour, HUGE_REPLY_BYTES, NonsenseShape};
use crate::fields::Fields;
use crate::ledger::{Answer, Arrival, Call, Provider};
use crate::moment;
use crate::wire::GARBAGE;

/// `ID=` is said again so often: n3 of the standard.
const ASKED_MAX: u32 = 3;

/// One end of the line.
struct Line<'a> {
    tap: &'a Tap,
    stream: TcpStream,
}

/// What is left to do after a disturbance.
enum Next {
    Answer,
    GoOn,
    Close,
}

/// Leads the dialogue until either side closes.
pub async fn serve(tap: &Tap, stream: TcpStream) -> io::Result<()> {
    let mut line = Line { tap, stream };
    let mut session = Session::new(&tap.options);
    if !line.greet().await? {
        return Ok(());
    }
    let mut asked = 0;
    let mut bytes = [0; 512];
    loop {
        let count = match tokio::time::timeout(tap.options.patience, line.stream.read(&mut bytes)).await {
            Ok(count) => count?,
            Err(_) if session.is_asking() && asked < ASKED_MAX => {
                asked += 1;
                line.say("ID=").await?;
                continue;
            }
            // A modem waits for commands as long as its line is open.
            Err(_) if session.has_modem => continue,
            Err(_) => return line.say(&Session::failed("501 Time-out waiting for input")).await,
        };
        if count == 0 {
            return Ok(());
        }
        for byte in &bytes[..count] {
            let is_over = match session.hear(*byte) {
                Step::Listen => false,
                Step::Say(words) => {
                    line.say(&words).await?;
                    false
                }
                Step::Connect(words) => {
                    moment::pause(tap.options.dialling).await;
                    line.say(&words).await?;
                    false
                }
                Step::Page { pager, message } => line.page(&session, &pager, &message).await?,
                Step::HangUp(words) => {
                    line.say(&words).await?;
                    true
                }
            };
            if is_over && !session.has_modem {
                return Ok(());
            }
            if is_over {
                session.hung_up();
            }
        }
    }
}

impl Line<'_> {
    /// Does what the script has for new connections. Returns whether the dialogue goes on.
    async fn greet(&mut self) -> io::Result<bool> {
        let behaviour = self.tap.script.choose(Call::Connect, "");
        if behaviour == Behaviour::Accept {
            return Ok(true);
        }
        let is_refused = matches!(
            behaviour,
            Behaviour::Throttle { .. } | Behaviour::Refuse { .. } | Behaviour::Fail { .. }
        );
        self.record(Call::Connect, "", "", Fields::new(), &behaviour, &behaviour, "");
        Ok(!matches!(self.disturb(&behaviour).await?, Next::Close) && !is_refused)
    }

    /// Takes a page, or does not. Returns whether the call is over.
    async fn page(&mut self, session: &Session<'_>, pager: &str, message: &str) -> io::Result<bool> {
        let behaviour = self.tap.script.choose(Call::Send, pager);
        let mistake = session.mistake(pager, message);
        let (words, is_over) = match (&behaviour, &mistake) {
            (Behaviour::Refuse { status, .. }, _) => {
                (Session::refused(&format!("{} Invalid Pager ID", status.unwrap_or(511))), false)
            }
            (Behaviour::Fail { status }, _) => {
                (Session::failed(&format!("{} Terminal fault", status.unwrap_or(503))), true)
            }
            (Behaviour::Throttle { .. }, _) => (Session::refused("516 Message quota exceeded"), false),
            (_, Some(mistake)) => (Session::refused(mistake), false),
            (_, None) => (Session::taken(), false),
        };
        let mut fields = Fields::new();
        if !session.password.is_empty() {
            fields.insert("password".to_owned(), session.password.clone());
        }
        // What is a mistake is not processed, whatever the script says.
        let processing = if mistake.is_some() { Behaviour::DropBefore } else { behaviour.clone() };
        self.record(Call::Send, pager, message, fields, &behaviour, &processing, &words);
        match self.disturb(&behaviour).await? {
            Next::Close => {
                self.stream.shutdown().await?;
                Ok(true)
            }
            Next::GoOn => Ok(false),
            Next::Answer => {
                self.say(&words).await?;
                Ok(is_over)
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of the ledger")]
    fn record(
        &self,
        call: Call,
        destination: &str,
        text: &str,
        fields: Fields,
        behaviour: &Behaviour,
        processing: &Behaviour,
        words: &str,
    ) {
        let answer = match behaviour {
            Behaviour::Hang { .. } | Behaviour::DropBefore | Behaviour::DropAfter => Answer::default(),
            Behaviour::Nonsense { .. } => Answer { code: None, body: "(nonsense)".to_owned() },
            _ => Answer { code: words.get(..3).and_then(|code| code.parse().ok()), body: words.to_owned() },
        };
        self.tap.ledger.record(Arrival {
            provider: Provider::Tap,
            call,
            destination: destination.to_owned(),
            text: text.to_owned(),
            fields,
            behaviour: behaviour.clone(),
            processed: call == Call::Send && processing.processes(),
            receipt: None,
            answer,
        });
    }

    /// Does what is no answer: waits, hangs, drops, talks nonsense.
    async fn disturb(&mut self, behaviour: &Behaviour) -> io::Result<Next> {
        match behaviour {
            Behaviour::Slow { ms } => moment::pause(Duration::from_millis(*ms)).await,
            Behaviour::Hang { .. } => {
                let mut bytes = [0; 512];
                while self.stream.read(&mut bytes).await? > 0 {}
                return Ok(Next::Close);
            }
            Behaviour::DropBefore | Behaviour::DropAfter => return Ok(Next::Close),
            Behaviour::Nonsense { shape: NonsenseShape::NotJson } => {
                self.say("Page probably sent\r").await?;
                return Ok(Next::GoOn);
            }
            Behaviour::Nonsense { shape: NonsenseShape::GarbageLine } => {
                self.stream.write_all(GARBAGE).await?;
                return Ok(Next::Close);
            }
            Behaviour::Nonsense { shape: NonsenseShape::HugeReply } => {
                self.stream.write_all(&vec![b'2'; HUGE_REPLY_BYTES]).await?;
                return Ok(Next::Close);
            }
            _ => {}
        }
        Ok(Next::Answer)
    }

    async fn say(&mut self, words: &str) -> io::Result<()> {
        let is_odd = |byte: u8| self.tap.options.even_parity && byte.count_ones() % 2 == 1;
        let sealed = |byte: u8| if is_odd(byte) { byte | 0x80 } else { byte };
        let bytes: Vec<u8> = words.bytes().map(sealed).collect();
        self.stream.write_all(&bytes).await?;
        self.stream.flush().await
    }
}
