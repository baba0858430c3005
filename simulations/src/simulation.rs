//! The house in simulation: one day of it in some hundredths of a second, decided by one number.
//!
//! ```text
//!            script ──► bodies ──► source readers ─┐           the production code: readers, switchboard, alerts,
//!  seed ──►  faults ──► log, process, clock        ├──► Node   shell, registrar, projector, recovery, channels,
//!            household ──► configuration           │           encoders, words, readers of answers
//!            people ◄── providers ◄── encoders ◄───┘
//! ```
//!
//! The house is the production code ([`node`] says which); the world is simulated: the clock and the order in which
//! mailboxes are served, the log's disk, providers, people, sources. There are no threads and no waiting: time is an
//! [`agenda`], and passes by taking its next entry. Everything that could be otherwise is drawn from [`chance`], so
//! that a seed gives the same day, byte for byte, whenever it is run.
//!
//! Faults ([`fault`]) happen until [`CALM_AT`]; after that everything works, and what was left undone has to be made up
//! for by [`END_AT`]. What has to be true meanwhile and in the end stands in [`invariant`], and is judged from outside,
//! by [`evidence`] and [`reference`].
//!
//! **To add a fault:** a line at the end of [`fault`]'s list, and the place where the world acts on it. **To add an
//! invariant:** see [`invariant`]. **To add a mutant:** `events::mutant`, and the place in production where it lives.

pub mod agenda;
mod at_work;
pub mod chance;
mod day;
mod door;
pub mod evidence;
pub mod expected;
pub mod fault;
pub mod heartbeat;
pub mod household;
pub mod invariant;
mod judge;
pub mod letter;
pub mod node;
mod people;
mod plan;
mod process;
pub mod provider;
pub mod reference;
mod rooms;
pub mod script;
pub mod seeds;
mod stand_in;
pub mod story;
pub mod world;

use events::Span;

use agenda::Moment;
pub use day::{Day, Options, Outcome};

/// From then on everything works.
pub const CALM_AT: Moment = Moment(Span::from_minutes(20 * 60).as_micros());
/// The day is over.
pub const END_AT: Moment = Moment(Span::from_minutes(24 * 60).as_micros());
