//! adapters

pub mod boot;
mod bounded_file;
pub mod channel;
pub mod clock;
pub mod configuration;
pub mod data_directory;
pub mod http;
pub mod keys;
pub mod line;
pub mod link;
pub mod log;
pub mod source;
mod sqlite;
pub mod text;
mod text_position;
