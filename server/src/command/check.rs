//! `hotpotato check`: reads configuration files and says every mistake.

use std::path::PathBuf;

use domain::blueprint::check::Completeness;
use i18n::{Message as _, command as message};

use super::session::{Session, print_json};
use super::{Done, Failure, configuration};
use crate::terminal;

/// Says what is wrong with the files; they may hold only a part of a house.
pub(super) fn run(session: &Session, files: &[PathBuf]) -> Done {
    let examined = configuration::read(files, Completeness::Part, session.locale());
    if session.is_json() {
        print_json(&examined.to_json());
    } else {
        examined.said.iter().for_each(|line| terminal::print(line));
    }
    if examined.mistakes > 0 {
        let failed = message::CheckFailed { mistakes: examined.mistakes };
        return Err(Failure::Said(failed.render(session.locale())));
    }
    if !session.is_json() {
        terminal::print(&message::CheckOk { warnings: examined.warnings }.render(session.locale()));
    }
    Ok(())
}
