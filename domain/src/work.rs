//! Planned work: a span in which the alerts that it takes go first to the person who is doing the work. Owned by people:
//! applying configuration files leaves it alone.

use events::event::work::{LabelMatch, Scope, WorkEvent, WorkPlanned, WorkSpan};
use events::{ServiceId, SourceId, Span, Timestamp};

use crate::aggregate::Aggregate;
use crate::directory::Directory;

pub use matching::{Taker, is_like};

mod matching;
#[cfg(test)]
mod tests;

/// One span of work lasts no longer.
pub const WORK_MAX: Span = Span::from_seconds(31 * 86_400);
/// Work is repeated no more often.
pub const SPANS_MAX: usize = 1_000;
/// A worker has no longer than this before on call is paged as well.
pub const WAIT_MAX: Span = Span::from_minutes(60);
/// What a worker has when nothing is said.
pub const WAIT_DEFAULT: Span = Span::from_minutes(5);
/// What is being done is said in no more characters.
pub const WHAT_CHARS_MAX: usize = 200;
/// A scope names no more services, sources or labels.
pub const SCOPE_MAX: usize = 50;
/// A pattern has no more characters.
pub const PATTERN_CHARS_MAX: usize = 200;

/// Planned work as its history tells it.
#[derive(Clone, Debug, Default)]
pub struct Work {
    planned: Option<WorkPlanned>,
    is_cancelled: bool,
}

/// What can be asked of planned work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkCommand {
    /// Let it be planned.
    Plan(WorkPlanned),
    /// Let the span that lasts, or else the next one, end then.
    Move {
        /// When it is to end.
        until: Timestamp,
    },
    /// Let the span that lasts be over.
    End,
    /// Let all of it be over.
    Cancel,
}

/// Why work is not planned, or not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkRefusal {
    /// The name is taken.
    #[error("there is planned work with this name already")]
    Taken,
    /// There is no such work.
    #[error("there is no such planned work; `hotpotato work list` shows it")]
    Unplanned,
    /// All of it is over.
    #[error("the work is over already; plan it anew with `hotpotato work start`")]
    Over,
    /// None of its spans lasts now.
    #[error("the work is not going on now: its next span begins at {from}; cancel it if it is not to come")]
    NotYet {
        /// When the next span begins.
        from: Timestamp,
    },
    /// It has no span, or too many.
    #[error("work has 1 to {SPANS_MAX} spans; let the rule of repetition end earlier")]
    SpansCount,
    /// A span ends before it begins.
    #[error("the span ends at {until}, which is not after its beginning at {from}")]
    Backwards {
        /// The beginning.
        from: Timestamp,
        /// The end.
        until: Timestamp,
    },
    /// A span lies in the past.
    #[error("the span ended at {until} already")]
    Past {
        /// The end.
        until: Timestamp,
    },
    /// A span lasts too long.
    #[error(
        "a span of work lasts 31 days at most; plan several, or change the policy for what is to last longer"
    )]
    TooLong,
    /// A span begins before the one before it ends.
    #[error("the span until {until} reaches into the next one, which begins at {next}")]
    Overlaps {
        /// The end of one.
        until: Timestamp,
        /// The beginning of the next.
        next: Timestamp,
    },
    /// The worker is not there, or gone.
    #[error("there is nobody by this name, or they have left")]
    UnknownWorker,
    /// The worker cannot be reached.
    #[error("the worker has no ladder: nobody could reach them about an alert")]
    UnreachableWorker,
    /// There is no such service.
    #[error("there is no service `{0}`")]
    UnknownService(ServiceId),
    /// There is no such source.
    #[error("there is no source `{0}`")]
    UnknownSource(SourceId),
    /// It would take every alert there is.
    #[error("say which alerts the work takes: by service, source or label")]
    NoScope,
    /// The scope names too much.
    #[error(
        "a scope names {SCOPE_MAX} services, sources and labels at most, and a pattern has {PATTERN_CHARS_MAX} characters at most"
    )]
    ScopeTooLong,
    /// The worker would have no time, or too much.
    #[error("a worker has between 1 second and {} minutes before on call is paged", WAIT_MAX.as_seconds() / 60)]
    Wait,
    /// What is being done is not said, or at too great length.
    #[error("say what is being done, in {WHAT_CHARS_MAX} characters at most")]
    What,
}

impl Work {
    /// What was planned, with its spans as they are now; none before it was planned.
    pub const fn planned(&self) -> Option<&WorkPlanned> {
        self.planned.as_ref()
    }

    /// True when somebody took all of it back.
    pub const fn is_cancelled(&self) -> bool {
        self.is_cancelled
    }

    /// The spans as they are now, in order.
    pub fn spans(&self) -> &[WorkSpan] {
        self.planned.as_ref().map_or(&[], |planned| &planned.spans)
    }

    /// The span that lasts at this moment.
    pub fn span_at(&self, at: Timestamp) -> Option<WorkSpan> {
        let spans = self.spans();
        let begun = spans.partition_point(|span| span.from <= at);
        spans.get(begun.checked_sub(1)?).copied().filter(|span| at < span.until)
    }

    /// The first span that begins after this moment.
    pub fn span_after(&self, at: Timestamp) -> Option<WorkSpan> {
        let spans = self.spans();
        spans.get(spans.partition_point(|span| span.from <= at)).copied()
    }

    /// When all of it is over; the epoch when there is nothing.
    pub fn ends_at(&self) -> Timestamp {
        self.spans().last().map(|span| span.until).unwrap_or_default()
    }

    /// The next moment at which it begins or ends.
    pub fn next_turn(&self, after: Timestamp) -> Option<Timestamp> {
        let ends = self.span_at(after).map(|span| span.until);
        ends.or_else(|| self.span_after(after).map(|span| span.from))
    }

