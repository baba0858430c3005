//! What is said to an SNPP gateway, line by line, and what its replies mean. Without any socket.
//!
//! ```text
//! Greeting ──220──► [Login] ──250──► Pager ──250──► Message ──250──► Send ──250──► Accepted
//!                   LOGI id          PAGE 7311      MESS K7M2Q …     SEND
//! ```
//!
//! Until `SEND` is said nothing is sent: whatever breaks before has certainly failed. From then on only a reply
//! tells. Replies, from RFC 1861, section 4.2: 2xx done, 4xx the connection ends, 5xx failed, 7xx a two-way page
//! failed, 8xx and 9xx a two-way page was delivered or queued. We never ask for two-way, but take those for what
//! they say.

use domain::port::Report;
use events::event::outcome::{Outcome, Reason};

use crate::channel::said;
use crate::line::Line;

/// The most lines of one reply.
pub const REPLY_LINES_MAX: u32 = 100;

/// How far the dialogue is: which reply is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Greeting,
    Login,
    Pager,
    Message,
    Send,
}

/// What to do after a line was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The reply goes on: hear the next line.
    Listen,
    /// Say this.
    Say(Line),
    /// It is known what became of the page; nothing is left to say but goodbye.
    End(Report),
}

/// One page on its way through a gateway. Prints nothing, because a login may stand in it.
#[derive(Clone)]
pub struct Dialogue {
    login: Option<Line>,
    pager: Line,
    message: Line,
    stage: Stage,
    lines_count: u32,
}

impl Dialogue {
    /// A dialogue that sends a message to a pager. The login is `id` or `id password`.
    pub const fn new(login: Option<Line>, pager: Line, message: Line) -> Self {
        Self { login, pager, message, stage: Stage::Greeting, lines_count: 0 }
    }

    /// Hears one line of the gateway, without its line end, in whatever encoding.
    pub fn hear(&mut self, line: &[u8]) -> Step {
        let Some(reply) = Reply::read(line) else { return Step::End(self.nonsense(line)) };
        if !reply.last {
            self.lines_count += 1;
            return if self.lines_count < REPLY_LINES_MAX {
                Step::Listen
            } else {
                Step::End(self.nonsense(line))
            };
        }
        self.lines_count = 0;
        match reply.code {
            200..=299 | 800..=999 => self.go_on(&reply),
            // A gateway of level 1 that knows no logins.
            500 if self.stage == Stage::Login => self.go_on(&reply),
            _ => Step::End(self.refused(&reply)),
        }
    }

    /// What it means that no more is heard, for the reason given.
    pub fn lost(&self, reason: Reason, words: &str) -> Report {
        let outcome = match self.stage {
            Stage::Greeting | Stage::Login | Stage::Pager | Stage::Message => {
                Outcome::Failed { reason, retry_after: None }
            }
            Stage::Send => Outcome::Unknown(reason),
        };
        said(outcome, words)
    }

    fn go_on(&mut self, reply: &Reply) -> Step {
        let (stage, line) = match (self.stage, &self.login) {
            (Stage::Greeting, Some(login)) => (Stage::Login, command("LOGI", login)),
            (Stage::Greeting, None) | (Stage::Login, _) => (Stage::Pager, command("PAGE", &self.pager)),
            (Stage::Pager, _) => (Stage::Message, command("MESS", &self.message)),
            (Stage::Message, _) => (Stage::Send, Line::new("SEND")),
            (Stage::Send, _) => return Step::End(said(Outcome::Accepted, &reply.words)),
        };
        self.stage = stage;
        Step::Say(line)
    }

    /// A reply that ends the dialogue without success. 554 is a technical failure; a 550 means what was just said:
    /// the login, the pager or the message; after `SEND` it is the gateway's own.
    fn refused(&self, reply: &Reply) -> Report {
        let outcome = match (reply.code, self.stage) {
            (400..=499 | 554, _) | (500..=599, Stage::Greeting) | (550, Stage::Send) => {
                Outcome::Failed { reason: Reason::ProviderFault, retry_after: None }
            }
            (530, _) | (500..=599, Stage::Login) => Outcome::Refused(Reason::Unauthorized),
            (550, Stage::Pager) => Outcome::Refused(Reason::UnknownAddress),
            (500..=599 | 700..=799, _) => Outcome::Refused(Reason::Rejected),
            _ => return self.lost(Reason::Nonsense, &reply.words),
        };
        said(outcome, &reply.words)
    }

    fn nonsense(&self, line: &[u8]) -> Report {
        self.lost(Reason::Nonsense, &String::from_utf8_lossy(line))
    }
}

fn command(verb: &str, argument: &Line) -> Line {
    Line::new(&format!("{verb} {argument}"))
}

/// One line of a reply.
struct Reply {
    code: u16,
    /// No more lines belong to it.
    last: bool,
    /// The whole line.
    words: String,
}

impl Reply {
    /// Reads a line: three digits, then nothing, a blank, or a dash when more lines follow.
    fn read(line: &[u8]) -> Option<Self> {
        let (digits, rest) = line.split_at_checked(3)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let last = match rest.first() {
            None | Some(b' ' | b'\r' | b'\t') => true,
            Some(b'-') => false,
            Some(_) => return None,
        };
        let code = std::str::from_utf8(digits).ok()?.parse().ok()?;
        Some(Self { code, last, words: String::from_utf8_lossy(line).into_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialogue(login: Option<&str>) -> Dialogue {
        Dialogue::new(login.map(Line::new), Line::new("7311"), Line::new("K7M2Q disk full\r\nSEND\r\n"))
    }

    /// Hears the replies in turn; gives what was said and the report, if it came to one.
    fn run(mut dialogue: Dialogue, replies: &[&str]) -> (Vec<String>, Option<Report>) {
        let mut said = Vec::new();
        for reply in replies {
            match dialogue.hear(reply.as_bytes()) {
                Step::Listen => {}
                Step::Say(line) => said.push(line.to_string()),
                Step::End(report) => return (said, Some(report)),
            }
        }
        (said, None)
    }

    const HAPPY: [&str; 4] = [
        "220 SNPP Gateway Ready",
        "250 Pager ID Accepted",
        "250 Message OK",
        "250 Message Sent Successfully",
    ];

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
        let replies = [
            "220-welcome",
            "220-to the",
            "220 gateway",
            "250-taken",
            "250 ok",
            "250 ok",
            "214-x",
            "250 sent",
        ];
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
}
