//! The reply code: four digits that stand in one text message only, so that an answer with them comes from somebody
//! who has read it. Derived, so that nothing has to be kept.

use std::fmt;

use events::AttemptId;
use hmac::Mac as _;

use crate::link::LinkKey;

/// What a code is for; a key that is used for something else too makes no codes there.
const PURPOSE: &[u8] = b"hotpotato reply code 1\0";
/// So many codes there are: few enough to type at night, so that guesses have to be limited.
pub const CODES_COUNT: u16 = 10_000;
/// Digits of a code.
pub const DIGITS: usize = 4;

/// Four digits, such as `4821`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyCode(u16);

impl ReplyCode {
    /// The code that these digits are; `None` unless there are four.
    pub fn parse(digits: &str) -> Option<Self> {
        let is_code = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| is_code).map(Self)
    }
}

impl fmt::Display for ReplyCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}", self.0)
    }
}

impl LinkKey {
    /// The code in the text message that this attempt is.
    pub fn reply_code(&self, attempt: &AttemptId) -> ReplyCode {
        let mut mac = self.mac(PURPOSE);
        mac.update(attempt.to_string().as_bytes());
        let hash = mac.finalize().into_bytes();
        let number = u64::from_be_bytes(std::array::from_fn(|at| hash[at]));
        // 2^64 is no multiple of 10,000, which favours no code by more than one in 10^15.
        ReplyCode(u16::try_from(number % u64::from(CODES_COUNT)).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use events::{AlertId, SymptomId};

    use super::*;

    const KEY: LinkKey = LinkKey::new([7; 32]);

    fn attempt(number: u32) -> AttemptId {
        let symptom = SymptomId::derive(&"prometheus".into(), &"79e8dde02c787fae".into());
        AttemptId { alert: AlertId { symptom, ordinal: 1 }, page: 1, attempt: number }
    }

    #[test]
    fn a_code_belongs_to_one_attempt_and_one_house_and_stays() {
        assert_eq!(KEY.reply_code(&attempt(1)).to_string(), "2797");
        assert_eq!(KEY.reply_code(&attempt(1)), KEY.reply_code(&attempt(1)));
        let codes: BTreeSet<String> =
            (1..=1_000).map(|number| KEY.reply_code(&attempt(number)).to_string()).collect();
        // Of a thousand draws from ten thousand about 952 differ.
        assert!((900..1_000).contains(&codes.len()), "{}", codes.len());
        assert!(codes.iter().all(|code| code.len() == DIGITS));
        let other = LinkKey::new([8; 32]);
        let same = (1..=1_000)
            .filter(|&number| KEY.reply_code(&attempt(number)) == other.reply_code(&attempt(number)));
        assert!(same.count() < 10, "another house");
    }

    #[test]
    fn four_digits_are_a_code() {
        for (text, is_code) in [
            ("4821", true),
            ("0007", true),
            ("482", false),
            ("48210", false),
            ("+482", false),
            ("٤٨٢١", false),
            ("", false),
        ] {
            let code = ReplyCode::parse(text);
            assert_eq!(code.is_some(), is_code, "{text}");
            assert!(code.is_none_or(|code| code.to_string() == text), "{text}");
        }
    }
}
