//! Policies: whether somebody is reached in the end.

use std::collections::BTreeMap;

use super::Check;
use crate::blueprint::kind::ThingKind;
use crate::blueprint::limit;
use crate::blueprint::mistake::{Collection, What};
use crate::blueprint::place::Path;
use crate::blueprint::{Blueprint, PolicyPlan, TargetPlan};

pub(super) fn check(check: &mut Check<'_>) {
    let mut mute: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, policy) in &check.blueprint.policies {
        self::policy(check, &Path::of(["policies", name]), policy);
        let targets = policy.steps.iter().flat_map(|step| &step.page).chain(&policy.fallback);
        for person in targets.flat_map(|target| meant(check.blueprint, target).unwrap_or_default()) {
            if !has_contacts(check.blueprint, person) && check.blueprint.people.contains_key(person) {
                mute.entry(person).or_insert(name);
            }
        }
    }
    for (person, policy) in mute {
        let what = What::PersonWithoutContacts { policy: policy.to_owned() };
        check.say(&Path::of(["people", person]), what);
    }
}

fn policy(check: &mut Check<'_>, path: &Path, policy: &PolicyPlan) {
    let steps = path.key("steps");
    check.filled(&steps, policy.steps.len(), Collection::Steps);
    check.count(&steps, policy.steps.len(), limit::STEPS_PER_POLICY_MAX);
    for (at, step) in policy.steps.iter().enumerate() {
        let path = steps.index(at);
        check.filled(&path.key("page"), step.page.len(), Collection::Targets);
        targets(check, &path.key("page"), &step.page);
        check.span(&path.key("wait"), step.wait);
        if step.wait.is_zero() {
            check.say(&path.key("wait"), What::ZeroWait);
        }
    }
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
        check.say(path, What::FallbackEmpty);
    }
    reached(check, path, policy);
}

/// Somebody must be reached: by each step if possible, by the policy in any case.
fn reached(check: &mut Check<'_>, path: &Path, policy: &PolicyPlan) {
    let blueprint = check.blueprint;
    let some = |targets: &[TargetPlan]| targets.iter().any(|target| may_reach(blueprint, target));
    let steps: Vec<bool> = policy.steps.iter().map(|step| some(&step.page)).collect();
    if !steps.contains(&true) && !some(&policy.fallback) {
        check.say(path, What::PolicyReachesNobody);
        return;
    }
    for (at, _) in steps.iter().enumerate().filter(|(at, reached)| !**reached && !policy.steps[*at].page.is_empty())
    {
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

/// False when it is certain that nobody is reached. A name that nothing has is reported as such, and no more.
fn may_reach(blueprint: &Blueprint, target: &TargetPlan) -> bool {
    meant(blueprint, target).is_none_or(|people| {
        people.iter().any(|person| !blueprint.people.contains_key(*person) || has_contacts(blueprint, person))
    })
}

fn has_contacts(blueprint: &Blueprint, person: &str) -> bool {
    blueprint.people.get(person).is_some_and(|person| !person.contacts.is_empty())
}

/// Everybody whom a target may ever mean; none when nothing has its name.
fn meant<'a>(blueprint: &'a Blueprint, target: &'a TargetPlan) -> Option<Vec<&'a str>> {
    Some(match target {
        TargetPlan::Person(person) => {
            blueprint.people.get(person)?;
            vec![person]
        }
        TargetPlan::Team(team) => blueprint.teams.get(team)?.members.iter().map(String::as_str).collect(),
        TargetPlan::Rota { rota, .. } => {
            let layers = &blueprint.rotas.get(rota)?.layers;
            layers.iter().flat_map(|layer| &layer.members).map(String::as_str).collect()
        }
    })
}
