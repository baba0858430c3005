//! What people answer: `OK 4821`, `ESC 4821`, `DONE 4821`, `EXTEND 30 4821`, in three languages, in any case, with or
//! without accents and punctuation, the code before or after.
//!
//! Every word must be known. An answering machine that quotes our own text (“… or reply OK 4821”) says more than that
//! and takes nothing.

use super::code::{DIGITS, ReplyCode};

/// So many characters of an answer are read; what is longer is no answer of ours.
pub const CHARS_MAX: usize = 160;
/// Whoever says it says it in no more words.
const TOKENS_MAX: usize = 8;
/// Planned work is extended by no more minutes at once: three digits, so that four are always the code.
pub const MINUTES_MAX: u32 = 999;

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// They have it.
    Take,
    /// Somebody else is to be paged.
    Escalate,
    /// It is over.
    Done,
    /// Their planned work takes so many minutes longer.
    Extend {
        /// How many: 1 to [`MINUTES_MAX`].
        minutes: u32,
    },
}

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Something with a code.
    Order {
        /// What.
        word: Word,
        /// By the code of which message.
        code: ReplyCode,
    },
    /// Something, and no code.
    WithoutCode,
    /// They ask what to write.
    Help,
    /// They want no more messages. Carriers answer that themselves.
    Stop,
    /// Nothing that we know.
    Unknown,
}

/// What a word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Take,
    Escalate,
    Done,
    Extend,
    Help,
    Stop,
    /// It adds nothing.
    Filler,
}

/// Without accents and umlauts; `ü` may be written `ue` or `u`.
const WORDS: &[(Token, &[&str])] = &[
    (
        Token::Take,
        &[
            "ok",
            "okay",
            "okey",
            "ack",
            "yes",
            "have",
            "ja",
            "jo",
            "hab",
            "habe",
            "habs",
            "uebernehme",
            "ubernehme",
            "uebernommen",
            "ubernommen",
            "si",
            "prendo",
            "preso",
            "penso",
        ],
    ),
    (
        Token::Escalate,
        &["esc", "esk", "escalate", "weiter", "eskalieren", "eskaliere", "avanti", "inoltra", "inoltrare"],
    ),
    (
        Token::Done,
        &["done", "resolved", "fixed", "fertig", "erledigt", "behoben", "fatto", "risolto", "finito"],
    ),
    (
        Token::Extend,
        &[
            "extend",
            "ext",
            "plus",
            "verlaengern",
            "verlangern",
            "verlaengere",
            "verlangere",
            "prolunga",
            "prolungare",
            "piu",
        ],
    ),
    (Token::Help, &["help", "hilfe", "aiuto", "info"]),
    (Token::Stop, &["stop", "stopp", "stopall", "unsubscribe", "arret"]),
    (
        Token::Filler,
        &[
            "i", "it", "got", "the", "code", "please", "thanks", "min", "mins", "minutes", "m", "by", "ich",
            "es", "das", "den", "alarm", "bitte", "danke", "um", "minuten", "ci", "io", "lo", "ne", "di",
            "grazie", "codice", "minuti", "allarme",
        ],
    ),
];

/// Reads an answer.
pub fn read(text: &str) -> Reply {
    if text.chars().nth(CHARS_MAX).is_some() {
        return Reply::Unknown;
    }
    let plain = plain(text);
    let pieces: Vec<&str> = plain.split_whitespace().collect();
    if pieces.len() > TOKENS_MAX {
        return Reply::Unknown;
    }
    let (numbers, words): (Vec<&str>, Vec<&str>) =
        pieces.into_iter().partition(|piece| piece.starts_with(|first: char| first.is_ascii_digit()));
    let mut meant = None;
    for word in words {
        match (known(word), meant) {
            (Some(Token::Filler), _) => {}
            (Some(token), None) => meant = Some(token),
            (Some(token), Some(before)) if token == before => {}
            // A word that we do not know, or another one than before.
            (_, _) => return Reply::Unknown,
        }
    }
    match (meant, &*numbers) {
        (Some(Token::Help), []) => Reply::Help,
        (Some(Token::Stop), []) => Reply::Stop,
        (Some(Token::Take), numbers) => with_code(Word::Take, numbers),
        (Some(Token::Escalate), numbers) => with_code(Word::Escalate, numbers),
        (Some(Token::Done), numbers) => with_code(Word::Done, numbers),
        (Some(Token::Extend), numbers) => extend(numbers),
        _ => Reply::Unknown,
    }
}

