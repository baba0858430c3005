//! One day of one seed: what happens next, and who is told of it.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use actors::alarm::{HouseAlarm, Trouble};
use actors::channel::ChannelSettings;
use domain::blueprint::Blueprint;
use domain::port::{Clock, Dispatch, News, Report};
use events::{AttemptId, BootId, EventLog, MemoryLog, Position, Recorded, Span, Timestamp};
use futures_util::FutureExt as _;
use sha2::{Digest as _, Sha256};

use super::agenda::{Agenda, Moment};
use super::chance::Chance;
use super::door::Ticket;
use super::evidence::Evidence;
use super::fault::{Fault, Faults};
use super::heartbeat::Heartbeat;
use super::invariant::{self, Invariant, Violation};
use super::letter::{Effect, Letter};
use super::node::Node;
use super::people::Act;
use super::process::Operation;
use super::provider::Providers;
use super::script::{Post, script};
use super::story::{Story, of_record};
use super::world::{Hands, SimulatedKeys};
use super::{CALM_AT, household};

/// A day takes no more turns than this; one that does turns in a circle.
const TURNS_MAX: u64 = 3_000_000;

/// How a day is run.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What decides everything.
    pub seed: u64,
    /// What goes wrong.
    pub faults: Faults,
    /// Look whether the invariants hold. Looking changes nothing.
    pub is_judged: bool,
    /// Put it into words.
    pub is_told: bool,
}

impl Options {
    /// The day of this seed, judged, with the faults that the seed draws.
    pub fn of(seed: u64) -> Self {
        Self { seed, faults: Faults::drawn(seed), is_judged: true, is_told: false }
    }
}

/// How a day went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What did not hold.
    pub violation: Option<Violation>,
    /// SHA-256 over everything that stands in the log.
    pub log: [u8; 32],
    /// Records in it.
    pub records_count: usize,
    /// Alerts that were raised.
    pub alerts_count: usize,
    /// Calls of providers.
    pub calls_count: usize,
    /// How often the process died.
    pub deaths_count: u32,
    /// The day in words; empty when nobody asked for it.
    pub story: String,
}

