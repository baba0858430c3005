//! The dialogue of one SNPP connection, without the connection: RFC 1861, sections 4 and 5.

use super::SnppOptions;
use crate::behaviour::Behaviour;
use crate::fields::Fields;

/// After so many bad commands the gateway hangs up.
pub const MISTAKES_MAX: u32 = 10;

const HELP: &[&str] = &[
    "214 Level 1: PAGE <PagerID>  MESS <text>  RESE  SEND  QUIT  HELP",
    "214 Level 2: DATA  LOGI <id> [password]  LEVE <0-11>  ALER <0-1>",
    "214 Level 2: COVE <area>  HOLD <YYMMDDHHMMSS> [+/-zone]  CALL <id>  SUBJ <text>",
    "250 End of Help Information",
];

/// What a connection does next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Sends these lines.
    Say(Vec<String>),
    /// Asks whether this pager may be paged, then calls [`Session::take_pager`].
    AskPager(String),
    /// Reads lines up to a single dot, then calls [`Session::take_message`].
    ReadMessage,
    /// Pages everybody in [`Session::pagers`].
    Send,
    /// Says what became of the two-way page with this tag and pass code.
    Status(String),
    /// Says this and closes.
    Close(String),
}

/// What a client has said so far.
#[derive(Debug)]
pub struct Session<'a> {
    options: &'a SnppOptions,
    logged_in: bool,
    mistakes: u32,
    /// Pager IDs in the order of their commands, with what the script said about each.
    pub pagers: Vec<(String, Behaviour)>,
    /// The words, once they were entered.
    pub message: Option<String>,
    /// Arguments of the other commands, by command.
    pub fields: Fields,
    /// A two-way transaction has begun.
    pub is_two_way: bool,
    /// What the person can answer: codes and words.
    pub choices: Vec<(String, String)>,
}

impl<'a> Session<'a> {
    pub fn new(options: &'a SnppOptions) -> Self {
        let (pagers, fields) = (Vec::new(), Fields::new());
        Self {
            options,
            logged_in: options.login.is_none(),
            mistakes: 0,
            pagers,
            message: None,
            fields,
            is_two_way: false,
            choices: Vec::new(),
        }
    }

    /// Returns whether the gateway has such a pager.
    pub fn knows(&self, pager: &str) -> bool {
        let is_listed = self.options.pagers.as_ref().is_none_or(|pagers| pagers.contains(pager));
        is_listed && !pager.is_empty() && pager.bytes().all(|byte| byte.is_ascii_graphic())
    }

    /// Takes one command line.
    pub fn command(&mut self, line: &str) -> Step {
        let (word, argument) = line.split_once(' ').unwrap_or((line, ""));
        let argument = argument.trim();
        // Four letters decide: PAGE and PAGEr are the same.
        let verb: String = word.chars().take(4).collect::<String>().to_ascii_uppercase();
        match verb.as_str() {
            "QUIT" => return Step::Close("221 OK, Goodbye".to_owned()),
            "HELP" => return Step::Say(HELP.iter().map(|&line| line.to_owned()).collect()),
            "LOGI" if self.options.level >= 2 => return self.log_in(argument),
            _ if !self.logged_in => return self.mistake("530 Please log in with LOGI"),
            _ => {}
        }
        match verb.as_str() {
            "2WAY" | "ACKR" | "RTYP" | "MCRE" | "MSTA" | "NOQU" | "EXPT" if self.options.level >= 3 => {
                self.level_three(&verb, argument)
            }
            "PAGE" if self.is_two_way && !self.pagers.is_empty() => {
                self.mistake("550 Error, one pager in a two-way transaction")
            }
            "PAGE" => Step::AskPager(argument.split(' ').next().unwrap_or_default().to_owned()),
            "MESS" if self.message.is_some() => self.mistake("503 ERROR, Message Already Entered"),
            "MESS" => self.take_message(Some(argument.to_owned())),
            "RESE" => {
                self.reset();
                say("250 RESET OK")
            }
            "SEND" if self.pagers.is_empty() || self.message.is_none() => {
                self.mistake("503 Error, Pager or Message Incomplete!")
            }
            "SEND" => Step::Send,
            _ if self.options.level >= 2 => self.level_two(&verb, argument),
            _ => self.mistake("500 Command Not Implemented, Try Again"),
        }
    }

    /// Takes the pager that [`Step::AskPager`] asked for, with what the script says about it.
    pub fn take_pager(&mut self, pager: String, behaviour: Behaviour) -> Step {
        self.pagers.push((pager, behaviour));
        if self.is_two_way {
            return say("850 Two-Way Unit Online and Available; Transaction Accepted");
        }
        say("250 Pager ID Accepted")
    }

    /// Takes the words; `None` if one of their lines was too long.
    pub fn take_message(&mut self, text: Option<String>) -> Step {
        let Some(text) = text else { return self.mistake("550 ERROR, Illegal Message: line too long") };
        if text.trim().is_empty() {
            return self.mistake("550 ERROR, Blank Message");
        }
        if text.chars().count() > self.options.message_chars_max {
            let chars_max = self.options.message_chars_max;
            return self.mistake(&format!("550 ERROR, Message Too Long: at most {chars_max} characters"));
        }
        self.message = Some(text);
        say("250 Message OK")
    }

