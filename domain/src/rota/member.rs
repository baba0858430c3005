//! Whose turn it is, when members join and leave: the next one is always the next in the list after whoever had the
//! turn before, of those who take part. So nobody's coming or going changes a turn that began before.

use chrono::NaiveDateTime;
use events::event::rota::{Layer, Member};

use super::turn::Turns;

/// Who takes the turn; none when nobody takes part then.
pub(super) fn taker<'l>(layer: &'l Layer, turns: &Turns, turn: u64) -> Option<&'l Member> {
    if layer.members.iter().all(|member| member.from.is_none() && member.until.is_none()) {
        return nth(&layer.members, 0, turn, |_| true);
    }
    let mut begins = 0;
    // In the list, the place from which the first turn of a stretch is looked for.
    let mut place = 0;
    for next in stretches(layer, turns).filter(|&next| next <= turn).chain([turn + 1]) {
        let wall = turns.wall(begins)?;
        let count = next.min(turn + 1).saturating_sub(begins);
        if let Some(last) = count.checked_sub(1) {
            let takes_part = |member: &Member| member.takes_turn_at(wall);
            let taker = nth(&layer.members, place, last, takes_part);
            if next > turn {
                return taker;
            }
            if let Some(index) =
                taker.and_then(|taker| layer.members.iter().position(|one| std::ptr::eq(one, taker)))
            {
                place = (index + 1) % layer.members.len();
            }
        }
        begins = next;
    }
    None
}

/// The first turns from which on others take part than before, in order.
fn stretches(layer: &Layer, turns: &Turns) -> impl Iterator<Item = u64> {
    let changes = layer.members.iter().flat_map(|member| [member.from, member.until]).flatten();
    let mut changes: Vec<u64> = changes.filter_map(|wall: NaiveDateTime| turns.first_from(wall)).collect();
    changes.sort_unstable();
    changes.dedup();
    changes.into_iter().filter(|&turn| turn > 0)
}

/// The `count`-th of those who take part, from 0, counted around the list from a place in it.
fn nth(
    members: &[Member],
    place: usize,
    count: u64,
    takes_part: impl Fn(&Member) -> bool,
) -> Option<&Member> {
    let around = || members[place..].iter().chain(&members[..place]).filter(|member| takes_part(member));
    let present = u64::try_from(around().count()).ok().filter(|&present| present > 0)?;
    around().nth(usize::try_from(count % present).ok()?)
}
