//! Who may do what, and what a team may change.

use std::collections::BTreeSet;

use events::event::Language;
use events::event::person::ChannelKind;
use events::event::rota::TurnUnit;

use super::*;
use crate::blueprint::{
    Blueprint, ContactPlan, HandoverPlan, LayerPlan, MemberPlan, PersonPlan, RotaPlan, TeamPlan,
};
use crate::directory::Directory;
use crate::plan::{Plan, imagined};

const ANNA: PersonId = PersonId::from_bytes([1; 16]);
const BERND: PersonId = PersonId::from_bytes([2; 16]);

fn team() -> TeamId {
    "sysadmin".into()
}

fn roles() -> [Role; 4] {
    [Role::Read, Role::Respond, Role::Team(team()), Role::Owner]
}

fn bound(role: Role) -> Rights {
    Rights { role, person: Some(ANNA) }
}

#[test]
fn each_role_may_all_that_the_one_before_it_may() {
    let own = team();
    let abouts = [About::Team(Some(&own)), About::Team(None), About::Person(Some(ANNA))];
    for &action in Action::ALL {
        for about in abouts {
            let allowed = roles().map(|role| bound(role).may(action).is_ok_and(|scope| scope.covers(about)));
            assert!(allowed.is_sorted(), "{action} {about:?}: {allowed:?}");
        }
    }
}

#[test]
fn an_owner_may_everything_and_nobody_else_may_let_others_in() {
    for &action in Action::ALL {
        assert_eq!(Rights::OWNER.may(action), Ok(Scope::Everything), "{action}");
    }
    let owners_alone = [Action::TokenRead, Action::TokenIssue, Action::TokenRevoke, Action::LogVerify];
    for action in owners_alone {
        for role in [Role::Read, Role::Respond, Role::Team(team())] {
            let denied = Denied::Role { needs: "owner", has: role.clone() };
            assert_eq!(bound(role).may(action), Err(denied), "{action}");
        }
    }
}

#[test]
fn who_may_only_look_changes_nothing() {
    let looks = [
        Action::SelfRead,
        Action::AlertRead,
        Action::OnCallRead,
        Action::ConfigurationRead,
        Action::ChannelRead,
        Action::HeartbeatRead,
    ];
    for &action in Action::ALL {
        assert_eq!(bound(Role::Read).may(action).is_ok(), looks.contains(&action), "{action}");
    }
}

#[test]
fn for_oneself_takes_a_token_of_ones_own() {
    for action in [Action::TestPageSend, Action::OverrideAnswer, Action::WorkPlan, Action::CalendarOpen] {
        let scope = bound(Role::Respond).may(action).expect("allowed");
        assert!(scope.covers(About::Person(Some(ANNA))), "{action}");
        for about in [About::Person(Some(BERND)), About::Person(None), About::Team(None)] {
            assert!(!scope.covers(about), "{action}: {about:?}");
        }
        let unbound = Rights { role: Role::Respond, person: None };
        assert_eq!(unbound.may(action), Err(Denied::Nobody { has: Role::Respond }), "{action}");
    }
}

#[test]
fn a_team_arranges_its_own_things() {
    for action in [Action::OverrideMake, Action::OverrideRemove, Action::ConfigurationApply] {
        let scope = bound(Role::Team(team())).may(action).expect("allowed");
        assert!(scope.covers(About::Team(Some(&team()))), "{action}");
        let network = TeamId::from("network");
        for about in [About::Team(Some(&network)), About::Team(None), About::Person(Some(ANNA))] {
            assert!(!scope.covers(about), "{action}: {about:?}");
        }
        let denied = Denied::Role { needs: "team", has: Role::Respond };
        assert_eq!(bound(Role::Respond).may(action), Err(denied), "{action}");
    }
}

#[test]
fn every_action_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
    assert_eq!(names.len(), Action::ALL.len());
}