    /// Answers a command that cannot be taken; hangs up after too many of them.
    pub fn mistake(&mut self, answer: &str) -> Step {
        self.mistakes += 1;
        if self.mistakes >= MISTAKES_MAX {
            return Step::Close("421 Too Many Errors, Goodbye (terminate connection)".to_owned());
        }
        say(answer)
    }

    /// Forgets pagers, words and options; the login stays.
    pub fn reset(&mut self) {
        self.pagers.clear();
        self.message = None;
        self.is_two_way = false;
        self.choices.clear();
        self.fields.retain(|command, _| command == "LOGI");
    }

    fn log_in(&mut self, argument: &str) -> Step {
        let (user, password) = argument.split_once(' ').unwrap_or((argument, ""));
        let welcome = self.options.login.as_ref().is_none_or(|login| {
            login.user == user && login.password.as_deref().is_none_or(|wanted| wanted == password.trim())
        });
        if user.is_empty() || !welcome {
            return self.mistake("550 Error, Invalid LoginID or Password");
        }
        self.logged_in = true;
        self.fields.insert("LOGI".to_owned(), user.to_owned());
        say("250 Login Accepted")
    }

    /// RFC 1861, section 4.6.
    fn level_three(&mut self, verb: &str, argument: &str) -> Step {
        match verb {
            "2WAY" if self.message.is_some() || !self.pagers.is_empty() => {
                return self.mistake("550 Error, Standard Transaction Already Underway, use RESEt");
            }
            "2WAY" => {
                self.is_two_way = true;
                return say("250 OK, Beginning 2-Way Transaction");
            }
            "MSTA" => return Step::Status(argument.to_owned()),
            _ if !self.is_two_way => return self.mistake("550 Command Only Valid For 2-Way Transactions"),
            "MCRE" => return self.take_choice(argument),
            _ => {}
        }
        let is_valid = match verb {
            "ACKR" => number_up_to(argument, 1),
            "RTYP" => {
                let types = ["NONE", "YESNO", "SIMREPLY", "MULTICHOICE", "TEXT"];
                types.iter().any(|known| argument.eq_ignore_ascii_case(known))
            }
            "EXPT" => argument.parse::<u16>().is_ok(),
            _ => argument.is_empty(),
        };
        if !is_valid {
            return self.mistake(&format!("550 Error, Invalid Argument to {verb}"));
        }
        self.fields.insert(verb.to_owned(), argument.to_owned());
        say("250 OK")
    }

    fn take_choice(&mut self, argument: &str) -> Step {
        let Some((code, words)) = argument.split_once(' ') else {
            return self.mistake("550 Error, Invalid Response");
        };
        let is_asked = self.fields.get("RTYP").is_some_and(|kind| kind.eq_ignore_ascii_case("MULTICHOICE"));
        if !is_asked || !(1..=2).contains(&code.len()) || !(1..=15).contains(&words.len()) {
            return self.mistake("550 MCResponses Not Enabled, or Invalid Response");
        }
        if self.choices.iter().any(|(known, _)| known == code) {
            return self.mistake("502 Error! Would Duplicate Previously Entered MCResponse");
        }
        self.choices.push((code.to_owned(), words.to_owned()));
        self.fields.insert(format!("MCRE {code}"), words.to_owned());
        say("250 Response Added to Transaction")
    }

    fn level_two(&mut self, verb: &str, argument: &str) -> Step {
        let (is_valid, accepted) = match verb {
            "DATA" if self.message.is_some() => return self.mistake("503 ERROR, Message Already Entered"),
            "DATA" => return Step::ReadMessage,
            "LEVE" => (number_up_to(argument, 11), "250 OK, Alternate Service Level Accepted"),
            "ALER" => (number_up_to(argument, 1), "250 OK, Alert Override Accepted"),
            "COVE" => (!argument.is_empty(), "250 Alternate Coverage Selected"),
            "HOLD" => (is_hold(argument), "250 Message Queued for Future Delivery"),
            "CALL" => (!argument.is_empty(), "250 Caller ID Accepted"),
            "SUBJ" => (!argument.is_empty(), "250 Message Subject Accepted"),
            _ => return self.mistake("500 Command Not Implemented, Try Again"),
        };
        if !is_valid {
            return self.mistake(&format!("550 Error, Invalid Argument to {verb}"));
        }
        self.fields.insert(verb.to_owned(), argument.to_owned());
        say(accepted)
    }
}

fn say(line: &str) -> Step {
    Step::Say(vec![line.to_owned()])
}

fn number_up_to(argument: &str, max: u8) -> bool {
    argument.parse::<u8>().is_ok_and(|number| number <= max)
}

/// `YYMMDDHHMMSS`, and the difference from GMT if there is one.
fn is_hold(argument: &str) -> bool {
    let (moment, zone) = argument.split_once(' ').unwrap_or((argument, "+0"));
    let is_zone = zone.strip_prefix(['+', '-']).is_some_and(|hours| hours.parse::<u16>().is_ok());
    is_zone && moment.len() == 12 && moment.bytes().all(|byte| byte.is_ascii_digit())
}
