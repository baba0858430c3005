//! Tokens: who is let in, and since when nobody is.

use events::event::Language;
use events::event::person::{PersonDefined, PersonEvent};
use events::event::team::{Handovers, TeamDefined, TeamEvent};
use events::{
    Author, Cause, Entry, Event, EventId, KeyOwner, PersonId, Position, Sealed, StreamId, TokenId, Version,
};

use super::*;
use crate::directory::key_sha256;

const NOW: Timestamp = Timestamp::from_micros(1_795_317_000_000_000);
const ANNA: PersonId = PersonId::from_bytes([1; 16]);
const SECRET: &str = "hotpotato_0123456789";

fn token() -> TokenId {
    TokenId::from_bytes([7; 5])
}

/// A directory in which this happened, one thing after the other.
#[derive(Default)]
struct House {
    directory: Directory,
    position: u64,
}

impl House {
    /// Anna lives here, and there is a team.
    fn new() -> Self {
        let mut house = Self::default();
        let sealed = |text: &str| Sealed::new(KeyOwner::Person(ANNA), text.to_owned());
        let anna = PersonDefined {
            slug: sealed("anna"),
            name: sealed("Anna Rossi"),
            language: Language::It,
            time_zone: "Europe/Rome".into(),
            contacts: [].into(),
            ladder: Vec::new(),
        };
        house.happened(&ANNA.stream(), PersonEvent::Defined(anna));
        let team = TeamDefined {
            name: "Sysadmins".into(),
            members: vec![ANNA],
            time_zone: None,
            handovers: Handovers::Silent,
            lead: None,
            test_pages: None,
        };
        house.happened(&"team-sysadmin".into(), TeamEvent::Defined(team));
        house
    }

    fn happened(&mut self, stream: &StreamId, event: impl Into<Event>) {
        self.position += 1;
        self.take(stream, event, self.position);
    }

    fn take(&mut self, stream: &StreamId, event: impl Into<Event>, position: u64) {
        self.directory.apply(&Entry {
            position: Position::from_raw(position),
            stream: stream.clone(),
            version: Version(1),
            id: EventId([0; 16]),
            at: NOW,
            by: Author::Token("owner".into()),
            cause: Cause::Deadline,
            directory: Position::START,
            event: event.into(),
        });
    }

    fn issue(&mut self, issued: TokenIssued) {
        self.happened(&token().stream(), TokenEvent::Issued(issued));
    }

    /// What the secret allows so long after it was issued.
    fn rights_after(&self, span: Span) -> Result<Rights, Void> {
        let (id, known) = self.directory.tokens().with_secret(SECRET).expect("it is known");
        assert_eq!((id, &known.by), (token(), &Some(Author::Token("owner".into()))));
        known.state.rights(&self.directory, NOW + span)
    }
}

fn labelled(label: &str) -> TokenIssued {
    TokenIssued {
        secret_sha256: key_sha256(SECRET),
        role: Role::Respond,
        label: Sealed::new(KeyOwner::Token(token()), label.to_owned()),
        person: None,
        expires_at: None,
    }
}

fn issued() -> TokenIssued {
    labelled("the wall display")
}

fn refused(issued: TokenIssued) -> TokenRefusal {
    let command = TokenCommand::Issue(issued);
    Token::default().decide(&command, &House::new().directory, NOW).expect_err("refused")
}

#[test]
fn a_token_is_issued_once_and_revoked_once() {
    let directory = House::new().directory;
    let mut token = Token::default();
    assert_eq!(token.decide(&TokenCommand::Revoke, &directory, NOW), Err(TokenRefusal::Unissued));
    let issue = TokenCommand::Issue(issued());
    let events = token.decide(&issue, &directory, NOW).expect("no refusal");
    assert_eq!(events, [TokenEvent::Issued(issued())]);
    token.evolve(&events[0], NOW);
    assert_eq!(token.decide(&issue, &directory, NOW), Err(TokenRefusal::Taken));
    assert_eq!(token.decide(&TokenCommand::Revoke, &directory, NOW), Ok(vec![TokenEvent::Revoked]));
    token.evolve(&TokenEvent::Revoked, NOW);
    assert_eq!(token.decide(&TokenCommand::Revoke, &directory, NOW), Err(TokenRefusal::Revoked));
    assert_eq!(token.decide(&issue, &directory, NOW), Err(TokenRefusal::Taken), "a name is never used again");
}

