//! API tokens: kept as hashes, compared in constant time.

use std::io::{Error, ErrorKind};
use std::path::Path;

use adapters::data_directory::DataDirectory;
use events::TokenId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The file in the data directory that holds the first owner's token, for the owner to read.
pub const OWNER_TOKEN_FILE: &str = "owner.token";

/// The file that holds its hash, for the server.
const OWNER_HASH_FILE: &str = "owner.token.sha256";

/// What every token of ours begins with, so that scanners for leaked secrets find it.
const PREFIX: &str = "hotpotato_";

/// What the first owner's token is called where something says who did it.
pub const OWNER_NAME: &str = "owner";

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
    let path = data.path(OWNER_HASH_FILE);
    match std::fs::read(&path) {
        Ok(hash) => return hash.try_into().map(TokenHash).map_err(|hash| no_hash(&path, &hash)),
        // Anything else is no reason to lock the owner out with a new token.
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Err(_) => {}
    }
    let token = format!("{PREFIX}{}", letters(&random::<20>()?, 32));
    let hash = TokenHash::of(&token);
    data.write(OWNER_TOKEN_FILE, format!("{token}\n").as_bytes())?;
    data.write(OWNER_HASH_FILE, &hash.0)?;
    Ok(hash)
}

fn no_hash(path: &Path, found: &[u8]) -> Error {
    let sentence = format!(
        "{} has {} bytes, not 32: restore it from a backup, or move it away for a new token",
        path.display(),
        found.len()
    );
    Error::new(ErrorKind::InvalidData, sentence)
}

/// Where the owner finds the token.
pub fn owner_file(data: &DataDirectory) -> std::path::PathBuf {
    data.path(OWNER_TOKEN_FILE)
}

/// A secret for a token that is to be issued: 256 random bits.
///
/// # Errors
/// When the system has no random numbers.
pub fn secret() -> std::io::Result<String> {
    Ok(format!("{PREFIX}{}", letters(&random::<32>()?, 52)))
}

/// A name for a token that is to be issued.
///
/// # Errors
/// When the system has no random numbers.
pub fn name() -> std::io::Result<TokenId> {
    random().map(TokenId::from_bytes)
}

fn random<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::other(error.to_string()))?;
    Ok(bytes)
}

/// 160 random bits in 32 letters and digits.
///
/// # Errors
/// When the system has no random numbers.
pub fn random_letters() -> std::io::Result<String> {
    Ok(letters(&random::<20>()?, 32))
}

fn letters(bytes: &[u8], count: usize) -> String {
    events::base32::encode(bytes, count).to_lowercase()
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

    #[test]
    fn a_hash_that_cannot_be_read_is_no_reason_for_a_new_token() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = DataDirectory::open(folder.path()).expect("a data directory");
        owner(&data).expect("a token");
        std::fs::write(data.path(OWNER_HASH_FILE), b"cut").expect("damaged");
        let refused = owner(&data).expect_err("no hash");
        assert!(refused.to_string().contains("has 3 bytes, not 32"), "{refused}");
        std::fs::remove_file(data.path(OWNER_HASH_FILE)).expect("moved away");
        std::fs::create_dir(data.path(OWNER_HASH_FILE)).expect("unreadable");
        owner(&data).expect_err("it cannot be read");
    }
}
