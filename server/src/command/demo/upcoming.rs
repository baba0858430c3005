//! What happens next if nobody acts, from an alert's history. Pure.

use std::collections::BTreeSet;

use domain::directory::Directory;
use events::event::alert::{AlertEvent, Assignment, Called, PageOrdered};
use events::event::person::ChannelKind;
use events::{Entry, Event, PersonId, Timestamp};

/// Something that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Upcoming {
    /// When.
    pub(super) at: Timestamp,
    /// What.
    pub(super) what: What,
}

/// What can be due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A person is tried by their next contact method.
    Contact {
        /// Whom.
        person: PersonId,
        /// By what kind of channel.
        channel: ChannelKind,
    },
    /// The policy's next step begins.
    Step {
        /// Which, from 1.
        step: u32,
        /// Whom it means.
        people: Vec<PersonId>,
    },
    /// The fallback is paged.
    Fallback {
        /// Who that is.
        people: Vec<PersonId>,
    },
}

/// The next thing that is due; none once somebody has it.
pub(super) fn upcoming(entries: &[Entry], directory: &Directory) -> Option<Upcoming> {
    let mut course = Course::default();
    for entry in entries {
        if let Event::Alert(event) = &entry.event {
            course.take(event, entry.at);
        }
    }
    let contacts = course.pages.iter().flat_map(|page| course.contacts(page));
    contacts.chain(course.next_step(directory)).min_by_key(|upcoming| upcoming.at)
}

/// The history as far as it decides what is due.
#[derive(Default)]
struct Course<'a> {
    assignment: Option<&'a Assignment>,
    pages: Vec<(Timestamp, &'a PageOrdered)>,
    /// Rungs that were begun: page and rung.
    begun: BTreeSet<(u32, u32)>,
    stage: Option<Stage<'a>>,
}

/// Where the policy stands.
enum Stage<'a> {
    Step { step: u32, until: Timestamp },
    Fallback { until: Timestamp, called: &'a [Called] },
}

impl<'a> Course<'a> {
    fn take(&mut self, event: &'a AlertEvent, at: Timestamp) {
        match event {
            AlertEvent::Raised(raised) => self.assignment = raised.assignment.as_ref(),
            AlertEvent::StepEntered(entered) => {
                self.stage = Some(Stage::Step { step: entered.step, until: entered.until });
            }
            AlertEvent::WorkEntered(entered) => {
                self.stage = Some(Stage::Step { step: 0, until: entered.until });
            }
            AlertEvent::FallbackEntered { called, until, .. } => {
                self.stage = Some(Stage::Fallback { until: *until, called });
            }
            AlertEvent::PageOrdered(page) => self.pages.push((at, page)),
            AlertEvent::PageWithdrawn { page } => self.pages.retain(|(_, ordered)| ordered.page != *page),
            AlertEvent::AttemptStarted(started) => {
                self.begun.insert((started.page, started.rung));
            }
            AlertEvent::Acknowledged { .. }
            | AlertEvent::AcknowledgementLapsed
            | AlertEvent::Held { .. }
            | AlertEvent::HeldForWork(_)
            | AlertEvent::WorkLeft { .. }
            | AlertEvent::HandedOver { .. }
            | AlertEvent::Grown { .. }
            | AlertEvent::Resolved { .. } => {
                self.pages.clear();
                self.stage = None;
            }
            AlertEvent::Repeated
            | AlertEvent::SeverityChanged { .. }
            | AlertEvent::SymptomJoined(_)
            | AlertEvent::SymptomChanged { .. }
            | AlertEvent::SymptomCleared { .. }
            | AlertEvent::HoldEnded
            | AlertEvent::StepEmpty { .. }
            | AlertEvent::WorkMoved { .. }
            | AlertEvent::Joined { .. }
            | AlertEvent::AttemptEnded(_)
            | AlertEvent::AttemptHeld(_)
            | AlertEvent::StatusReported { .. }
            | AlertEvent::ReportOverdue { .. }
            | AlertEvent::Escalated { .. }
            | AlertEvent::Noted { .. }
            | AlertEvent::RecallStarted { .. }
            | AlertEvent::RecallEnded { .. }
            | AlertEvent::ClockCorrected { .. }
            | AlertEvent::Reconsidered { .. } => {}
        }
    }

    fn contacts(&self, &(at, page): &(Timestamp, &'a PageOrdered)) -> Vec<Upcoming> {
        let rungs = page.ladder.iter().zip(1_u32..);
        let waiting = rungs.filter(|(_, number)| !self.begun.contains(&(page.page, *number)));
        waiting
            .map(|(rung, _)| Upcoming {
                at: at + rung.after,
                what: What::Contact { person: page.person, channel: rung.channel },
            })
            .collect()
    }

    fn next_step(&self, directory: &Directory) -> Option<Upcoming> {
        match self.stage.as_ref()? {
            Stage::Step { step, until } => {
                let policy = directory.policy_of(self.assignment?)?;
                let next = policy.steps.get(usize::try_from(*step).ok()?);
                let people = |targets| people(&directory.called(targets, *until));
                let what = match next {
                    Some(next) => What::Step { step: step + 1, people: people(&next.page) },
                    None => What::Fallback { people: people(&policy.fallback) },
                };
                Some(Upcoming { at: *until, what })
            }
            Stage::Fallback { until, called } => {
                Some(Upcoming { at: *until, what: What::Fallback { people: people(called) } })
            }
        }
    }
}

fn people(called: &[Called]) -> Vec<PersonId> {
    called.iter().map(|called| called.person).collect()
}
