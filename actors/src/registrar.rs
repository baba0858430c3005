//! Changes the configuration: one command at a time, so that a plan is made and carried out against the same house.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::access::foreign;
use domain::agenda::Staying;
use domain::aggregate::Aggregate;
use domain::blueprint::Blueprint;
use domain::blueprint::kind::ThingKind;
use domain::calendar::Calendar;
use domain::directory::{Directory, stream_of};
use domain::overrides::Override;
use domain::plan::{Change, Plan, SettingChange};
use domain::setting::{Definition, Setting, SettingCommand};
use domain::standing::{ContactCommand, Contacts, Seen};
use domain::token::Token;
use domain::work::Work;
use events::mutant::{self, Mutant};
use events::{ContactId, Entry, JournalError, PersonId, Position, StreamId, TeamId, Timestamp};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::{oneshot, watch};

use crate::alarm::Trouble;
use crate::alert::AlertsShared;
use crate::projector::{Wanted, page};
use crate::shell::{Nowhere, Provenance, Shell, StepError, World};
use crate::switchboard::SwitchboardMessage;

/// How often a change is begun again because another node wrote first.
const OVERTAKEN_MAX: u32 = 8;

/// Draws the number of a person who is new.
pub type Mint = Box<dyn FnMut() -> PersonId + Send>;

/// What the registrar is asked.
#[derive(Debug)]
pub enum Asked {
    /// Let the house become what a blueprint says.
    Apply(Apply),
    /// Decide about an override.
    Override(Box<Decide<Override>>),
    /// Decide about planned work.
    Work(Box<Decide<Work>>),
    /// Decide about a token.
    Token(Box<Decide<Token>>),
    /// Decide about a calendar.
    Calendar(Box<Decide<Calendar>>),
    /// Decide about somebody's contact methods.
    Contact(Box<Decide<Contacts>>),
}

impl Asked {
    /// The question that the house has by itself. Nobody waits for the answer: what was not decided is asked again.
    pub fn of_house(staying: Staying) -> Self {
        let Staying { id, command, by } = staying;
        let (reply, _) = oneshot::channel();
        let provenance = Provenance { by, ..Provenance::deadline() };
        Self::Override(Box::new(Decide { name: id.to_string(), command, provenance, reply }))
    }

    /// What the house saw of a contact method. Nobody waits for the answer: what is lost is seen again.
    pub fn of_seen(seen: Seen) -> Self {
        let (reply, _) = oneshot::channel();
        let name = seen.person.to_string();
        let command = ContactCommand::See(Box::new(seen));
        Self::Contact(Box::new(Decide { name, command, provenance: Provenance::deadline(), reply }))
    }
}

/// What people decide about beside the configuration files.
pub trait Personal: Aggregate {
    /// The category of its histories.
    const CATEGORY: &'static str;

    /// The question, as the registrar is asked it.
    fn asked(decide: Box<Decide<Self>>) -> Asked;

    /// What the operators must hear of, once the thing of this name has changed.
    fn troubles(_name: &str, _before: &Directory, _after: &Directory) -> Vec<Trouble> {
        Vec::new()
    }
}

impl Personal for Override {
    const CATEGORY: &'static str = "override";

    fn asked(decide: Box<Decide<Self>>) -> Asked {
        Asked::Override(decide)
    }
}

impl Personal for Work {
    const CATEGORY: &'static str = "work";

    fn asked(decide: Box<Decide<Self>>) -> Asked {
        Asked::Work(decide)
    }
}

impl Personal for Token {
    const CATEGORY: &'static str = "token";

    fn asked(decide: Box<Decide<Self>>) -> Asked {
        Asked::Token(decide)
    }
}

impl Personal for Calendar {
    const CATEGORY: &'static str = "calendar";

    fn asked(decide: Box<Decide<Self>>) -> Asked {
        Asked::Calendar(decide)
    }
}

impl Personal for Contacts {
    const CATEGORY: &'static str = "contact";

    fn asked(decide: Box<Decide<Self>>) -> Asked {
        Asked::Contact(decide)
    }