/// Reads an answer that needs no code, since it is known what it answers.
pub fn word(text: &str) -> Option<Word> {
    if text.chars().nth(CHARS_MAX).is_some() {
        return None;
    }
    let plain = plain(text);
    let mut pieces = plain.split_whitespace();
    if pieces.clone().count() > TOKENS_MAX {
        return None;
    }
    let meant = pieces.try_fold(None, |meant, piece| match (known(piece)?, meant) {
        (Token::Filler, meant) => Some(meant),
        (token, None) => Some(Some(token)),
        (token, Some(before)) => (token == before).then_some(meant),
    });
    match meant?? {
        Token::Take => Some(Word::Take),
        Token::Escalate => Some(Word::Escalate),
        Token::Done => Some(Word::Done),
        Token::Extend | Token::Help | Token::Stop | Token::Filler => None,
    }
}

fn known(word: &str) -> Option<Token> {
    WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(token, _)| *token)
}

fn with_code(word: Word, numbers: &[&str]) -> Reply {
    match numbers {
        [] => Reply::WithoutCode,
        [digits] => ReplyCode::parse(digits).map_or(Reply::WithoutCode, |code| Reply::Order { word, code }),
        _ => Reply::Unknown,
    }
}

/// `30 4821`, `4821 30`, and `304821`, since four digits are the code and minutes have three at most.
fn extend(numbers: &[&str]) -> Reply {
    let (minutes, code) = match numbers {
        [pasted] if pasted.len() > DIGITS => pasted.split_at(pasted.len() - DIGITS),
        [] | [_] => return Reply::WithoutCode,
        [first, second] if first.len() == DIGITS => (*second, *first),
        [first, second] => (*first, *second),
        _ => return Reply::Unknown,
    };
    let minutes = minutes.parse().ok().filter(|minutes| (1..=MINUTES_MAX).contains(minutes));
    match (minutes, ReplyCode::parse(code)) {
        (Some(minutes), Some(code)) => Reply::Order { word: Word::Extend { minutes }, code },
        (Some(_), None) => Reply::WithoutCode,
        (None, _) => Reply::Unknown,
    }
}

