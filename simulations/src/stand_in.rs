//! The stand-ins, one for each provider.

pub mod kannel;
pub mod mail;
pub mod ntfy;
pub mod pushover;
pub mod snpp;
pub mod tap;
pub mod twilio;
pub mod webhook;
