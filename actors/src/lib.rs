//! Who does it: the shells around the core, on ractor. Mailboxes, supervision, alarms.
//!
//! ```text
//! ingest ──► Switchboard ──► Alert ──► (log) ──► Channel ──► provider
//!                ▲             │                    │
//!                └── deadline ─┴───── report ◄──────┘
//! ```
//!
//! This room decides nothing about alerts (that is `domain`) and knows no provider, no database and no web
//! framework (that is `adapters` and `server`): it is generic over the ports. Everything that happens goes through
//! [`shell::Shell::step`]: decide, append, evolve, dispatch, in that order.
//!
//! **To add an actor:** a file named for it with its message type, its state and its `impl Actor`; start it in
//! [`house`]; override `handle_supervisor_evt`, since ractor's default stops a supervisor when any child ends.

pub mod admission;
pub mod alarm;
pub mod alert;
pub mod channel;
pub mod follower;
pub mod house;
pub mod ledger;
pub mod meter;
pub mod monitor;
pub mod post;
pub mod projector;
pub mod recovery;
pub mod registrar;
pub mod shelf;
pub mod shell;
pub mod switchboard;
pub mod turns;