/// Two teams, a rota each, and a rota of nobody's.
fn house() -> Blueprint {
    let mut house = Blueprint::default();
    for name in ["anna", "bernd"] {
        let contact = ContactPlan { channel: ChannelKind::SMS, address: "+4930123456".into(), via: None };
        let person = PersonPlan {
            name: name.to_uppercase(),
            locale: Language::De,
            time_zone: "Europe/Berlin".into(),
            contacts: [("home".into(), contact)].into(),
            ladder: Vec::new(),
        };
        house.people.insert(name.into(), person);
    }
    for (team, rota) in [(Some("sysadmin"), "primary"), (Some("network"), "cables"), (None, "stray")] {
        if let Some(team) = team {
            let members = vec!["anna".to_owned()];
            house.teams.insert(
                team.into(),
                TeamPlan {
                    name: team.into(),
                    members,
                    time_zone: None,
                    handovers: events::event::team::Handovers::Silent,
                    lead: None,
                    test_pages: None,
                },
            );
        }
        house.rotas.insert(rota.into(), self::rota(team));
    }
    house
}

fn rota(team: Option<&str>) -> RotaPlan {
    let from = "2026-11-02T09:00:00".parse().expect("a wall-clock time");
    RotaPlan {
        team: team.map(str::to_owned),
        time_zone: "Europe/Berlin".into(),
        layers: vec![LayerPlan {
            members: vec![MemberPlan::always("anna")],
            handover: HandoverPlan { every: 1, unit: TurnUnit::Weeks, from },
            hours: Vec::new(),
        }],
    }
}

/// What a team's token would be refused for when the house is to become so: kind and name.
fn stopped_by(change: impl FnOnce(&mut Blueprint)) -> Option<(&'static str, String)> {
    let directory: Directory = imagined(&house());
    let mut wanted = house();
    change(&mut wanted);
    let plan = Plan::between(&directory, &wanted, &mut || PersonId::from_bytes([9; 16]));
    assert!(!plan.is_empty(), "something changes");
    foreign(&plan, &directory, &team()).map(|change| (change.kind.category(), change.name.clone()))
}

#[test]
fn a_team_may_change_itself_and_its_rotas() {
    let changes: [fn(&mut Blueprint); 4] = [
        |house| house.teams.get_mut("sysadmin").expect("a team").members.push("bernd".into()),
        |house| house.rotas.get_mut("primary").expect("a rota").time_zone = "Europe/Rome".into(),
        |house| {
            house.rotas.insert("secondary".into(), rota(Some("sysadmin")));
        },
        |house| {
            house.rotas.remove("primary");
        },
    ];
    for change in changes {
        assert_eq!(stopped_by(change), None);
    }
}

#[test]
fn a_team_may_change_nothing_else() {
    type Case = (fn(&mut Blueprint), &'static str, &'static str);
    let cases: [Case; 9] = [
        (|house| house.people.get_mut("anna").expect("a person").name = "A.".into(), "person", "anna"),
        (|house| drop(house.people.remove("bernd")), "person", "bernd"),
        (|house| house.teams.get_mut("network").expect("a team").name = "N.".into(), "team", "network"),
        (|house| house.rotas.get_mut("cables").expect("a rota").time_zone = "UTC".into(), "rota", "cables"),
        (|house| drop(house.rotas.remove("cables")), "rota", "cables"),
        (
            |house| house.rotas.get_mut("stray").expect("a rota").team = Some("sysadmin".into()),
            "rota",
            "stray",
        ),
        (|house| house.rotas.get_mut("primary").expect("a rota").team = None, "rota", "primary"),
        (
            |house| house.rotas.get_mut("cables").expect("a rota").team = Some("sysadmin".into()),
            "rota",
            "cables",
        ),
        (|house| drop(house.rotas.insert("new".into(), rota(Some("network")))), "rota", "new"),
    ];
    for (change, kind, name) in cases {
        assert_eq!(stopped_by(change), Some((kind, name.to_owned())));
    }
}

#[test]
fn one_foreign_change_among_others_is_found() {
    let found = stopped_by(|house| {
        house.teams.get_mut("sysadmin").expect("a team").name = "S.".into();
        house.rotas.get_mut("primary").expect("a rota").time_zone = "UTC".into();
        house.rotas.get_mut("stray").expect("a rota").time_zone = "UTC".into();
    });
    assert_eq!(found, Some(("rota", "stray".to_owned())));
}