/// Lower case, without accents; anything but letters and digits becomes a blank, and a blank stands between letters and
/// digits.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut was_digit = None;
    for letter in text.chars().flat_map(char::to_lowercase) {
        let is_digit = letter.is_ascii_digit();
        let spelt: &str = match letter {
            'a'..='z' | '0'..='9' => {
                if was_digit.is_some_and(|was| was != is_digit) {
                    plain.push(' ');
                }
                was_digit = Some(is_digit);
                plain.push(letter);
                continue;
            }
            'ä' => "ae",
            'ö' => "oe",
            'ü' => "ue",
            'ß' => "ss",
            'à' | 'á' | 'â' => "a",
            'è' | 'é' | 'ê' => "e",
            'ì' | 'í' | 'î' => "i",
            'ò' | 'ó' | 'ô' => "o",
            'ù' | 'ú' | 'û' => "u",
            // An accent that stands apart from its letter.
            '\u{300}'..='\u{36f}' => continue,
            // A letter of another script is a word that we do not know.
            other if other.is_alphanumeric() => "?",
            // An apostrophe may stand for the accent of a letter.
            '\'' | '\u{2019}' | '\u{b4}' | '`' => continue,
            _ => " ",
        };
        if was_digit == Some(true) && spelt != " " {
            plain.push(' ');
        }
        was_digit = (spelt != " ").then_some(false);
        plain.push_str(spelt);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(word: Word) -> Reply {
        Reply::Order { word, code: ReplyCode::parse("4821").expect("a code") }
    }

    #[test]
    fn every_word_is_known_once() {
        let all: Vec<&&str> = WORDS.iter().flat_map(|(_, words)| *words).collect();
        for word in &all {
            assert_eq!(all.iter().filter(|other| other == &word).count(), 1, "{word}");
            assert_eq!(plain(word), **word, "as it is read");
        }
    }

    #[test]
    fn what_people_write_is_understood() {
        for (word, texts) in [
            (
                Word::Take,
                &[
                    "OK 4821",
                    "ok4821",
                    "4821 ok",
                    "4821ok",
                    "  Ok ,\r\n 4821. ",
                    "OK: 4821!",
                    "ACK 4821",
                    "Ja 4821",
                    "Ich übernehme 4821",
                    "UEBERNEHME 4821",
                    "ubernehme 4821",
                    "Ich übernehme 4821",
                    "hab es, 4821",
                    "Sì 4821",
                    "SI' 4821",
                    "ci penso io 4821",
                    "Prendo 4821",
                    "I have it 4821",
                    "ok ok 4821",
                    "ok 4821 danke",
                    "👍 ok 4821",
                ][..],
            ),
            (Word::Escalate, &["ESC 4821", "weiter 4821", "esk.4821", "Avanti 4821", "4821 inoltra"]),
            (Word::Done, &["DONE 4821", "fertig 4821", "Erledigt: 4821", "FATTO 4821", "risolto, 4821"]),
            (
                Word::Extend { minutes: 30 },
                &[
                    "EXTEND 30 4821",
                    "extend 4821 30",
                    "Extend 30min 4821",
                    "PLUS 30 4821",
                    "+30 plus 4821",
                    "Verlängern 30 4821",
                    "VERLAENGERN 30, 4821",
                    "verlängern um 30 Minuten 4821",
                    "prolunga 30 4821",
                    "Prolunga di 30 minuti 4821",
                    "più 30 4821",
                    "extend 304821",
                    "30 4821 extend",
                ],
            ),
        ] {
            for text in texts {
                assert_eq!(read(text), order(word), "{text}");
            }
        }
    }

    #[test]
    fn an_order_without_its_code_is_none() {
        for text in [
            "OK",
            "ja",
            "fertig!",
            "OK 482",
            "OK 48211",
            "EXTEND 4821",
            "EXTEND 30",
            "extend 30 min",
            "OK ٤٨٢١ ",
        ] {
            assert!(!matches!(read(text), Reply::Order { .. }), "{text}");
        }
        assert_eq!(read("OK K7M2Q"), Reply::Unknown, "the alert's code is a label");
        assert_eq!(read("OK"), Reply::WithoutCode);
        assert_eq!(read("EXTEND 30"), Reply::WithoutCode);
    }

    #[test]
    fn what_might_mean_something_else_takes_nothing() {
        for text in [
            "",
            " ",
            "4821",
            "no 4821",
            "not ok 4821",
            "nicht ok 4821",
            "non prendo 4821",
            "OK DONE 4821",
            "ok 4821 4822",
            "extend 30 45 4821",
            "extend 0 4821",
            "extend 1000 4821",
            "extend 4821 4821",
            "Web shop, since 03:10 I have it: https://p.example/a/K7M2Q Or reply OK 4821",
            "I am out of office until Monday. > Or reply OK 4821",
            "оk 4821",
            "ok\u{202e}4821x",
            "ok 4821 ok 4821 ok",
        ] {
            assert!(!matches!(read(text), Reply::Order { .. }), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn an_answer_to_something_known_needs_no_code() {
        for (text, expected) in [
            ("I have it", Some(Word::Take)),
            ("Ich habs", Some(Word::Take)),
            ("ok, ok danke!", Some(Word::Take)),
            ("Escalate", Some(Word::Escalate)),
            ("weiter bitte", Some(Word::Escalate)),
            ("fatto", Some(Word::Done)),
            ("", None),
            ("it", None),
            ("OK 4821", None),
            ("not ok", None),
            ("ok done", None),
            ("ok who has the keys", None),
            ("help", None),
            ("stop", None),
            ("extend 30", None),
            ("o\u{43a}", None),
            ("ok ok ok ok ok ok ok ok ok", None),
            (&*format!("ok{}", " ".repeat(CHARS_MAX)), None),
            (&*format!("ok {}", "\u{308}".repeat(CHARS_MAX)), None),
        ] {
            assert_eq!(word(text), expected, "{text}");
        }
    }

    #[test]
    fn help_and_stop_are_words_of_their_own() {
        for (text, expected) in [
            ("help", Reply::Help),
            ("Hilfe!", Reply::Help),
            ("AIUTO", Reply::Help),
            ("STOP", Reply::Stop),
            ("hello", Reply::Unknown),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_answer_is_not_read() {
        assert_eq!(read(&"ok 4821 ".repeat(1_000)), Reply::Unknown);
        assert_eq!(read(&format!("ok{}4821", " ".repeat(CHARS_MAX))), Reply::Unknown);
        assert_eq!(read(&"\u{308}".repeat(CHARS_MAX)), Reply::Unknown);
    }
}
