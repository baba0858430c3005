//! What happens, in order: the alert is posted, the phones ring, somebody has it, everything falls silent.
//!
//! ```text
//! paging ──► taken: until nothing rings ──► after: until the reader leaves
//! ```
//!
//! Without a keyboard the demo takes the alert itself, as the second person who is reached, and ends after that.

use std::net::SocketAddr;
use std::time::Duration;

use domain::alert::{Alert, Order, Phase};
use domain::blueprint::Blueprint;
use domain::port::Clock as _;
use events::event::alert::{AlertEvent, Way};
use events::{AlertId, Author, Entry, Event, Position, Span, Timestamp};
use i18n::{Message as _, demo as message};
use simulations::ledger::{Entry as Received, Subscription};
use simulations::stand_ins::StandIns;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{MissedTickBehavior, interval};

use super::Leaving;
use super::keyboard::{self, Key};
use super::layout::fold_drawn;
use super::narrator::Narrator;
use super::screen::Screen;
use super::stage::{self, StageError};
use super::upcoming::upcoming;
use crate::http::App;
use crate::reader::Reader;
use crate::terminal::Paint;
use crate::timeline::ladder::{Row, draw};
use crate::timeline::{self, fold_at};

/// How often the house is looked at and the countdown is written.
const BEAT: Duration = Duration::from_millis(100);
/// Without a keyboard: how long the second person's phone rings.
const RINGS: Span = Span::from_seconds(4);
/// How long everything may take to fall silent before the story goes on all the same.
const SILENCE_WITHIN: Span = Span::from_seconds(12);

/// Enter, pressed twice in a hurry, does not end the demo before the end can be read.
const READS: Span = Span::from_seconds(1);

/// Where the story stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scene {
    /// People are being reached.
    Paging,
    /// Somebody has it since this moment; something may still ring.
    Taken(Timestamp),
    /// All is told since this moment; the web page stays.
    After(Timestamp),
}

/// What is next to be dealt with.
enum Turn {
    Leave,
    Key(Key),
    Received(Box<Received>),
    Beat,
}

/// One story under way.
pub(super) struct Story<'a> {
    app: App,
    stand_ins: &'a StandIns,
    screen: &'a mut Screen,
    reader: Reader,
    narrator: Narrator,
    keys: Option<UnboundedReceiver<Key>>,
    scene: Scene,
    alert: Option<AlertId>,
    entries: Vec<Entry>,
    seen: Position,
    first_reached: Option<String>,
    takes_at: Option<Timestamp>,
}

impl<'a> Story<'a> {
    /// The story of this house for this reader; its time begins now.
    pub(super) fn new(
        app: App,
        stand_ins: &'a StandIns,
        blueprint: &Blueprint,
        reader: Reader,
        screen: &'a mut Screen,
    ) -> Self {
        let narrator = Narrator::new(reader, screen.style(), app.house.now(), blueprint);
        Self {
            app,
            stand_ins,
            screen,
            reader,
            narrator,
            keys: keyboard::listen(),
            scene: Scene::Paging,
            alert: None,
            entries: Vec::new(),
            seen: Position::START,
            first_reached: None,
            takes_at: None,
        }
    }

    /// Says what will be seen.
    pub(super) fn open(&mut self, is_elsewhere: bool) {
        self.screen.say(&self.narrator.opening());
        if is_elsewhere {
            let url = self.app.links.public_url.clone();
            let taken = message::PortTaken { url: &url }.render(self.reader.locale);
            self.screen.say(&format!("\n{}", self.narrator.paragraph(&taken, Paint::Amber)));
        }
        let plan = self.narrator.plan(&self.app.house.directory(), self.now());
        self.screen.say(&format!("\n{plan}\n"));
    }

