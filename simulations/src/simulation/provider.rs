//! The companies behind the channels, as the house's own encoders and readers of answers meet them: what they are
//! asked, what they answer, what arrives at people, and a ledger of all of it, which is what the house is judged by.

use std::collections::BTreeMap;

use actors::channel::report::is_unspent;
use actors::channel::{ChannelSettings, Pace};
use adapters::boot::pace::usual;
use adapters::channel::pushover::{self, PushoverConfig};
use adapters::channel::snpp::dialogue::Step;
use adapters::channel::snpp::{self, SnppConfig};
use adapters::channel::twilio::{self, Sender, TwilioConfig};
use adapters::channel::{Secret, TIMEOUT_DEFAULT};
use adapters::http::{Request, Response, SendError};
use adapters::line::Line;
use adapters::link::{LinkKey, Links};
use adapters::text::Text;
use domain::port::{Dispatch, Errand, News, Report};
use events::event::outcome::{Outcome, Reason};
use events::event::person::ChannelKind;
use events::event::signal::Severity;
use events::{AttemptId, Span, Timestamp};

use super::agenda::Moment;
use super::chance::Chance;
use super::fault::{Fault, Faults};
use super::household::furnish;

/// The channels, in the order of their numbers. The last one is there only where one may be unplugged, or may
/// deliver nothing.
const CHANNELS: [(&str, ChannelKind); 4] = [
    ("pushover", ChannelKind::PUSHOVER),
    ("sms", ChannelKind::SMS),
    ("pager", ChannelKind::PAGER),
    ("sms-b", ChannelKind::SMS),
];

/// The providers of texts promise a report within this.
pub const REPORTS_WITHIN: Span = Span::from_seconds(90);

/// How the provider takes one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Takes,
    Refuses,
    Fails { taken: bool },
    Hangs { taken: bool },
    Throttles,
    Cuts { taken: bool },
    Unreachable,
    TalksNonsense { taken: bool },
    Swallows,
}

/// How a provider is unplugged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plug {
    /// It answers nothing.
    Hangs,
    /// Nobody is there.
    Unreachable,
    /// It says that it took everything, and nothing arrives.
    Swallows,
}

/// The provider whose plug is pulled in a simulation.
#[derive(Clone, Debug)]
pub struct Unplugged {
    /// The channel's number.
    channel: usize,
    how: Plug,
    /// All others work, whatever else goes wrong.
    others_are_sound: bool,
    /// It is the only one that does not always work.
    is_only_fault: bool,
    /// Until when it is unplugged.
    until: Moment,
}

impl Unplugged {
    fn of(seed: u64, faults: Faults) -> Self {
        let mut chance = Chance::of(seed, "unplugged");
        let others_are_sound = chance.happens(500);
        let are_sound = others_are_sound || Fault::OF_PROVIDERS.iter().all(|&fault| !faults.has(fault));
        Self {
            channel: chance.place(CHANNELS.len()),
            how: chance.pick(&[Plug::Hangs, Plug::Unreachable, Plug::Swallows]),
            others_are_sound,
            is_only_fault: are_sound
                && faults.has(Fault::AProviderIsUnplugged)
                && !faults.has(Fault::AProviderDeliversNothing),
            until: Moment::default(),
        }
    }

    /// The channel's name.
    pub fn name(&self) -> &'static str {
        CHANNELS[self.channel].0
    }
}

/// The provider of texts that delivers nothing in a simulation.
#[derive(Clone, Debug)]
struct Mute {
    /// The channel's number.
    channel: usize,
    /// It reports what it did not deliver; else it reports nothing.
    says: bool,
    /// Until when.
    until: Moment,
}

impl Mute {
    fn of(seed: u64) -> Self {
        let mut chance = Chance::of(seed, "mute");
        Self { channel: chance.pick(&[1, 3]), says: chance.happens(500), until: Moment::default() }
    }
}

