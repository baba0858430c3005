//! What is folded from the log for people to read.

pub mod board;

pub use board::{Board, Card, CardState};
