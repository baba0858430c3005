//! Watches heartbeats: sources that say nothing but that they live. Silence is a problem of the source, and the next
//! beat its end; both are signals like any other, through the switchboard. Beats themselves are no events: they change
//! what is remembered here, and nothing else.
//!
//! What is remembered does not outlive the process, on purpose. Nobody knows what was sent while the house was away, so
//! that after a start every heartbeat has its whole time anew; and so it does when the machine stood still.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use domain::alert::Refusal;
use domain::port::Clock;
use events::event::signal::{Finding, Severity, Signal, Status};
use events::{Author, Cause, SourceId, Span};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::oneshot;

use crate::alarm::Trouble;
use crate::alert::{AlertsShared, Declined, Done};
use crate::house::DURABLE_WITHIN;
use crate::shell::{Provenance, World};
use crate::switchboard::{Incoming, SwitchboardMessage};

pub use desk::{ABSENT_MIN, Desk, GRACE_DEFAULT, Pulse, PulseState, Say, TELL_AGAIN};

mod desk;

/// How often it looks at what is due.
pub const LOOK_EVERY: Span = Span::from_seconds(1);

/// What a source calls its own silence.
pub const SILENCE_KEY: &str = "hotpotato:silence";

/// The label by which planned work knows silence from other problems.
const SILENCE_LABEL: (&str, &str) = ("hotpotato", "silence");

/// What the monitor is told.
#[derive(Debug)]
pub enum MonitorMessage {
    /// It is time to look at what is due.
    Look,
    /// A heartbeat came.
    Beat {
        /// From whom.
        source: SourceId,
    },
    /// A signal was given to the switchboard.
    Told {
        /// Of whom.
        source: SourceId,
        /// What was said.
        status: Status,
        /// It is durable.
        is_durable: bool,
    },
    /// Say how every heartbeat stands.
    Show(oneshot::Sender<Vec<Pulse>>),
    /// The house closes: say nothing any more.
    Drain,
}

impl Say {
    /// The signal that it becomes.
    pub fn signal(&self) -> Signal {
        let (name, value) = SILENCE_LABEL;
        Signal {
            status: self.status,
            summary: self.source.to_string(),
            severity: Severity::Error,
            labels: [(name.to_owned(), value.to_owned())].into(),
            details: BTreeMap::new(),
            started_at: None,
            severity_said: None,
            finding: Some(Finding::Silence { last_at: self.last_at, every: self.every }),
        }
    }

    /// By whom it is said.
    pub fn provenance(&self) -> Provenance {
        let by = self.by.clone().unwrap_or(Author::House);
        Provenance { by, cause: Cause::Deadline }
    }
}

/// The actor: tells what [`Monitoring`] wants told.
#[derive(Debug)]
pub struct Monitor<W>(PhantomData<fn() -> W>);

impl<W> Default for Monitor<W> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

/// What the monitor remembers, and what it needs of the house.
#[derive(Debug)]
pub struct Monitoring<W: World> {
    shared: Arc<AlertsShared<W>>,
    desk: Desk,
    is_draining: bool,
}

impl<W: World> Actor for Monitor<W> {
    type Msg = MonitorMessage;
    type State = Monitoring<W>;
    type Arguments = Arc<AlertsShared<W>>;

    async fn pre_start(
        &self,
        myself: ActorRef<MonitorMessage>,
        shared: Arc<AlertsShared<W>>,
    ) -> Result<Monitoring<W>, ActorProcessingErr> {
        myself.send_interval(Duration::from(LOOK_EVERY), || MonitorMessage::Look);
        Ok(Monitoring::new(shared))
    }

    async fn handle(
        &self,
        myself: ActorRef<MonitorMessage>,
        message: MonitorMessage,
        monitoring: &mut Monitoring<W>,
    ) -> Result<(), ActorProcessingErr> {
        for say in monitoring.take(message) {
            monitoring.tell(&myself, &say);
        }
        Ok(())
    }
}

impl<W: World> Monitoring<W> {
    /// A monitor that has heard nothing yet.
    pub fn new(shared: Arc<AlertsShared<W>>) -> Self {
        let directory = Arc::clone(&shared.directory.borrow());
        let open = desk::silences(&shared.published.board());
        let desk = Desk::new(open, &directory, shared.ports.clock.now());
        Self { shared, desk, is_draining: false }
    }

    /// Takes a message in, and says what is to be told. Whoever tells it answers with [`MonitorMessage::Told`].
    pub fn take(&mut self, message: MonitorMessage) -> Vec<Say> {
        let now = self.shared.ports.clock.now();
        let directory = Arc::clone(&self.shared.directory.borrow());
        self.desk.configure(&directory, now);
        match message {
            MonitorMessage::Look => {}
            MonitorMessage::Beat { source } => self.desk.beat(&source, now),
            MonitorMessage::Told { source, status, is_durable } => {
                self.desk.told(&source, status, is_durable, now);
            }
            MonitorMessage::Show(reply) => {
                // Whoever asked may have given up.
                let _ = reply.send(self.desk.pulses());
            }
            MonitorMessage::Drain => self.is_draining = true,
        }
        if self.is_draining { Vec::new() } else { self.desk.look(now) }
    }

    /// The signal by which the switchboard is told, and the answer to it.
    pub fn incoming(&self, say: &Say) -> (Incoming, oneshot::Receiver<Result<Done, Declined>>) {
        let (signal, (reply, answer)) = (say.signal(), oneshot::channel());
        let directory = Arc::clone(&self.shared.directory.borrow());
        let is_new = say.status == Status::Firing;
        let now = self.shared.ports.clock.now();
        let grouping = is_new.then(|| directory.grouping(&say.source, &signal, now)).flatten().map(Box::new);
        let incoming = Incoming {
            source: say.source.clone(),
            dedup_key: SILENCE_KEY.into(),
            signal,
            provenance: say.provenance(),
            grouping,
            accepted_at: now,
            reply,
        };
        (incoming, answer)
    }

    fn tell(&self, myself: &ActorRef<MonitorMessage>, say: &Say) {
        let (source, status, bell) = (say.source.clone(), say.status, self.shared.bell.clone());
        tracing::info!(%source, ?status, "silence of a heartbeat");
        let (incoming, answer) = self.incoming(say);
        self.shared.switchboard.send(SwitchboardMessage::Signal(Box::new(incoming)));
        let myself = myself.clone();
        tokio::spawn(async move {
            let answer = tokio::time::timeout(DURABLE_WITHIN, answer).await;
            let is_durable = matches!(answer, Ok(Ok(Ok(_))));
            if matches!(answer, Ok(Ok(Err(Declined::Refused(Refusal::NoRoute))))) {
                bell.ring(Trouble::NoRoute { source: source.to_string() });
            }
            // The monitor ends only with the house, or is started again and waits anew.
            let _ = myself.send_message(MonitorMessage::Told { source, status, is_durable });
        });
    }
}
