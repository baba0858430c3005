//! How thin a policy is: when a step depends on people of whom nobody has two ways that hold, over different providers.
//! One lost phone, or one provider's bad night, and such a step reaches nobody.

use std::collections::BTreeSet;

use events::event::person::PersonDefined;
use events::{ContactId, PersonId, PolicyId, Span, Timestamp};

use crate::directory::Directory;
use crate::forecast::{Gap, where_nobody};
use crate::providers::Providers;

/// As far as is looked ahead: 14 days.
pub const AHEAD: Span = Span::from_seconds(14 * 86_400);

/// A span in which a step hangs by a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thin {
    /// Of which policy.
    pub policy: PolicyId,
    /// Which step, from 1.
    pub step: u32,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Who is meant at its beginning; nobody when it is a gap.
    pub people: Vec<PersonId>,
}

/// Every span between two moments in which nobody whom a step means has two recently proved contact methods over
/// different providers, by policy, step and time. Providers that depend on the same company or machine are one. What was
/// not proved again by then does not count any more.
pub fn thin(directory: &Directory, providers: &Providers, from: Timestamp, until: Timestamp) -> Vec<Thin> {
    let spans = where_nobody(directory, from, until, |person| proved_until(directory, providers, person));
    spans.into_iter().map(|gap| described(directory, gap)).collect()
}

/// The same as far as the configuration alone tells: nobody whom the step means has two contact methods over different
/// providers on their ladder. Gaps are left out.
pub fn thin_by_configuration(directory: &Directory, from: Timestamp, until: Timestamp) -> Vec<Thin> {
    let forever = |person: PersonId| {
        let defined = directory.people().get(&person)?;
        let ways: BTreeSet<Way> = on_ladder(defined, &Providers::default()).map(|(_, way)| way).collect();
        (ways.len() > 1).then_some(Timestamp::MAX)
    };
    let spans = where_nobody(directory, from, until, forever);
    spans.into_iter().map(|gap| described(directory, gap)).filter(|thin| !thin.people.is_empty()).collect()
}

/// On whom a contact method depends.
type Way = String;

fn on_ladder<'d>(
    defined: &'d PersonDefined,
    providers: &Providers,
) -> impl Iterator<Item = (&'d ContactId, Way)> {
    let contacts: BTreeSet<&ContactId> = defined.ladder.iter().map(|rung| &rung.contact).collect();
    contacts.into_iter().filter_map(|contact| {
        let method = defined.contacts.get(contact)?;
        method.address.open()?;
        Some((contact, providers.first_depends_on(method.channel, method.via.as_ref())))
    })
}

/// Until when somebody has two proved contact methods over different providers; none when they have not.
fn proved_until(directory: &Directory, providers: &Providers, person: PersonId) -> Option<Timestamp> {
    let defined = directory.people().get(&person)?;
    let mut proved: Vec<(Timestamp, Way)> = on_ladder(defined, providers)
        .filter_map(|(contact, way)| Some((directory.standing(person, contact)?.counts_until()?, way)))
        .collect();
    // The one that holds longest, and the one over another provider that holds longest after it.
    proved.sort_unstable_by_key(|(until, _)| std::cmp::Reverse(*until));
    let (_, first) = proved.first()?;
    proved.iter().find(|(_, way)| way != first).map(|(until, _)| *until)
}

fn described(directory: &Directory, gap: Gap) -> Thin {
    let Gap { policy, step, from, until } = gap;
    let index = usize::try_from(step).ok().and_then(|step| step.checked_sub(1));
    let defined = directory.policies().get(&policy);
    let targets = index.zip(defined).and_then(|(index, defined)| defined.steps.get(index));
    let called = targets.map(|step| directory.called_at(&step.page, from)).unwrap_or_default();
    Thin { policy, step, from, until, people: called.into_iter().map(|called| called.person).collect() }
}

#[cfg(test)]
mod tests;
