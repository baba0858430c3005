//! TwiML as Twilio reads it: <https://www.twilio.com/docs/voice/twiml>. Stricter than Twilio: what its documentation does
//! not have is a mistake.

use roxmltree::{Document, Node};

/// The longest text that one `<Say>` with a Polly voice takes: <https://www.twilio.com/docs/api/errors/13521>.
const SAY_CHARS_MAX: usize = 3_000;
/// The largest document: <https://www.twilio.com/docs/api/errors/11750>.
const DOCUMENT_BYTES_MAX: usize = 64 * 1024;
/// The longest pause that makes sense in a call, in seconds.
const PAUSE_SECONDS_MAX: u32 = 60;

/// Voices and what they speak: <https://www.twilio.com/docs/voice/twiml/say/text-speech>.
const VOICES: [(&str, &[&str]); 3] = [
    ("de-DE", &["Polly.Marlene", "Polly.Vicki", "Polly.Hans"]),
    ("en-GB", &["Polly.Amy", "Polly.Emma", "Polly.Brian"]),
    ("it-IT", &["Polly.Carla", "Polly.Bianca", "Polly.Giorgio"]),
];

/// One thing that Twilio does in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// Says a text.
    Say {
        /// The language, like `it-IT`.
        language: String,
        /// The words.
        text: String,
    },
    /// Says nothing for so many seconds.
    Pause(u32),
    /// Says what is in it while it waits for one key, and posts that.
    Gather {
        /// Where the key goes.
        action: String,
        /// What is said meanwhile.
        prompt: Vec<Self>,
    },
    /// Ends the call.
    Hangup,
}

/// Reads a document.
///
/// # Errors
/// What Twilio, or its documentation, would not take.
pub fn read(text: &str) -> Result<Vec<Verb>, String> {
    if text.len() > DOCUMENT_BYTES_MAX {
        return Err("11750: the document is larger than 64 KB".to_owned());
    }
    let document = Document::parse(text).map_err(|error| format!("12100: {error}"))?;
    let root = document.root_element();
    if root.tag_name().name() != "Response" {
        return Err(format!("12102: the root is {}", root.tag_name().name()));
    }
    allow(root, &[])?;
    verbs(root, true)
}

fn verbs(parent: Node<'_, '_>, may_gather: bool) -> Result<Vec<Verb>, String> {
    let mut verbs = Vec::new();
    for child in parent.children() {
        if child.is_text() && child.text().is_none_or(|text| text.trim().is_empty()) {
            continue;
        }
        if !child.is_element() {
            return Err(format!("12200: {:?} between verbs", child.text().unwrap_or_default()));
        }
        verbs.push(match child.tag_name().name() {
            "Say" => say(child)?,
            "Pause" => {
                allow(child, &["length"])?;
                Verb::Pause(number(child, "length", 1, PAUSE_SECONDS_MAX)?)
            }
            "Gather" if may_gather => gather(child)?,
            "Hangup" if may_gather => {
                allow(child, &[])?;
                Verb::Hangup
            }
            other => return Err(format!("12200: <{other}> in <{}>", parent.tag_name().name())),
        });
    }
    Ok(verbs)
}

fn say(node: Node<'_, '_>) -> Result<Verb, String> {
    allow(node, &["language", "voice"])?;
    let (language, voice) = (attribute(node, "language")?, attribute(node, "voice")?);
    let speaks = VOICES.iter().any(|(known, voices)| *known == language && voices.contains(&voice));
    if !speaks {
        return Err(format!("13511: {voice} does not speak {language}"));
    }
    if node.children().any(|child| !child.is_text()) {
        return Err("12200: markup in <Say>".to_owned());
    }
    let text = node.text().unwrap_or_default();
    if text.trim().is_empty() || text.chars().count() > SAY_CHARS_MAX {
        return Err(format!("13521: a text of {} characters", text.chars().count()));
    }
    Ok(Verb::Say { language: language.to_owned(), text: text.to_owned() })
}

