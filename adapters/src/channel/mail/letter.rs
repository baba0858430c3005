//! A mail: its header, the text, and the same as HTML.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use events::Timestamp;
use i18n::Locale;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MessageBuilder, MultiPart, SinglePart};
use lettre::{Address, error::Error};
use maud::{DOCTYPE, html};

use crate::text::Text;

/// What an encoded word begins with. Source: RFC 2047, section 2.
const ENCODED_BEGIN: &str = "=?";
/// Bytes of one encoded word, which has 75 characters at most, and is Base64 between its marks. Source: as above.
const ENCODED_BYTES_MAX: usize = 45;

/// What an alert's mails are answers to, so that mail programs show them as one thread. No mail has this number itself:
/// whichever of them comes first begins the thread. Source: RFC 5322, section 3.6.4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread(pub String);

/// A mail before it is put into bytes.
#[derive(Clone, Debug)]
pub struct Letter {
    /// What makes it the same mail, however often it comes; an atom with dots.
    pub id: String,
    /// What it belongs to.
    pub thread: Option<Thread>,
    /// The language of its text.
    pub language: Locale,
    /// When it is sent.
    pub at: Timestamp,
    /// What it says; its title is the subject.
    pub text: Text,
}

impl Letter {
    /// The mail as bytes, all of them ASCII.
    ///
    /// # Errors
    /// When the library refuses a part of it.
    pub fn encode(&self, from: &Mailbox, to: &Address) -> Result<Vec<u8>, Error> {
        let domain = from.email.domain();
        let mut message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, to.clone()))
            .date(moment(self.at))
            .message_id(Some(format!("<{}@{domain}>", self.id)));
        message = subject(message, &self.text.title);
        if let Some(Thread(id)) = &self.thread {
            let root = format!("<{id}@{domain}>");
            message = message.in_reply_to(root.clone()).references(root);
        }
        // So that no robot answers. Source: RFC 3834, section 5.
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        let message = message.raw_header(HeaderValue::new(name, "auto-generated".to_owned()));
        // With `=` and `_`, which no line of an encoded part begins with. Source: RFC 2045, section 6.7.
        let boundary = format!("=_hotpotato_{}", self.id);
        let parts = MultiPart::alternative()
            .boundary(boundary)
            .singlepart(part(ContentType::TEXT_PLAIN, &self.plain())?)
            .singlepart(part(ContentType::TEXT_HTML, &self.html())?);
        Ok(message.multipart(parts)?.formatted())
    }

    fn plain(&self) -> String {
        let Text { body, link, link_title, .. } = &self.text;
        match (link, link_title) {
            (Some(link), Some(title)) => format!("{body}\n\n{title}:\n{link}\n"),
            (Some(link), None) => format!("{body}\n\n{link}\n"),
            (None, _) => format!("{body}\n"),
        }
    }

    /// The same for eyes: readable on a telephone, in the dark too, and nothing in it is fetched from anywhere.
    fn html(&self) -> String {
        let Text { title, body, link, link_title, .. } = &self.text;
        let page = html! {
            (DOCTYPE)
            html lang=(self.language.as_str()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="supported-color-schemes" content="light dark";
                    title { (title) }
                }
                body style="margin:0;padding:16px;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5" {
                    div style="max-width:36em" {
                        @for line in body.lines() {
                            p style="margin:0 0 8px;overflow-wrap:anywhere" { (line) }
                        }
                        @if let Some(link) = link {
                            p style="margin:24px 0" {
                                a href=(link) style="display:inline-block;padding:12px 20px;border-radius:6px;background:#0b57d0;color:#ffffff;text-decoration:none;font-weight:bold" {
                                    (link_title.as_ref().unwrap_or(link))
                                }
                            }
                            p style="margin:0;font-size:14px;overflow-wrap:anywhere" { (link) }
                        }
                    }
                }
            }
        };
        page.into_string() + "\n"
    }
}

/// The subject. What looks as if it were encoded already would be decoded by mail programs, into whatever a stranger likes:
/// such a title is encoded as a whole, which the library does only with what is not ASCII.
fn subject(message: MessageBuilder, title: &str) -> MessageBuilder {
    if !title.contains(ENCODED_BEGIN) {
        return message.subject(title);
    }
    let name = HeaderName::new_from_ascii_str("Subject");
    let encoded = encoded_words(title);
    message.raw_header(HeaderValue::dangerous_new_pre_encoded(name, title.to_owned(), encoded))
}

/// A text in encoded words, each on a line of its own. Source: RFC 2047, sections 2 and 5.
fn encoded_words(text: &str) -> String {
    let mut pieces = vec![String::new()];
    for character in text.chars() {
        match pieces.last_mut() {
            Some(piece) if piece.len() + character.len_utf8() <= ENCODED_BYTES_MAX => piece.push(character),
            _ => pieces.push(character.to_string()),
        }
    }
    let word = |piece: &String| format!("{ENCODED_BEGIN}utf-8?b?{}?=", STANDARD.encode(piece));
    pieces.iter().map(word).collect::<Vec<_>>().join("\r\n ")
}

/// One way of saying it, in lines of at most 76 characters of ASCII.
fn part(kind: ContentType, text: &str) -> Result<SinglePart, Error> {
    // Lines end as the protocol has it: mail programs would show a lone line feed as something else.
    let text = text.replace('\n', "\r\n");
    let body = Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| Error::NonAsciiChars)?;
    Ok(SinglePart::builder().header(kind).body(body))
}

fn moment(at: Timestamp) -> SystemTime {
    let since = u64::try_from(at.as_micros()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_micros(since)
}
