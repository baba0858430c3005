//! Whether it stands: the harness of the stories in `tests/stories`, which drive the built binaries from outside.
//!
//! A story starts a [`House`](house::House): the built `hotpotato` on a data directory of its own, with the built
//! `stand-ins` as its providers. Signals go in over HTTP, as sources send them; pages come out at the stand-ins.
//! Every page that a story expects is claimed by name, in order for each destination, and [`finish`] fails the story
//! if anything else was sent: an unexpected page is a person woken for nothing.
//!
//! This crate imports none of our other crates and looks into no table. Waiting is for a condition, with a deadline,
//! in [`wait`] and nowhere else. Each house has a loopback address of its own, so that stories run side by side and
//! a house that is killed finds its port free.
//!
//! **To add a story:** a function in the module of `tests/stories` that it belongs to, named for what it proves.
//! Start a house, tell the story, claim its pages, `finish`.
//!
//! The binaries are those next to the test's own, `target/<profile>/…`; `cargo build --workspace --bins` builds
//! them, and `cargo xtask test` does so first. `HOTPOTATO_BIN` and `STAND_INS_BIN` name others.
//!
//! [`finish`]: house::House::finish

pub mod address;
pub mod alertmanager;
pub mod binary;
pub mod cli;
pub mod command_file;
pub mod counterparts;
pub mod fixture;
pub mod house;
pub mod household;
pub mod hylafax;
pub mod ical;
pub mod icinga;
pub mod image;
pub mod kannel;
pub mod manual;
pub mod mount;
pub mod nagios;
pub mod net_snpp;
pub mod open_alert;
pub mod open_smtpd;
pub mod page;
pub mod plan;
pub mod program;
pub mod prometheus;
pub mod python;
pub mod stand_ins;
pub mod together;
pub mod wait;
pub mod wall_clock;
pub mod watcher;
pub mod web;
