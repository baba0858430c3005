//! What providers tell us. Nothing is believed that is not signed, comes to an address that only its provider knows, or is
//! confirmed by its provider when asked.

pub mod kannel;
pub mod pushover;
pub mod twilio;
pub mod voice;
