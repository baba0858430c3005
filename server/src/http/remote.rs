//! From where a request comes, for counting guesses.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

/// The address of whoever sent a request.
///
/// A connection from this very machine is a reverse proxy's: it says for whom it speaks in `X-Forwarded-For`, and
/// the last address there is the one that it saw itself. Without this, one guesser behind the proxy would keep
/// everybody from acknowledging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote(pub IpAddr);

impl Remote {
    fn new(peer: IpAddr, headers: &HeaderMap) -> Self {
        if !peer.is_loopback() {
            return Self(peer);
        }
        let last =
            headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
        let last = last.and_then(|value| value.rsplit(',').next());
        Self(last.and_then(|address| address.trim().parse().ok()).unwrap_or(peer))
    }
}

impl<S: Sync> FromRequestParts<S> for Remote {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
        Ok(Self::new(peer, &parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let (here, there) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([192, 0, 2, 7]));
        for (peer, forwarded, expected) in [
            (there, None, "192.0.2.7"),
            (there, Some("198.51.100.1"), "192.0.2.7"),
            (here, None, "127.0.0.1"),
            (here, Some("198.51.100.1"), "198.51.100.1"),
            (here, Some("10.0.0.1, 198.51.100.1"), "198.51.100.1"),
            (here, Some("10.0.0.1, 2001:db8::1"), "2001:db8::1"),
            (here, Some("nonsense"), "127.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(forwarded) = forwarded {
                headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
            }
            assert_eq!(Remote::new(peer, &headers).0.to_string(), expected, "{peer} {forwarded:?}");
        }
    }
}
