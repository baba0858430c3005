//! What Twilio is to do with a call, as TwiML.
//!
//! Source: <https://www.twilio.com/docs/voice/twiml/say>, <https://www.twilio.com/docs/voice/twiml/gather>.

use std::fmt::Write as _;

use i18n::{Locale, Message as _, voice};

use super::callback::Key;
use crate::line::Line;

/// How long a key is waited for after the last word, in seconds.
const KEY_WAIT_SECONDS: u32 = 8;
/// The pause between the first time and the second, in seconds.
const PAUSE_SECONDS: u32 = 1;
/// The pause before a message to a machine, in seconds: its own greeting is under way when it is known to be one.
const GREETING_SECONDS: u32 = 5;

/// A call that goes by one language.
#[derive(Clone, Debug)]
pub struct Twiml {
    locale: Locale,
    verbs: String,
}

impl Twiml {
    /// A call in which nothing is said yet.
    pub const fn new(locale: Locale) -> Self {
        Self { locale, verbs: String::new() }
    }

    /// Says this.
    #[must_use]
    pub fn say(mut self, text: &str) -> Self {
        let (language, voice) = voice_of(self.locale);
        // Writing into a text does not fail.
        let _ = write!(self.verbs, r#"<Say language="{language}" voice="{voice}">{}</Say>"#, escape(text));
        self
    }

    /// Says nothing for so many seconds.
    #[must_use]
    pub fn pause(mut self, seconds: u32) -> Self {
        let _ = write!(self.verbs, r#"<Pause length="{seconds}"/>"#);
        self
    }

    /// Says what is in `prompt` and takes one key, at any time while it speaks; posts it to this address. Every key
    /// counts, `#` as well.
    #[must_use]
    pub fn gather(mut self, address: &str, prompt: &Self) -> Self {
        let _ = write!(
            self.verbs,
            r#"<Gather input="dtmf" numDigits="1" finishOnKey="" timeout="{KEY_WAIT_SECONDS}" action="{}" method="POST">{}</Gather>"#,
            escape(address),
            prompt.verbs,
        );
        self
    }

    /// The document, with the end of the call.
    pub fn hang_up(self) -> String {
        format!(r#"<?xml version="1.0" encoding="UTF-8"?><Response>{}<Hangup/></Response>"#, self.verbs)
    }
}

/// What somebody hears who answers: the alert and the keys, twice. Without a key it says goodbye.
pub fn asked(locale: Locale, alert: &str, can_pass_on: bool, key_address: &str) -> String {
    let (take, pass, again) = (Key::TAKE, Key::PASS_ON, Key::AGAIN);
    let keys = if can_pass_on {
        voice::Keys { take, pass, again }.render(locale)
    } else {
        voice::KeysConfirm { take, again }.render(locale)
    };
    let prompt = Twiml::new(locale).say(alert).say(&keys).pause(PAUSE_SECONDS).say(alert).say(&keys);
    let goodbye = if can_pass_on { voice::Goodbye.render(locale) } else { voice::Unconfirmed.render(locale) };
    Twiml::new(locale).gather(key_address, &prompt).say(&goodbye).hang_up()
}

/// What somebody hears whose key could not be recorded: they are asked for it again.
pub fn asked_again(locale: Locale, key_address: &str) -> String {
    let sorry = voice::Unrecorded.render(locale);
    let prompt = Twiml::new(locale).say(&sorry).pause(PAUSE_SECONDS).say(&sorry);
    Twiml::new(locale).gather(key_address, &prompt).hang_up()
}

/// One sentence, and the end of the call.
pub fn said(locale: Locale, sentence: &str) -> String {
    Twiml::new(locale).say(sentence).hang_up()
}

/// A text twice, and the end of the call.
pub fn said_twice(locale: Locale, text: &str) -> String {
    Twiml::new(locale).say(text).pause(PAUSE_SECONDS).say(text).hang_up()
}

/// What an answering machine is told: neither code nor text, since anybody may listen to it. Twice, since its own
/// greeting may be longer than our pause.
pub fn left_on_a_machine(locale: Locale) -> String {
    let message = voice::Machine.render(locale);
    Twiml::new(locale).pause(GREETING_SECONDS).say(&message).pause(GREETING_SECONDS).say(&message).hang_up()
}

/// Nothing: the end of the call.
pub fn silence() -> String {
    Twiml::new(Locale::En).hang_up()
}

/// The language and a voice that speaks it. Without a voice that is named, Twilio's own may speak another language.
/// Source: <https://www.twilio.com/docs/voice/twiml/say/text-speech#available-voices-and-languages>.
const fn voice_of(locale: Locale) -> (&'static str, &'static str) {
    match locale {
        Locale::En => ("en-GB", "Polly.Amy"),
        Locale::De => ("de-DE", "Polly.Vicki"),
        Locale::It => ("it-IT", "Polly.Carla"),
    }
}

/// Text as it may stand in XML, between tags and in quotes. What XML forbids is left out.
/// Source: <https://www.w3.org/TR/xml/#charsets>.
fn escape(text: &str) -> String {
    let line = Line::new(text);
    let mut escaped = String::with_capacity(line.as_str().len());
    for character in line.as_str().chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: &str = "<Hangup/></Response>";

    #[test]
    fn whoever_answers_hears_it_twice_with_the_keys_and_a_goodbye() {
        let twiml = asked(Locale::It, "Allarme K, 7.", true, "https://p/key?attempt=a&b");
        let say = |text: &str| format!(r#"<Say language="it-IT" voice="Polly.Carla">{text}</Say>"#);
        let alert = say("Allarme K, 7.");
        let keys = say("Per prendere in carico, premi 4. Per inoltrare, premi 8. Per riascoltare, premi 0.");
        let goodbye = say("Nessun tasto premuto: la chiamata passa ad altri. Arrivederci.");
        let gather = r#"<Gather input="dtmf" numDigits="1" finishOnKey="" timeout="8" action="https://p/key?attempt=a&amp;b" method="POST">"#;
        assert_eq!(
            twiml,
            format!(
                r#"<?xml version="1.0" encoding="UTF-8"?><Response>{gather}{alert}{keys}<Pause length="1"/>{alert}{keys}</Gather>{goodbye}{END}"#
            )
        );
    }

    #[test]
    fn nothing_in_a_text_is_markup() {
        for (text, expected) in [
            ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
            (r#""it's""#, "&quot;it&apos;s&quot;"),
            ("</Say><Dial>+1900</Dial>", "&lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt;"),
            ("&lt;", "&amp;lt;"),
            ("a\r\nb\u{0}c\u{b}d\u{7f}e\u{85}f", "a b c d e f"),
            ("a\u{fffe}b\u{ffff}c\u{feff}d", "abc d"),
            ("]]>", "]]&gt;"),
            ("Größe è 🔥", "Größe è 🔥"),
        ] {
            assert_eq!(escape(text), expected, "{text:?}");
        }
    }

    #[test]
    fn no_character_is_one_that_xml_forbids() {
        // Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]
        let is_allowed = |character: char| matches!(u32::from(character), 0x20..=0xd7ff | 0xe000..=0xfffd | 0x1_0000..=0x10_ffff);
        for character in (0..=0x1_ffff_u32).filter_map(char::from_u32) {
            let escaped = escape(&format!("a{character}b"));
            assert!(escaped.chars().all(is_allowed), "{character:?}");
        }
    }

    #[test]
    fn a_machine_hears_neither_code_nor_digits() {
        for locale in Locale::ALL {
            let twiml = left_on_a_machine(locale);
            let said = twiml.split("<Say ").skip(1).filter_map(|say| say.split(['>', '<']).nth(1));
            let said: Vec<&str> = said.collect();
            assert_eq!(said.len(), 2, "{twiml}");
            assert!(!said.concat().contains(|letter: char| letter.is_ascii_digit()), "{twiml}");
            assert!(!twiml.contains("Gather") && twiml.ends_with(END), "{twiml}");
        }
        assert_eq!(silence(), r#"<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>"#);
    }
}
