//! iCalendar, RFC 5545: shifts as calendar programs read them, and events out of calendars.
//!
//! | module | what |
//! | --- | --- |
//! | [`write`] | shifts as one text, the same whenever nothing has changed |
//! | [`zone`] | a time zone as a `VTIMEZONE`, found by looking for changes of its offset |
//! | [`read`] | what happens when, out of a calendar that anybody may have written |
//! | [`fetch`] | a calendar from an address |
//! | [`content`], `rules` | lines, a file's own time zones |
//! | [`mistake`] | what is wrong with a calendar, in words |
//!
//! Times are written to the second, which is all that the format has.

pub mod content;
pub mod fetch;
pub mod mistake;
pub mod read;
mod rules;
#[cfg(test)]
mod tests;
pub mod write;
pub mod zone;
