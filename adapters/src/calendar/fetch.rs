//! A calendar from an address. Such an address is a secret: it stands in no sentence of ours, only its host does.

use std::time::Duration;

use i18n::{Locale, Message as _, calendar as message};

use super::mistake::Mistake;
use super::read::CALENDAR_BYTES_MAX;
use crate::http::{Client, SendError};

/// How long a calendar may take to arrive.
pub const FETCH_TIMEOUT: Duration = Duration::from_secs(30);

/// Why there is no calendar.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// What should be an address is none.
    #[error("not an address of a calendar")]
    NoAddress,
    /// The whole answer did not come.
    #[error("{host}: {error}")]
    Unanswered {
        /// Who was asked.
        host: String,
        /// Why not.
        error: SendError,
    },
    /// The answer is another one.
    #[error("{host}: status {status}")]
    Refused {
        /// Who answered.
        host: String,
        /// With which status.
        status: u16,
    },
    /// What came is larger than a calendar may be.
    #[error(transparent)]
    TooLarge(Mistake),
}

impl FetchError {
    /// The same for people.
    pub fn say(&self, locale: Locale) -> String {
        match self {
            Self::NoAddress => message::AddressInvalid.render(locale),
            Self::Unanswered { host, error } => {
                message::AddressUnreachable { host, why: &error.to_string() }.render(locale)
            }
            Self::Refused { host, status } => {
                message::AddressRefused { host, number: i64::from(*status) }.render(locale)
            }
            Self::TooLarge(mistake) => mistake.say(locale),
        }
    }
}

/// True for what is meant as an address, and not as the name of a file.
pub fn is_address(text: &str) -> bool {
    text.contains("://")
}

/// Gets a calendar from an `http://`, `https://` or `webcal://` address. Follows no redirect.
///
/// # Errors
/// See [`FetchError`].
pub async fn fetch(client: &Client, address: &str) -> Result<Vec<u8>, FetchError> {
    let address = address.trim();
    let address = match address.split_once("://") {
        // What calendar programs call an address that they are to subscribe to.
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("webcal") => format!("https://{rest}"),
        _ => address.to_owned(),
    };
    let url = reqwest::Url::parse(&address).map_err(|_| FetchError::NoAddress)?;
    let host = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https"));
    let host = host.ok_or(FetchError::NoAddress)?.to_owned();
    let got = client.get(url, CALENDAR_BYTES_MAX).await;
    let got = got.map_err(|error| FetchError::Unanswered { host: host.clone(), error })?;
    if got.status != 200 {
        return Err(FetchError::Refused { host, status: got.status });
    }
    got.body.ok_or(FetchError::TooLarge(Mistake::TooLarge))
}