    fn troubles(name: &str, before: &Directory, after: &Directory) -> Vec<Trouble> {
        let Ok(person) = name.parse::<PersonId>() else { return Vec::new() };
        let known = after.people().get(&person);
        let named = after.slug(person).unwrap_or_default();
        let is_unanswered = |directory: &Directory, contact: &ContactId| {
            directory.standing(person, contact).is_some_and(|standing| standing.unanswered_at().is_some())
        };
        let mut troubles = Vec::new();
        for contact in known.iter().flat_map(|defined| defined.contacts.keys()) {
            let of = || (named.to_owned(), contact.clone());
            if after.is_broken(person, contact) && !before.is_broken(person, contact) {
                let (person, contact) = of();
                troubles.push(Trouble::ContactBroken { person, contact });
            }
            if is_unanswered(after, contact) && !is_unanswered(before, contact) {
                let (person, contact) = of();
                troubles.push(Trouble::ContactUnanswered { person, contact });
            }
        }
        troubles
    }
}

/// The house is to become what a blueprint says.
#[derive(Debug)]
pub struct Apply {
    /// What the house is to become.
    pub blueprint: Box<Blueprint>,
    /// Only say what would change.
    pub is_dry_run: bool,
    /// Only if nothing changes but what is this team's own; anything when none.
    pub within: Option<TeamId>,
    /// By whom, and in which request.
    pub provenance: Provenance,
    /// Who waits for it.
    pub reply: oneshot::Sender<Result<Applied, NotApplied>>,
}

/// Something is to be decided about one thing that people own.
pub struct Decide<A: Aggregate> {
    /// Which: its name.
    pub name: String,
    /// What.
    pub command: A::Command,
    /// By whom, and in which request.
    pub provenance: Provenance,
    /// Who waits for it.
    pub reply: oneshot::Sender<Result<Position, Undecided<A::Refusal>>>,
}

impl<A: Aggregate> std::fmt::Debug for Decide<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decide").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<A: Aggregate> Decide<A> {
    fn unavailable(self, reason: String) {
        // Whoever asked may have gone away.
        let _ = self.reply.send(Err(Undecided::Unavailable { reason }));
    }
}

/// Nothing was decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undecided<R: std::error::Error> {
    /// The domain says no.
    #[error(transparent)]
    Refused(R),
    /// It cannot be done now.
    #[error("nothing was changed: {reason}; try again")]
    Unavailable {
        /// Why.
        reason: String,
    },
}

/// What was changed, or would be.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The changes, in order.
    pub plan: Plan,
    /// The last record; none when nothing was recorded.
    pub position: Option<Position>,
}

/// The house is not, or not wholly, as it was to become.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NotApplied {
    /// It cannot be done, or not to the end, now.
    #[error(
        "{done} of {total} changes are made; then: {reason}. Nothing is half done within one change: apply the same files again"
    )]
    Stopped {
        /// So many changes are made.
        done: usize,
        /// Of so many.
        total: usize,
        /// Why not all.
        reason: String,
    },
    /// Something would change that is not the team's own. Nothing is changed.
    #[error(
        "{} `{name}` would change, which is not team `{team}`'s own: nothing was changed. Take that out of the files (`hotpotato export` shows how it is now), or ask an owner to apply them", .kind.category()
    )]
    Foreign {
        /// Whose changes alone may be made.
        team: TeamId,
        /// What kind of thing would change first.
        kind: ThingKind,
        /// Its name.
        name: String,
    },
}

impl NotApplied {
    /// Nothing was begun.
    pub fn unbegun(reason: impl Into<String>) -> Self {
        Self::Stopped { done: 0, total: 0, reason: reason.into() }
    }
}

/// The actor.
pub struct Registrar<W: World> {
    shared: Arc<AlertsShared<W>>,
    directory: watch::Sender<Arc<Directory>>,
    mint: std::sync::Mutex<Mint>,
    /// An append failed, and may have been done: the log knows.
    is_unsure: AtomicBool,
}

impl<W: World> std::fmt::Debug for Registrar<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registrar").finish_non_exhaustive()
    }
}

impl<W: World> Registrar<W> {
    /// A registrar that publishes the configuration at `directory`.
    pub const fn new(
        shared: Arc<AlertsShared<W>>,
        directory: watch::Sender<Arc<Directory>>,
        mint: Mint,
    ) -> Self {
        Self { shared, directory, mint: std::sync::Mutex::new(mint), is_unsure: AtomicBool::new(false) }
    }
}

impl<W: World> Actor for Registrar<W> {
    type Msg = Asked;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _myself: ActorRef<Asked>, (): ()) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    async fn handle(
        &self,
        _myself: ActorRef<Asked>,
        asked: Asked,
        (): &mut (),
    ) -> Result<(), ActorProcessingErr> {
        self.answer(asked).await;
        Ok(())
    }
}