    fn cut(&mut self, at: Timestamp) {
        let Some(planned) = &mut self.planned else { return };
        for span in &mut planned.spans {
            if span.from <= at {
                span.until = span.until.min(at);
            }
        }
        // What was cut to nothing was never there.
        planned.spans.retain(|span| span.from < span.until);
    }

    fn moved(&self, until: Timestamp, now: Timestamp) -> Result<WorkEvent, WorkRefusal> {
        let span = self.span_at(now).or_else(|| self.span_after(now)).ok_or(WorkRefusal::Over)?;
        let next = self.spans().iter().map(|next| next.from).find(|&from| from > span.from);
        if let Some(next) = next.filter(|&next| next < until) {
            return Err(WorkRefusal::Overlaps { until, next });
        }
        can_last(WorkSpan { until, ..span }, now)?;
        Ok(WorkEvent::Moved { from: span.from, until })
    }
}

impl Aggregate for Work {
    type Command = WorkCommand;
    type Event = WorkEvent;
    type Refusal = WorkRefusal;

    fn decide(
        &self,
        command: &WorkCommand,
        directory: &Directory,
        now: Timestamp,
    ) -> Result<Vec<WorkEvent>, WorkRefusal> {
        if let WorkCommand::Plan(planned) = command {
            if self.planned.is_some() {
                return Err(WorkRefusal::Taken);
            }
            can_be_planned(planned, directory, now)?;
            return Ok(vec![WorkEvent::Planned(planned.clone())]);
        }
        if self.planned.is_none() {
            return Err(WorkRefusal::Unplanned);
        }
        if self.ends_at() <= now {
            return Err(WorkRefusal::Over);
        }
        match command {
            WorkCommand::Plan(_) => Err(WorkRefusal::Taken),
            WorkCommand::Move { until } => Ok(vec![self.moved(*until, now)?]),
            WorkCommand::End => match (self.span_at(now), self.span_after(now)) {
                (None, Some(next)) => Err(WorkRefusal::NotYet { from: next.from }),
                (Some(_), _) | (None, None) => Ok(vec![WorkEvent::Ended]),
            },
            WorkCommand::Cancel => Ok(vec![WorkEvent::Cancelled]),
        }
    }

    fn evolve(&mut self, event: &WorkEvent, at: Timestamp) {
        match event {
            WorkEvent::Planned(planned) => self.planned = Some(planned.clone()),
            WorkEvent::Moved { from, until } => {
                let spans = self.planned.iter_mut().flat_map(|planned| &mut planned.spans);
                for span in spans.filter(|span| span.from == *from) {
                    span.until = *until;
                }
            }
            WorkEvent::Ended => self.cut(at),
            WorkEvent::Cancelled => {
                self.is_cancelled = true;
                self.cut(at);
                if let Some(planned) = &mut self.planned {
                    planned.spans.retain(|span| span.from < at);
                }
            }
        }
    }
}

fn can_be_planned(planned: &WorkPlanned, directory: &Directory, now: Timestamp) -> Result<(), WorkRefusal> {
    if !(1..=SPANS_MAX).contains(&planned.spans.len()) {
        return Err(WorkRefusal::SpansCount);
    }
    for span in &planned.spans {
        can_last(*span, now)?;
    }
    for pair in planned.spans.windows(2) {
        if let [before, next] = pair
            && next.from < before.until
        {
            return Err(WorkRefusal::Overlaps { until: before.until, next: next.from });
        }
    }
    let worker = directory.people().get(&planned.worker).ok_or(WorkRefusal::UnknownWorker)?;
    if !crate::alert::can_be_reached(worker) {
        return Err(WorkRefusal::UnreachableWorker);
    }
    if !(Span::from_seconds(1)..=WAIT_MAX).contains(&planned.wait) {
        return Err(WorkRefusal::Wait);
    }
    let what = planned.what.open().map(|what| what.trim().chars().count()).unwrap_or_default();
    if !(1..=WHAT_CHARS_MAX).contains(&what) {
        return Err(WorkRefusal::What);
    }
    can_take(&planned.scope, directory)
}

fn can_last(WorkSpan { from, until }: WorkSpan, now: Timestamp) -> Result<(), WorkRefusal> {
    if until <= from {
        return Err(WorkRefusal::Backwards { from, until });
    }
    if until <= now {
        return Err(WorkRefusal::Past { until });
    }
    if until.since(from) > WORK_MAX {
        return Err(WorkRefusal::TooLong);
    }
    Ok(())
}

fn can_take(scope: &Scope, directory: &Directory) -> Result<(), WorkRefusal> {
    let Scope { services, sources, labels } = scope;
    if services.is_empty() && sources.is_empty() && labels.is_empty() {
        return Err(WorkRefusal::NoScope);
    }
    let is_long = |text: &str| text.chars().count() > PATTERN_CHARS_MAX;
    let is_long_match = |found: &LabelMatch| match found {
        LabelMatch::Like(pattern) | LabelMatch::Unlike(pattern) => is_long(pattern),
    };
    if services.len() + sources.len() + labels.len() > SCOPE_MAX
        || labels.iter().any(|(label, found)| is_long(label) || is_long_match(found))
    {
        return Err(WorkRefusal::ScopeTooLong);
    }
    if let Some(unknown) = services.iter().find(|service| !directory.services().contains_key(*service)) {
        return Err(WorkRefusal::UnknownService(unknown.clone()));
    }
    if let Some(unknown) = sources.iter().find(|source| !directory.sources().contains_key(*source)) {
        return Err(WorkRefusal::UnknownSource(unknown.clone()));
    }
    Ok(())
}
