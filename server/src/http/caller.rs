//! Who asks, by the secret that they hold, and what that allows at this moment.

use domain::access::{Action, Rights, Scope};
use domain::token::Void;
use events::{Author, TokenId};

use super::App;
use crate::token::OWNER_NAME;

/// Whose secret it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// The first owner's, which stands in the data directory.
    Owner,
    /// That of a token that was issued, and may have been revoked since.
    Token(TokenId),
}

/// Somebody whose secret lets them in now.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// Whose secret it is.
    pub(super) holder: Holder,
    /// As whom they act.
    pub(super) by: Author,
    /// What they may.
    pub(super) rights: Rights,
}

impl Holder {
    /// Whose this secret is; nobody's when none.
    pub(super) fn of(app: &App, secret: &str) -> Option<Self> {
        if app.owner.matches(secret) {
            return Some(Self::Owner);
        }
        app.house.directory().tokens().with_secret(secret).map(|(id, _)| Self::Token(id))
    }

    /// What it allows now.
    ///
    /// # Errors
    /// When it lets nobody in any more: see [`Void`].
    pub(super) fn known(self, app: &App) -> Result<Known, Void> {
        let (by, rights) = match self {
            Self::Owner => (Author::Token(OWNER_NAME.into()), Rights::OWNER),
            Self::Token(id) => {
                let directory = app.house.directory();
                let token = directory.tokens().get(id).ok_or(Void::Unissued)?;
                let rights = token.state.rights(&directory, app.house.now())?;
                let nobodys = || Author::Token(id.to_string().into());
                (rights.person.map_or_else(nobodys, Author::Person), rights)
            }
        };
        Ok(Known { holder: self, by, rights })
    }
}

impl Known {
    /// True when they may do this to whatever it is.
    pub(super) fn may(&self, action: Action) -> bool {
        self.rights.may(action) == Ok(Scope::Everything)
    }
}
