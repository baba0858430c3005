//! The token in a page's link.
//!
//! Input, each in a line: an alert, a person, a generation, a token that somebody presents, the house's address, and
//! a text before the link.

use adapters::link::{LinkKey, address};
use adapters::text::Text;
use events::{AlertId, PersonId};

use super::shape;

const KEY: LinkKey = LinkKey::new([7; 32]);
const OTHER_KEY: LinkKey = LinkKey::new([8; 32]);

/// Proves a token, or does not.
pub fn token(mut input: &[u8]) {
    let mut next = || shape::text(&mut input);
    let (alert, person, generation) = (next(), next(), next());
    let alert = alert.parse().unwrap_or_else(|_| events::event::sample::alert());
    let person = person.parse().unwrap_or(PersonId::from_bytes([1; 16]));
    let generation: u32 = generation.parse().unwrap_or(1);
    let (presented, public_url, before) = (next(), next(), next());

    let token = KEY.token(alert, person, generation);
    assert!(KEY.verify(alert, person, generation, &token), "our own token is known");
    assert_eq!(KEY.verify(alert, person, generation, &presented), presented == token, "{presented:?}");
    check_bound(alert, person, generation, &token);

    let link = address(&public_url, alert.code(), &token);
    assert_eq!(link.rsplit_once('#').map(|(_, after)| after), Some(&*token), "a link ends with its token");
    // Addresses with a blank or a `#` are refused where the house's own is configured.
    let is_configurable = !public_url.contains(|letter: char| letter == '#' || letter.is_whitespace());
    if is_configurable && !before.contains(&token) && !public_url.contains(&token) {
        let text = Text { body: format!("{before} {link}"), link: Some(link), ..Text::default() };
        assert!(!text.for_record().contains(&token), "no record holds a token: {:?}", text.for_record());
    }
}

/// A token is nobody else's and opens nothing else.
fn check_bound(alert: AlertId, person: PersonId, generation: u32, token: &str) {
    let other = AlertId { ordinal: alert.ordinal.wrapping_add(1), ..alert };
    assert!(!KEY.verify(other, person, generation, token), "another alert");
    assert!(!KEY.verify(alert, person, generation.wrapping_add(1), token), "another generation");
    assert!(!OTHER_KEY.verify(alert, person, generation, token), "another house");
    let stranger = PersonId::from_bytes([2; 16]);
    assert!(stranger == person || !KEY.verify(alert, stranger, generation, token), "another person");
    for at in 0..token.len() {
        let mut forged = token.to_owned().into_bytes();
        forged[at] ^= 1;
        assert!(!KEY.verify(alert, person, generation, &shape::lossy(&forged)), "changed at {at}");
        assert!(!KEY.verify(alert, person, generation, &token[..at]), "cut at {at}");
    }
}
