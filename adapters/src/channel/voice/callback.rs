//! What Twilio asks and tells us during a call.
//!
//! ```text
//! initiated ─► ringing ─► in-progress ─► voice: who answered? ─► key ─► completed
//!                  └─► busy, no-answer, failed, canceled
//! ```
//!
//! Source: <https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent>,
//! <https://www.twilio.com/docs/voice/answering-machine-detection>.

use events::AttemptId;
use events::event::outcome::DeliveryStatus;

/// Where Twilio asks what to say once somebody or something answers.
pub const ANSWERED_PATH: &str = "/callbacks/twilio/voice";
/// Where Twilio posts a key.
pub const KEY_PATH: &str = "/callbacks/twilio/voice/key";
/// Where Twilio tells how a call goes.
pub const STATUS_PATH: &str = "/callbacks/twilio/voice/status";

/// What is recorded when a machine, or a fax, answers.
pub const MACHINE_WORDS: &str = "a machine answered";

/// The address of a callback about an attempt; `None` when people reach the house by no `http` address.
pub fn address(public_url: &str, path: &str, attempt: &AttemptId) -> Option<String> {
    let public_url = public_url.trim_end_matches('/');
    let known = public_url.starts_with("https://") || public_url.starts_with("http://");
    known.then(|| format!("{public_url}{path}?attempt={attempt}"))
}

/// Who answers a call, as far as Twilio can hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answerer {
    /// A person.
    Human,
    /// It may be a person: nobody said a word.
    Unsure,
    /// An answering machine or a mailbox.
    Machine,
    /// A fax.
    Fax,
}

impl Answerer {
    /// What `AnsweredBy` means. What we do not know may be a person.
    pub fn read(answered_by: Option<&str>) -> Self {
        match answered_by.unwrap_or_default() {
            "human" => Self::Human,
            "fax" => Self::Fax,
            machine if machine.starts_with("machine") => Self::Machine,
            _ => Self::Unsure,
        }
    }

    /// What this means for the attempt, and in which words. A call that a person answers has arrived, as soon as we
    /// are asked what to say. One that was answered in silence counts only once a key was pressed.
    pub const fn status(self) -> (DeliveryStatus, &'static str) {
        match self {
            Self::Human => (DeliveryStatus::Delivered, ""),
            Self::Unsure => (DeliveryStatus::Sent, ""),
            Self::Machine | Self::Fax => (DeliveryStatus::Undelivered, MACHINE_WORDS),
        }
    }
}

/// What `CallStatus` means for an attempt, and in which words; `None` for what is no status of a call.
///
/// A status never goes back, so an end counts as not arrived only for a call that nobody has heard by then.
pub fn call_status(call_status: &str, answerer: Answerer) -> Option<(DeliveryStatus, &'static str)> {
    let status = match call_status {
        "queued" | "initiated" => (DeliveryStatus::Queued, ""),
        "in-progress" | "answered" | "completed" if matches!(answerer, Answerer::Machine | Answerer::Fax) => {
            answerer.status()
        }
        "ringing" | "in-progress" | "answered" => (DeliveryStatus::Sent, ""),
        "completed" => (DeliveryStatus::Undelivered, "the call ended, and nobody pressed a key"),
        "busy" => (DeliveryStatus::Undelivered, "the line was busy"),
        "no-answer" => (DeliveryStatus::Undelivered, "nobody answered"),
        "failed" => (DeliveryStatus::Undelivered, "the call failed"),
        "canceled" => (DeliveryStatus::Undelivered, "the call was stopped"),
        _ => return None,
    };
    Some(status)
}

/// What a key means. The keys are those of other paging services, so that nobody presses a wrong one half asleep.
/// Source: <https://support.pagerduty.com/main/docs/notification-content-behavior#phone>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// "I have it."
    Take,
    /// "Not me": the next step is paged.
    PassOn,
    /// Say it again: this key, and every other that means nothing.
    Again,
}

impl Key {
    /// The key that takes an alert.
    pub const TAKE: &str = "4";
    /// The key that passes it on.
    pub const PASS_ON: &str = "8";
    /// The key that says it again.
    pub const AGAIN: &str = "0";

