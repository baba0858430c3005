//! The same house with the world replaced.
//!
//! This room holds stand-ins for the companies behind the channels: Pushover ([`stand_in::pushover`]), Twilio
//! ([`stand_in::twilio`]), an SMS gateway like Kannel ([`stand_in::kannel`]), a pager gateway that speaks SNPP
//! ([`stand_in::snpp`]), a paging terminal that speaks TAP ([`stand_in::tap`]), a mail server ([`stand_in::mail`]), ntfy
//! ([`stand_in::ntfy`]) and whoever takes webhooks ([`stand_in::webhook`]). They speak the real protocols on real sockets, misbehave on request ([`behaviour`]), and write down every call in one
//! [`ledger`], which is the oracle of the tests: who was called, when, with which words, and what was answered.
//! [`stand_ins::StandIns`] starts all of them and a [`control`] API for tests that run in another process; the
//! program `stand-ins` is that and nothing more.
//!
//! For measurements there are a very fast Pushover-compatible [`sink`] and a [`load`] generator that posts
//! alerts as Alertmanager does; the program `load` joins the two. [`bench`] runs them against the built house and
//! against Alertmanager, side by side, and against the [`floor`], the least that it can cost; the program `bench-ingest` is its
//! command line. [`bench::channels`] measures every channel over its stand-in;
//! the program `bench-channels`. [`crash`] kills the built house
//! again and again while alerts arrive, and asks the ledger whether anybody was left unpaged; the program `crash`.
//!
//! [`disk`] lets the disk of the built house fail, call by call; the program `disk` is its command line.
//! [`fuzz`] feeds every parser of the product with anything at all and says what must hold all the same.
//!
//! `model` (feature `model`, on by default, off in what is shipped) checks two nodes on one log exhaustively within
//! bounds, with the production `decide` and `evolve`; the program `model` is its command line.
//!
//! # What it must never do
//!
//! - Reach the outside world. Callbacks go to loopback addresses only ([`report`] refuses any other).
//! - Be kinder than the real thing. What the provider's documentation refuses is refused here, with the same
//!   status and the same shape of body.
//! - Forget or rewrite a call. Ledger entries never change after they were written.
//! - Hold a real credential. Tokens here are made up.
//!
//! # How to add a stand-in
//!
//! 1. Write `stand_in/NAME.rs`: options, a handle that is cheap to clone, and `serve(listener)`.
//! 2. Add the provider to [`ledger::Provider`]. Let every call pass through one exchange: choose the behaviour
//!    from the [`behaviour::Script`], record, then answer. HTTP stand-ins get this from `exchange.rs`.
//! 3. Say in [`behaviour::Behaviour`]'s table how each behaviour looks in the new protocol.
//! 4. Start it in [`stand_ins`] and add its address to [`stand_ins::Addresses`].
//! 5. Write `tests/over_sockets/NAME.rs`: every documented reply, and every behaviour.

pub mod behaviour;
pub mod bench;
pub mod control;
pub mod crash;
pub mod disk;
mod exchange;
pub mod fields;
pub mod floor;
pub mod fuzz;
pub mod ledger;
pub mod load;
mod mint;
#[cfg(feature = "model")]
pub mod model;
mod moment;
pub mod process_usage;
pub mod report;
pub mod simulation;
pub mod sink;
pub mod stand_in;
pub mod stand_ins;
mod wire;