/// One call, as the provider saw it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "five answers to five questions, any of which may be yes")]
pub struct Call {
    /// When.
    pub moment: Moment,
    /// What the house's clock said then.
    pub at: Timestamp,
    /// For which attempt.
    pub attempt: AttemptId,
    /// What else goes out in it.
    pub with: Vec<AttemptId>,
    /// Over which kind of channel.
    pub channel: ChannelKind,
    /// To which address; empty for a recall.
    pub address: String,
    /// What it says; none for a recall.
    pub text: Option<String>,
    /// It stops something that rings.
    pub is_recall: bool,
    /// It says that it is a repeat.
    pub is_repeat: bool,
    /// Another provider could have been tried first.
    pub has_alternative: bool,
    /// To which provider.
    pub provider: &'static str,
    /// It reaches the person, or stops what rings.
    pub is_taken: bool,
    /// The provider said yes to it.
    pub is_granted: bool,
    /// The house is told that it was not sent.
    pub is_unspent: bool,
}

/// What follows from one call.
#[derive(Debug)]
pub struct Handled {
    /// What the channel makes of the answer, and after how long.
    pub report: (Span, Report),
    /// After how long it arrives at the person, if it does.
    pub arrives: Option<Span>,
    /// What is reported later, and after how long.
    pub statuses: Vec<(Span, &'static str)>,
}

/// Something that rings until it is stopped.
#[derive(Clone, Debug)]
pub struct Ringing {
    /// Which attempt set it ringing.
    pub attempt: AttemptId,
    receipt: String,
    /// Until when.
    pub until: Moment,
    /// What the house thinks that this is, by its clock.
    pub until_at: Timestamp,
    /// When it was stopped.
    pub stopped: Option<Moment>,
    /// When somebody acknowledged it in the app.
    pub tapped: Option<Moment>,
}

/// All of them.
#[derive(Debug)]
pub struct Providers {
    chance: Chance,
    /// For what they answer when they are asked about what rings.
    question_chance: Chance,
    faults: Faults,
    /// What could go wrong until everything worked.
    drawn: Faults,
    /// Whose provider does not know it: the address of [`Fault::AContactIsDead`].
    dead: Option<(ChannelKind, String)>,
    pushover: PushoverConfig,
    twilio: TwilioConfig,
    snpp: SnppConfig,
    links: Links,
    unplugged: Unplugged,
    mute: Mute,
    /// The ledger: every call, in order.
    pub calls: Vec<Call>,
    /// What rings, or rang, by attempt.
    pub ringing: BTreeMap<AttemptId, Ringing>,
}

impl Providers {
    /// The providers of a seed.
    pub fn new(seed: u64, faults: Faults) -> Self {
        let secret = || Secret::new("simulated");
        Self {
            chance: Chance::of(seed, "providers"),
            question_chance: Chance::of(seed, "questions"),
            faults,
            drawn: faults,
            dead: dead_contact(seed),
            pushover: PushoverConfig::new(secret()),
            twilio: TwilioConfig::new("AC0", secret(), Sender::From("+4930555".to_owned())),
            snpp: SnppConfig::new("pager.example:444"),
            links: Links { public_url: "https://pager.example".to_owned(), key: LinkKey::new([7; 32]) },
            unplugged: Unplugged::of(seed, faults),
            mute: Mute::of(seed),
            calls: Vec::new(),
            ringing: BTreeMap::new(),
        }
    }

    /// How the channels are used: as the server sets them up when nothing else is configured.
    pub fn settings(&self) -> Vec<ChannelSettings> {
        let timeout = Span::from_millis(u64::try_from(TIMEOUT_DEFAULT.as_millis()).unwrap_or(u64::MAX));
        let has_second =
            self.drawn.has(Fault::AProviderIsUnplugged) || self.drawn.has(Fault::AProviderDeliversNothing);
        let settings = |&(id, kind): &(&str, ChannelKind)| {
            let (rate, connections) = match kind {
                ChannelKind::PUSHOVER => (self.pushover.rate, pushover::CONNECTIONS_MAX),
                ChannelKind::SMS => (self.twilio.rate, twilio::CONNECTIONS_MAX),
                _ => (self.snpp.rate, snpp::CONNECTIONS_MAX),
            };
            ChannelSettings {
                id: id.into(),
                kind,
                per_second: rate.per_second,
                burst: rate.burst,
                concurrent_max: u32::try_from(connections).unwrap_or(1),
                timeout,
                reports_within: Some(REPORTS_WITHIN).filter(|_| has_second && kind == ChannelKind::SMS),
                pace: Pace::new(&usual(kind)),
            }
        };
        let count = if has_second { CHANNELS.len() } else { CHANNELS.len() - 1 };
        CHANNELS[..count].iter().map(settings).collect()
    }