/// Something that happens.
#[derive(Debug)]
pub(super) enum Happening {
    /// A source posts a body, for the n-th time.
    Posts { number: usize, tries: u32 },
    /// A heartbeat comes.
    Beats(&'static Heartbeat),
    /// The log's disk has an append, and the house does not know.
    LogWrites { life: u32, number: u64 },
    /// The house hears from the log.
    LogAnswers { life: u32, number: u64 },
    /// A letter that the house sent itself.
    Letter { life: u32, letter: Letter },
    /// A channel hears from its provider.
    Answers { life: u32, channel: usize, start: u32, dispatch: Box<Dispatch>, report: Option<Box<Report>> },
    /// A page reaches a person.
    Arrives(AttemptId),
    /// A provider reports on what it took.
    Reports { attempt: AttemptId, status: &'static str, tries: u32 },
    /// A person acknowledges in the app what rings there.
    Taps(AttemptId),
    /// The provider calls the house about it.
    Calls { receipt: String },
    /// The house hears what it has asked about what rings.
    Hears { life: u32, receipt: String, news: Option<News> },
    /// A person does something.
    Acts(Act),
    /// The process is to die after so many more turns.
    Dooms(u32),
    /// The process starts.
    Rises,
    /// The process stands still for so long.
    Freezes(Span),
    /// It goes on.
    Thaws,
    /// An alert's actor falls over.
    AlertFalls(usize),
    /// A channel's actor falls over.
    ChannelFalls(usize),
    /// The wall clock is set by so many microseconds.
    ClockSteps(i64),
    /// The log goes away, or comes back.
    LogGoes(bool),
    /// Keys cannot be written, or can again.
    KeysFail(bool),
    /// Somebody changes the configuration; somebody may leave.
    Changes { leaves: bool },
    /// Somebody applies the configuration again, since it did not work.
    Applies,
    /// Somebody stands in for somebody, or takes it back.
    StandsIn,
    /// Somebody plans work, or decides about it.
    Works,
    /// Somebody needs longer for their work.
    ExtendsWork { number: u32 },
    /// Somebody pulls a provider's plug for so long.
    Unplugs(Span),
    /// A provider of texts delivers nothing for so long.
    Mutes(Span),
    /// Somebody looks at the house.
    Looks,
    /// Faults stop.
    Calms,
    /// The day is over.
    Ends,
}

/// What the operators were told.
#[derive(Debug, Default)]
pub(super) struct Told(pub(super) Mutex<Vec<Trouble>>);

impl HouseAlarm for Told {
    fn sound(&self, trouble: Trouble) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(trouble);
    }
}

/// A day in the making.
pub struct Day {
    pub(super) options: Options,
    pub(super) faults: Faults,
    pub(super) agenda: Agenda<Happening>,
    pub(super) chance: Chance,
    pub(super) people_chance: Chance,
    pub(super) tap_chance: Chance,
    pub(super) order_chance: Chance,
    pub(super) hands: Arc<Hands>,
    pub(super) keys: SimulatedKeys,
    pub(super) log: Arc<MemoryLog>,
    pub(super) last_position: Position,
    pub(super) log_is_away: Option<Moment>,
    pub(super) keys_failed: Option<Moment>,
    pub(super) operations: BTreeMap<u64, Operation>,
    pub(super) node: Option<Node>,
    pub(super) lives: u32,
    pub(super) deaths: u32,
    pub(super) doom: Option<u32>,
    pub(super) frozen: Option<Moment>,
    pub(super) down_since: Option<Moment>,
    pub(super) providers: Providers,
    pub(super) settings: Vec<ChannelSettings>,
    pub(super) blueprint: Blueprint,
    pub(super) wants_apply: bool,
    pub(super) changes: u32,
    pub(super) change_chance: Chance,
    pub(super) doom_chance: Chance,
    pub(super) stand_in_chance: Chance,
    pub(super) stand_ins: u32,
    pub(super) work_chance: Chance,
    pub(super) works_count: u32,
    pub(super) posts: Vec<(Moment, Post)>,
    pub(super) tickets: Vec<Ticket>,
    pub(super) told: Arc<Told>,
    pub(super) evidence: Evidence,
    pub(super) story: Story,
    pub(super) violation: Option<Violation>,
    pub(super) minted: Arc<Mutex<u64>>,
    is_over: bool,
}

impl Day {
    /// Runs a whole day.
    pub fn run(options: Options) -> Outcome {
        let mut day = Self::new(options);
        let ran = catch_unwind(AssertUnwindSafe(|| day.live()));
        if let Err(panic) = ran {
            let what = panic.downcast_ref::<String>().cloned();
            let what = what.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            let what = format!("something fell over: {}", what.unwrap_or_default());
            day.violation.get_or_insert(Violation {
                invariant: Invariant::ReplayIsTruth,
                what,
                moment: day.agenda.now(),
            });
        }
        day.outcome()
    }

    fn new(options: Options) -> Self {
        let Options { seed, faults, .. } = options;
        let begins = household::first_minute(seed).and_utc().timestamp_micros();
        let mut blueprint = household::furnish(seed);
        if faults.has(Fault::HandoversAreAnnounced) {
            household::announce(seed, &mut blueprint);
        }
        if faults.has(Fault::HeartbeatsFallSilent) {
            household::listen(&mut blueprint);
        }
        if faults.has(Fault::ProblemsAreGrouped) {
            household::group(seed, &mut blueprint);
        }
        let providers = Providers::new(seed, faults);
        let hands = Arc::new(Hands::default());
        hands.wall_ahead.store(begins, Ordering::Relaxed);
        Self {
            faults,
            agenda: Agenda::default(),
            chance: Chance::of(seed, "world"),
            people_chance: Chance::of(seed, "people"),
            tap_chance: Chance::of(seed, "taps"),
            order_chance: Chance::of(seed, "order"),
            hands,
            keys: SimulatedKeys::default(),
            log: Arc::new(MemoryLog::new()),
            last_position: Position::START,
            log_is_away: None,
            keys_failed: None,
            operations: BTreeMap::new(),
            node: None,
            lives: 0,
            deaths: 0,
            doom: None,
            frozen: None,
            down_since: None,
            settings: providers.settings(),
            providers,
            blueprint,
            wants_apply: true,
            changes: 0,
            change_chance: Chance::of(seed, "changes"),
            doom_chance: Chance::of(seed, "dooms"),
            stand_in_chance: Chance::of(seed, "stand-ins"),
            stand_ins: 0,
            work_chance: Chance::of(seed, "work"),
            works_count: 0,
            posts: script(seed, faults, begins, CALM_AT),
            tickets: Vec::new(),
            told: Arc::default(),
            evidence: Evidence::default(),
            story: Story::new(Timestamp::from_micros(begins), options.is_told),
            violation: None,
            minted: Arc::default(),
            is_over: false,
            options,
        }
    }

