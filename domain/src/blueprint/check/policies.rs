//! Policies: whether somebody is reached in the end.

use std::collections::{BTreeMap, BTreeSet};

use super::Check;
use crate::blueprint::kind::ThingKind;
use crate::blueprint::limit;
use crate::blueprint::mistake::{Collection, What};
use crate::blueprint::place::Path;
use crate::blueprint::{Blueprint, PolicyPlan, StepPlan, TargetPlan};

pub(super) fn check(check: &mut Check<'_>) {
    let mut reach = Reach { blueprint: check.blueprint, known: BTreeMap::new(), mute: BTreeMap::new() };
    for (name, policy) in &check.blueprint.policies {
        self::policy(check, &Path::of(["policies", name]), policy);
        reached(check, &mut reach, name, policy);
    }
    for (person, policy) in reach.mute {
        let what = What::PersonWithoutContacts { policy: policy.to_owned() };
        check.say(&Path::of(["people", person, "contacts"]), what);
    }
}

fn policy(check: &mut Check<'_>, path: &Path, policy: &PolicyPlan) {
    let steps = path.key("steps");
    check.filled(&steps, policy.steps.len(), Collection::Steps);
    check.count(&steps, policy.steps.len(), limit::STEPS_PER_POLICY_MAX);
    for (at, step) in policy.steps.iter().enumerate() {
        let path = steps.index(at);
        if let Some(other) = &step.hand_over {
            check.refer(&path.key("hand_over"), ThingKind::Policy, other);
            if at + 1 < policy.steps.len() {
                check.say(&steps.index(at + 1), What::StepAfterHandOver);
            }
            continue;
        }
        check.filled(&path.key("page"), step.page.len(), Collection::Targets);
        targets(check, &path.key("page"), &step.page);
        check.span(&path.key("wait"), step.wait);
        if step.wait.is_zero() {
            check.say(&path.key("wait"), What::ZeroWait);
        }
        acknowledgements(check, &path.key("acknowledgements"), step);
    }
    hand_overs(check, path, policy);
    check.at_most(&path.key("repeat"), policy.repeat, limit::REPEAT_MAX);
    targets(check, &path.key("fallback"), &policy.fallback);
    if let Some(span) = policy.acknowledgement_lapses {
        let path = path.key("acknowledgement_lapses");
        check.span(&path, span);
        if span.is_zero() {
            check.say(&path, What::Zero { field: "acknowledgement_lapses", example: "4h" });
        }
    }
    if policy.fallback.is_empty() {
        check.say(&path.key("fallback"), What::FallbackEmpty);
    }
}

/// At least one person is to take an alert, and no more than the step can mean.
fn acknowledgements(check: &mut Check<'_>, path: &Path, step: &StepPlan) {
    check.at_most(path, step.acknowledgements, limit::ACKNOWLEDGEMENTS_MAX);
    if step.acknowledgements == 0 {
        check.say(path, What::Zero { field: "acknowledgements", example: "2" });
    }
    let mut people = BTreeSet::new();
    for target in &step.page {
        // What nothing has by name is reported as such.
        let Some(meant) = meant(check.blueprint, target) else { return };
        people.extend(meant);
    }
    let wanted = step.acknowledgements;
    if !step.page.is_empty() && usize::try_from(wanted).is_ok_and(|wanted| wanted > people.len().max(1)) {
        check.say(path, What::TooFewPeople { wanted, people: people.len() });
    }
}

/// An alert must not be handed round in a circle: the way back is shown at the first step of the circle that leads to
/// it.
fn hand_overs(check: &mut Check<'_>, path: &Path, policy: &PolicyPlan) {
    let Some(name) = path.last_key().map(str::to_owned) else { return };
    for (at, step) in policy.steps.iter().enumerate() {
        let Some(first) = &step.hand_over else { continue };
        if let Some(way) = way_back(check.blueprint, &name, first) {
            let path = path.key("steps").index(at).key("hand_over");
            check.say(&path, What::HandedRound { way });
        }
    }
}

/// The policies through which an alert comes back to `name` from `first`, both included; none when it does not.
fn way_back(blueprint: &Blueprint, name: &str, first: &str) -> Option<Vec<String>> {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut ways = vec![vec![name, first]];
    while let Some(way) = ways.pop() {
        let last = *way.last()?;
        if last == name {
            return Some(way.into_iter().map(str::to_owned).collect());
        }
        let Some((last, policy)) = blueprint.policies.get_key_value(last) else { continue };
        if known.insert(last) {
            let next = policy.steps.iter().filter_map(|step| step.hand_over.as_deref());
            ways.extend(next.map(|next| way.iter().copied().chain([next]).collect::<Vec<_>>()));
        }
    }
    None
}