impl<W: World> Registrar<W> {
    /// Does what is asked, or says what would be done, and answers.
    pub async fn answer(&self, asked: Asked) {
        let is_sure = if self.is_unsure.load(Ordering::Relaxed) { self.catch_up().await } else { Ok(()) };
        // Whoever asked may have gone away.
        match (asked, is_sure) {
            (Asked::Apply(apply), Ok(())) => self.apply(apply).await,
            (Asked::Apply(apply), Err(error)) => {
                let _ = apply.reply.send(Err(NotApplied::unbegun(error.to_string())));
            }
            (Asked::Override(decide), Ok(())) => self.decide(*decide).await,
            (Asked::Override(decide), Err(error)) => decide.unavailable(error.to_string()),
            (Asked::Work(decide), Ok(())) => self.decide(*decide).await,
            (Asked::Work(decide), Err(error)) => decide.unavailable(error.to_string()),
            (Asked::Token(decide), Ok(())) => self.decide(*decide).await,
            (Asked::Token(decide), Err(error)) => decide.unavailable(error.to_string()),
            (Asked::Calendar(decide), Ok(())) => self.decide(*decide).await,
            (Asked::Calendar(decide), Err(error)) => decide.unavailable(error.to_string()),
            (Asked::Contact(decide), Ok(())) => self.decide(*decide).await,
            (Asked::Contact(decide), Err(error)) => decide.unavailable(error.to_string()),
        }
    }

    async fn decide<A: Personal>(&self, decide: Decide<A>) {
        let Decide { name, command, provenance, reply } = decide;
        let before = Arc::clone(&self.directory.borrow());
        let mut directory = Directory::clone(&before);
        let stream = stream_of(A::CATEGORY, &name);
        let written = self.write::<A>(&mut directory, &stream, &command, &provenance).await;
        let answer = match written {
            Ok(position) => {
                let troubles = A::troubles(&name, &before, &directory);
                self.publish(directory, position);
                for trouble in troubles {
                    self.shared.bell.ring(trouble);
                }
                Ok(position.unwrap_or_default())
            }
            Err(Unwritten::Refused(refusal)) => Err(Undecided::Refused(refusal)),
            Err(Unwritten::Unavailable(reason)) => {
                self.is_unsure.store(true, Ordering::Relaxed);
                Err(Undecided::Unavailable { reason })
            }
        };
        // Whoever asked may have gone away.
        let _ = reply.send(answer);
    }

    async fn apply(&self, apply: Apply) {
        let Apply { blueprint, is_dry_run, within, provenance, reply } = apply;
        let directory = Arc::clone(&self.directory.borrow());
        let plan = {
            let mut mint = self.mint.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            Plan::between(&directory, &blueprint, &mut *mint)
        };
        let stranger = within.and_then(|team| {
            let change = foreign(&plan, &directory, &team)?;
            Some(NotApplied::Foreign { kind: change.kind, name: change.name.clone(), team })
        });
        let answer = if let Some(stranger) = stranger {
            Err(stranger)
        } else if is_dry_run || plan.changes.is_empty() {
            Ok(Applied { plan, position: None })
        } else {
            self.carry_out(Directory::clone(&directory), plan, &provenance).await
        };
        // Whoever asked may have gone away.
        let _ = reply.send(answer);
    }

    /// Reads what the log knows of the configuration and we do not: an append that failed may have been done.
    async fn catch_up(&self) -> Result<(), JournalError> {
        let mut directory = Directory::clone(&self.directory.borrow());
        let mut position = directory.position();
        loop {
            let page = page(&self.shared.ports.journal, position, Wanted::ByViews).await?;
            for entry in &page.entries {
                directory.apply(entry);
            }
            let Some(reached) = page.reached else { break };
            position = reached;
        }
        self.is_unsure.store(false, Ordering::Relaxed);
        let at = directory.position();
        if at > self.directory.borrow().position() {
            directory.prepare();
            self.directory.send_replace(Arc::new(directory));
            self.shared.switchboard.send(SwitchboardMessage::DirectoryChanged { at });
        }
        Ok(())
    }

    async fn carry_out(
        &self,
        mut directory: Directory,
        plan: Plan,
        provenance: &Provenance,
    ) -> Result<Applied, NotApplied> {
        let total = plan.changes.len();
        let mut result = Ok(());
        let mut position = None;
        for (done, change) in plan.changes.iter().enumerate() {
            match self.change(&mut directory, change, provenance).await {
                Ok(at) => position = at.or(position),
                Err(_) if mutant::is_on(Mutant::BelieveRefusedChanges) => {}
                Err(reason) => {
                    self.is_unsure.store(true, Ordering::Relaxed);
                    result = Err(NotApplied::Stopped { done, total, reason });
                    break;
                }
            }
        }
        self.publish(directory, position);
        result.map(|()| Applied { plan, position })
    }

