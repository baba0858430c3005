//! `hotpotato demo`: the real house with stand-in phones, one alert, and everything that follows told as it happens.
//!
//! | file | what |
//! | --- | --- |
//! | `stage` | the world: stand-ins, a house, the alert |
//! | `household` | who lives in the house |
//! | `story` | what happens, in order, until somebody has it |
//! | `narrator`, `upcoming`, `layout` | how it is told; pure |
//! | `screen`, `keyboard`, `scratch` | the terminal and the disk |

mod household;
mod keyboard;
mod layout;
mod narrator;
mod scratch;
mod screen;
mod stage;
mod story;
#[cfg(test)]
mod tests;
mod upcoming;

use std::io;
use std::process::ExitCode;

use i18n::{Locale, Message as _, demo as message};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tracing_subscriber::EnvFilter;

use self::screen::Screen;
use self::stage::{Stage, StageError};
use self::story::Story;
use super::{EXIT_REFUSED, environment, reader_of};
use crate::reader::Reader;
use crate::running::End;
use crate::terminal::{Paint, complain};

/// Shows the house at work until somebody has the alert and the reader leaves.
pub(super) async fn run(language: Option<Locale>, port: Option<u16>) -> ExitCode {
    log();
    let reader = reader_of(None, language);
    let mut screen = Screen::open(&environment);
    let played = match Leaving::listen() {
        Ok(mut leaving) => play(reader, port, &mut screen, &mut leaving).await,
        Err(error) => Err(Trouble::Signals(error)),
    };
    screen.live("");
    match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            complain(&trouble.to_string());
            ExitCode::from(EXIT_REFUSED)
        }
    }
}

/// Why the demo ended before its end.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    /// The world could not be made, or the alert was not taken.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// The house could not go on.
    #[error("the house cannot go on: {0}")]
    Broken(String),
    /// The system does not tell when the reader wants to leave.
    #[error("signals cannot be heard: {0}")]
    Signals(io::Error),
}

async fn play(
    reader: Reader,
    port: Option<u16>,
    screen: &mut Screen,
    leaving: &mut Leaving,
) -> Result<(), Trouble> {
    let stage = tokio::select! {
        biased;
        () = leaving.asked() => return Ok(()),
        started = stage::start(port) => started?,
    };
    let Stage { running, stand_ins, blueprint, key, is_elsewhere, scratch } = stage;
    let (app, address) = (running.app().clone(), running.address());
    let (close, closed) = oneshot::channel();
    let mut serving = tokio::spawn(running.until(async {
        // An error means that the story is over as well.
        let _ = closed.await;
    }));
    let mut story = Story::new(app, &stand_ins, &blueprint, reader, screen);
    story.open(is_elsewhere);
    let told = tokio::select! {
        biased;
        end = &mut serving => return broken(end),
        told = story.tell(address, &key, leaving) => told,
    };
    screen.live("");
    // An error means that the house has ended already.
    let _ = close.send(());
    let end = serving.await;
    // Only now does nobody write there any more.
    drop(scratch);
    if told.is_ok() {
        let ended = message::Ended.render(reader.locale);
        screen.say(&format!("\n  {}", screen.style().paint(Paint::Grey, &ended)));
    }
    told?;
    broken(end)
}

fn broken(end: Result<End, tokio::task::JoinError>) -> Result<(), Trouble> {
    match end {
        Ok(End::Asked) => Ok(()),
        Ok(End::Broken { reason }) => Err(Trouble::Broken(reason)),
        Err(error) => Err(Trouble::Broken(error.to_string())),
    }
}

/// The signals by which a person or the system ends the demo: Ctrl-C, a polite kill, a closed terminal.
#[derive(Debug)]
struct Leaving {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Leaving {
    /// Listens from now on.
    fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Done when the demo is to end. Cancel safe.
    async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}

/// The story is what there is to read: logs only for who asks for them.
fn log() {
    if let Ok(filter) = EnvFilter::try_from_env("HOTPOTATO_LOG") {
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(io::stderr)
            .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
            .init();
    }
}
