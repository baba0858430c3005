//! A message as it is asked for: the user guide's table "SMS Push (send-sms) CGI Variables".

use crate::exchange::Reply;
use crate::fields::Fields;
use crate::stand_in::twilio::segment;

use super::{KannelOptions, reply};

/// The largest mask of reports: all six bits.
const MASK_MAX: u8 = 63;

/// What the product asked for, checked.
#[derive(Debug, Clone)]
pub struct Message {
    /// The number that it goes to.
    pub to: String,
    /// The number or name that it comes from.
    pub from: String,
    /// Which reports are wanted.
    pub mask: u8,
    /// Where they go.
    pub report_url: Option<String>,
}

/// How a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejection {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub words: &'static str,
}

impl Rejection {
    pub fn reply(self) -> Reply {
        reply(self.status, self.words)
    }
}

impl Message {
    /// Reads a request; the first mistake stands.
    pub fn read(fields: &Fields, options: &KannelOptions) -> Result<Self, Rejection> {
        let field = |names: [&str; 2]| names.iter().find_map(|name| fields.get(*name)).map(String::as_str);
        let wrong = |words| Rejection { status: 400, words };
        let account = (field(["username", "user"]), field(["password", "pass"]));
        if account != (Some(&options.username), Some(&options.password)) {
            return Err(Rejection { status: 403, words: "Authorization failed for sendsms" });
        }
        let to = field(["to"; 2]).ok_or_else(|| wrong("Missing receiver number, rejected"))?;
        if to.is_empty() {
            return Err(wrong("Empty receiver number not allowed, rejected"));
        }
        // `sendsms-chars`, as it is when nothing is configured.
        if !to.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, ' ' | '+' | '-')) {
            return Err(wrong("Number(s) has/have been denied by white- and/or black-lists."));
        }
        let number = |name, max| field([name; 2]).map_or(Some(0), |text| bounded(text, max));
        number("coding", 2).ok_or_else(|| wrong("Coding field misformed, rejected"))?;
        number("validity", u32::MAX).ok_or_else(|| wrong("Validity field misformed, rejected"))?;
        let mask = number("dlr-mask", MASK_MAX.into()).and_then(|mask| u8::try_from(mask).ok());
        let report_url = field(["dlr-url", "dlrurl"]);
        if report_url.is_some_and(|url| !url.starts_with("http://") && !url.starts_with("https://")) {
            return Err(wrong("DLR-URL field misformed, rejected"));
        }
        Ok(Self {
            to: to.to_owned(),
            from: field(["from"; 2]).unwrap_or("4321").to_owned(),
            mask: mask.ok_or_else(|| wrong("DLR-Mask field misformed, rejected"))?,
            report_url: report_url.map(str::to_owned),
        })
    }
}

fn bounded(text: &str, max: u32) -> Option<u32> {
    text.parse().ok().filter(|number| *number <= max)
}

/// What a telephone shows of the text: coding 0 has the GSM alphabet alone, with a question mark for all else. The
/// charset is UTF-8 unless something is said, with coding 2 UTF-16BE; only UTF-8 is understood here.
pub fn shown(fields: &Fields) -> String {
    let field = |name: &str| fields.get(name).map(String::as_str);
    let text = field("text").unwrap_or_default();
    match (field("coding").unwrap_or("0"), field("charset")) {
        ("0", None | Some("UTF-8")) => {
            text.chars().map(|letter| if segment::is_gsm(letter) { letter } else { '?' }).collect()
        }
        ("2", Some("UTF-8")) => text.to_owned(),
        (coding, charset) => format!("(unreadable: coding {coding}, charset {charset:?})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones_show_what_their_alphabet_has() {
        for (coding, charset, expected) in [
            ("0", "UTF-8", "Größe 5 € ? ?"),
            ("2", "UTF-8", "Größe 5 € È Ж"),
            ("2", "latin1", "(unreadable: coding 2, charset Some(\"latin1\"))"),
        ] {
            let fields = [("text", "Größe 5 € È Ж"), ("coding", coding), ("charset", charset)];
            let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert_eq!(shown(&Fields::from(fields)), expected);
        }
    }
}