#[test]
fn what_would_let_nobody_in_or_the_wrong_one_is_refused() {
    assert_eq!(refused(labelled("  ")), TokenRefusal::LabelEmpty);
    assert_eq!(refused(labelled(&"ü".repeat(LABEL_CHARS_MAX + 1))), TokenRefusal::LabelTooLong);
    assert_eq!(refused(labelled("two\nlines")), TokenRefusal::LabelUnprintable);
    let stranger = TokenIssued { person: Some(PersonId::from_bytes([9; 16])), ..issued() };
    assert_eq!(refused(stranger), TokenRefusal::UnknownPerson);
    let nowhere = TokenIssued { role: Role::Team("network".into()), ..issued() };
    assert_eq!(refused(nowhere), TokenRefusal::UnknownTeam("network".into()));
    assert_eq!(
        refused(TokenIssued { expires_at: Some(NOW), ..issued() }),
        TokenRefusal::Expired { expires_at: NOW }
    );
    let late = TokenIssued { expires_at: Some(NOW + LIFETIME_MAX + Span::from_seconds(1)), ..issued() };
    assert_eq!(refused(late), TokenRefusal::LifetimeTooLong);

    let house = House::new();
    let longest = TokenIssued {
        role: Role::Team("sysadmin".into()),
        person: Some(ANNA),
        expires_at: Some(NOW + LIFETIME_MAX),
        ..labelled(&"ü".repeat(LABEL_CHARS_MAX))
    };
    Token::default().decide(&TokenCommand::Issue(longest), &house.directory, NOW).expect("no refusal");
}

#[test]
fn there_are_only_so_many_that_let_somebody_in() {
    let mut house = House::new();
    for number in 0..u64::try_from(TOKENS_MAX).expect("few") {
        let bytes = number.to_be_bytes();
        let id = TokenId::from_bytes(std::array::from_fn(|at| bytes[at + 3]));
        house.happened(&id.stream(), TokenEvent::Issued(issued()));
    }
    let one_more = TokenCommand::Issue(issued());
    let decide = |house: &House| Token::default().decide(&one_more, &house.directory, NOW);
    assert_eq!(decide(&house), Err(TokenRefusal::TooMany));
    house.happened(&TokenId::from_bytes([0; 5]).stream(), TokenEvent::Revoked);
    decide(&house).expect("there is room again");
}

#[test]
fn a_secret_lets_in_until_it_is_revoked() {
    let mut house = House::new();
    assert!(house.directory.tokens().with_secret(SECRET).is_none());
    house.issue(TokenIssued { person: Some(ANNA), ..issued() });
    let rights = Rights { role: Role::Respond, person: Some(ANNA) };
    assert_eq!(house.rights_after(Span::ZERO), Ok(rights));
    assert!(house.directory.tokens().with_secret("hotpotato_guess").is_none());
    house.happened(&token().stream(), TokenEvent::Revoked);
    assert_eq!(house.rights_after(Span::ZERO), Err(Void::Revoked { at: NOW }));
}

#[test]
fn a_secret_lets_in_until_it_expires() {
    let mut house = House::new();
    let day = Span::from_seconds(86_400);
    house.issue(TokenIssued { expires_at: Some(NOW + day), ..issued() });
    assert!(house.rights_after(Span::from_seconds(86_399)).is_ok());
    assert_eq!(house.rights_after(day), Err(Void::Expired { at: NOW + day }));
}

#[test]
fn a_secret_of_somebody_who_has_left_lets_nobody_in() {
    let mut house = House::new();
    house.issue(TokenIssued { person: Some(ANNA), ..issued() });
    house.happened(&ANNA.stream(), PersonEvent::Removed);
    assert_eq!(house.rights_after(Span::ZERO), Err(Void::PersonGone));
}

#[test]
fn a_record_that_was_taken_already_changes_nothing() {
    let mut house = House::new();
    house.issue(issued());
    let issued_at = house.position;
    house.happened(&token().stream(), TokenEvent::Revoked);
    house.take(
        &token().stream(),
        TokenEvent::Issued(TokenIssued { role: Role::Owner, ..issued() }),
        issued_at,
    );
    let known = house.directory.tokens().get(token()).expect("it is known");
    assert_eq!(known.state.issued().map(|issued| &issued.role), Some(&Role::Respond));
    assert_eq!(known.state.revoked_at(), Some(NOW));
}

#[test]
fn a_token_is_called_by_what_it_is_for() {
    let mut house = House::new();
    house.issue(issued());
    let called = |name: &str| house.directory.tokens().called(name);
    assert_eq!(called(&token().to_string()), format!("the wall display ({})", token()));
    assert_eq!(called("owner"), "owner");
    assert_eq!(called("00000000"), "00000000");
    house.take(&token().stream(), TokenEvent::Issued(TokenIssued { label: Sealed::Shut, ..issued() }), 99);
    assert_eq!(house.directory.tokens().called(&token().to_string()), token().to_string());
}