    fn live(&mut self) {
        self.plan();
        self.rise();
        let mut turns = 0;
        while !self.is_over && self.violation.is_none() {
            turns += 1;
            if turns > TURNS_MAX {
                self.found(Invariant::Bounded, Err("the day turns in a circle".to_owned()));
                return;
            }
            if !self.work() {
                let Some(happening) = self.agenda.take_next() else { return };
                let now = i64::try_from(self.agenda.now().0).unwrap_or(i64::MAX);
                self.hands.boot.store(now, Ordering::Relaxed);
                self.happen(happening);
            }
            self.serve();
            if !self.tickets.is_empty() {
                self.collect();
            }
        }
    }

    /// Lets one room of the house work. False when none can.
    fn work(&mut self) -> bool {
        if self.frozen.is_some() {
            return false;
        }
        let Some(node) = &mut self.node else { return false };
        let count = node.ready().len();
        if count == 0 {
            return false;
        }
        let place = if self.faults.has(Fault::MailboxesUnfair) { self.order_chance.place(count) } else { 0 };
        node.work(place);
        self.evidence.letters_max = self.evidence.letters_max.max(node.letters_count());
        if let Some(doom) = &mut self.doom {
            if *doom == 0 {
                self.die("it is killed");
            } else {
                *doom -= 1;
            }
        }
        true
    }

    /// Gives the house what it wants of the world.
    fn serve(&mut self) {
        loop {
            let Some(node) = &mut self.node else { return };
            let effects = node.effects();
            if effects.is_empty() {
                return;
            }
            let life = self.lives;
            for effect in effects {
                match effect {
                    Effect::Ask(number, ask) => self.ask(number, ask),
                    Effect::Later(span, letter) => {
                        let span = self.alarm_after(span);
                        self.agenda.after(span, Happening::Letter { life, letter });
                    }
                    Effect::Send(channel, start, dispatch) => self.send(channel, start, dispatch),
                    Effect::Inquire(ask) => self.inquire(&ask.receipt),
                    Effect::Worked(alert) => self.worked(alert),
                    Effect::Open => self.opened(),
                    Effect::Collapsed(reason) => {
                        self.die(&reason);
                        return;
                    }
                }
            }
        }
    }

    /// The house's clock runs faster or slower than time passes while it follows the wall clock. In production the
    /// alarm looks at it every second; here only then.
    fn alarm_after(&self, span: Span) -> Span {
        let Some(node) = &self.node else { return span };
        let ahead = self.hands.wall() - node.clock().now().as_micros();
        span.min(if ahead.abs() > 1_000 { Span::from_seconds(5) } else { Span::from_seconds(60) })
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Posts { number, tries } => self.post(number, tries),
            Happening::Beats(heartbeat) => self.beat(heartbeat),
            Happening::LogWrites { life, number } => self.log_writes(life, number),
            Happening::LogAnswers { life, number } => self.log_answers(life, number),
            Happening::Letter { life, letter } => {
                if life == self.lives
                    && let Some(node) = &mut self.node
                {
                    node.post(letter);
                }
            }
            Happening::Answers { life, channel, start, dispatch, report } => {
                self.provider_answers(life, channel, start, &dispatch, report.map(|report| *report));
            }
            Happening::Arrives(attempt) => self.arrives(attempt),
            Happening::Reports { attempt, status, tries } => self.reports(attempt, status, tries),
            Happening::Taps(attempt) => self.taps(attempt),
            Happening::Calls { receipt } => self.is_called(receipt),
            Happening::Hears { life, receipt, news } => self.hears(life, receipt, news),
            Happening::Acts(act) => self.acts(act),
            Happening::Dooms(turns) => {
                if self.node.is_some() {
                    self.doom.get_or_insert(turns);
                }
            }
            Happening::Rises => self.rise(),
            Happening::Freezes(span) => self.freeze(span),
            Happening::Thaws => self.thaw(),
            Happening::AlertFalls(place) => {
                let fell = self.node.as_mut().and_then(|node| node.fell_alert(place));
                if let Some(alert) = fell {
                    self.story
                        .tell(self.agenda.now(), || format!("the actor of {} falls over", alert.code()));
                }
            }
            Happening::ChannelFalls(number) => {
                self.story.tell(self.agenda.now(), || format!("channel {number} falls over"));
                if let Some(node) = &mut self.node {
                    node.fell_channel(number);
                }
                if let Some(settings) = self.settings.get(number) {
                    self.evidence.channels_began.insert(settings.id.clone(), self.agenda.now());
                }
            }
            Happening::ClockSteps(step) => {
                self.hands.wall_ahead.fetch_add(step, Ordering::Relaxed);
                self.story
                    .tell(self.agenda.now(), || format!("the wall clock is set by {} ms", step / 1_000));
            }
            Happening::LogGoes(away) => self.log_goes(away),
            Happening::KeysFail(fails) => self.keys_fail(fails),
            Happening::Changes { leaves } => self.change(leaves),
            Happening::Applies => self.apply(),
            Happening::StandsIn => self.stand_in(),
            Happening::Works => self.works(),
            Happening::ExtendsWork { number } => self.extend_work(number),
            Happening::Unplugs(span) => {
                let now = self.agenda.now();
                let provider = self.providers.unplug(now.after(span));
                self.story.tell(now, || format!("{provider} is unplugged for {span}"));
            }
            Happening::Mutes(span) => {
                let now = self.agenda.now();
                let provider = self.providers.mute(now.after(span));
                self.story.tell(now, || format!("{provider} delivers nothing for {span}"));
            }
            Happening::Looks => self.look(),
            Happening::Calms => self.calm(),
            Happening::Ends => self.end(),
        }
    }

