//! An override: who stands in for whom, or is on call as well, for a span of time. Owned by people: applying
//! configuration files leaves it alone.

use events::event::overrides::{LegChange, OverrideEvent, OverrideMade};
use events::{PersonId, RotaId, Span, TeamId, Timestamp};

use crate::aggregate::Aggregate;
use crate::directory::Directory;

/// An override lasts no longer.
pub const OVERRIDE_MAX: Span = Span::from_seconds(366 * 86_400);
/// One override has no more legs.
pub const LEGS_MAX: usize = 10;
/// A reason has no more characters.
pub const REASON_CHARS_MAX: usize = 500;

/// An override as its history tells it.
#[derive(Clone, Debug, Default)]
pub struct Override {
    made: Option<OverrideMade>,
    /// Since when it is in force; none while somebody is asked.
    in_force_since: Option<Timestamp>,
    over_since: Option<Timestamp>,
}

/// Where an override stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It was not made.
    Unmade,
    /// Somebody is asked, and has not answered.
    Asked,
    /// It counts, within its spans.
    InForce,
    /// It was taken back or declined.
    Over,
}

/// What can be asked of an override.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverrideCommand {
    /// Let it be so.
    Make(OverrideMade),
    /// Whoever was asked agrees. Anybody may say so for them: the record says who.
    Accept,
    /// Whoever was asked says no.
    Decline,
    /// Let it be over.
    Remove,
}

/// Why an override is not made, or not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverrideRefusal {
    /// The name is taken.
    #[error("there is an override with this name already")]
    Taken,
    /// There is no such override.
    #[error("there is no such override; `hotpotato override list` shows them")]
    Unmade,
    /// It is over.
    #[error("the override is over already")]
    Over,
    /// Nobody is asked.
    #[error("nobody is asked about this override: it is in force already")]
    NobodyAsked,
    /// It says nothing, or too much.
    #[error("an override says 1 to {LEGS_MAX} things")]
    LegsCount,
    /// It ends before it begins.
    #[error(
        "the span ends at {until}, which is not after its beginning at {from}: give a later end, or an earlier beginning"
    )]
    Backwards {
        /// The beginning.
        from: Timestamp,
        /// The end.
        until: Timestamp,
    },
    /// It would change the past only.
    #[error(
        "the span ended at {until}: who was on call then does not change any more. Give an end that is still to come"
    )]
    Past {
        /// The end.
        until: Timestamp,
    },
    /// It lasts too long.
    #[error("an override lasts 366 days at most; change the rota for what is to last longer")]
    TooLong,
    /// There is no such rota.
    #[error("there is no rota `{0}`: `hotpotato export` shows the rotas")]
    UnknownRota(RotaId),
    /// There is no such team.
    #[error("there is no team `{0}`: `hotpotato export` shows the teams")]
    UnknownTeam(TeamId),
    /// The person is not there, or gone.
    #[error("one of these people is not known, or has left: `hotpotato export` shows the people")]
    UnknownPerson,
    /// Somebody would stand in for themselves.
    #[error(
        "somebody cannot stand in for themselves, nor swap with themselves: name somebody else, or nobody"
    )]
    WithOneself,
    /// The reason is too long.
    #[error("a reason has {REASON_CHARS_MAX} characters at most")]
    ReasonTooLong,
}

impl Override {
    /// What was decided; none before it was made.
    pub const fn made(&self) -> Option<&OverrideMade> {
        self.made.as_ref()
    }

    /// Where it stands.
    pub const fn stage(&self) -> Stage {
        match (&self.made, self.in_force_since, self.over_since) {
            (None, ..) => Stage::Unmade,
            (_, _, Some(_)) => Stage::Over,
            (_, Some(_), _) => Stage::InForce,
            (_, None, _) => Stage::Asked,
        }
    }

    /// When it was taken back or declined.
    pub const fn over_since(&self) -> Option<Timestamp> {
        self.over_since
    }

