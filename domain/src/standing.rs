//! How a person's contact methods stand: which have proved that they reach the person, and which are broken.
//!
//! ```text
//!              a failure too many                 a proof
//! unproved ───────────────────────► broken ────────────────► proved
//!     │                               ▲                        │
//!     │ a proof                       └────────────────────────┘
//!     └───────► proved                     a failure too many
//! ```
//!
//! A standing belongs to an address: a contact method that gets another one begins anew.

use std::collections::BTreeMap;

use events::event::contact::{CodeSent, ContactEvent, Failure, Method, Proof};
use events::event::outcome::Reason;
use events::event::person::{ChannelKind, ContactMethod, PersonDefined};
use events::{AlertId, ContactId, KeyOwner, PersonId, Sealed, Span, StreamId, Timestamp};

use crate::aggregate::Aggregate;
use crate::directory::{Directory, stream_of};

#[cfg(test)]
mod tests;

/// So many failures in a row break a contact method.
pub const FAILURES_MAX: usize = 3;
/// Of these, one alert counts for no more: a phone that is off for an hour is not broken.
pub const FAILURES_PER_ALERT_MAX: usize = 2;
/// A failure counts for so long.
pub const FAILURES_WITHIN: Span = Span::from_seconds(7 * 86_400);
/// That a contact method still works is written down no more often.
pub const PROOF_EVERY: Span = Span::from_seconds(86_400);
/// A proof is recent for so long.
pub const PROVED_WITHIN: Span = Span::from_seconds(90 * 86_400);
/// A code counts for so long.
pub const CODE_LASTS: Span = Span::from_minutes(10);
/// A code has so many digits.
pub const CODE_DIGITS: usize = 6;
/// After so many mistakes a code is worth nothing: five guesses of a million.
pub const CODE_TRIES_MAX: u32 = 5;
/// No more codes are sent over one contact method within [`CODES_WITHIN`]: nobody is to be pestered.
pub const CODES_MAX: usize = 3;
/// Codes are counted over so long.
pub const CODES_WITHIN: Span = Span::from_minutes(60);

/// All contact methods of one person, as their history tells them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    known: BTreeMap<ContactId, Standing>,
}

/// How one contact method stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    method: Method,
    verified_at: Option<Timestamp>,
    proved: Option<(Timestamp, Proof)>,
    failures: Vec<(Timestamp, AlertId)>,
    broken: Option<Broken>,
    unanswered_at: Option<Timestamp>,
    code: Option<Code>,
    codes_sent: Vec<Timestamp>,
}

/// Since when a contact method does not work, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Since when.
    pub since: Timestamp,
    /// Why, the last time.
    pub why: Failure,
    /// After so many failures in a row.
    pub failures: u32,
}

/// A code that was sent and has not come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// When it was sent.
    pub sent_at: Timestamp,
    /// The code.
    pub code: Sealed<String>,
    /// Until when it counts.
    pub expires_at: Timestamp,
    /// How many mistakes were made.
    pub mistakes: u32,
}

/// What was seen of a contact method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Whose it is.
    pub person: PersonId,
    /// Which.
    pub method: Method,
    /// What.
    pub sign: Sign,
    /// In which alert.
    pub alert: AlertId,
}

/// Whether a contact method works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It does.
    Works(Proof),
    /// It does not.
    Fails(Failure),
    /// A test page over it was answered by nobody in time.
    Unanswered,
}

/// What can be asked of somebody's contact methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactCommand {
    /// Take in what was seen.
    See(Box<Seen>),
    /// Send a code over one.
    SendCode {
        /// Whose.
        person: PersonId,
        /// Which.
        contact: ContactId,
        /// The code: [`CODE_DIGITS`] digits, drawn at random.
        code: String,
    },
    /// Here is the code. A wrong one is written down and is no refusal: whether it was right shows in the standing.
    Confirm {
        /// Whose.
        person: PersonId,
        /// Which.
        contact: ContactId,
        /// The code, as it was typed.
        code: String,
    },
}

