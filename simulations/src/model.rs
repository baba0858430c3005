//! A model of the protocol, checked exhaustively within stated bounds: two nodes on one log, and everything that may
//! go wrong between them in every order.
//!
//! ```text
//!  source, Anna                       node a, node b                                world
//!  signal ────────► decide ──► append ──(lost? late?)──► log ──► evolve ──► queue ──► provider
//!  acknowledgement    ▲   overtaken: read, decide again   │                            │
//!                     └───────── report ◄── channel ◄─────┼────(lost? late?)───────────┘
//!                                        follow ◄─────────┘
//! ```
//!
//! What is decided, how it changes an alert and what leaves the house for it are the production functions of
//! `domain`. The rest is modelled: the shell's order ([`shell`]), the log's contract, the channel's look at the clock
//! before it sends, one clock, and the rule that the node of the next rank acts two seconds later. Between any two of
//! these steps a process may end (and its last append may still land), stand still for however long, or lose a
//! message; somebody may acknowledge; time may pass.
//!
//! **Time.** It passes only when no node at work has anything to do, and only to the next moment that matters: a
//! deadline, two seconds after one, the end of a channel's patience. So a node is either prompt or stands still, and a
//! message is either prompt or counts as lost or late; how slow they are makes no other difference.
//!
//! **What is checked** ([`Invariant`]) is checked against an independent reading of the log ([`chronicle`]) and the
//! provider's own ledger, never against the state that decided. **What must be reachable** ([`property`])
//! shows that the model looks where it should: a duplicate page, for one, is possible, and no design can rule it out.
//!
//! To add a fault: an [`Action`], a bound in [`Bounds`], a line in [`State`]'s `Spent`. To add an invariant: a
//! variant in [`Invariant`] and its condition in [`property`], and a mutant that it kills.

pub use action::{Action, Fate};
pub use bounds::{Bounds, HouseKind};
pub use check::{Finding, check};
pub use invariant::Invariant;
pub use protocol::Protocol;
pub use state::State;

pub mod action;
pub mod bounds;
pub mod check;
pub mod chronicle;
pub mod history;
pub mod house;
pub mod invariant;
pub mod node;
pub mod property;
pub mod protocol;
pub mod shell;
pub mod state;
pub mod story;
