//! The one binary.

use std::process::ExitCode;

mod alarm;
mod command {
    pub mod serve;
}
mod http;
mod running;
mod timeline;
mod token;
mod world;

#[tokio::main]
async fn main() -> ExitCode {
    let config = std::env::args().nth(3);
    command::serve::run(config.as_ref().map(std::path::Path::new)).await
}
