//! A call that arrived at a provider.

use std::collections::BTreeMap;

use serde::Deserialize;

/// How a push message says that it may have arrived before, in each language.
const REPEAT_SENTENCES: [&str; 3] = ["Sent again:", "Wiederholung:", "Ripetizione:"];

/// How an SMS and a pager say so, after the time.
const REPEAT_WORDS: [&str; 3] = ["(repeat", "(Wiederholung", "(ripetizione"];

/// How a page says that it comes late, in each language; a pager knows no umlauts.
const LATE_WORDS: [&str; 4] = [" late", " zu spät", " zu spaet", " di ritardo"];

/// One call, as the ledger of the stand-ins has it.
#[derive(Debug, Clone, Deserialize)]
pub struct Page {
    /// Its place in the ledger.
    pub seq: u64,
    /// When it arrived, in milliseconds since 1970-01-01 UTC.
    pub at_ms: i64,
    /// `pushover`, `twilio`, `snpp` or `tap`.
    pub provider: String,
    /// `send` for a page; else `status`, `cancel`, `report`, ….
    pub call: String,
    /// User key, telephone number, pager ID, receipt, or the address of a report.
    pub destination: String,
    /// The words.
    pub text: String,
    /// All named values of the call.
    pub fields: BTreeMap<String, String>,
    /// Whether the person got it.
    pub processed: bool,
    /// What the provider calls it: receipt or message SID.
    pub receipt: Option<String>,
    /// What was answered.
    pub answer: ProviderAnswer,
}

/// What a stand-in answered, or for a report the house.
#[derive(Debug, Clone, Deserialize)]
pub struct ProviderAnswer {
    /// Status or reply code; none if nothing was answered.
    pub code: Option<u16>,
    /// The body or line.
    pub body: String,
}

/// The link in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Without the token: `http://127.0.0.1:8080/a/K7M2Q`.
    pub address: String,
    /// The alert's code.
    pub code: String,
    /// The token.
    pub token: String,
}

impl Page {
    /// True when it says that it may have arrived before.
    pub fn is_repeat(&self) -> bool {
        REPEAT_SENTENCES.iter().chain(&REPEAT_WORDS).any(|words| self.text.contains(words))
    }

    /// True when it says that it comes late.
    pub fn is_late(&self) -> bool {
        LATE_WORDS.iter().any(|words| self.text.contains(words))
    }

    /// A named value; empty when it is missing.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Everything that the person can read: title, text and link.
    pub fn words(&self) -> String {
        [self.field("title"), &self.text, self.field("url")].join("\n")
    }

    /// The link, beside the text or in it.
    ///
    /// # Panics
    /// When there is none.
    pub fn link(&self) -> Link {
        let words = self.words();
        let link = words.split_whitespace().find(|word| word.contains("/a/") && word.contains('#'));
        let link = link.unwrap_or_else(|| panic!("there is no link in {self:#?}"));
        let (address, token) = link.split_once('#').expect("a link has a token");
        let (_, code) = address.rsplit_once('/').expect("a link has a code");
        Link { address: address.to_owned(), code: code.to_owned(), token: token.to_owned() }
    }

    /// The code with which a text message is answered: the four digits at its end.
    ///
    /// # Panics
    /// When there is none.
    pub fn reply_code(&self) -> &str {
        let (_, code) = self.text.rsplit_once("OK ").unwrap_or_else(|| panic!("no code in {self:#?}"));
        assert!(code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit()), "{self:#?}");
        code
    }

    /// In a few words, for a list.
    pub fn line(&self) -> String {
        let text = self.text.replace(['\n', '\r'], " / ");
        format!(
            "{:>4} {} {} {} to {}: {text}",
            self.seq, self.at_ms, self.provider, self.call, self.destination
        )
    }
}