    /// What these `Digits` mean.
    pub fn read(digits: &str) -> Self {
        match digits.trim() {
            Self::TAKE => Self::Take,
            Self::PASS_ON => Self::PassOn,
            _ => Self::Again,
        }
    }
}

#[cfg(test)]
mod tests {
    use events::event::Language;
    use events::event::person::ChannelKind;

    use super::*;

    #[test]
    fn only_a_person_is_a_person() {
        for (answered_by, expected) in [
            (Some("human"), Answerer::Human),
            (Some("unknown"), Answerer::Unsure),
            (Some(""), Answerer::Unsure),
            (None, Answerer::Unsure),
            (Some("machine_start"), Answerer::Machine),
            (Some("machine_end_beep"), Answerer::Machine),
            (Some("machine_end_silence"), Answerer::Machine),
            (Some("machine_end_other"), Answerer::Machine),
            (Some("fax"), Answerer::Fax),
        ] {
            assert_eq!(Answerer::read(answered_by), expected, "{answered_by:?}");
        }
    }

    #[test]
    fn every_status_of_a_call_is_known() {
        use DeliveryStatus::{Queued, Sent, Undelivered};
        for (status, answered_by, expected) in [
            ("queued", None, Some(Queued)),
            ("initiated", None, Some(Queued)),
            ("ringing", None, Some(Sent)),
            ("in-progress", None, Some(Sent)),
            ("answered", None, Some(Sent)),
            ("in-progress", Some("human"), Some(Sent)),
            ("in-progress", Some("machine_start"), Some(Undelivered)),
            ("completed", Some("machine_start"), Some(Undelivered)),
            ("completed", Some("human"), Some(Undelivered)),
            ("completed", None, Some(Undelivered)),
            ("busy", None, Some(Undelivered)),
            ("no-answer", None, Some(Undelivered)),
            ("failed", None, Some(Undelivered)),
            ("canceled", None, Some(Undelivered)),
            ("", None, None),
            ("delivered", None, None),
        ] {
            let found = call_status(status, Answerer::read(answered_by));
            assert_eq!(found.map(|(status, _)| status), expected, "{status} {answered_by:?}");
            let has_words = found.is_some_and(|(_, words)| !words.is_empty());
            assert_eq!(has_words, expected == Some(Undelivered), "{status} {answered_by:?}");
        }
        assert_eq!(
            call_status("completed", Answerer::Machine),
            Some((Undelivered, "a machine answered")),
            "the words say that it was a machine"
        );
    }

    #[test]
    fn what_was_heard_has_arrived_whatever_is_said_of_its_end() {
        let (heard, _) = Answerer::Human.status();
        let (ended, _) = call_status("completed", Answerer::Human).expect("a status");
        assert!(heard > ended, "a status never goes back");
        let (silent, _) = Answerer::Unsure.status();
        assert!(silent < ended, "what nobody has heard for certain counts as not arrived");
    }

    #[test]
    fn keys_mean_what_is_said() {
        for (digits, expected) in [
            ("4", Key::Take),
            (" 4", Key::Take),
            ("8", Key::PassOn),
            ("0", Key::Again),
            ("#", Key::Again),
            ("*", Key::Again),
            ("", Key::Again),
            ("44", Key::Again),
            ("4\r\n8", Key::Again),
        ] {
            assert_eq!(Key::read(digits), expected, "{digits:?}");
        }
    }

    #[test]
    fn a_callback_has_an_address_only_where_twilio_can_reach_it() {
        let notice = crate::text::sample::notice("x");
        let dispatch = crate::text::sample::dispatch(ChannelKind::VOICE, "+49", Language::De, &notice);
        let attempt = dispatch.attempt;
        let found = address("https://pager.example/", KEY_PATH, &attempt);
        assert_eq!(
            found,
            Some(format!("https://pager.example/callbacks/twilio/voice/key?attempt={attempt}"))
        );
        assert_eq!(address("", KEY_PATH, &attempt), None);
    }
}
