//! Answers to text messages: the code that stands in one message only, and what people write.

pub mod code;
pub mod grammar;

pub use code::ReplyCode;
pub use grammar::{Reply, Word, read, word};
