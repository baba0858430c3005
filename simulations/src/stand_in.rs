//! The stand-ins, one for each provider.

pub mod kannel;
pub mod pushover;
pub mod snpp;
pub mod tap;
pub mod twilio;
