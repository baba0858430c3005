//! API tokens: kept as hashes, compared in constant time.

use adapters::data_directory::DataDirectory;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The file in the data directory that holds the first owner's token, for the owner to read.
pub const OWNER_TOKEN_FILE: &str = "owner.token";

/// The file that holds its hash, for the server.
const OWNER_HASH_FILE: &str = "owner.token.sha256";

/// What every token of ours begins with, so that scanners for leaked secrets find it.
const PREFIX: &str = "hotpotato_";

/// The SHA-256 of a token. Tokens are long and random, so that a plain hash is enough.
#[derive(Clone, Copy, Debug)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a token.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }

    /// True for the token that this is the hash of. Takes as long for a wrong one.
    pub fn matches(&self, token: &str) -> bool {
        self.0.ct_eq(&Self::of(token).0).into()
    }
}

/// The owner's token. Made at the first start and written for the owner to read; only its hash is used after that.
///
/// # Errors
/// When the files cannot be read or written.
pub fn owner(data: &DataDirectory) -> std::io::Result<TokenHash> {
    if let Ok(hash) = std::fs::read(data.path(OWNER_HASH_FILE))
        && let Ok(bytes) = hash.try_into()
    {
        return Ok(TokenHash(bytes));
    }
    let token = format!("{PREFIX}{}", random_letters()?);
    let hash = TokenHash::of(&token);
    data.write(OWNER_TOKEN_FILE, format!("{token}\n").as_bytes())?;
    data.write(OWNER_HASH_FILE, &hash.0)?;
    Ok(hash)
}

/// Where the owner finds the token.
pub fn owner_file(data: &DataDirectory) -> std::path::PathBuf {
    data.path(OWNER_TOKEN_FILE)
}

/// 160 random bits in 32 letters and digits.
fn random_letters() -> std::io::Result<String> {
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(events::base32::encode(&bytes, 32).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owners_token_is_made_once_and_known_by_its_hash_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = DataDirectory::open(folder.path()).expect("a data directory");
        let first = owner(&data).expect("a token");
        let token = std::fs::read_to_string(owner_file(&data)).expect("a file").trim().to_owned();
        assert!(token.starts_with(PREFIX) && token.len() == PREFIX.len() + 32);
        assert!(first.matches(&token));
        std::fs::remove_file(owner_file(&data)).expect("the owner took it away");
        let again = owner(&data).expect("the hash");
        assert!(again.matches(&token));
        assert!(!again.matches("hotpotato_guess"));
        assert!(!owner_file(&data).exists(), "it is not written twice");
    }
}