    /// Lets everybody go by the changed configuration; `position` is where the last change stands, if there was any.
    fn publish(&self, directory: Directory, position: Option<Position>) {
        let at = directory.position();
        directory.prepare();
        self.directory.send_replace(Arc::new(directory));
        if let Some(position) = position {
            self.shared.commits.committed(position);
            self.shared.switchboard.send(SwitchboardMessage::DirectoryChanged { at });
        }
    }

    async fn change(
        &self,
        directory: &mut Directory,
        change: &Change,
        provenance: &Provenance,
    ) -> Result<Option<Position>, String> {
        match &change.setting {
            SettingChange::Person(command) => self.set(directory, &change.stream, command, provenance).await,
            SettingChange::Team(command) => self.set(directory, &change.stream, command, provenance).await,
            SettingChange::Rota(command) => self.set(directory, &change.stream, command, provenance).await,
            SettingChange::Policy(command) => self.set(directory, &change.stream, command, provenance).await,
            SettingChange::Service(command) => self.set(directory, &change.stream, command, provenance).await,
            SettingChange::Source(command) => self.set(directory, &change.stream, command, provenance).await,
            SettingChange::Routes(command) => self.set(directory, &change.stream, command, provenance).await,
        }
    }

    async fn set<D: Definition>(
        &self,
        directory: &mut Directory,
        stream: &StreamId,
        command: &SettingCommand<D>,
        provenance: &Provenance,
    ) -> Result<Option<Position>, String> {
        let written = self.write::<Setting<D>>(directory, stream, command, provenance).await;
        written.map_err(|error| match error {
            Unwritten::Refused(refusal) => match refusal {},
            Unwritten::Unavailable(reason) => reason,
        })
    }

    /// One command to one history, and what it leads to into the directory.
    async fn write<A: Aggregate>(
        &self,
        directory: &mut Directory,
        stream: &StreamId,
        command: &A::Command,
        provenance: &Provenance,
    ) -> Result<Option<Position>, Unwritten<A::Refusal>> {
        let ports = &self.shared.ports;
        for _ in 0..OVERTAKEN_MAX {
            // What was written when we could not hear of it counts as well.
            let read = ports.journal.read(stream).await;
            let (entries, _) = read.map_err(|error| Unwritten::Unavailable(self.refused(&error)))?;
            for entry in &entries {
                directory.apply(entry);
            }
            let replayed = Shell::<A>::replay(&ports.journal, stream.clone()).await;
            let mut shell = replayed.map_err(|error| Unwritten::Unavailable(self.refused(&error)))?;
            match shell.step(ports, &Nowhere, command, directory, provenance.clone()).await {
                Ok(stepped) => {
                    if let Some(position) = stepped.position {
                        self.shared.bell.log_recovered();
                        // The position is that of the last one, and each is to stand after the one before it.
                        let count = stepped.events.len();
                        for (place, event) in (1..).zip(stepped.events) {
                            let position =
                                position.earlier_by(u64::try_from(count - place).unwrap_or_default());
                            directory.apply(&entry(stream, position, stepped.at, provenance, event.into()));
                        }
                    }
                    return Ok(stepped.position);
                }
                Err(StepError::Overtaken) => {}
                Err(StepError::Refused(refusal)) => return Err(Unwritten::Refused(refusal)),
                Err(StepError::Journal(error)) => return Err(Unwritten::Unavailable(self.refused(&error))),
            }
        }
        Err(Unwritten::Unavailable("another node writes to the same history".to_owned()))
    }

    /// A log that refuses is the operators' trouble, whatever was to be written.
    fn refused(&self, error: &JournalError) -> String {
        let reason = error.to_string();
        self.shared.bell.ring(Trouble::LogRefuses { reason: reason.clone() });
        reason
    }
}

/// Why a command came to nothing.
enum Unwritten<R> {
    Refused(R),
    Unavailable(String),
}

/// What was just recorded, as the directory takes it: it looks at the position, the moment, the history, the author and
/// the event only.
fn entry(
    stream: &StreamId,
    position: Position,
    at: Timestamp,
    provenance: &Provenance,
    event: events::Event,
) -> Entry {
    Entry {
        position,
        stream: stream.clone(),
        version: events::Version::NONE,
        id: events::EventId([0; 16]),
        at,
        by: provenance.by.clone(),
        cause: provenance.cause.clone(),
        directory: Position::START,
        event,
    }
}
