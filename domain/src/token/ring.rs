//! All tokens, as the directory holds them: by name, and by the hash of their secret.

use std::collections::BTreeMap;
use std::sync::Arc;

use events::event::token::TokenEvent;
use events::{Author, Entry, Position, Timestamp, TokenId};

use super::Token;
use crate::aggregate::Aggregate;
use crate::directory::key_sha256;

/// All tokens that were ever issued. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Ring {
    tokens: Arc<BTreeMap<TokenId, Arc<Known>>>,
    secrets: Arc<BTreeMap<String, TokenId>>,
}

/// A token, and who issued it when.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What it says and whether it was revoked.
    pub state: Token,
    /// By whom it was issued.
    pub by: Option<Author>,
    /// When it was issued.
    pub at: Timestamp,
    /// Where its last record stands.
    position: Position,
}

impl Ring {
    /// Takes one record of a token into the fold.
    pub(crate) fn apply(&mut self, entry: &Entry, event: &TokenEvent) {
        let Ok(id) = entry.stream.name().parse::<TokenId>() else { return };
        let known = Arc::make_mut(Arc::make_mut(&mut self.tokens).entry(id).or_default());
        if entry.position <= known.position {
            return;
        }
        known.position = entry.position;
        known.state.evolve(event, entry.at);
        if let TokenEvent::Issued(issued) = event {
            (known.by, known.at) = (Some(entry.by.clone()), entry.at);
            Arc::make_mut(&mut self.secrets).insert(issued.secret_sha256.clone(), id);
        }
    }

    /// Every token by name, also those that let nobody in any more.
    pub fn all(&self) -> &BTreeMap<TokenId, Arc<Known>> {
        &self.tokens
    }

    /// The token with this name.
    pub fn get(&self, id: TokenId) -> Option<&Known> {
        self.tokens.get(&id).map(|known| &**known)
    }

    /// The token that a secret belongs to, whether it still lets anybody in or not. The secret itself is kept nowhere:
    /// its hash is looked up, so the time this takes tells nothing about any secret.
    pub fn with_secret(&self, secret: &str) -> Option<(TokenId, &Known)> {
        let id = *self.secrets.get(&key_sha256(secret))?;
        Some((id, self.get(id)?))
    }

    /// How whoever holds the token of this name is called: what it is for, and its name. The name alone when there is
    /// no such token, or its label cannot be read any more.
    pub fn called(&self, name: &str) -> String {
        let label = || self.get(name.parse().ok()?)?.state.issued()?.label.open();
        label().map_or_else(|| name.to_owned(), |label| format!("{label} ({name})"))
    }
}
