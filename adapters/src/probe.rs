//! Whether a provider would take a page: asked without sending one.

use domain::port::Report;
use events::Timestamp;
use events::event::outcome::{Outcome, Reason};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use crate::http::{Got, SendError};
use crate::line::Line;

/// What is found wrong is said in so many characters at most.
const WORDS_CHARS_MAX: usize = 300;

/// What was found at a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probe {
    /// Why a page would not go out now; none when it would.
    pub ill: Option<Ill>,
    /// When its certificate runs out; none for a connection without TLS.
    pub certificate_expires_at: Option<Timestamp>,
}

/// Why a page would not go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ill {
    /// Nobody answers there.
    Unreachable(String),
    /// Our credentials are not taken, or the account is closed.
    Unauthorized(String),
    /// It answers, but not as it should.
    Unfit(String),
}

impl Probe {
    /// All is well.
    pub const SOUND: Self = Self { ill: None, certificate_expires_at: None };

    /// Something is wrong.
    pub const fn ill(ill: Ill) -> Self {
        Self { ill: Some(ill), certificate_expires_at: None }
    }

    /// What a dialogue tells that went as far as a page's does, short of the page.
    pub fn of_dialogue(report: Report) -> Self {
        let Report { outcome, detail, .. } = report;
        let reason = match outcome {
            Outcome::Accepted => return Self::SOUND,
            Outcome::Refused(reason) | Outcome::Failed { reason, .. } | Outcome::Unknown(reason) => reason,
        };
        let words = if detail.is_empty() { "no answer in time".to_owned() } else { detail };
        Self::ill(match reason {
            Reason::Unauthorized => Ill::Unauthorized(words),
            Reason::Connection | Reason::Timeout => Ill::Unreachable(words),
            _ => Ill::Unfit(words),
        })
    }

    /// What an answer over HTTP tells: 2xx is well, 401 and 403 are about credentials. `words` is what the provider
    /// says, without secrets.
    pub fn of_answer(got: Result<Got, SendError>, words: impl FnOnce(&str) -> String) -> Self {
        let got = match got {
            Ok(got) => got,
            Err(error) => return Self::ill(Ill::Unreachable(error.to_string())),
        };
        let body = got.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        let said = || Line::new(&words(&body)).cut(WORDS_CHARS_MAX).to_string();
        let ill = match got.status {
            200..=299 => None,
            status @ (401 | 403) => Some(Ill::Unauthorized(format!("status {status}: {}", said()))),
            status => Some(Ill::Unfit(format!("status {status}: {}", said()))),
        };
        Self { ill, certificate_expires_at: got.certificate_expires_at }
    }
}

impl Ill {
    /// The provider's words, or the system's.
    pub fn words(&self) -> &str {
        match self {
            Self::Unreachable(words) | Self::Unauthorized(words) | Self::Unfit(words) => words,
        }
    }

    /// In one word, for programs.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::Unauthorized(_) => "unauthorized",
            Self::Unfit(_) => "unfit",
        }
    }
}

/// When a certificate in DER runs out; none when it is none.
pub fn expires_at(certificate: &[u8]) -> Option<Timestamp> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let end = certificate.tbs_certificate().validity().not_after.to_unix_duration();
    Some(Timestamp::from_micros(i64::try_from(end.as_micros()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn got(status: u16, body: &str) -> Got {
        Got { status, body: Some(body.as_bytes().to_vec()), certificate_expires_at: None }
    }

    #[test]
    fn an_answer_says_whether_a_page_would_go_out() {
        let words = |body: &str| body.to_owned();
        assert_eq!(Probe::of_answer(Ok(got(200, "{}")), words), Probe::SOUND);
        for (status, expected) in
            [(401, "unauthorized"), (403, "unauthorized"), (404, "unfit"), (500, "unfit")]
        {
            let ill = Probe::of_answer(Ok(got(status, "no\r\nway")), words).ill.expect("ill");
            assert_eq!(ill.as_str(), expected);
            assert_eq!(ill.words(), format!("status {status}: no way"));
        }
        let lost = Probe::of_answer(Err(SendError::NotSent(Line::new("refused"))), words).ill;
        assert_eq!(lost.map(|ill| ill.as_str()), Some("unreachable"));
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        for bytes in [&b""[..], b"nonsense", &[0x30, 0x82, 0xff, 0xff, 0x30], &[0x30; 4_000]] {
            assert_eq!(expires_at(bytes), None);
        }
    }

    /// Made by `openssl req -x509 -newkey ed25519` for ten years, with its key thrown away.
    #[test]
    fn the_end_of_a_certificate_is_read() {
        let end = expires_at(include_bytes!("probe/certificate.der"));
        assert_eq!(end.map(|end| end.to_string()).as_deref(), Some("2030-12-31T23:59:59Z"));
    }
}
