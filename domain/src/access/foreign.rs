//! What in a plan is not a team's own business.

use events::TeamId;
use events::event::rota::RotaDefined;

use crate::blueprint::kind::ThingKind;
use crate::directory::Directory;
use crate::plan::{Change, Plan, SettingChange};
use crate::setting::SettingCommand;

/// The first change in a plan that does not concern this team alone. Its own are the team itself, and the rotas that
/// belong to it both before and after.
pub fn foreign<'p>(plan: &'p Plan, directory: &Directory, team: &TeamId) -> Option<&'p Change> {
    plan.changes.iter().find(|change| !is_own(change, directory, team))
}

fn is_own(change: &Change, directory: &Directory, team: &TeamId) -> bool {
    let is_the_teams = |rota: &RotaDefined| rota.team.as_ref() == Some(team);
    match &change.setting {
        SettingChange::Team(_) => change.kind == ThingKind::Team && change.name == team.as_str(),
        SettingChange::Rota(command) => {
            let before = directory.rotas().get(change.name.as_str());
            let is_own_before = before.is_none_or(|rota| is_the_teams(rota));
            is_own_before
                && match command {
                    SettingCommand::Define(after) => is_the_teams(after),
                    SettingCommand::Remove => before.is_some(),
                }
        }
        SettingChange::Person(_)
        | SettingChange::Policy(_)
        | SettingChange::Service(_)
        | SettingChange::Source(_)
        | SettingChange::Routes(_) => false,
    }
}
