//! How the house says things: every text that a person reads, in English, German and Italian.
//!
//! The texts are [Fluent](https://projectfluent.org) files under `i18n/locales/{en,de,it}/`, one for each subject,
//! embedded in the program. In Rust every message is a struct whose fields are its variables, so that a text
//! with a gap does not compile:
//!
//! ```
//! use i18n::{Locale, Message as _, page};
//!
//! let late = page::Late { span: "4 min" };
//! assert_eq!(late.render(Locale::De), "Diese Alarmierung kommt 4 min zu spät.");
//! ```
//!
//! Fluent does not localise times or lists: [`format`](mod@format) makes those first, and they go in as text.
//!
//! # What this room must never do
//!
//! - **Fail or panic.** A page with a poor text is a page; a page that was not sent is none. A message that cannot
//!   be said in one language is said in English.
//! - **Know the domain.** It gets text and numbers, no alerts or people, and decides nothing.
//! - **Read a clock or a zone.** Moments arrive as local times.
//! - **Surprise an SMS.** What [`page`] and [`words`] say is in the alphabet of [`gsm7`], but for the push body,
//!   and there are no invisible isolation marks around variables.
//!
//! # To add a message
//!
//! Declare it in the file of its subject under `src/message/`, and write it in the file of the same name in
//! *each* language. The tests name whatever is missing, misspelt or left over. A new subject is one more file
//! in each language, one more line in `bundle.rs` and one more in `message/parity.rs`.
//!
//! # To add a language
//!
//! Copy `locales/en` to a folder of its name and translate it; add a variant to [`Locale`] and to
//! [`Locale::ALL`]; the compiler names the remaining places. Fields take both `Sun 22 Nov, 03:10` and `03:10`, and
//! lists of one or several people: word the sentences so that all of them fit.

mod bundle;
pub mod format;
pub mod gsm7;
mod locale;
mod message;

pub use locale::{Locale, UnknownLocale};
pub use message::{
    Message, calendar, change, channel, command, contact, demo, heartbeat, ledger, mistake, notify, page,
    reply, route, timeline, token, voice, web, words,
};
