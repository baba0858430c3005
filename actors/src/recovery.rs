//! What a start makes of the log: the configuration, the board, and how every alert stands. One fold over all of it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::aggregate::Aggregate;
use domain::alert::limit::CLOCK_AHEAD_MAX;
use domain::alert::{Alert, Here};
use domain::directory::Directory;
use domain::ledger::{Ledger, Sums};
use domain::view::Board;
use events::event::alert::AlertEvent;
use events::event::outcome::{Outcome, Reason};
use events::mutant::{self, Mutant};
use events::{AlertId, Entry, Event, EventLog, Journal, JournalError, KeyStore, Position, Timestamp};

use crate::alert::Standing;
use crate::channel::SentBefore;
use crate::channel::pace::SPAN_MAX;
use crate::projector::{Unreadable, Wanted, page};
use crate::switchboard::Index;

/// The house as the log tells it.
#[derive(Debug, Default)]
pub struct Recovery {
    /// The configuration.
    pub directory: Directory,
    /// Every open alert in a few words.
    pub board: Board,
    /// How every alert stands.
    pub index: Index,
    /// Up to where the log was folded.
    pub position: Position,
    /// Alerts whose present step is older than the last change of the configuration, whoever is due first before the
    /// others.
    pub to_reconsider: Vec<AlertId>,
    /// What was sent in the last hour, once for each message.
    pub sent: Vec<SentBefore>,
    /// What the log says was accepted.
    pub ledger: Ledger,
    /// What became of what is at rest.
    pub rested: Sums,
    /// What could not be read or folded.
    pub unreadable: Vec<Unreadable>,
}

/// Folds the whole log. `now` tells which histories lie ahead of the clock: their deadlines are put right at once.
///
/// # Errors
/// When the log or the keys cannot be read.
pub async fn recover<L: EventLog, K: KeyStore>(
    journal: &Journal<L, K>,
    now: Timestamp,
) -> Result<Recovery, JournalError> {
    let here = Here { node: journal.node().clone(), boot: journal.boot() };
    let mut recovery = Recovery::default();
    let mut alerts: HashMap<AlertId, (Alert, Position)> = HashMap::new();
    loop {
        let page = page(journal, recovery.position, Wanted::All).await?;
        let Some(reached) = page.reached else { break };
        recovery.position = reached;
        recovery.unreadable.extend(page.unreadable);
        for entry in &page.entries {
            recovery.board.apply(entry);
            recovery.directory.apply(entry);
            if let Event::Alert(event) = &entry.event {
                let sent = sent(&alerts, &recovery.directory, entry, event, now);
                recovery.sent.extend(sent);
                recovery.unreadable.extend(fold(&mut alerts, &mut recovery.rested, entry, event));
                if let Ok(alert) = entry.stream.name().parse() {
                    recovery.ledger.recover(alert, event);
                }
            }
        }
    }
    for alert in recovery.unreadable.iter().filter_map(|unreadable| unreadable.alert) {
        alerts.remove(&alert);
        recovery.index.quarantine(alert);
    }
    for (id, (alert, looked_at)) in alerts {
        let mut standing = Standing::of(&alert, &here, looked_at);
        if alert.last_at() > now + CLOCK_AHEAD_MAX {
            standing.deadline = standing.deadline.map(|_| now);
        }
        let is_behind =
            looked_at < recovery.directory.position() && !mutant::is_on(Mutant::ForgetReconsiderAtStart);
        if standing.follows_changes && is_behind {
            recovery.to_reconsider.push(id);
        }
        recovery.index.stands(id, standing);
        recovery.index.recover(id, &alert, now);
    }
    recovery.index.sort_by_deadline(&mut recovery.to_reconsider);
    Ok(recovery)
}

/// The message that is known now to have gone out, or that may have, if carriers still count it. What our own end
/// interrupted counts for nothing: it may never have left, and then its repeat would be the first.
fn sent(
    alerts: &HashMap<AlertId, (Alert, Position)>,
    directory: &Directory,
    entry: &Entry,
    event: &AlertEvent,
    now: Timestamp,
) -> Option<SentBefore> {
    let AlertEvent::AttemptEnded(ended) = event else { return None };
    let may_have_left = match ended.outcome {
        Outcome::Accepted => true,
        Outcome::Unknown(reason) => reason != Reason::Interrupted,
        Outcome::Refused(_) | Outcome::Failed { .. } => false,
    };
    if !may_have_left || ended.with.is_some() || entry.at + SPAN_MAX <= now {
        return None;
    }
    let (alert, _) = alerts.get(&entry.stream.name().parse::<AlertId>().ok()?)?;
    // Addresses of pages stay shut here, since opening costs: the person's own is the same, as a rule.
    let (person, rung, via) = alert.heads_for(ended.attempt)?;
    let contact = directory.people().get(&person)?.contacts.get(&rung.contact)?;
    let address = contact.address.open().filter(|_| contact.channel == rung.channel)?.clone();
    // A clock that was set back counts from now on.
    let at = entry.at.min(now);
    Some(SentBefore { kind: rung.channel, via: via.cloned(), address, at })
}

/// Takes an event into its alert. One that makes us fall over is set aside: it must not keep the house from starting.
fn fold(
    alerts: &mut HashMap<AlertId, (Alert, Position)>,
    rested: &mut Sums,
    entry: &Entry,
    event: &AlertEvent,
) -> Option<Unreadable> {
    let id = entry.stream.name().parse::<AlertId>().ok()?;
    let (alert, looked_at) = alerts.entry(id).or_default();
    if chooses_people(event) {
        *looked_at = entry.directory;
    }
    let evolved = catch_unwind(AssertUnwindSafe(|| alert.evolve(event, entry.at)));
    if evolved.is_err() {
        let reason = format!("version {} of its history cannot be folded", entry.version.0);
        return Some(Unreadable { alert: Some(id), reason });
    }
    if matches!(event, AlertEvent::Raised(_) | AlertEvent::SymptomJoined(_)) {
        alert.forget_texts();
    }
    if alert.is_at_rest() {
        if let Some(tally) = alert.tally() {
            rested.add(&tally);
        }
        alerts.remove(&id);
    }
    None
}

/// True when it says whom the configuration means at that moment.
const fn chooses_people(event: &AlertEvent) -> bool {
    matches!(
        event,
        AlertEvent::StepEntered(_)
            | AlertEvent::StepEmpty { .. }
            | AlertEvent::FallbackEntered { .. }
            | AlertEvent::Reconsidered { .. }
            | AlertEvent::WorkEntered(_)
            | AlertEvent::HeldForWork(_)
            | AlertEvent::WorkMoved { .. }
    )
}
