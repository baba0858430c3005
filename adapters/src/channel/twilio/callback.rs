//! What Twilio tells us later: is it really Twilio, and what does it say?
//!
//! Source: <https://www.twilio.com/docs/usage/security#validating-requests>,
//! <https://www.twilio.com/docs/messaging/guides/track-outbound-message-status>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use events::event::outcome::DeliveryStatus;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

use crate::channel::Secret;
use crate::line::Line;

/// The most that is kept of why a message did not arrive.
const ERROR_CHARS_MAX: usize = 200;

/// The header in which the signature stands.
pub const SIGNATURE_HEADER: &str = "X-Twilio-Signature";

/// The signature of a request that Twilio posts: over its whole address, as we gave it to Twilio, and its
/// parameters in the order of their names, each repeated value once.
pub fn signature(auth_token: &Secret, url: &str, parameters: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = parameters.iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut mac = Hmac::<Sha1>::new_from_slice(auth_token.expose().as_bytes()).expect("a key of any length");
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Says whether Twilio signed a request. `url` is the public address that Twilio was given, with its query, and not
/// what a `Host` header says.
///
/// Twilio signs some addresses with the usual port written out and some without any port, so all three count, as in
/// Twilio's own libraries. A signature proves who spoke, not when: the same request may come again.
pub fn verify(auth_token: &Secret, url: &str, parameters: &[(String, String)], given: &str) -> bool {
    let spellings = [Some(url.to_owned()), without_port(url), with_port(url)];
    spellings.into_iter().flatten().fold(false, |known, url| {
        let expected = signature(auth_token, &url, parameters);
        known | bool::from(expected.as_bytes().ct_eq(given.as_bytes()))
    })
}

/// What Twilio's `MessageStatus` means for an attempt; `None` for what is no status of a message that we sent.
///
/// A status never goes backwards, but its reports may come in any order: keep the largest.
pub fn delivery_status(message_status: &str) -> Option<DeliveryStatus> {
    Some(match message_status {
        "accepted" | "scheduled" | "queued" | "sending" => DeliveryStatus::Queued,
        "sent" => DeliveryStatus::Sent,
        "delivered" => DeliveryStatus::Delivered,
        "read" => DeliveryStatus::Read,
        "undelivered" | "failed" | "canceled" => DeliveryStatus::Undelivered,
        _ => return None,
    })
}

/// Why a message did not arrive, as Twilio says it: `30003`, or with its words where it sends them. Empty when it says
/// nothing. Source: <https://www.twilio.com/docs/api/errors>.
pub fn error_words(code: Option<&str>, message: Option<&str>) -> String {
    let words = [code, message].into_iter().flatten().filter(|text| !text.trim().is_empty());
    Line::new(&words.collect::<Vec<_>>().join(": ")).cut(ERROR_CHARS_MAX).to_string()
}

/// The address without its port; `None` when it has none.
fn without_port(url: &str) -> Option<String> {
    let (scheme, authority, rest) = split(url)?;
    let (host, port) = authority.rsplit_once(':')?;
    port.bytes().all(|byte| byte.is_ascii_digit()).then(|| format!("{scheme}://{host}{rest}"))
}

/// The address with its scheme's usual port; `None` when it has one.
fn with_port(url: &str) -> Option<String> {
    let (scheme, authority, rest) = split(url)?;
    let port = if scheme == "https" { 443 } else { 80 };
    without_port(url).is_none().then(|| format!("{scheme}://{authority}:{port}{rest}"))
}

/// Scheme, host with port, and all the rest.
fn split(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, after) = url.split_once("://")?;
    let end = after.find(['/', '?', '#']).unwrap_or(after.len());
    Some((scheme, &after[..end], &after[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Twilio's documentation and of the tests of its libraries.
    const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const SIGNATURE: &str = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

    fn pairs(parameters: &[(&str, &str)]) -> Vec<(String, String)> {
        parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn example() -> Vec<(String, String)> {
        pairs(&[
            ("To", "+18005551212"),
            ("CallSid", "CA1234567890ABCDE"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("Caller", "+14158675309"),
        ])
    }

    #[test]
    fn signatures_are_those_of_the_documentation() {
        let token = Secret::new("12345");
        assert_eq!(signature(&token, URL, &example()), SIGNATURE);
        let mixed_case = "https://MyCompany.com/myapp.php?foo=1&bar=2";
        assert_eq!(signature(&token, mixed_case, &example()), "g9IN/x4Cft2g517EjYvEvM/W7LU=");
        let repeated = pairs(&[
            ("Sid", "CA123"),
            ("SidAccount", "AC123"),
            ("Digits", "5678"),
            ("Digits", "1234"),
            ("Digits", "1234"),
        ]);
        assert_eq!(signature(&token, URL, &repeated), "IK+Dwps556ElfBT0I3Rgjkr1wJU=");
    }

    /// What Twilio's own library says, from `tests/scripts/twilio_signature.js`.
    #[test]
    fn signatures_are_those_of_twilios_own_library() {
        #[derive(serde::Deserialize)]
        struct Oracle {
            token: String,
            vectors: Vec<Vector>,
        }
        #[derive(serde::Deserialize)]
        struct Vector {
            url: String,
            form: Vec<(String, String)>,
            signature: String,
        }
        let oracle: Oracle = serde_json::from_str(include_str!("signatures.json")).expect("vectors");
        assert!(oracle.vectors.len() > 30);
        let token = Secret::new(&oracle.token);
        for Vector { url, form, signature: theirs } in &oracle.vectors {
            assert_eq!(signature(&token, url, form), *theirs, "{url} {form:?}");
            assert!(verify(&token, url, form, theirs), "{url} {form:?}");
            let mut changed = form.clone();
            changed.push(("Body2".to_owned(), "OK 4821".to_owned()));
            assert!(!verify(&token, url, &changed, theirs), "{url} {form:?}");
        }
    }

    #[test]
    fn forged_requests_are_refused() {
        let token = Secret::new("12345");
        assert!(verify(&token, URL, &example(), SIGNATURE));
        assert!(!verify(&Secret::new("54321"), URL, &example(), SIGNATURE));
        assert!(!verify(&token, "https://mycompany.com/myapp.php?foo=1&bar=3", &example(), SIGNATURE));
        assert!(!verify(&token, "http://mycompany.com/myapp.php?foo=1&bar=2", &example(), SIGNATURE));
        let mut more = example();
        more.push(("MessageStatus".to_owned(), "delivered".to_owned()));
        assert!(!verify(&token, URL, &more, SIGNATURE));
        for given in ["", "RSOYDt4T1cUTdK1PDd93/VVr8B8", "invalid 王"] {
            assert!(!verify(&token, URL, &example(), given), "{given}");
        }
    }

    #[test]
    fn ports_may_be_written_out_or_left_away() {
        let token = Secret::new("12345");
        for (ours, theirs) in [
            ("https://pager.example/c?a=1", "https://pager.example:443/c?a=1"),
            ("http://pager.example/c?a=1", "http://pager.example:80/c?a=1"),
            ("https://pager.example:8443/c?a=1", "https://pager.example/c?a=1"),
            ("https://pager.example:8443/c?a=1", "https://pager.example:8443/c?a=1"),
            ("https://[::1]:8443/c", "https://[::1]/c"),
        ] {
            assert!(verify(&token, ours, &[], &signature(&token, theirs, &[])), "{ours} {theirs}");
        }
        let elsewhere = signature(&token, "https://pager.example:9443/c?a=1", &[]);
        assert!(!verify(&token, "https://pager.example/c?a=1", &[], &elsewhere));
        assert!(!verify(&token, "nonsense", &[], &elsewhere));
    }

    #[test]
    fn why_a_message_did_not_arrive_is_kept_in_one_line() {
        assert_eq!(error_words(None, Some(" ")), "");
        assert_eq!(error_words(Some("30003"), None), "30003");
        assert_eq!(error_words(Some("30003"), Some("Unreachable\r\nhandset")), "30003: Unreachable handset");
    }

    #[test]
    fn every_status_of_a_message_is_known() {
        for (status, expected) in [
            ("accepted", Some(DeliveryStatus::Queued)),
            ("scheduled", Some(DeliveryStatus::Queued)),
            ("queued", Some(DeliveryStatus::Queued)),
            ("sending", Some(DeliveryStatus::Queued)),
            ("sent", Some(DeliveryStatus::Sent)),
            ("delivered", Some(DeliveryStatus::Delivered)),
            ("read", Some(DeliveryStatus::Read)),
            ("undelivered", Some(DeliveryStatus::Undelivered)),
            ("failed", Some(DeliveryStatus::Undelivered)),
            ("canceled", Some(DeliveryStatus::Undelivered)),
            ("received", None),
            ("", None),
        ] {
            assert_eq!(delivery_status(status), expected, "{status}");
        }
    }
}
