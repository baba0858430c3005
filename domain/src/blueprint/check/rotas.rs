//! Rotas: who takes turns, and when.

use chrono::Datelike;

use super::Check;
use crate::blueprint::kind::ThingKind;
use crate::blueprint::limit;
use crate::blueprint::mistake::{Collection, What};
use crate::blueprint::place::Path;
use crate::blueprint::{LayerPlan, MemberPlan, RotaPlan};

pub(super) fn check(check: &mut Check<'_>) {
    for (name, rota) in &check.blueprint.rotas {
        self::rota(check, &Path::of(["rotas", name]), rota);
    }
}

fn rota(check: &mut Check<'_>, path: &Path, rota: &RotaPlan) {
    if let Some(team) = &rota.team {
        check.refer(&path.key("team"), ThingKind::Team, team);
    }
    check.time_zone(&path.key("time_zone"), &rota.time_zone);
    let layers = path.key("layers");
    check.filled(&layers, rota.layers.len(), Collection::Layers);
    check.count(&layers, rota.layers.len(), limit::LAYERS_PER_ROTA_MAX);
    for (at, layer) in rota.layers.iter().enumerate() {
        self::layer(check, &layers.index(at), layer);
    }
}

fn layer(check: &mut Check<'_>, path: &Path, layer: &LayerPlan) {
    let members = path.key("members");
    check.filled(&members, layer.members.len(), Collection::Members);
    check.count(&members, layer.members.len(), limit::MEMBERS_MAX);
    for (at, member) in layer.members.iter().enumerate() {
        self::member(check, &members.index(at), member);
    }
    check.count(&path.key("hours"), layer.hours.len(), limit::HOURS_PER_LAYER_MAX);
    let handover = path.key("handover");
    let every = handover.key("every");
    match layer.handover.every {
        0 => check.say(&every, What::Zero { field: "every", example: "1w" }),
        1..=limit::TURN_UNITS_MAX => {}
        number => {
            let number = number.to_string();
            check.say(&every, What::OutOfRange { number, min: 1, max: limit::TURN_UNITS_MAX });
        }
    }
    let (year, years) = (layer.handover.from.year(), limit::HANDOVER_YEARS);
    if !years.contains(&year) {
        let (min, max) = (*years.start(), *years.end());
        check.say(&handover.key("from"), What::HandoverYear { year, min, max });
    }
}

fn member(check: &mut Check<'_>, path: &Path, member: &MemberPlan) {
    if let [person] = member.people.as_slice() {
        check.refer(path, ThingKind::Person, person);
    } else {
        check.members(path, &member.people);
    }
    if let (Some(from), Some(until)) = (member.from, member.until)
        && until <= from
    {
        check.say(&path.key("until"), What::MemberDates);
    }
}
