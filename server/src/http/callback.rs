//! What providers tell us. Nothing is believed that is not signed, or that its provider does not confirm when asked.

pub mod pushover;
pub mod twilio;
