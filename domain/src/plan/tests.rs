use events::Span;
use events::event::Language;
use events::event::person::ChannelKind;
use events::event::rota::TurnUnit;
use events::event::routes::When;
use events::event::source::SourceKind;

use super::*;
use crate::blueprint::export::blueprint;
use crate::blueprint::{
    ContactPlan, HandoverPlan, LayerPlan, MemberPlan, PersonPlan, PolicyPlan, RotaPlan, RoutePlan,
    ServicePlan, SourcePlan, StepPlan, TargetPlan, TeamPlan,
};

/// Numbers for people, one after the other.
#[derive(Default)]
struct Mint(u8);

impl Mint {
    fn plan(&mut self, directory: &Directory, blueprint: &Blueprint) -> Plan {
        Plan::between(directory, blueprint, &mut || {
            self.0 += 1;
            PersonId::from_bytes([self.0; 16])
        })
    }
}

/// The directory after the first `count` changes.
fn after(directory: &Directory, plan: &Plan, count: usize) -> Directory {
    let mut directory = directory.clone();
    for change in plan.changes.iter().take(count) {
        change.imagine(&mut directory);
    }
    directory
}

fn all(plan: &Plan, directory: &Directory) -> Directory {
    after(directory, plan, plan.changes.len())
}

fn house() -> Blueprint {
    let mut house = Blueprint::default();
    for name in ["anna", "bernd"] {
        let contact = |address: &str| ContactPlan {
            channel: ChannelKind::SMS,
            address: address.into(),
            via: Some("twilio-main".into()),
        };
        let person = PersonPlan {
            name: name.to_uppercase(),
            locale: Language::De,
            time_zone: "Europe/Berlin".into(),
            contacts: [("home".into(), contact("+4930123456")), ("work".into(), contact("+4930123457"))]
                .into(),
            ladder: Vec::new(),
        };
        house.people.insert(name.into(), person);
    }
    let members = vec!["anna".to_owned(), "bernd".to_owned()];
    let team = TeamPlan {
        name: "Sysadmins".into(),
        members: members.clone(),
        time_zone: None,
        handovers: events::event::team::Handovers::Silent,
        lead: None,
        test_pages: None,
    };
    house.teams.insert("sysadmin".into(), team);
    let from = "2026-11-02T09:00:00".parse().expect("a wall-clock time");
    let handover = HandoverPlan { every: 1, unit: TurnUnit::Weeks, from };
    let rota = RotaPlan {
        team: Some("sysadmin".into()),
        time_zone: "Europe/Berlin".into(),
        layers: vec![LayerPlan {
            members: members.iter().map(|member| MemberPlan::always(member)).collect(),
            handover,
            hours: Vec::new(),
        }],
    };
    house.rotas.insert("sysadmin-primary".into(), rota);
    let page = vec![
        TargetPlan::Rota { rota: "sysadmin-primary".into(), offset: 1 },
        TargetPlan::Person("bernd".into()),
        TargetPlan::Team("sysadmin".into()),
    ];
    let policy = PolicyPlan {
        steps: vec![StepPlan::paging(page, Span::from_minutes(10))],
        repeat: 2,
        fallback: vec![TargetPlan::Person("anna".into())],
        acknowledgement_lapses: Some(Span::from_minutes(30)),
    };
    house.policies.insert("default".into(), policy);
    let service = ServicePlan {
        name: "Web shop".into(),
        policy: "default".into(),
        runbook: None,
        reference_only: true,
        group_within: None,
        group_again_after: None,
    };
    house.services.insert("shop".into(), service);
    let source = SourcePlan {
        kind: SourceKind::Heartbeat,
        key_file: "keys/dc-a".into(),
        key_sha256: Some("ab".repeat(32)),
        every: Some(Span::from_minutes(1)),
        grace: None,
        service: Some("shop".into()),
        flood_at: None,
        severities: std::collections::BTreeMap::new(),
    };
    house.sources.insert("datacentre-a".into(), source);
    let when = When { source: Some("datacentre-a".into()), ..When::default() };
    house.routes.push(RoutePlan::to("shop".into(), when));
    house.routes.push(RoutePlan::to("shop".into(), When::default()));
    house
}

fn said(plan: &Plan) -> Vec<String> {
    let said =
        |change: &Change| format!("{:?} {:?} {} {:?}", change.how, change.kind, change.name, change.fields);
    plan.changes.iter().map(said).collect()
}

#[test]
fn a_new_house_is_built_from_the_ground_up() {
    let plan = Mint::default().plan(&Directory::default(), &house());
    assert_eq!(
        said(&plan),
        [
            "Added Person anna []",
            "Added Person bernd []",
            "Added Team sysadmin []",
            "Added Rota sysadmin-primary []",
            "Added Policy default []",
            "Added Service shop []",
            "Added Source datacentre-a []",
            "Added Routes all []",
        ]
    );
    let streams: Vec<_> = plan.changes.iter().skip(2).map(|change| change.stream.to_string()).collect();
    assert_eq!(
        streams,
        [
            "team-sysadmin",
            "rota-sysadmin-primary",
            "policy-default",
            "service-shop",
            "source-datacentre-a",
            "routes-all",
        ]
    );
    assert_eq!((plan.count(How::Added), plan.is_empty()), (8, false));
}

