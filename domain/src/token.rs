//! A token: a secret that lets a person or a program in, with a role, and perhaps until some moment. Owned by people:
//! applying configuration files leaves it alone. The secret itself is kept nowhere, only its hash.

use events::event::token::{Role, TokenEvent, TokenIssued};
use events::{Span, TeamId, Timestamp};

use crate::access::Rights;
use crate::aggregate::Aggregate;
use crate::directory::Directory;

mod ring;
#[cfg(test)]
mod tests;

pub use ring::{Known, Ring};

/// A label has no more characters.
pub const LABEL_CHARS_MAX: usize = 100;
/// A token that expires does so within this long; for longer, let it not expire and revoke it.
pub const LIFETIME_MAX: Span = Span::from_seconds(3_660 * 86_400);
/// So many tokens let somebody in at once.
pub const TOKENS_MAX: usize = 1_000;

/// A token as its history tells it.
#[derive(Clone, Debug, Default)]
pub struct Token {
    issued: Option<TokenIssued>,
    revoked_at: Option<Timestamp>,
}

/// What can be asked of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenCommand {
    /// Let whoever knows the secret in.
    Issue(TokenIssued),
    /// Let nobody in any more.
    Revoke,
}

/// Why a token is not issued, or not revoked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// The name is taken.
    #[error("there is a token with this name already")]
    Taken,
    /// There is no such token.
    #[error("there is no such token; `hotpotato token list` shows them")]
    Unissued,
    /// It was revoked before.
    #[error("the token is revoked already")]
    Revoked,
    /// Nobody would know what it is for.
    #[error("the label is empty: say what the token is for")]
    LabelEmpty,
    /// The label is too long.
    #[error("a label has {LABEL_CHARS_MAX} characters at most")]
    LabelTooLong,
    /// The label is more than a line of text.
    #[error("a label is one line of text, without control characters")]
    LabelUnprintable,
    /// The person is not there, or gone.
    #[error("the person is not known, or has left")]
    UnknownPerson,
    /// There is no such team.
    #[error("there is no team `{0}`")]
    UnknownTeam(TeamId),
    /// It would let nobody in, ever.
    #[error("the token would expire at {expires_at}, which has passed: choose a moment in the future")]
    Expired {
        /// When.
        expires_at: Timestamp,
    },
    /// It would expire when nobody thinks of it any more.
    #[error("a token that expires does so within ten years: choose an earlier moment, or none and revoke it")]
    LifetimeTooLong,
    /// There are enough of them.
    #[error("there are {TOKENS_MAX} tokens that let somebody in: revoke those that are not needed first")]
    TooMany,
}

/// Why a token lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Void {
    /// It was never issued.
    #[error("this token is not known")]
    Unissued,
    /// Somebody took it back.
    #[error("this token was revoked at {at}: ask an owner for a new one (`hotpotato token issue`)")]
    Revoked {
        /// When.
        at: Timestamp,
    },
    /// Its time is over.
    #[error("this token expired at {at}: ask an owner for a new one (`hotpotato token issue`)")]
    Expired {
        /// When.
        at: Timestamp,
    },
    /// It was somebody's who has left.
    #[error(
        "this token was that of a person who has left: ask an owner for a new one (`hotpotato token issue`)"
    )]
    PersonGone,
}

impl Token {
    /// What was issued; none before.
    pub const fn issued(&self) -> Option<&TokenIssued> {
        self.issued.as_ref()
    }

    /// When it was revoked.
    pub const fn revoked_at(&self) -> Option<Timestamp> {
        self.revoked_at
    }

    /// What it allows at this moment.
    ///
    /// # Errors
    /// When it allows nothing: see [`Void`].
    pub fn rights(&self, directory: &Directory, now: Timestamp) -> Result<Rights, Void> {
        let issued = self.issued.as_ref().ok_or(Void::Unissued)?;
        if let Some(at) = self.revoked_at {
            return Err(Void::Revoked { at });
        }
        if let Some(at) = issued.expires_at.filter(|at| *at <= now) {
            return Err(Void::Expired { at });
        }
        if issued.person.is_some_and(|person| !directory.people().contains_key(&person)) {
            return Err(Void::PersonGone);
        }
        Ok(Rights { role: issued.role.clone(), person: issued.person })
    }
}

impl Aggregate for Token {
    type Command = TokenCommand;
    type Event = TokenEvent;
    type Refusal = TokenRefusal;

    fn decide(
        &self,
        command: &TokenCommand,
        directory: &Directory,
        now: Timestamp,
    ) -> Result<Vec<TokenEvent>, TokenRefusal> {
        match (command, &self.issued) {
            (TokenCommand::Issue(issued), None) => {
                can_stand(issued, directory, now)?;
                Ok(vec![TokenEvent::Issued(issued.clone())])
            }
            (TokenCommand::Issue(_), Some(_)) => Err(TokenRefusal::Taken),
            (TokenCommand::Revoke, None) => Err(TokenRefusal::Unissued),
            (TokenCommand::Revoke, Some(_)) if self.revoked_at.is_some() => Err(TokenRefusal::Revoked),
            (TokenCommand::Revoke, Some(_)) => Ok(vec![TokenEvent::Revoked]),
        }
    }

    fn evolve(&mut self, event: &TokenEvent, at: Timestamp) {
        match event {
            TokenEvent::Issued(issued) => self.issued = Some(issued.clone()),
            TokenEvent::Revoked => self.revoked_at = Some(at),
        }
    }
}

/// Refuses what would let nobody in, or the wrong one.
fn can_stand(issued: &TokenIssued, directory: &Directory, now: Timestamp) -> Result<(), TokenRefusal> {
    let label = issued.label.open().map(String::as_str).unwrap_or_default();
    if label.trim().is_empty() {
        return Err(TokenRefusal::LabelEmpty);
    }
    if label.chars().count() > LABEL_CHARS_MAX {
        return Err(TokenRefusal::LabelTooLong);
    }
    if label.chars().any(char::is_control) {
        return Err(TokenRefusal::LabelUnprintable);
    }
    if issued.person.is_some_and(|person| !directory.people().contains_key(&person)) {
        return Err(TokenRefusal::UnknownPerson);
    }
    if let Role::Team(team) = &issued.role
        && !directory.teams().contains_key(team)
    {
        return Err(TokenRefusal::UnknownTeam(team.clone()));
    }
    if let Some(expires_at) = issued.expires_at {
        if expires_at <= now {
            return Err(TokenRefusal::Expired { expires_at });
        }
        if expires_at.since(now) > LIFETIME_MAX {
            return Err(TokenRefusal::LifetimeTooLong);
        }
    }
    let lets_in = |known: &&std::sync::Arc<Known>| known.state.rights(directory, now).is_ok();
    if directory.tokens().all().values().filter(lets_in).count() >= TOKENS_MAX {
        return Err(TokenRefusal::TooMany);
    }
    Ok(())
}