    /// Somebody pulls the plug of one provider.
    pub fn unplug(&mut self, until: Moment) -> &'static str {
        self.unplugged.until = self.unplugged.until.max(until);
        self.unplugged.name()
    }

    /// One provider of texts delivers nothing of what it takes.
    pub fn mute(&mut self, until: Moment) -> &'static str {
        self.mute.until = self.mute.until.max(until);
        CHANNELS[self.mute.channel].0
    }

    /// The contact that no provider knows, where there is one.
    pub fn dead(&self) -> Option<&(ChannelKind, String)> {
        self.dead.as_ref().filter(|_| self.drawn.has(Fault::AContactIsDead))
    }

    /// The provider whose plug may be pulled, when all others work all the time: whoever can be reached over another
    /// one is reached.
    pub fn only_fault(&self) -> Option<&'static str> {
        self.unplugged.is_only_fault.then(|| self.unplugged.name())
    }

    /// From now on every provider works.
    pub fn calm_down(&mut self) {
        self.faults = Faults::NONE;
    }

    /// Takes one call of the house over one of its channels and answers it.
    pub fn call(&mut self, channel: usize, dispatch: &Dispatch, at: Timestamp, moment: Moment) -> Handled {
        let drawn = self.mood_of(channel, moment);
        let is_dead = self.is_dead(dispatch);
        let mood = if is_dead { Mood::Refuses } else { drawn };
        let is_mute = mood == Mood::Swallows && self.is_mute(channel, moment);
        let is_taken = match mood {
            Mood::Takes => true,
            Mood::Refuses | Mood::Throttles | Mood::Unreachable | Mood::Swallows => false,
            Mood::Fails { taken }
            | Mood::Hangs { taken }
            | Mood::Cuts { taken }
            | Mood::TalksNonsense { taken } => taken,
        };
        let (report, text) = match dispatch.channel {
            ChannelKind::PUSHOVER => self.push(dispatch, mood, at, is_unknown(dispatch, is_dead)),
            ChannelKind::SMS => self.text(dispatch, mood, is_unknown(dispatch, is_dead)),
            _ => self.page(dispatch, mood),
        };
        let wait = match mood {
            Mood::Hangs { .. } => Span::from_seconds(10),
            _ => latency(&mut self.chance, self.faults),
        };
        let is_recall = matches!(dispatch.errand, Errand::Recall { .. });
        self.calls.push(Call {
            moment,
            at,
            attempt: dispatch.attempt,
            with: dispatch.with.iter().map(|with| with.attempt).collect(),
            channel: dispatch.channel,
            address: if is_recall { String::new() } else { dispatch.address.clone() },
            text: text.map(|text| format!("{}\n{}", text.title, text.body)),
            is_recall,
            is_repeat: matches!(&dispatch.errand, Errand::Page(notice) if notice.repeat),
            has_alternative: dispatch.has_alternative,
            provider: CHANNELS.get(channel).map(|(name, _)| *name).unwrap_or_default(),
            is_taken,
            is_granted: matches!(mood, Mood::Takes | Mood::Swallows),
            is_unspent: is_unspent(&report.outcome),
        });
        if is_taken {
            self.ring(dispatch, &report, at, moment);
        }
        let arrives = (is_taken && !is_recall).then(|| self.chance.tail(Span::from_seconds(4)));
        let statuses = if is_taken && dispatch.channel == ChannelKind::SMS && !is_recall {
            self.statuses()
        } else if is_mute && self.mute.says && !is_recall {
            vec![(self.chance.span(Span::from_seconds(1), Span::from_seconds(20)), "undelivered")]
        } else {
            Vec::new()
        };
        Handled { report: (wait, report), arrives, statuses }
    }

    /// Somebody acknowledges in the app what this attempt set ringing: it rings no more, and the receipt says so.
    /// The receipt; none when nothing rings.
    pub fn tap(&mut self, attempt: AttemptId, moment: Moment) -> Option<String> {
        let rings = |ringing: &&mut Ringing| ringing.stopped.is_none() && ringing.until > moment;
        let ringing = self.ringing.get_mut(&attempt).filter(rings)?;
        ringing.stopped = Some(moment);
        ringing.tapped = Some(moment);
        Some(ringing.receipt.clone())
    }

    /// Answers what became of what rings under this receipt, and after how long.
    pub fn ask(&mut self, asked: &str, moment: Moment) -> (Span, Option<News>) {
        let mood = mood(&mut self.question_chance, self.faults);
        let wait = match mood {
            Mood::Hangs { .. } => Span::from_seconds(10),
            _ => latency(&mut self.question_chance, self.faults),
        };
        let ringing = self.ringing.values().find(|ringing| ringing.receipt == asked);
        let granted = ringing.map_or_else(String::new, |ringing| {
            let tapped = u8::from(ringing.tapped.is_some());
            let expired = u8::from(ringing.until <= moment || ringing.stopped.is_some() && tapped == 0);
            format!(
                r#"{{"status":1,"acknowledged":{tapped},"acknowledged_by_device":"phone","last_delivered_at":1,"expired":{expired}}}"#
            )
        });
        let answer = http_answer(mood, &granted, (400, r#"{"status":0,"token":"invalid"}"#));
        (wait, pushover::receipt::conclude(&self.pushover, answer))
    }

    /// How the provider of one channel takes a call: it may be unplugged.
    fn mood_of(&mut self, channel: usize, moment: Moment) -> Mood {
        let drawn = mood(&mut self.chance, self.faults);
        let is_mute = self.is_mute(channel, moment);
        let mood = if is_mute { Mood::Swallows } else { drawn };
        if !self.faults.has(Fault::AProviderIsUnplugged) {
            return mood;
        }
        let is_unplugged = channel == self.unplugged.channel && moment < self.unplugged.until;
        match self.unplugged.how {
            Plug::Hangs if is_unplugged => Mood::Hangs { taken: false },
            Plug::Unreachable if is_unplugged => Mood::Unreachable,
            Plug::Swallows if is_unplugged => Mood::Swallows,
            Plug::Hangs | Plug::Unreachable | Plug::Swallows
                if self.unplugged.others_are_sound && !is_mute =>
            {
                Mood::Takes
            }
            Plug::Hangs | Plug::Unreachable | Plug::Swallows => mood,
        }
    }

    fn is_mute(&self, channel: usize, moment: Moment) -> bool {
        self.faults.has(Fault::AProviderDeliversNothing)
            && channel == self.mute.channel
            && moment < self.mute.until
    }

    fn is_dead(&self, dispatch: &Dispatch) -> bool {
        let is_it = |(kind, address): &(ChannelKind, String)| {
            *kind == dispatch.channel && *address == dispatch.address
        };
        self.faults.has(Fault::AContactIsDead)
            && matches!(dispatch.errand, Errand::Page(_))
            && self.dead.as_ref().is_some_and(is_it)
    }

    fn push(
        &mut self,
        dispatch: &Dispatch,
        mood: Mood,
        at: Timestamp,
        is_unknown: bool,
    ) -> (Report, Option<Text>) {
        let prepared = match pushover::prepare(&self.pushover, &self.links, dispatch) {
            Ok(prepared) => prepared,
            Err(report) => return (report, None),
        };
        let is_emergency = prepared.request.field("priority") == Some("2");
        let receipt = if is_emergency { receipt(&dispatch.attempt) } else { String::new() };
        let granted = if is_emergency {
            format!(r#"{{"status":1,"request":"647d2300","receipt":"{receipt}"}}"#)
        } else {
            r#"{"status":1,"request":"647d2300"}"#.to_owned()
        };
        let refused = if is_unknown {
            r#"{"user":"invalid","errors":["user identifier is not a valid user"],"status":0}"#
        } else {
            r#"{"message":"cannot be blank","errors":["message cannot be blank"],"status":0}"#
        };
        let answer = http_answer(mood, &granted, (400, refused));
        (pushover::conclude(&self.pushover, &prepared, answer, at), prepared.text)
    }

    fn text(&self, dispatch: &Dispatch, mood: Mood, is_unknown: bool) -> (Report, Option<Text>) {
        let (_, text): (Request, Text) = match twilio::prepare(&self.twilio, &self.links, dispatch) {
            Ok(prepared) => prepared,
            Err(report) => return (report, None),
        };
        let sid = receipt(&dispatch.attempt);
        let granted = format!(r#"{{"sid":"SM{sid}","status":"queued","error_code":null}}"#);
        let refused = if is_unknown {
            r#"{"code":21211,"message":"Invalid 'To' Phone Number","status":400}"#
        } else {
            r#"{"code":21617,"message":"The message body is too long","status":400}"#
        };
        let answer = http_answer(mood, &granted, (400, refused));
        (twilio::conclude(&self.twilio, &text, answer), Some(text))
    }

    fn page(&self, dispatch: &Dispatch, mood: Mood) -> (Report, Option<Text>) {
        let text = match snpp::prepare(&self.snpp, &self.links, dispatch) {
            Ok(text) => text,
            Err(report) => return (report, None),
        };
        let severity = snpp::severity(dispatch);
        let Some(mut dialogue) = snpp::encode(&self.snpp, &dispatch.address, &text, severity, &[]) else {
            let report = Report::bare(Outcome::Refused(Reason::UnknownAddress));
            return (report, None);
        };
        let (replies, end): (&[&str], Reason) = match mood {
            Mood::Takes | Mood::Swallows => {
                (&["220 ready", "250 ok", "250 ok", "250 sent"], Reason::Connection)
            }
            Mood::Refuses => (&["220 ready", "550 Error, Invalid Pager ID"], Reason::Connection),
            Mood::Fails { .. } => {
                (&["220 ready", "250 ok", "250 ok", "554 Message Failed"], Reason::Connection)
            }
            Mood::Throttles => (&["421 too many connections"], Reason::Connection),
            Mood::Hangs { .. } => (&["220 ready", "250 ok", "250 ok"], Reason::Timeout),
            Mood::Cuts { .. } => (&["220 ready", "250 ok", "250 ok"], Reason::Connection),
            Mood::Unreachable => (&[], Reason::Connection),
            Mood::TalksNonsense { .. } => (&["220 ready", "250 ok", "250 ok", "what?"], Reason::Connection),
        };
        let mut concluded = None;
        for reply in replies {
            if let Step::End(report) = dialogue.hear(reply.as_bytes()) {
                concluded = Some(report);
                break;
            }
        }
        let report = concluded.unwrap_or_else(|| dialogue.lost(end, "no more was heard"));
        (snpp::conclude(&self.snpp, &text, report), Some(text))
    }

    fn ring(&mut self, dispatch: &Dispatch, report: &Report, at: Timestamp, moment: Moment) {
        match &dispatch.errand {
            Errand::Page(notice) => {
                let is_severe = notice.severity >= Severity::Error;
                // A provider that says that it did not take what it took leaves the house no way to know what rings.
                let is_known = matches!(report.outcome, Outcome::Accepted | Outcome::Unknown(_));
                if dispatch.channel == ChannelKind::PUSHOVER && is_severe && is_known {
                    let expires = Span::from_seconds(self.pushover.expire_seconds.into());
                    let (until, until_at) = (moment.after(expires), at + expires);
                    let receipt = receipt(&dispatch.attempt);
                    let ringing = Ringing {
                        attempt: dispatch.attempt,
                        receipt,
                        until,
                        until_at,
                        stopped: None,
                        tapped: None,
                    };
                    self.ringing.insert(dispatch.attempt, ringing);
                }
            }
            Errand::Recall { receipt } => {
                let stops = |ringing: &&mut Ringing| match receipt {
                    Some(receipt) => ringing.receipt == *receipt,
                    None => ringing.attempt == dispatch.attempt,
                };
                for ringing in self.ringing.values_mut().filter(|ringing| stops(ringing)) {
                    ringing.stopped.get_or_insert(moment);
                }
            }
        }
    }

    /// What Twilio reports of a text that it took, and when.
    fn statuses(&mut self) -> Vec<(Span, &'static str)> {
        let fails = self.chance.happens(100) && self.faults.has(Fault::ReportsOfFailure);
        let last = if fails { "undelivered" } else { "delivered" };
        let late = self.faults.has(Fault::ReportsComeLate);
        let typical = if late { Span::from_minutes(3) } else { Span::from_seconds(3) };
        let mut at = self.chance.span(Span::from_millis(50), Span::from_seconds(1));
        let mut statuses = Vec::new();
        for status in ["queued", "sent", last] {
            at = if late { self.chance.tail(typical) } else { at + self.chance.span(Span::ZERO, typical) };
            statuses.push((at, status));
            if late && self.chance.happens(200) {
                statuses.push((self.chance.tail(typical), status));
            }
        }
        statuses
    }
}

fn latency(chance: &mut Chance, faults: Faults) -> Span {
    if faults == Faults::NONE {
        return Span::from_millis(100);
    }
    chance.tail(Span::from_millis(400)).min(Span::from_seconds(9))
}

fn mood(chance: &mut Chance, faults: Faults) -> Mood {
    let taken = chance.happens(500);
    let moods = [
        (Fault::ProviderRefuses, 30, Mood::Refuses),
        (Fault::ProviderFails, 150, Mood::Fails { taken: false }),
        (Fault::ProviderLies, 60, Mood::Fails { taken: true }),
        (Fault::ProviderHangs, 120, Mood::Hangs { taken }),
        (Fault::ProviderThrottles, 120, Mood::Throttles),
        (Fault::ProviderCuts, 120, Mood::Cuts { taken }),
        (Fault::ProviderUnreachable, 150, Mood::Unreachable),
        (Fault::ProviderTalksNonsense, 60, Mood::TalksNonsense { taken }),
    ];
    let mut drawn = Mood::Takes;
    for (fault, per_mille, mood) in moods {
        // Drawn in any case, so that leaving out one fault leaves the others where they were.
        let happens = chance.happens(per_mille);
        if happens && faults.has(fault) && drawn == Mood::Takes {
            drawn = mood;
        }
    }
    drawn
}

/// One address of the house of a seed.
fn dead_contact(seed: u64) -> Option<(ChannelKind, String)> {
    let people = furnish(seed).people;
    let contacts = people.values().flat_map(|person| person.contacts.values());
    let all: Vec<(ChannelKind, String)> =
        contacts.map(|contact| (contact.channel, contact.address.clone())).collect();
    let place = Chance::of(seed, "dead contact").place(all.len().max(1));
    all.get(place).cloned()
}

/// Whether a refusal says that the address is unknown; else it says something else. Not drawn, so that every other draw
/// stays where it was.
fn is_unknown(dispatch: &Dispatch, is_dead: bool) -> bool {
    is_dead || dispatch.attempt.jitter_seed().is_multiple_of(4)
}

/// What comes back from a provider that speaks HTTP.
fn http_answer(mood: Mood, granted: &str, refused: (u16, &str)) -> Result<Response, SendError> {
    let response =
        |status, retry_after, body: &str| Ok(Response { status, retry_after, body: body.to_owned() });
    match mood {
        Mood::Takes | Mood::Swallows => response(200, None, granted),
        Mood::Refuses => response(refused.0, None, refused.1),
        Mood::Fails { .. } => response(503, None, "service unavailable"),
        Mood::Throttles => response(429, Some(Span::from_seconds(20)), r#"{"code":20429}"#),
        Mood::TalksNonsense { .. } => response(200, None, "<html>a captive portal</html>"),
        Mood::Hangs { .. } => Err(SendError::Timeout(Line::new("no answer"))),
        Mood::Cuts { .. } => Err(SendError::Lost(Line::new("connection reset"))),
        Mood::Unreachable => Err(SendError::NotSent(Line::new("connection refused"))),
    }
}

/// 30 letters and digits, as Pushover's receipts have.
fn receipt(attempt: &AttemptId) -> String {
    format!("r{:020}{:04}{:05}", attempt.jitter_seed(), attempt.page % 10_000, attempt.attempt % 100_000)
}
