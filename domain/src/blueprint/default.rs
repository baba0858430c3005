//! What is meant where a configuration file says nothing.

use events::Span;
use events::event::Language;
use events::event::team::Handovers;

/// After how long an acknowledgement runs out when a policy says nothing: 4 hours. A file that wants it to hold
/// until the alert is resolved says `acknowledgement_lapses: never`: somebody who took an alert and fell asleep
/// should be the exception that was asked for.
pub const ACKNOWLEDGEMENT_LAPSES: Span = Span::from_minutes(4 * 60);
/// How many sends a rung has.
pub const ATTEMPTS: u32 = 1;
/// How long lies between the sends of a rung.
pub const EVERY: Span = Span::from_minutes(2);
/// How long after the page's start a rung begins.
pub const AFTER: Span = Span::ZERO;
/// Whether people are told when a turn in one of a team's rotas begins or ends.
pub const HANDOVERS: Handovers = Handovers::Announced;
/// The language of a person.
pub const LANGUAGE: Language = Language::En;
/// The time zone of a person. Never right for somebody who lives by a clock: reading warns.
pub const TIME_ZONE: &str = "UTC";
