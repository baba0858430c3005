//! All contact with the world: where records and keys are kept, how people are reached, what sources send, what
//! configuration files say. Thin: each has a pure half that is tested alone.
//!
//! | module | what |
//! | --- | --- |
//! | [`log`], [`keys`] | the embedded log and key store, on `SQLite` |
//! | [`channel`], [`text`], [`line`], [`link`] | Pushover, SMS, pagers; what they say |
//! | [`source`] | bodies of monitoring systems, as signals |
//! | [`calendar`] | iCalendar, out and in |
//! | [`configuration`], [`boot`] | the files of the house and of the node |
//! | [`recurrence`] | rules of repetition |
//! | [`clock`], [`data_directory`], [`http`] | the one clock, the one directory, the one HTTP client |
//! | [`time_zones`] | which time-zone data was in use before, and which the system has |
//!
//! It must never decide: whether to try again, whom to reach, what a signal means for an alert is `domain`'s
//! business. It never imports `actors`; the two meet in the server's wiring, through the ports.
//!
//! **To add a channel or a source:** see the head of [`channel`] or [`source`].

pub mod boot;
mod bounded_file;
pub mod calendar;
pub mod channel;
pub mod clock;
pub mod configuration;
pub mod data_directory;
pub mod http;
pub mod keys;
pub mod line;
pub mod link;
pub mod log;
pub mod probe;
pub mod recurrence;
pub mod reply;
pub mod source;
mod sqlite;
pub mod text;
mod text_position;
pub mod time_zones;
pub mod watch;
