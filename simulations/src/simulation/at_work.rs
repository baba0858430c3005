//! People do planned work on what alerts are about: they plan it, let it last longer at the last second, end it early,
//! take it back, and now and then the house is down when it ends.

use actors::registrar::{Asked, Decide};
use actors::shell::Provenance;
use domain::port::Clock;
use domain::work::WorkCommand;
use events::event::work::{Scope, WorkKind, WorkPlanned, WorkSpan};
use events::{Author, Cause, PersonId, Sealed, Span, Timestamp};
use tokio::sync::oneshot;

use super::chance::Chance;
use super::day::{Day, Happening};
use super::door::{Ticket, Wish};
use super::letter::Letter;

impl Day {
    /// Somebody plans work, or does something about work that was planned earlier.
    pub(super) fn works(&mut self) {
        let Some(node) = self.node.as_ref().filter(|node| node.is_open()) else { return };
        let Some(directory) = node.directory() else { return };
        let now = node.clock().now();
        let chance = &mut self.work_chance;
        if self.works_count > 0 && chance.happens(300) {
            let number = u32::try_from(chance.below(u64::from(self.works_count))).unwrap_or_default() + 1;
            let command = match chance.below(3) {
                0 => WorkCommand::End,
                1 => WorkCommand::Cancel,
                _ => WorkCommand::Move { until: now + chance.span(Span::from_minutes(1), HOUR) },
            };
            return self.ask_about_work(number, command);
        }
        let people: Vec<PersonId> = directory.people().keys().copied().collect();
        let services: Vec<_> = directory.services().keys().cloned().collect();
        if people.is_empty() || services.is_empty() {
            return;
        }
        let planned = draw(chance, &people, &services, now);
        let (first, is_extended, dies) =
            (planned.spans.first().copied(), chance.happens(400), chance.happens(200));
        self.works_count += 1;
        let number = self.works_count;
        if let Some(span) = first {
            let ends = span.until.since(now);
            let just_before = Span::from_micros(ends.as_micros().saturating_sub(1_000));
            if is_extended {
                self.agenda.after(just_before, Happening::ExtendsWork { number });
            }
            if dies {
                self.agenda.after(just_before, Happening::Dooms(3));
            }
        }
        self.ask_about_work(number, WorkCommand::Plan(planned));
    }

    /// Whoever does it needs a little longer, and says so at the last moment.
    pub(super) fn extend_work(&mut self, number: u32) {
        let Some(node) = self.node.as_ref().filter(|node| node.is_open()) else { return };
        let until = node.clock().now() + self.work_chance.span(Span::from_minutes(1), HOUR);
        self.ask_about_work(number, WorkCommand::Move { until });
    }

    fn ask_about_work(&mut self, number: u32, command: WorkCommand) {
        let now = self.agenda.now();
        let Some(node) = self.node.as_mut().filter(|node| node.is_open()) else { return };
        let name = format!("{number:08}");
        self.story.tell(now, || format!("somebody decides about work: {name} {command:?}"));
        let (reply, answer) = oneshot::channel();
        let provenance = Provenance { by: Author::Token("owner".into()), cause: Cause::Request("0".into()) };
        let decide = Decide { name, command, provenance, reply };
        node.post(Letter::Registrar(Asked::Work(Box::new(decide))));
        self.tickets.push(Ticket { since: now, wish: Wish::Work { answer }, answer: None });
    }
}

const HOUR: Span = Span::from_minutes(60);

/// Work of one or two spans on some of the services, soon or now.
fn draw(
    chance: &mut Chance,
    people: &[PersonId],
    services: &[events::ServiceId],
    now: Timestamp,
) -> WorkPlanned {
    let mut spans: Vec<WorkSpan> = Vec::new();
    let mut from = if chance.happens(600) { now } else { now + chance.span(Span::ZERO, HOUR) };
    for _ in 0..chance.between(1, 2) {
        let until = from + chance.span(Span::from_minutes(1), Span::from_minutes(150));
        spans.push(WorkSpan { from, until });
        from = until + chance.span(Span::ZERO, HOUR);
    }
    let mut scope = Scope::default();
    for service in services {
        if chance.happens(600) {
            scope.services.push(service.clone());
        }
    }
    if scope.services.is_empty() {
        scope.services.push(chance.pick(services));
    }
    WorkPlanned {
        worker: chance.pick(people),
        kind: if chance.happens(300) { WorkKind::Hold } else { WorkKind::Route },
        scope,
        spans,
        rule: None,
        wait: Span::from_seconds(chance.pick(&[30, 120, 300, 600])),
        what: Sealed::new(events::KeyOwner::Person(chance.pick(people)), "new disks".to_owned()),
    }
}
