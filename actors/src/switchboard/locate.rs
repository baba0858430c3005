//! Which alert does a signal belong to that no open alert is about? The symptom's next one. Its ordinal is found by
//! looking for histories, so that two nodes which receive the same signal find the same one.

use domain::alert::{Alert, Phase};
use events::codec::CodecError;
use events::{AlertId, EventLog, Journal, JournalError, KeyStore, SymptomId, Timestamp, Version};

use crate::shell::Shell;

/// The alert that a signal belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located {
    /// Which alert.
    pub alert: AlertId,
    /// It has no history yet.
    pub is_fresh: bool,
    /// When the symptom's last problem had begun, as its source said when it resolved it.
    pub resolved_start: Option<Timestamp>,
}

/// Finds the symptom's last alert: the one after it, when that is over.
///
/// # Errors
/// When the log or the keys cannot be read, or a record is no event.
pub async fn locate<L: EventLog, K: KeyStore>(
    journal: &Journal<L, K>,
    symptom: SymptomId,
) -> Result<Located, JournalError> {
    let last = last_ordinal(journal, symptom).await?;
    let fresh = |resolved_start| Located {
        alert: AlertId { symptom, ordinal: last + 1 },
        is_fresh: true,
        resolved_start,
    };
    if last == 0 {
        return Ok(fresh(None));
    }
    let alert = AlertId { symptom, ordinal: last };
    let shell = match Shell::<Alert>::replay(journal, alert.stream()).await {
        Ok(shell) => shell,
        // It was set aside, and is no reason to leave its symptom unheard.
        Err(JournalError::Codec(CodecError::Unreadable { .. })) => return Ok(fresh(None)),
        Err(error) => return Err(error),
    };
    Ok(match shell.state().phase() {
        Phase::Resolved { started_at } => fresh(*started_at),
        Phase::Unraised | Phase::Held { .. } | Phase::Open { .. } | Phase::Acknowledged { .. } => {
            Located { alert, is_fresh: false, resolved_start: None }
        }
    })
}

/// The last ordinal that has a history; 0 when there is none. Doubles its steps, then halves them.
async fn last_ordinal<L: EventLog, K: KeyStore>(
    journal: &Journal<L, K>,
    symptom: SymptomId,
) -> Result<u32, JournalError> {
    let mut known = 0;
    let mut step = 1;
    while exists(journal, AlertId { symptom, ordinal: known + step }).await? {
        known += step;
        step *= 2;
    }
    while step > 1 {
        step /= 2;
        if exists(journal, AlertId { symptom, ordinal: known + step }).await? {
            known += step;
        }
    }
    Ok(known)
}

async fn exists<L: EventLog, K: KeyStore>(
    journal: &Journal<L, K>,
    alert: AlertId,
) -> Result<bool, JournalError> {
    Ok(!journal.log().read(&alert.stream(), Version::NONE).await?.is_empty())
}

#[cfg(test)]
mod tests {
    use events::event::{Event, alert::AlertEvent, sample};
    use events::{BootId, DerivedKeys, MemoryLog};

    use super::*;

    #[tokio::test]
    async fn the_last_ordinal_is_found_whatever_it_is() {
        let journal = Journal::new(MemoryLog::new(), DerivedKeys::default(), "a".into(), BootId(1));
        let symptom = sample::alert().symptom;
        for ordinal in 1..=40 {
            assert_eq!(last_ordinal(&journal, symptom).await, Ok(ordinal - 1));
            let stream = AlertId { symptom, ordinal }.stream();
            let event = Event::from(AlertEvent::Repeated);
            journal.append(&stream, sample::head(), &sample::context(), &[event]).await.expect("an append");
        }
    }
}
