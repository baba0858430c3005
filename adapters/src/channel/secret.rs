//! What a provider knows us by.

use std::fmt;

/// A token or password. Never prints itself; whoever needs it says [`Secret::expose`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret with this text, without white space at its ends.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The same text with the secret struck out, for what a provider quotes back.
    pub fn strike(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&self.0, "***") }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_print_itself() {
        let secret = Secret::new(" t0ken\n");
        assert_eq!(secret.expose(), "t0ken");
        assert_eq!(format!("{secret:?}"), "Secret(***)");
        assert_eq!(secret.strike("bad token t0ken"), "bad token ***");
        assert_eq!(Secret::new("").strike("nothing to strike"), "nothing to strike");
    }
}