#[test]
fn what_was_applied_needs_no_change_and_exports_the_same() {
    let mut mint = Mint::default();
    let directory = all(&mint.plan(&Directory::default(), &house()), &Directory::default());
    assert_eq!(mint.plan(&directory, &house()), Plan::default());
    let exported = blueprint(&directory);
    assert_eq!(mint.plan(&directory, &exported), Plan::default());
    // Without a ladder every contact method is used at once, and the export says so.
    let mut expected = house();
    for person in expected.people.values_mut() {
        person.ladder.clone_from(&exported.people["anna"].ladder);
    }
    assert_eq!(exported.people["anna"].ladder.len(), 2);
    assert!(exported.people["anna"].ladder.iter().all(|rung| rung.after.is_zero() && rung.attempts == 1));
    assert_eq!(exported, expected);
    assert_eq!(mint.0, 2, "nobody got a second number");
}

#[test]
fn a_change_names_its_fields() {
    let mut mint = Mint::default();
    let directory = all(&mint.plan(&Directory::default(), &house()), &Directory::default());
    let mut changed = house();
    let anna = changed.people.get_mut("anna").expect("anna");
    anna.locale = Language::It;
    anna.contacts.remove("home");
    changed.services.get_mut("shop").expect("shop").reference_only = false;
    changed.sources.get_mut("datacentre-a").expect("a source").key_sha256 = Some("cd".repeat(32));
    changed.routes.remove(0);
    let plan = mint.plan(&directory, &changed);
    assert_eq!(
        said(&plan),
        [
            "Changed Person anna [\"locale\", \"contacts\", \"ladder\"]",
            "Changed Service shop [\"reference_only\"]",
            "Changed Source datacentre-a [\"key\"]",
            "Changed Routes all []",
        ]
    );
    let (id, _) = directory.person_called("anna").expect("anna");
    assert_eq!(plan.changes[0].stream, id.stream());
    assert_eq!(blueprint(&all(&plan, &directory)).services["shop"], changed.services["shop"]);
}

#[test]
fn a_key_that_was_not_read_stays() {
    let mut mint = Mint::default();
    let directory = all(&mint.plan(&Directory::default(), &house()), &Directory::default());
    let mut unread = house();
    unread.sources.get_mut("datacentre-a").expect("a source").key_sha256 = None;
    assert_eq!(mint.plan(&directory, &unread), Plan::default());
}

#[test]
fn everything_goes_in_reverse() {
    let mut mint = Mint::default();
    let directory = all(&mint.plan(&Directory::default(), &house()), &Directory::default());
    let plan = mint.plan(&directory, &Blueprint::default());
    assert_eq!(
        said(&plan),
        [
            "Removed Routes all []",
            "Removed Source datacentre-a []",
            "Removed Service shop []",
            "Removed Policy default []",
            "Removed Rota sysadmin-primary []",
            "Removed Team sysadmin []",
            "Removed Person bernd []",
            "Removed Person anna []",
        ]
    );
    assert_eq!(blueprint(&all(&plan, &directory)), Blueprint::default());
}

/// From one house to another, every beginning of the plan names only what is there.
#[test]
fn every_beginning_of_a_plan_can_stand() {
    let mut other = house();
    other.people.remove("bernd");
    let anna = other.people["anna"].clone();
    other.people.insert("callum".into(), anna);
    other.teams = [(
        "night".into(),
        TeamPlan {
            name: "Night".into(),
            members: vec!["callum".into()],
            time_zone: None,
            handovers: events::event::team::Handovers::Silent,
            lead: None,
            test_pages: None,
        },
    )]
    .into();
    let rota = other.rotas.get_mut("sysadmin-primary").expect("a rota");
    rota.team = Some("night".into());
    rota.layers[0].members = vec![MemberPlan::always("callum")];
    let mut policy = other.policies.remove("default").expect("a policy");
    policy.steps[0].page = vec![TargetPlan::Team("night".into())];
    other.policies.insert("urgent".into(), policy);
    other.services.get_mut("shop").expect("shop").policy = "urgent".into();

    let mut mint = Mint::default();
    let first = all(&mint.plan(&Directory::default(), &house()), &Directory::default());
    for (from, to) in [
        (Blueprint::default(), house()),
        (house(), other.clone()),
        (other, house()),
        (house(), Blueprint::default()),
    ] {
        let start = all(&mint.plan(&first, &from), &first);
        let plan = mint.plan(&start, &to);
        for count in 0..=plan.changes.len() {
            let stands = blueprint(&after(&start, &plan, count));
            let mistakes = crate::blueprint::check::check(
                &stands,
                crate::blueprint::check::Completeness::Part,
                |_, _| None,
            );
            let unknown: Vec<_> = mistakes
                .iter()
                .filter(|mistake| matches!(mistake.what, crate::blueprint::mistake::What::Unknown { .. }))
                .collect();
            assert!(unknown.is_empty(), "after {count} of {:?}: {unknown:?}", said(&plan));
        }
        let end = all(&plan, &start);
        assert_eq!(mint.plan(&end, &to), Plan::default());
    }
}