/// Why a contact method is not verified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContactRefusal {
    /// There is no such person or no such contact method, or its address cannot be read any more.
    #[error(
        "there is no such contact method: `hotpotato contact list` shows them; new ones are written into the configuration"
    )]
    Unknown,
    /// Too many codes were sent over it.
    #[error(
        "{CODES_MAX} codes were sent over this contact method within an hour: wait until {again}, and see with `hotpotato contact list` why they do not arrive"
    )]
    TooManyCodes {
        /// When another one can be sent.
        again: Timestamp,
    },
    /// No code counts.
    #[error(
        "no code is awaited for this contact method: it is older than ten minutes, was used, or none was sent. Have another sent with `hotpotato contact verify`"
    )]
    NoCode,
    /// Too many codes were wrong.
    #[error(
        "this code was mistaken {CODE_TRIES_MAX} times and counts no more: have another sent with `hotpotato contact verify`"
    )]
    TooManyMistakes,
}

impl Contacts {
    /// The history of a person's contact methods.
    pub fn stream(person: PersonId) -> StreamId {
        stream_of("contact", &person.to_string())
    }

    /// How one of them stands, at whatever address it had last.
    pub fn of(&self, contact: &ContactId) -> Option<&Standing> {
        self.known.get(contact)
    }

    fn method(&mut self, method: &Method) -> &mut Standing {
        let fresh = || Standing::new(method.clone());
        let standing = self.known.entry(method.contact.clone()).or_insert_with(fresh);
        if !same(&standing.method, method) {
            *standing = fresh();
        }
        standing
    }
}

impl Standing {
    const fn new(method: Method) -> Self {
        Self {
            method,
            verified_at: None,
            proved: None,
            failures: Vec::new(),
            broken: None,
            unanswered_at: None,
            code: None,
            codes_sent: Vec::new(),
        }
    }

    /// When the person first showed that it reaches them: by its code, or by acknowledging what came over it.
    pub const fn verified_at(&self) -> Option<Timestamp> {
        self.verified_at
    }

    /// When it last showed that it works, and how.
    pub const fn proved(&self) -> Option<(Timestamp, Proof)> {
        self.proved
    }

    /// Since when it does not work.
    pub const fn broken(&self) -> Option<Broken> {
        self.broken
    }

    /// Since when a test page over it is unanswered.
    pub const fn unanswered_at(&self) -> Option<Timestamp> {
        self.unanswered_at
    }

    /// The code that is awaited, unless it counts no more.
    pub fn code(&self, now: Timestamp) -> Option<&Code> {
        self.code.as_ref().filter(|code| now < code.expires_at)
    }

    /// When each failure was that counts.
    pub fn failures(&self) -> impl Iterator<Item = Timestamp> {
        self.failures.iter().map(|(at, _)| *at)
    }

    /// Until when it counts as proved: it was verified, works, and showed so lately. None when it does not count.
    pub fn counts_until(&self) -> Option<Timestamp> {
        let (proved_at, _) = self.proved.filter(|_| self.verified_at.is_some() && self.broken.is_none())?;
        Some(proved_at + PROVED_WITHIN)
    }

    /// True when it is about this very address.
    pub fn is_of(&self, defined: &ContactMethod) -> bool {
        self.method.channel == defined.channel && self.method.address.open() == defined.address.open()
    }