    /// Tells it until it is over or the reader leaves.
    ///
    /// # Errors
    /// When the alert is not taken by the house.
    pub(super) async fn tell(
        &mut self,
        address: SocketAddr,
        key: &str,
        leaving: &mut Leaving,
    ) -> Result<(), StageError> {
        let mut phones = self.stand_ins.ledger().subscribe();
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let now = self.now();
        self.screen.say(&self.narrator.signal_taken(now));
        self.alert = Some(stage::fire(address, key, now).await?);
        loop {
            let turn = tokio::select! {
                biased;
                () = leaving.asked() => Turn::Leave,
                key = typed(&mut self.keys) => Turn::Key(key),
                received = next(&mut phones) => Turn::Received(received),
                _ = beat.tick() => Turn::Beat,
            };
            let is_over = match turn {
                Turn::Leave => {
                    tracing::info!("a signal ends the demo");
                    true
                }
                Turn::Key(Key::End) => {
                    tracing::info!("the keyboard is gone, and the demo ends");
                    true
                }
                Turn::Key(Key::Enter) => self.enter().await,
                Turn::Received(received) => {
                    self.receive(&received).await;
                    false
                }
                Turn::Beat => self.beat().await,
            };
            if is_over || self.screen.is_gone() {
                return Ok(());
            }
        }
    }

    fn now(&self) -> Timestamp {
        self.app.house.ports().clock.now()
    }

    /// Enter takes the alert, and afterwards ends the demo.
    async fn enter(&mut self) -> bool {
        self.screen.entered();
        match self.scene {
            Scene::Paging => self.take().await,
            Scene::Taken(_) => {}
            Scene::After(since) => return since + READS <= self.now(),
        }
        false
    }

    /// Takes the alert as whoever was reached last; nothing while nobody was.
    async fn take(&mut self) {
        let directory = self.app.house.directory();
        let reached = self.narrator.last_reached().and_then(|slug| directory.person_called(slug));
        let (Some((person, _)), Some(alert)) = (reached, self.alert) else { return };
        let by = Author::Person(person);
        let order = Order::Acknowledge { by: by.clone(), way: Way::Terminal };
        if let Err(declined) = self.app.house.order(alert, order, stage::provenance(by)).await {
            let not_taken = self.narrator.not_taken(self.now(), &declined.to_string());
            self.screen.say(&not_taken);
        }
    }

    /// Tells what arrived at a stand-in; what the house decided before that comes first.
    async fn receive(&mut self, received: &Received) {
        self.catch_up().await;
        let before = self.narrator.last_reached().map(str::to_owned);
        let Some(told) = self.narrator.received(received) else { return };
        self.screen.say(&told);
        let reached = self.narrator.last_reached().map(str::to_owned);
        if reached == before || self.scene != Scene::Paging {
            return;
        }
        let Some(reached) = reached else { return };
        let is_second = self.first_reached.as_ref().is_some_and(|first| *first != reached);
        self.first_reached.get_or_insert_with(|| reached.clone());
        match &self.keys {
            Some(_) if !self.screen.is_live() => {
                self.screen.say(&format!("          {}", self.narrator.press_enter(&reached)));
            }
            None if is_second && self.takes_at.is_none() => {
                let now = self.now();
                self.takes_at = Some(now + RINGS);
                self.screen.say(&self.narrator.takes_soon(now, self.name(&reached).as_str(), RINGS));
            }
            Some(_) | None => {}
        }
    }

    fn name(&self, slug: &str) -> String {
        let directory = self.app.house.directory();
        let person = directory.person_called(slug).and_then(|(person, _)| directory.name(person));
        person.unwrap_or(slug).to_owned()
    }

    /// Looks at the house, and goes on to the next scene where it is time. True when all is over.
    async fn beat(&mut self) -> bool {
        if self.app.house.published().position() != self.seen {
            self.catch_up().await;
        }
        let now = self.now();
        match self.scene {
            Scene::Paging => self.count_down(now).await,
            Scene::Taken(since) => {
                let is_silent = self.is_silent();
                if is_silent || since + SILENCE_WITHIN <= now {
                    self.close(now, is_silent);
                    self.scene = Scene::After(now);
                    return self.keys.is_none();
                }
            }
            Scene::After(_) => {}
        }
        false
    }