/// Somebody must be reached: by each step if possible, by the policy in any case.
fn reached<'a>(check: &mut Check<'a>, reach: &mut Reach<'a>, name: &'a str, policy: &'a PolicyPlan) {
    let path = Path::of(["policies", name]);
    // Whether the policy that it is handed over to reaches anybody is that policy's business.
    let reaches = |step: &'a StepPlan| step.hand_over.is_some() || reach.some(name, &step.page);
    let steps: Vec<bool> = policy.steps.iter().map(reaches).collect();
    let fallback = reach.some(name, &policy.fallback);
    if !fallback && !steps.contains(&true) {
        check.say(&path, What::PolicyReachesNobody);
        return;
    }
    let vain = |at: usize| !steps[at] && !policy.steps[at].page.is_empty();
    for at in (0..steps.len()).filter(|at| vain(*at)) {
        check.say(&path.key("steps").index(at), What::StepReachesNobody);
    }
}

fn targets(check: &mut Check<'_>, path: &Path, targets: &[TargetPlan]) {
    check.count(path, targets.len(), limit::TARGETS_PER_STEP_MAX);
    for (at, target) in targets.iter().enumerate() {
        let path = path.index(at);
        match target {
            TargetPlan::Person(person) => check.refer(&path.key("person"), ThingKind::Person, person),
            TargetPlan::Team(team) => check.refer(&path.key("team"), ThingKind::Team, team),
            TargetPlan::Rota { rota, offset } => {
                check.refer(&path.key("rota"), ThingKind::Rota, rota);
                self::offset(check, &path.key("offset"), rota, *offset);
            }
        }
    }
}

/// An offset as large as the rota leads back to who is on call already.
fn offset(check: &mut Check<'_>, path: &Path, rota: &str, offset: u32) {
    check.at_most(path, offset, limit::OFFSET_MAX);
    let layers = check.blueprint.rotas.get(rota).map_or(&[][..], |rota| &rota.layers);
    let members = layers.iter().map(|layer| layer.members.len()).max().unwrap_or(0);
    if members > 0 && usize::try_from(offset).is_ok_and(|offset| offset >= members) {
        check.say(path, What::OffsetWraps { offset, members });
    }
}

/// Who can be reached. Looks at each team and each rota once.
struct Reach<'a> {
    blueprint: &'a Blueprint,
    known: BTreeMap<(ThingKind, &'a str), bool>,
    /// People who can be paged but have no contact method, each with a policy that can page them.
    mute: BTreeMap<&'a str, &'a str>,
}

impl<'a> Reach<'a> {
    /// False when it is certain that none of these targets of a policy reaches anybody.
    fn some(&mut self, policy: &'a str, targets: &'a [TargetPlan]) -> bool {
        // Every target is looked at, for who has no contact method.
        let mut some = false;
        for target in targets {
            some |= self.one(policy, target);
        }
        some
    }

    fn one(&mut self, policy: &'a str, target: &'a TargetPlan) -> bool {
        let named = match target {
            TargetPlan::Person(person) => (ThingKind::Person, person.as_str()),
            TargetPlan::Team(team) => (ThingKind::Team, team.as_str()),
            TargetPlan::Rota { rota, .. } => (ThingKind::Rota, rota.as_str()),
        };
        if let Some(known) = self.known.get(&named) {
            return *known;
        }
        // A name that nothing has is reported as such, and no more.
        let people = meant(self.blueprint, target);
        let mut may = people.is_none();
        for person in people.into_iter().flatten() {
            may |= self.person(policy, person);
        }
        self.known.insert(named, may);
        may
    }

    fn person(&mut self, policy: &'a str, person: &'a str) -> bool {
        let Some(plan) = self.blueprint.people.get(person) else { return true };
        if plan.contacts.is_empty() {
            self.mute.entry(person).or_insert(policy);
        }
        !plan.contacts.is_empty()
    }
}

/// Everybody whom a target may ever mean; none when nothing has its name.
fn meant<'a>(blueprint: &'a Blueprint, target: &'a TargetPlan) -> Option<Vec<&'a str>> {
    Some(match target {
        TargetPlan::Person(person) => vec![person],
        TargetPlan::Team(team) => blueprint.teams.get(team)?.members.iter().map(String::as_str).collect(),
        TargetPlan::Rota { rota, .. } => {
            let layers = &blueprint.rotas.get(rota)?.layers;
            let members = layers.iter().flat_map(|layer| &layer.members);
            members.flat_map(|member| &member.people).map(String::as_str).collect()
        }
    })
}
