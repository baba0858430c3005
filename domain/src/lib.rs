//! What it means and what follows. The core of the house: pure, no I/O, no clock, no randomness, no async, no text
//! for people.

pub mod access;
pub mod agenda;
pub mod aggregate;
pub mod alert;
pub mod blueprint;
pub mod calendar;
pub mod change;
pub mod coverage;
pub mod directory;
pub mod forecast;
pub mod ledger;
pub mod overrides;
pub mod plan;
pub mod port;
pub mod providers;
pub mod rota;
pub mod routing;
pub mod setting;
pub mod standing;
pub mod token;
pub mod view;
pub mod work;