    async fn count_down(&mut self, now: Timestamp) {
        if self.takes_at.is_some_and(|takes_at| takes_at <= now) {
            self.takes_at = None;
            let reached = self.narrator.last_reached().unwrap_or_default();
            self.screen.say(&self.narrator.takes_now(now, &self.name(reached)));
            self.take().await;
            self.catch_up().await;
        } else {
            let directory = self.app.house.directory();
            let next = upcoming(&self.entries, &directory);
            let is_typed = self.keys.is_some();
            self.screen.live(&self.narrator.countdown(next.as_ref(), is_typed, &directory, now));
        }
    }

    /// Reads what the house wrote down since, and tells it.
    async fn catch_up(&mut self) {
        let Some(alert) = self.alert else { return };
        let position = self.app.house.published().position();
        let journal = &self.app.house.ports().journal;
        let entries = match journal.read(&alert.stream()).await {
            Ok((entries, _)) => entries,
            Err(error) => {
                tracing::warn!(%error, "the history of the alert cannot be read");
                return;
            }
        };
        let told = std::mem::replace(&mut self.entries, entries).len();
        self.seen = position;
        let lines = self.lines();
        for (entry, line) in self.entries.iter().zip(&lines).skip(told) {
            let said = match &entry.event {
                Event::Alert(AlertEvent::Raised(raised)) => {
                    let summary = raised.signal.open().map_or("", |signal| signal.summary.as_str());
                    let service = raised.assignment.as_ref().map_or("", |to| to.service_name.as_str());
                    Some(self.narrator.fired(entry.at, &alert.code().to_string(), service, summary))
                }
                _ => self.narrator.recorded(line),
            };
            if let Some(said) = said {
                self.screen.say(&said);
            }
        }
        let is_taken = match self.folded().phase() {
            Phase::Acknowledged { .. } | Phase::Resolved { .. } => true,
            Phase::Unraised | Phase::Held { .. } | Phase::Open { .. } => false,
        };
        if is_taken && self.scene == Scene::Paging {
            self.screen.live("");
            self.scene = Scene::Taken(self.now());
        }
    }

    fn lines(&self) -> Vec<timeline::Line> {
        let directory = self.app.house.directory();
        timeline::lines(&self.entries, &directory, self.reader.locale, self.reader.zone)
    }

    fn folded(&self) -> Alert {
        fold_at(&self.entries, Timestamp::from_micros(i64::MAX))
    }

    /// True when no phone rings and the house waits for no provider.
    fn is_silent(&self) -> bool {
        self.stand_ins.pushover().ringing().is_empty() && !self.folded().is_waiting_for_a_channel()
    }

    /// The end of the story: the whole timeline, and how to go on.
    fn close(&mut self, now: Timestamp, is_silent: bool) {
        let (locale, style) = (self.reader.locale, self.screen.style());
        if is_silent {
            self.screen.say(&self.narrator.silenced(now));
        }
        let lines = self.lines();
        let rows: Vec<Row<'_>> =
            lines.iter().map(|line| Row { at: line.at, kind: line.kind, text: &line.text }).collect();
        let drawn = fold_drawn(&draw(&rows, self.reader, style));
        let drawn: Vec<String> = drawn.lines().map(|line| format!("  {line}")).collect();
        self.screen.say(&self.narrator.heading(&message::Timeline.render(locale)));
        self.screen.say(&format!("\n{}\n", drawn.join("\n")));
        self.screen.say(&self.narrator.paragraph(&message::Closing.render(locale), Paint::Plain));
        if self.keys.is_none() {
            return;
        }
        let link = self.narrator.link().unwrap_or(&self.app.links.public_url).to_owned();
        let still = message::StillThere { url: &link }.render(locale);
        self.screen.say(&format!("\n{}", self.narrator.paragraph(&still, Paint::Plain)));
        let leave = message::Leave.render(locale);
        if self.screen.is_live() {
            self.screen.live(&format!("  {}", style.paint(Paint::Bold, &leave)));
        } else {
            self.screen.say(&format!("  {leave}"));
        }
    }
}

/// The next thing that is typed; never, without a keyboard.
async fn typed(keys: &mut Option<UnboundedReceiver<Key>>) -> Key {
    match keys {
        Some(keys) => keys.recv().await.unwrap_or(Key::End),
        None => std::future::pending().await,
    }
}

async fn next(phones: &mut Subscription) -> Box<Received> {
    Box::new(phones.next().await)
}
