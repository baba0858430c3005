//! People stand in for each other: decisions apart from the rota, and taking them back.

use actors::registrar::{Asked, Decide, Undecided};
use actors::shell::Provenance;
use domain::overrides::OverrideCommand;
use domain::port::Clock;
use events::event::overrides::{Leg, LegChange, OverrideMade};
use events::{Author, Cause, OverrideId, PersonId, Position, Span};
use tokio::sync::oneshot;

use super::day::Day;
use super::door::{Ticket, Wish};
use super::invariant::{Found, Invariant};
use super::letter::Letter;

impl Day {
    /// Somebody decides about a rota, or takes an earlier decision back.
    pub(super) fn stand_in(&mut self) {
        let now = self.agenda.now();
        let chance = &mut self.stand_in_chance;
        let Some(node) = self.node.as_mut().filter(|node| node.is_open()) else { return };
        let Some(directory) = node.directory() else { return };
        let people: Vec<PersonId> = directory.people().keys().copied().collect();
        let rotas: Vec<_> = directory.rotas().keys().cloned().collect();
        if people.is_empty() || rotas.is_empty() {
            return;
        }
        let takes_back = self.stand_ins > 0 && chance.happens(300);
        let number = if takes_back {
            chance.below(u64::from(self.stand_ins)) + 1
        } else {
            self.stand_ins += 1;
            u64::from(self.stand_ins)
        };
        let id = OverrideId::from(format!("{number:08}").as_str());
        let command = if takes_back {
            OverrideCommand::Remove
        } else {
            let rota = chance.pick(&rotas);
            let person = |chance: &mut super::chance::Chance| chance.pick(&people);
            let what = match chance.below(4) {
                0 => LegChange::Also { rota, person: person(chance) },
                1 => LegChange::Instead { rota, of: person(chance), by: None },
                _ => LegChange::Instead { rota, of: person(chance), by: Some(person(chance)) },
            };
            let begins = if chance.happens(500) {
                Span::ZERO
            } else {
                chance.span(Span::ZERO, Span::from_minutes(90))
            };
            let from = node.clock().now() + begins;
            let until = from + chance.span(Span::from_minutes(1), Span::from_minutes(360));
            OverrideCommand::Make(OverrideMade {
                legs: vec![Leg { from, until, change: what }],
                asks: None,
                reason: None,
            })
        };
        self.story.tell(now, || format!("somebody decides about a rota: {id} {command:?}"));
        let (reply, answer) = oneshot::channel();
        let provenance = Provenance { by: Author::Token("owner".into()), cause: Cause::Request("0".into()) };
        node.post(Letter::Registrar(Asked::Override(Box::new(Decide {
            name: id.to_string(),
            command,
            provenance,
            reply,
        }))));
        self.tickets.push(Ticket { since: now, wish: Wish::Decide { answer }, answer: None });
    }

    /// What was said to be decided stands in the log.
    pub(super) fn decided<R: std::error::Error>(&mut self, answer: &Result<Position, Undecided<R>>) {
        let last = self.last_position;
        let found: Found = match answer {
            Ok(position) if *position == Position::START || *position > last => {
                Err(format!("a decision was said to stand at {position}, and the log ends at {last}"))
            }
            Ok(_) | Err(_) => Ok(()),
        };
        self.found(Invariant::Durable, found);
    }
}