    /// What follows from something that was seen of it.
    fn taking(&self, seen: &Seen, now: Timestamp) -> Vec<ContactEvent> {
        let method = || seen.method.clone();
        match seen.sign {
            Sign::Works(by) => {
                let mended =
                    self.broken.map(|_| ContactEvent::Mended { contact: seen.method.contact.clone() });
                let is_lately = self.proved.is_some_and(|(at, _)| now < at + PROOF_EVERY && at <= now);
                let answers = self.verified_at.is_none() || self.unanswered_at.is_some();
                let verifies = by != Proof::Delivered && answers;
                if is_lately && mended.is_none() && self.failures.is_empty() && !verifies {
                    return Vec::new();
                }
                [ContactEvent::Proved { method: method(), by }].into_iter().chain(mended).collect()
            }
            Sign::Fails(why) => {
                let weight = weight(why, seen.method.channel);
                let counted = || self.failures.iter().filter(|(at, _)| now < *at + FAILURES_WITHIN);
                let of_alert = counted().filter(|(_, alert)| *alert == seen.alert).count();
                let is_enough = of_alert >= FAILURES_PER_ALERT_MAX && weight == Weight::One;
                if self.broken.is_some() || weight == Weight::Nothing || is_enough {
                    return Vec::new();
                }
                let failed = ContactEvent::Failed { method: method(), why, alert: seen.alert };
                let count = counted().count() + 1;
                let breaks = weight == Weight::All || count >= FAILURES_MAX;
                let failures = u32::try_from(count).unwrap_or(u32::MAX);
                let broke = breaks.then(|| ContactEvent::Broke { method: method(), why, failures });
                [failed].into_iter().chain(broke).collect()
            }
            // It is told once, until something is answered. What is broken is told anyway.
            Sign::Unanswered if self.unanswered_at.is_some() || self.broken.is_some() => Vec::new(),
            Sign::Unanswered => vec![ContactEvent::Unanswered { method: method(), alert: seen.alert }],
        }
    }
}

/// How much a failure says against a contact method.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Nothing,
    One,
    All,
}

/// What is its provider's fault, or ours, says nothing against a contact method; nor does a call that nobody took.
fn weight(why: Failure, channel: ChannelKind) -> Weight {
    match why {
        Failure::Refused(Reason::UnknownAddress) => Weight::All,
        Failure::Refused(
            Reason::Unauthorized
            | Reason::NoChannel
            | Reason::Connection
            | Reason::Timeout
            | Reason::Throttled
            | Reason::ProviderFault
            | Reason::Nonsense
            | Reason::Expired
            | Reason::BreakerOpen
            | Reason::Interrupted,
        ) => Weight::Nothing,
        Failure::Undelivered if channel == ChannelKind::VOICE => Weight::Nothing,
        Failure::Undelivered | Failure::Refused(Reason::Rejected) => Weight::One,
    }
}

/// What follows from something that was seen, as the directory knows its contact method. Nothing when the address is
/// not the person's any more.
fn following(directory: &Directory, seen: &Seen, now: Timestamp) -> Vec<ContactEvent> {
    let defined = directory.people().get(&seen.person);
    let defined = defined.and_then(|person| person.contacts.get(&seen.method.contact));
    let fresh = Standing::new(seen.method.clone());
    if !defined.is_some_and(|defined| fresh.is_of(defined) && defined.address.open().is_some()) {
        return Vec::new();
    }
    directory.standing(seen.person, &seen.method.contact).unwrap_or(&fresh).taking(seen, now)
}

/// True when something that was seen is worth writing down.
pub fn is_news(directory: &Directory, seen: &Seen, now: Timestamp) -> bool {
    !following(directory, seen, now).is_empty()
}

fn method_of(directory: &Directory, person: PersonId, contact: &ContactId) -> Result<Method, ContactRefusal> {
    let defined = directory.people().get(&person).and_then(|person| person.contacts.get(contact));
    let address = defined.and_then(|defined| defined.address.open());
    let (defined, address) = defined.zip(address).ok_or(ContactRefusal::Unknown)?;
    let address = Sealed::new(KeyOwner::Person(person), address.clone());
    Ok(Method { contact: contact.clone(), channel: defined.channel, address })
}

fn same(one: &Method, other: &Method) -> bool {
    one.channel == other.channel && one.address.open() == other.address.open()
}

impl Aggregate for Contacts {
    type Command = ContactCommand;
    type Event = ContactEvent;
    type Refusal = ContactRefusal;

