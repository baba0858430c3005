//! Which addresses may be reached when others than the operators say where: not those of the house's own network.
//!
//! The check is on the address that is then connected to. A name is looked up here, once for each connection, and only
//! what is left of its addresses is handed on: a name whose answer changes between a check and a connection gains
//! nothing. Addresses that stand in a URL as numbers are never looked up, so they are checked before.
//!
//! Source: the registries of special-purpose addresses,
//! <https://www.iana.org/assignments/iana-ipv4-special-registry> and
//! <https://www.iana.org/assignments/iana-ipv6-special-registry>.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Characters of an address of the web. Source: RFC 9110, section 4.1, recommends that 8000 work; common servers and
/// proxies stop at 2048.
pub const URL_CHARS_MAX: usize = 2_048;
/// How many addresses of one name are tried.
const ADDRESSES_MAX: usize = 16;

/// What is special among IPv4 addresses: it is no public host, or the services of a cloud for its own machines.
const SPECIAL_V4: [(Ipv4Addr, u8); 17] = [
    // "This network", private, carriers' NAT, loopback, link-local with the clouds' metadata at 169.254.169.254.
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // Protocol assignments, documentation, 6to4 relays, benchmarks.
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast; reserved, with the broadcast.
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    // Azure's services for its virtual machines. Source:
    // <https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16>.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    // AS112, which answers for private addresses.
    (Ipv4Addr::new(192, 175, 48, 0), 24),
];

/// Where public IPv6 hosts are.
const PUBLIC_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
/// What is special among them: protocol assignments with Teredo, documentation twice, 6to4.
const SPECIAL_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];
/// IPv4 behind a translator: what counts is the address at its end. Source: RFC 6052.
const TRANSLATED: (Ipv6Addr, u8) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

/// What may be reached although it is special.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// A network, such as `10.0.0.0/8`, or one address.
    Network(IpAddr, u8),
    /// A name, wherever it leads.
    Host(String),
}

impl Allowed {
    /// Reads `10.0.0.0/8`, `10.1.2.3`, `fd00::/8` or `chat.example`.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        if let Ok(address) = address.parse::<IpAddr>() {
            let bits = if address.is_ipv4() { 32 } else { 128 };
            let length = match length {
                Some(length) => length.parse().ok().filter(|length| *length <= bits)?,
                None => bits,
            };
            return Some(Self::Network(address, length));
        }
        let is_name = length.is_none()
            && (1..=253).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
        is_name.then(|| Self::Host(text.trim_end_matches('.').to_ascii_lowercase()))
    }
}

/// Why an address is not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// It is no address of the web, or one with a password in it.
    #[error(
        "this is no address that begins with https:// or http:// and has neither a user nor a password in it"
    )]
    Form,
    /// It leads into a network that is not the public one.
    #[error("it leads to a private or reserved network; whoever runs the house can allow that")]
    Special,
}

/// Looks up names.
pub trait Lookup: fmt::Debug + Send + Sync + 'static {
    /// The addresses of a name.
    fn addresses(&self, name: &str) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;
}

/// Asks the system.
#[derive(Clone, Copy, Debug)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn addresses(&self, name: &str) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        let name = name.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// What may be reached, and how names are looked up.
#[derive(Clone, Debug)]
pub struct Reach {
    allowed: Arc<[Allowed]>,
    lookup: Arc<dyn Lookup>,
}

impl Reach {
    /// The public network, and what else is allowed.
    pub fn new(allowed: &[Allowed], lookup: Arc<dyn Lookup>) -> Self {
        Self { allowed: allowed.into(), lookup }
    }

    /// Reads a URL that may be asked for, as far as its text tells.
    ///
    /// # Errors
    /// When it may not.
    pub fn url(&self, text: &str) -> Result<Url, Forbidden> {
        let url = web_address(text).ok_or(Forbidden::Form)?;
        let host = url.host_str().ok_or(Forbidden::Form)?;
        let number = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        match number.parse::<IpAddr>() {
            Ok(address) if !self.permits(address) => Err(Forbidden::Special),
            Ok(_) | Err(_) => Ok(url),
        }
    }

    /// Says whether this address may be reached.
    pub fn permits(&self, address: IpAddr) -> bool {
        let inner = embedded(address);
        is_public(address)
            || self.allowed.iter().any(|allowed| match allowed {
                Allowed::Network(network, length) => {
                    holds(*network, *length, address) || inner.is_some_and(|it| holds(*network, *length, it))
                }
                Allowed::Host(_) => false,
            })
    }

    fn permits_all_of(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.');
        self.allowed
            .iter()
            .any(|allowed| matches!(allowed, Allowed::Host(host) if host.eq_ignore_ascii_case(name)))
    }
}

impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.clone();
        Box::pin(async move {
            let found = reach.lookup.addresses(name.as_str()).await?;
            let was_found = !found.is_empty();
            let any = reach.permits_all_of(name.as_str());
            let kept: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| any || reach.permits(*address))
                .take(ADDRESSES_MAX)
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            if kept.is_empty() && was_found {
                return Err(Forbidden::Special.into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

/// Reads a URL of the web with a host and neither a user, a password nor a fragment; none when it is another one.
pub fn web_address(text: &str) -> Option<Url> {
    // A parser of URLs drops line breaks and blanks: what is to be checked must be what was written.
    if text.chars().count() > URL_CHARS_MAX
        || text.contains(|letter: char| letter.is_control() || letter.is_whitespace())
    {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let has_host = url.host_str().is_some_and(|host| !host.is_empty());
    (matches!(url.scheme(), "http" | "https") && is_plain && has_host).then_some(url)
}

/// True for the address of a public host.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            !SPECIAL_V4.iter().any(|(network, length)| holds((*network).into(), *length, address.into()))
        }
        IpAddr::V6(own) => {
            if holds(TRANSLATED.0.into(), TRANSLATED.1, address) {
                return is_public(low_bits(own).into());
            }
            holds(PUBLIC_V6.0.into(), PUBLIC_V6.1, address)
                && !SPECIAL_V6.iter().any(|(network, length)| holds((*network).into(), *length, address))
        }
    }
}

/// The IPv4 address that an IPv6 address stands for, if it stands for one.
fn embedded(address: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(own) = address else { return None };
    let is_translated = holds(TRANSLATED.0.into(), TRANSLATED.1, address);
    own.to_ipv4_mapped().or_else(|| is_translated.then(|| low_bits(own))).map(IpAddr::from)
}

fn low_bits(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

/// Says whether an address lies in a network.
fn holds(network: IpAddr, length: u8, address: IpAddr) -> bool {
    let differ = match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => u128::from(network.to_bits() ^ address.to_bits()) << 96,
        (IpAddr::V6(network), IpAddr::V6(address)) => network.to_bits() ^ address.to_bits(),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
    };
    differ.leading_zeros() >= length.into()
}

#[cfg(test)]
mod tests;
