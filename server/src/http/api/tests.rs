//! Who may ask for what.

mod table;
mod team;
mod token;
