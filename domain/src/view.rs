//! What is folded from the log for people to read.

pub mod board;
pub mod reached;

pub use board::{Board, Card, CardState};
pub use reached::Reached;
