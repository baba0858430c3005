//! The number of a request that did something. It says what was done, to which alert and when, so nothing has to be kept
//! to answer for it, and a restart forgets nothing: `0100-000651b3a4c5d6e7-7Q…-1`, in order the action, what became of
//! it, the moment in microseconds and the alert. What it claims of an alert is believed only of the source's own.

use std::fmt;
use std::str::FromStr;

use events::{AlertId, Timestamp};
use serde_json::{Value, json};

use super::Asked;
use super::answer::Fault;
use super::shown;

/// What can be done, as Opsgenie calls it in the status of a request, and how it says that it was. The order never
/// changes, since numbers refer to it; new ones are added at the end.
const ACTIONS: [(&str, &str); 20] = [
    ("Create", "Created alert"),
    ("Close", "Closed alert"),
    ("Acknowledge", "Acknowledged alert"),
    ("UnAcknowledge", "Unacknowledged alert"),
    ("Snooze", "Snoozed alert"),
    ("Escalate", "Escalated alert"),
    ("Assign", "Assigned alert"),
    ("AddNote", "Added note to alert"),
    ("AddTags", "Added tags to alert"),
    ("RemoveTags", "Removed tags from alert"),
    ("AddDetails", "Added details to alert"),
    ("RemoveDetails", "Removed details from alert"),
    ("AddTeam", "Added team to alert"),
    ("AddResponder", "Added responder to alert"),
    ("UpdateMessage", "Updated message of alert"),
    ("UpdateDescription", "Updated description of alert"),
    ("UpdatePriority", "Updated priority of alert"),
    ("Delete", "Deleted alert"),
    ("ExecuteAction", "Executed action on alert"),
    ("AddAttachment", "Added attachment to alert"),
];

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is done.
    Done,
    /// There was no such alert.
    NoAlert,
    /// The alert was over.
    Over,
}

impl Outcome {
    const ALL: [Self; 3] = [Self::Done, Self::NoAlert, Self::Over];
}

/// What the number of a request says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Receipt {
    action: usize,
    outcome: Outcome,
    at: Timestamp,
    alert: Option<AlertId>,
}

impl Receipt {
    /// For an action as [`ACTIONS`] names it.
    pub fn new(action: &str, outcome: Outcome, at: Timestamp, alert: Option<AlertId>) -> Self {
        let action = ACTIONS.iter().position(|(known, _)| *known == action).unwrap_or_default();
        Self { action, outcome, at, alert }
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = Outcome::ALL.iter().position(|known| *known == self.outcome).unwrap_or_default();
        write!(f, "{:02x}{outcome:02x}-{:016x}", self.action, self.at.as_micros())?;
        self.alert.map_or(Ok(()), |alert| write!(f, "-{alert}"))
    }
}

impl FromStr for Receipt {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '-');
        let (words, at) = (parts.next().ok_or(())?, parts.next().ok_or(())?);
        let alert = parts.next().map(|alert| alert.parse().map_err(|_| ())).transpose()?;
        let number = |text: Option<&str>| usize::from_str_radix(text.ok_or(())?, 16).map_err(|_| ());
        let (action, outcome) = (number(words.get(..2))?, number(words.get(2..))?);
        let at = Timestamp::from_micros(i64::from_str_radix(at, 16).map_err(|_| ())?);
        let outcome = *Outcome::ALL.get(outcome).ok_or(())?;
        let receipt = Self { action, outcome, at, alert };
        // Read in no other spelling than it was written in.
        if action < ACTIONS.len() && receipt.to_string() == text { Ok(receipt) } else { Err(()) }
    }
}

/// `GET /v2/alerts/requests/{request}`.
pub(super) async fn status(asked: &Asked, request: &str) -> Result<Value, Fault> {
    let unknown = || {
        Fault::new(axum::http::StatusCode::NOT_FOUND, "Request not found. It might not be processed, yet.")
    };
    let receipt: Receipt = request.parse().map_err(|()| unknown())?;
    let alias = match receipt.alert {
        Some(alert) => Some(shown::alias_of(asked, alert).await?.ok_or_else(unknown)?),
        None => None,
    };
    let (action, done) = ACTIONS[receipt.action];
    let success = receipt.outcome == Outcome::Done;
    let status = match receipt.outcome {
        Outcome::Done => done,
        Outcome::NoAlert => "Alert does not exist",
        Outcome::Over => "Alert is already closed",
    };
    Ok(json!({ "data": {
        "success": success,
        "isSuccess": success,
        "action": action,
        "processedAt": receipt.at.to_string(),
        "integrationId": asked.source,
        "status": status,
        "alertId": receipt.alert.map(|alert| alert.to_string()).unwrap_or_default(),
        "alias": alias.unwrap_or_default(),
    } }))
}

#[cfg(test)]
mod tests {
    use events::event::sample;

    use super::*;

    #[test]
    fn a_number_says_what_was_done_and_nothing_else_is_one() {
        let at = Timestamp::from_micros(1_795_331_649_000_000);
        for (action, _) in ACTIONS {
            for outcome in Outcome::ALL {
                for alert in [None, Some(sample::alert())] {
                    let receipt = Receipt::new(action, outcome, at, alert);
                    assert_eq!(receipt.to_string().parse(), Ok(receipt));
                    assert_eq!(ACTIONS[receipt.action].0, action);
                }
            }
        }
        let written = Receipt::new("Close", Outcome::NoAlert, at, None).to_string();
        assert_eq!(written, "0101-000660d839315240");
        for odd in [
            "",
            "-",
            "01",
            "0101-",
            "0101-+00660d839315240",
            "ff00-000660d839315240",
            "0109-000660d839315240",
            "0101-660d839315240",
            "0101-000660d839315240-",
            "0101-000660d839315240-x",
        ] {
            assert_eq!(odd.parse::<Receipt>(), Err(()), "{odd}");
        }
        assert_eq!(
            ACTIONS.len(),
            ACTIONS.iter().map(|(name, _)| name).collect::<std::collections::BTreeSet<_>>().len()
        );
    }
}