    /// Since when it is in force; none while somebody is asked.
    pub const fn in_force_since(&self) -> Option<Timestamp> {
        self.in_force_since
    }
}

impl Aggregate for Override {
    type Command = OverrideCommand;
    type Event = OverrideEvent;
    type Refusal = OverrideRefusal;

    fn decide(
        &self,
        command: &OverrideCommand,
        directory: &Directory,
        now: Timestamp,
    ) -> Result<Vec<OverrideEvent>, OverrideRefusal> {
        match (command, self.stage()) {
            (OverrideCommand::Make(made), Stage::Unmade) => {
                can_stand(made, directory, now)?;
                Ok(vec![OverrideEvent::Made(made.clone())])
            }
            (OverrideCommand::Make(_), _) => Err(OverrideRefusal::Taken),
            (_, Stage::Unmade) => Err(OverrideRefusal::Unmade),
            (_, Stage::Over) => Err(OverrideRefusal::Over),
            (OverrideCommand::Accept, Stage::Asked) => Ok(vec![OverrideEvent::Accepted]),
            (OverrideCommand::Decline, Stage::Asked) => Ok(vec![OverrideEvent::Declined]),
            (OverrideCommand::Accept | OverrideCommand::Decline, Stage::InForce) => {
                Err(OverrideRefusal::NobodyAsked)
            }
            (OverrideCommand::Remove, Stage::Asked | Stage::InForce) => Ok(vec![OverrideEvent::Removed]),
        }
    }

    fn evolve(&mut self, event: &OverrideEvent, at: Timestamp) {
        match event {
            OverrideEvent::Made(made) => {
                self.in_force_since = made.asks.is_none().then_some(at);
                self.made = Some(made.clone());
            }
            OverrideEvent::Accepted => self.in_force_since = Some(at),
            OverrideEvent::Declined | OverrideEvent::Removed => self.over_since = Some(at),
        }
    }
}

fn can_stand(made: &OverrideMade, directory: &Directory, now: Timestamp) -> Result<(), OverrideRefusal> {
    if !(1..=LEGS_MAX).contains(&made.legs.len()) {
        return Err(OverrideRefusal::LegsCount);
    }
    let reason = made.reason.as_ref().and_then(|reason| reason.open());
    if reason.is_some_and(|reason| reason.chars().count() > REASON_CHARS_MAX) {
        return Err(OverrideRefusal::ReasonTooLong);
    }
    let is_known = |person: PersonId| directory.people().contains_key(&person);
    if made.asks.is_some_and(|asked| !is_known(asked)) {
        return Err(OverrideRefusal::UnknownPerson);
    }
    for leg in &made.legs {
        let (from, until) = (leg.from, leg.until);
        if until <= from {
            return Err(OverrideRefusal::Backwards { from, until });
        }
        if until <= now {
            return Err(OverrideRefusal::Past { until });
        }
        if until.since(from) > OVERRIDE_MAX {
            return Err(OverrideRefusal::TooLong);
        }
        let (rota, people) = match &leg.change {
            LegChange::Instead { rota, of, by } => {
                if Some(*of) == *by {
                    return Err(OverrideRefusal::WithOneself);
                }
                (Some(rota), [Some(*of), *by])
            }
            LegChange::Also { rota, person } => (Some(rota), [Some(*person), None]),
            LegChange::AllHands { team } => {
                if !directory.teams().contains_key(team) {
                    return Err(OverrideRefusal::UnknownTeam(team.clone()));
                }
                (None, [None, None])
            }
        };
        if let Some(rota) = rota.filter(|rota| !directory.rotas().contains_key(*rota)) {
            return Err(OverrideRefusal::UnknownRota(rota.clone()));
        }
        if !people.into_iter().flatten().all(is_known) {
            return Err(OverrideRefusal::UnknownPerson);
        }
    }
    Ok(())
}