    fn decide(
        &self,
        command: &ContactCommand,
        directory: &Directory,
        now: Timestamp,
    ) -> Result<Vec<ContactEvent>, ContactRefusal> {
        match command {
            ContactCommand::See(seen) => Ok(following(directory, seen, now)),
            ContactCommand::SendCode { person, contact, code } => {
                let method = method_of(directory, *person, contact)?;
                let sent = self.of(contact).map_or(&[][..], |standing| &standing.codes_sent);
                let lately: Vec<Timestamp> =
                    sent.iter().copied().filter(|&at| now < at + CODES_WITHIN).collect();
                if lately.len() >= CODES_MAX {
                    let again = lately.first().map_or(now, |&first| first + CODES_WITHIN);
                    return Err(ContactRefusal::TooManyCodes { again });
                }
                let code = Sealed::new(KeyOwner::Person(*person), code.clone());
                Ok(vec![ContactEvent::CodeSent(CodeSent { method, code, expires_at: now + CODE_LASTS })])
            }
            ContactCommand::Confirm { person, contact, code } => {
                let method = method_of(directory, *person, contact)?;
                let standing = self.of(contact).filter(|standing| same(&standing.method, &method));
                let standing = standing.ok_or(ContactRefusal::NoCode)?;
                let awaited = standing.code(now).ok_or(ContactRefusal::NoCode)?;
                if awaited.mistakes >= CODE_TRIES_MAX {
                    return Err(ContactRefusal::TooManyMistakes);
                }
                if awaited.code.open() != Some(code) {
                    return Ok(vec![ContactEvent::CodeMistaken { contact: contact.clone() }]);
                }
                let mended = standing.broken.map(|_| ContactEvent::Mended { contact: contact.clone() });
                let proved = ContactEvent::Proved { method, by: Proof::Verified };
                Ok([proved].into_iter().chain(mended).collect())
            }
        }
    }

    fn evolve(&mut self, event: &ContactEvent, at: Timestamp) {
        match event {
            ContactEvent::CodeSent(CodeSent { method, code, expires_at }) => {
                let standing = self.method(method);
                standing.codes_sent.retain(|&sent| at < sent + CODES_WITHIN);
                standing.codes_sent.push(at);
                let code = code.clone();
                standing.code = Some(Code { sent_at: at, code, expires_at: *expires_at, mistakes: 0 });
            }
            ContactEvent::CodeMistaken { contact } => {
                let standing = self.known.get_mut(contact);
                if let Some(code) = standing.and_then(|standing| standing.code.as_mut()) {
                    code.mistakes += 1;
                }
            }
            ContactEvent::Proved { method, by } => {
                let standing = self.method(method);
                standing.proved = Some((at, *by));
                standing.failures.clear();
                if *by != Proof::Delivered {
                    standing.verified_at.get_or_insert(at);
                    standing.unanswered_at = None;
                }
                if *by == Proof::Verified {
                    standing.code = None;
                }
            }
            ContactEvent::Failed { method, alert, .. } => {
                let failures = &mut self.method(method).failures;
                failures.retain(|(failed, _)| at < *failed + FAILURES_WITHIN);
                failures.push((at, *alert));
            }
            ContactEvent::Broke { method, why, failures } => {
                let broken = Broken { since: at, why: *why, failures: *failures };
                self.method(method).broken = Some(broken);
            }
            ContactEvent::Mended { contact } => {
                if let Some(standing) = self.known.get_mut(contact) {
                    standing.broken = None;
                }
            }
            ContactEvent::Unanswered { method, .. } => self.method(method).unanswered_at = Some(at),
        }
    }
}

/// Whether a person can be reached by another rung of their ladder than by this contact method, one that works.
pub fn has_another_way(
    directory: &Directory,
    person: PersonId,
    defined: &PersonDefined,
    contact: &ContactId,
) -> bool {
    defined.ladder.iter().any(|rung| {
        let method = defined.contacts.get(&rung.contact);
        rung.contact != *contact
            && method.is_some_and(|method| method.address.open().is_some())
            && !directory.is_broken(person, &rung.contact)
    })
}