fn gather(node: Node<'_, '_>) -> Result<Verb, String> {
    allow(node, &["input", "numDigits", "finishOnKey", "timeout", "action", "method"])?;
    if !matches!(node.attribute("input"), None | Some("dtmf")) {
        return Err("13313: only keys are understood here".to_owned());
    }
    if number(node, "numDigits", 1, 1)? != 1 || node.attribute("finishOnKey") != Some("") {
        return Err("13314: one key, whichever it is".to_owned());
    }
    number(node, "timeout", 1, 60)?;
    if attribute(node, "method")? != "POST" {
        return Err("13312: the method is POST".to_owned());
    }
    let action = attribute(node, "action")?;
    if reqwest::Url::parse(action).is_err() {
        return Err(format!("11100: {action:?} is no address"));
    }
    Ok(Verb::Gather { action: action.to_owned(), prompt: verbs(node, false)? })
}

fn allow(node: Node<'_, '_>, known: &[&str]) -> Result<(), String> {
    let strange = node.attributes().find(|attribute| !known.contains(&attribute.name()));
    strange.map_or(Ok(()), |strange| {
        Err(format!("12200: <{}> has no {}", node.tag_name().name(), strange.name()))
    })
}

fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Result<&'a str, String> {
    node.attribute(name).ok_or_else(|| format!("12200: <{}> needs {name}", node.tag_name().name()))
}

fn number(node: Node<'_, '_>, name: &str, min: u32, max: u32) -> Result<u32, String> {
    let text = attribute(node, name)?;
    let number = text.parse().ok().filter(|number| (min..=max).contains(number));
    number.ok_or_else(|| format!("12200: {name} is {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_what_it_says() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
            <Response><Gather numDigits="1" finishOnKey="" timeout="5" action="http://p/k?a=1&amp;b=2" method="POST">
            <Say language="it-IT" voice="Polly.Carla">Tom &amp; Jerry &lt;3</Say><Pause length="1"/></Gather><Hangup/></Response>"#;
        let said = Verb::Say { language: "it-IT".to_owned(), text: "Tom & Jerry <3".to_owned() };
        let gather =
            Verb::Gather { action: "http://p/k?a=1&b=2".to_owned(), prompt: vec![said, Verb::Pause(1)] };
        assert_eq!(read(text), Ok(vec![gather, Verb::Hangup]));
    }

    #[test]
    fn what_is_not_documented_is_a_mistake() {
        let say = r#"<Say language="de-DE" voice="Polly.Vicki">x</Say>"#;
        for (inside, code) in [
            ("<Say>x</Say>", "12200"),
            (r#"<Say language="it-IT" voice="Polly.Vicki">x</Say>"#, "13511"),
            (r#"<Say language="de-DE" voice="Polly.Vicki"> </Say>"#, "13521"),
            (r#"<Say language="de-DE" voice="Polly.Vicki">a<b/></Say>"#, "12200"),
            (r#"<Say language="de-DE" voice="Polly.Vicki">a & b</Say>"#, "12100"),
            ("<Say language=\"de-DE\" voice=\"Polly.Vicki\">a\u{b}b</Say>", "12100"),
            ("<Dial>+1900</Dial>", "12200"),
            ("loose words", "12200"),
            (r#"<Pause length="soon"/>"#, "12200"),
            (r#"<Gather numDigits="1" finishOnKey="" timeout="5" method="POST"/>"#, "12200"),
            (r#"<Gather numDigits="1" timeout="5" action="http://p/" method="POST"/>"#, "13314"),
            (r#"<Gather numDigits="1" finishOnKey="" timeout="5" action="/k" method="POST"/>"#, "11100"),
            (
                r#"<Gather numDigits="1" finishOnKey="" timeout="5" action="http://p/" method="POST"><Hangup/></Gather>"#,
                "12200",
            ),
            ("</Response><Response>", "12100"),
        ] {
            let read = read(&format!("<Response>{inside}</Response>"));
            assert!(read.as_ref().is_err_and(|error| error.starts_with(code)), "{inside}: {read:?}");
        }
        assert_eq!(read(&format!("<Response>{say}</Response>")).map(|verbs| verbs.len()), Ok(1));
        assert!(read(&format!("<Respond>{say}</Respond>")).is_err());
        assert!(read("").is_err());
    }
}
