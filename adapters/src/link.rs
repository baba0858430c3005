//! The link in a page: it lets one person take one alert, and nothing more.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::port::Notice;
use events::{AlertId, Code, PersonId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// What a token is for; a key that is used for something else too makes no tokens there.
const PURPOSE: &[u8] = b"hotpotato page link 1\0";
/// Bytes of the hash that a token keeps: 128 bits cannot be guessed, and an SMS is short.
pub(crate) const TOKEN_BYTES: usize = 16;

/// The secret that signs the links of this house. Never prints itself.
#[derive(Clone)]
pub struct LinkKey([u8; 32]);

impl LinkKey {
    /// The key with these bytes; whoever makes one draws them at random.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Signs the link in one person's page: 22 characters of `A-Z a-z 0-9 - _`, all of them in GSM-7.
    ///
    /// The token belongs to this alert, this person and this generation of paging; it can acknowledge, nothing
    /// more, and is void once paging for the alert begins anew.
    pub fn token(&self, alert: AlertId, person: PersonId, generation: u32) -> String {
        URL_SAFE_NO_PAD.encode(self.signature(alert, person, generation))
    }

    /// Says whether a token was signed for this alert, person and generation. Takes as long for a wrong token as
    /// for a right one.
    pub fn verify(&self, alert: AlertId, person: PersonId, generation: u32, token: &str) -> bool {
        self.token(alert, person, generation).as_bytes().ct_eq(token.as_bytes()).into()
    }

    fn signature(&self, alert: AlertId, person: PersonId, generation: u32) -> [u8; TOKEN_BYTES] {
        self.sign(PURPOSE, &format!("{alert}\0{person}\0{generation}"))
    }

    /// Signs a text for a purpose, which ends in NUL: no signature is good for another one.
    pub(crate) fn sign(&self, purpose: &[u8], text: &str) -> [u8; TOKEN_BYTES] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length");
        mac.update(purpose);
        mac.update(text.as_bytes());
        let full = mac.finalize().into_bytes();
        std::array::from_fn(|at| full[at])
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LinkKey(***)")
    }
}

/// The address of an alert with a token: `https://pager.example/a/K7M2Q#…`. What follows `#` never leaves the
/// browser by itself, so it stands in no log of a proxy and in no `Referer`.
pub fn address(public_url: &str, code: Code, token: &str) -> String {
    format!("{}/a/{code}#{token}", public_url.trim_end_matches('/'))
}

/// Makes the links that stand in pages.
#[derive(Clone, Debug)]
pub struct Links {
    /// Where people reach the house, such as `https://pager.example`.
    pub public_url: String,
    /// What signs the links.
    pub key: LinkKey,
}

/// True when providers can tell us something at this address: it is one of the web.
pub fn has_callbacks(public_url: &str) -> bool {
    public_url.starts_with("https://") || public_url.starts_with("http://")
}

impl Links {
    /// True when providers can tell us something.
    pub fn has_callbacks(&self) -> bool {
        has_callbacks(&self.public_url)
    }

    /// The link for the person whom this notice is for.
    pub fn link(&self, alert: AlertId, notice: &Notice) -> String {
        address(&self.public_url, notice.code, &self.key.token(alert, notice.person, notice.generation))
    }

    /// The address of the alert without a token, for what everybody in reach can read: pagers broadcast. Whoever
    /// opens it has to log in.
    pub fn address_without_token(&self, notice: &Notice) -> String {
        format!("{}/a/{}", self.public_url.trim_end_matches('/'), notice.code)
    }
}

#[cfg(test)]
mod tests {
    use events::SymptomId;
    use i18n::gsm7;

    use super::*;

    const KEY: LinkKey = LinkKey::new([7; 32]);
    const ANNA: PersonId = PersonId::from_bytes([1; 16]);

    fn alert(ordinal: u32) -> AlertId {
        AlertId { symptom: SymptomId::derive(&"prometheus".into(), &"79e8dde02c787fae".into()), ordinal }
    }

    #[test]
    fn a_token_belongs_to_one_alert_person_and_generation() {
        let token = KEY.token(alert(1), ANNA, 1);
        assert!(KEY.verify(alert(1), ANNA, 1, &token));
        assert!(!KEY.verify(alert(2), ANNA, 1, &token), "another alert");
        assert!(!KEY.verify(alert(1), PersonId::from_bytes([2; 16]), 1, &token), "another person");
        assert!(!KEY.verify(alert(1), ANNA, 2, &token), "another generation");
        assert!(!LinkKey::new([8; 32]).verify(alert(1), ANNA, 1, &token), "another house");
        assert!(
            !KEY.verify(alert(11), ANNA, 1, &KEY.token(alert(1), ANNA, 11)),
            "numbers do not run together"
        );
    }

    #[test]
    fn a_token_that_was_tampered_with_is_refused() {
        let token = KEY.token(alert(1), ANNA, 1);
        assert_eq!(token.len(), 22);
        for at in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert!(!KEY.verify(alert(1), ANNA, 1, &String::from_utf8(other).expect("ASCII")), "at {at}");
        }
        for other in ["", &token[1..], &format!("{token}="), &format!("{token}A"), "ü"] {
            assert!(!KEY.verify(alert(1), ANNA, 1, other), "{other:?}");
        }
    }

    #[test]
    fn a_token_stays_as_it_was_signed() {
        assert_eq!(KEY.token(alert(1), ANNA, 1), "DqFxn84Aw9Vl025HrCUtPA");
    }

    #[test]
    fn a_link_is_short_and_can_be_said_in_an_sms() {
        let token = KEY.token(alert(1), ANNA, 1);
        let link = address("https://pager.example/", alert(1).code(), &token);
        assert_eq!(link, format!("https://pager.example/a/{}#{token}", alert(1).code()));
        assert!(gsm7::septets(&link).is_some_and(|septets| septets == link.len() && septets <= 52), "{link}");
    }

    #[test]
    fn a_key_does_not_print_itself() {
        assert_eq!(format!("{KEY:?}"), "LinkKey(***)");
    }
}
