//! What a day holds in store: when its sources post, and when which fault strikes.

use events::Span;

use super::agenda::Moment;
use super::chance::Chance;
use super::day::{Day, Happening};
use super::fault::Fault;
use super::{CALM_AT, END_AT};

impl Day {
    /// Puts into the agenda what is known from the beginning.
    pub(super) fn plan(&mut self) {
        let mut chance = Chance::of(self.options.seed, "plan");
        for number in 0..self.posts.len() {
            self.agenda.at(self.posts[number].0, Happening::Posts { number, tries: 0 });
        }
        if self.faults.has(Fault::HeartbeatsFallSilent) {
            self.plan_beats();
        }
        let busy: Vec<Moment> = self.posts.iter().map(|(moment, _)| *moment).collect();
        let mut near = |chance: &mut Chance| {
            if chance.happens(700) && !busy.is_empty() {
                chance.pick(&busy).after(chance.tail(Span::from_millis(500))).min(CALM_AT)
            } else {
                Moment(chance.below(CALM_AT.0))
            }
        };
        for &fault in Fault::ALL {
            // Each with numbers of its own, so that leaving one out changes nothing for the others.
            let mut chance = Chance::of(self.options.seed, fault.name());
            if self.faults.has(fault) {
                self.plan_fault(fault, &mut chance, &mut near);
            }
        }
        for _ in 0..12 {
            self.agenda.at(Moment(chance.below(END_AT.0)), Happening::Looks);
        }
        self.agenda.at(CALM_AT, Happening::Calms);
        self.agenda.at(END_AT, Happening::Ends);
    }

    fn plan_fault(
        &mut self,
        fault: Fault,
        chance: &mut Chance,
        near: &mut impl FnMut(&mut Chance) -> Moment,
    ) {
        let count = chance.between(1, 4);
        for _ in 0..count {
            let at = near(chance);
            let span = chance.tail(Span::from_minutes(2));
            match fault {
                Fault::ProcessDies => {
                    let turns = u32::try_from(chance.below(40)).unwrap_or_default();
                    self.agenda.at(at, Happening::Dooms(turns));
                }
                Fault::ProcessStaysAway => self.agenda.at(at, Happening::Dooms(0)),
                Fault::ProcessFreezes => self.agenda.at(at, Happening::Freezes(span)),
                Fault::AlertsFall => self.agenda.at(at, Happening::AlertFalls(chance.place(16))),
                Fault::ChannelsFall => self.agenda.at(at, Happening::ChannelFalls(chance.place(3))),
                Fault::LogGoesAway => {
                    self.agenda.at(at, Happening::LogGoes(true));
                    self.agenda.at(at.after(span).min(CALM_AT), Happening::LogGoes(false));
                }
                Fault::KeysFail => {
                    self.agenda.at(at, Happening::KeysFail(true));
                    self.agenda.at(at.after(span).min(CALM_AT), Happening::KeysFail(false));
                }
                Fault::ClockSteps => {
                    let most = chance.pick(&[2_000_000, 40_000_000, 3_600_000_000, 86_400_000_000]);
                    let step = i64::try_from(chance.below(most)).unwrap_or_default();
                    let step = if chance.happens(500) { step } else { -step };
                    self.agenda.at(at, Happening::ClockSteps(step));
                }
                Fault::ClockDrifts => {
                    for minutes in 0..60 {
                        let step = i64::try_from(chance.below(60_000)).unwrap_or_default() - 30_000;
                        self.agenda.at(at.after(Span::from_minutes(minutes)), Happening::ClockSteps(step));
                    }
                }
                Fault::ConfigurationChanges => self.agenda.at(at, Happening::Changes { leaves: false }),
                Fault::WorkIsPlanned => self.agenda.at(at, Happening::Works),
                Fault::PeopleStandIn => self.agenda.at(at, Happening::StandsIn),
                Fault::AProviderIsUnplugged => {
                    let span = chance.span(Span::from_minutes(10), Span::from_minutes(6 * 60));
                    self.agenda.at(at, Happening::Unplugs(span));
                }
                Fault::AProviderDeliversNothing => {
                    let span = chance.span(Span::from_minutes(60), Span::from_minutes(6 * 60));
                    self.agenda.at(at, Happening::Mutes(span));
                }
                // It cannot hear anything meanwhile, and is not to page anybody for that.
                Fault::HeartbeatsFallSilent => {
                    let span = chance.span(Span::from_seconds(20), Span::from_minutes(5));
                    self.agenda.at(at, Happening::Freezes(span));
                }
                Fault::PeopleLeave => self.agenda.at(at, Happening::Changes { leaves: true }),
                _ => {}
            }
        }
    }
}