    /// What was just written, in order.
    pub(super) fn written(&mut self, after: Position) {
        let now = self.agenda.now();
        for recorded in tail(&self.log, after) {
            self.last_position = recorded.position;
            let Some((alert, fact)) = self.evidence.read(&recorded, now) else {
                self.story.tell(now, || of_record(&recorded, None));
                continue;
            };
            self.story.tell(now, || of_record(&recorded, Some((alert, &fact.event))));
            if self.options.is_judged {
                self.judge_fact(alert, &fact);
            }
            self.evidence.take(alert, fact.clone());
            if self.options.is_judged
                && let Some(history) = self.evidence.histories.get(&alert)
            {
                let found = invariant::bounded::append(history, &fact);
                self.found(Invariant::Bounded, found);
            }
        }
    }

    fn calm(&mut self) {
        self.story.tell(self.agenda.now(), || "from here on everything works".to_owned());
        self.doom = None;
        self.thaw();
        self.log_goes(false);
        self.keys_fail(false);
        self.faults = Faults::NONE;
        self.providers.calm_down();
        if self.node.is_none() {
            self.rise();
        }
    }

    /// Lets what is under way come to its end, and looks at all of it.
    fn end(&mut self) {
        let end = self.agenda.now();
        for _ in 0..10_000 {
            let is_at_rest = self.node.as_ref().is_none_or(Node::is_at_rest);
            if is_at_rest && self.operations.is_empty() {
                break;
            }
            if !self.work() {
                let Some(happening) = self.agenda.take_next() else { break };
                let now = i64::try_from(self.agenda.now().0).unwrap_or(i64::MAX);
                self.hands.boot.store(now, Ordering::Relaxed);
                self.happen(happening);
            }
            self.serve();
            self.collect();
        }
        self.is_over = true;
        if self.options.is_judged {
            self.judge_all(end);
        }
    }

    fn outcome(self) -> Outcome {
        let log = tail(&self.log, Position::START);
        let mut hash = Sha256::new();
        for recorded in &log {
            hash.update(recorded.position.as_raw().to_le_bytes());
            hash.update(recorded.hash().0);
        }
        Outcome {
            violation: self.violation,
            log: hash.finalize().into(),
            records_count: log.len(),
            alerts_count: self.evidence.histories.len(),
            calls_count: self.providers.calls.len(),
            deaths_count: self.deaths,
            story: self.story.into_text(),
        }
    }

    /// The number of the next start: the wall clock's time, as in production.
    pub(super) fn next_boot(&self) -> BootId {
        BootId(u64::try_from(self.hands.wall()).unwrap_or_default())
    }
}

/// Everything that stands in the log after a position.
pub(super) fn tail(log: &MemoryLog, after: Position) -> Vec<Recorded> {
    log.tail(after, u32::MAX).now_or_never().and_then(Result::ok).unwrap_or_default()
}
