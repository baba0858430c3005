//! What a configuration will lack within the next days.

use chrono_tz::Tz;
use domain::blueprint::mistake::{Ahead, Mistake, What};
use domain::blueprint::place::Path;
use domain::blueprint::{Blueprint, TargetPlan};
use domain::coverage::{self, thin_by_configuration};
use domain::forecast::{AHEAD, Gap, gaps};
use domain::plan::imagined;
use domain::rota::handover::{Why, unusual};
use domain::rota::wall::shown;
use events::{PolicyId, Timestamp};

/// Steps that will reach nobody, or hang by a thread, and handovers that a daylight-saving change moves or repeats.
pub(super) fn warnings(blueprint: &Blueprint, now: Timestamp) -> Vec<Mistake> {
    let directory = imagined(blueprint);
    let until = now + AHEAD;
    let mut warnings = Vec::new();
    let found = gaps(&directory, now, until);
    for gaps in found.chunk_by(|one, other| (&one.policy, one.step) == (&other.policy, other.step)) {
        warnings.extend(gaps.first().and_then(|first| step(blueprint, first, gaps.len())));
    }
    let thin = thin_by_configuration(&directory, now, now + coverage::AHEAD);
    for thin in thin.chunk_by(|one, other| (&one.policy, one.step) == (&other.policy, other.step)) {
        let step = thin
            .first()
            .and_then(|first| Some((&first.policy, usize::try_from(first.step).ok()?.checked_sub(1)?)));
        let path = |(policy, index): (&PolicyId, usize)| {
            Path::of(["policies", policy.as_str(), "steps"]).index(index)
        };
        warnings.extend(step.map(|step| Mistake::new(path(step), What::Ahead(Ahead::OneWay))));
    }
    for (name, rota) in directory.rotas() {
        for handover in unusual(rota, now, until) {
            let layer = usize::try_from(handover.layer - 1).unwrap_or_default();
            let path = Path::of(["rotas", name.as_str(), "layers"]).index(layer).key("handover");
            let (planned, zone) = (handover.planned, rota.time_zone.clone());
            let what = match handover.why {
                Why::Skipped { shown } => Ahead::HandoverSkipped { planned, shown, zone },
                Why::Repeated { again } => {
                    Ahead::HandoverRepeated { planned, first: handover.at, again, zone }
                }
            };
            warnings.push(Mistake::new(path, What::Ahead(what)));
        }
    }
    warnings
}

fn step(blueprint: &Blueprint, first: &Gap, count: usize) -> Option<Mistake> {
    let index = usize::try_from(first.step).ok()?.checked_sub(1)?;
    let targets = &blueprint.policies.get(first.policy.as_str())?.steps.get(index)?.page;
    let zone = targets.iter().find_map(|target| match target {
        TargetPlan::Rota { rota, .. } => Some(blueprint.rotas.get(rota)?.time_zone.clone()),
        TargetPlan::Person(_) | TargetPlan::Team(_) => None,
    });
    // A step without a rota reaches somebody always or never, which is said of it anyway.
    let zone = zone?;
    let clock: Tz = zone.parse().ok()?;
    let (from, until) = (shown(clock, first.from), shown(clock, first.until));
    let path = Path::of(["policies", first.policy.as_str(), "steps"]).index(index);
    Some(Mistake::new(path, What::Ahead(Ahead::Gaps { count, from, until, zone })))
}
