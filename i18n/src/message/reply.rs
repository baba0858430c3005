//! What whoever answers a text message is told, as a text message of one segment. `codes` are the codes of alerts.
//!
//! What the fields hold is in the table at [`Message`](crate::Message).

super::messages! {
    /// They have it.
    Taken = "reply-taken" <'a> { codes: &'a str };
    /// They have it, and more people are to.
    Joined = "reply-joined" <'a> { codes: &'a str };
    /// The next step is paged.
    Escalated = "reply-escalated" <'a> { codes: &'a str };
    /// It is over.
    Resolved = "reply-resolved" <'a> { codes: &'a str };
    /// Their planned work ends later.
    Extended = "reply-extended" <'a> { until: &'a str };
    /// It was over before.
    Over = "reply-over" <'a> { codes: &'a str };
    /// The message is from before paging began anew.
    Earlier = "reply-earlier" <'a> { codes: &'a str };
    /// It cannot be done with what the message is about.
    Impossible = "reply-impossible" <'a> { codes: &'a str };
    /// There is no planned work of theirs that could be extended.
    NoWork = "reply-no-work";
    /// The planned work cannot be extended so far.
    WorkRefused = "reply-work-refused";
    /// It could not be recorded.
    Failed = "reply-failed";
    /// No message to this number has the code.
    WrongCode = "reply-wrong-code";
    /// Several have it.
    Ambiguous = "reply-ambiguous";
    /// The code is missing.
    WithoutCode = "reply-without-code";
    /// What can be written.
    Help = "reply-help";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Locale, gsm7};

    #[test]
    fn every_answer_is_one_sms() {
        for declared in DECLARED {
            for locale in Locale::ALL {
                let text = (declared.render)(locale, 1).expect("renders");
                assert_eq!(gsm7::segments(&text), 1, "{locale} {}: {text}", declared.id);
                assert!(gsm7::septets(&text).is_some(), "{locale} {}: {text}", declared.id);
            }
        }
    }
}
