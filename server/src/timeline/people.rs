//! People by name, and why they are meant.

use events::event::alert::{Called, Why};
use events::{Author, PersonId, Timestamp};
use i18n::{Message as _, format, timeline as message};

use super::Story;

/// How the house itself is called where it does something.
const HOUSE_NAME: &str = "Hot Potato";

impl Story<'_> {
    /// How a person is called: now, else when they were paged, else their number.
    pub(super) fn person(&self, person: PersonId) -> String {
        let known = self.directory.name(person).or_else(|| self.names.get(&person).copied());
        known.map_or_else(|| person.to_string(), str::to_owned)
    }

    /// The person of a page.
    pub(super) fn paged(&self, page: u32) -> String {
        self.pages.get(&page).map_or_else(String::new, |page| self.person(page.person))
    }

    /// How whoever did something is called.
    pub(super) fn author(&self, by: &Author) -> String {
        match by {
            Author::House => HOUSE_NAME.to_owned(),
            Author::Person(person) => self.person(*person),
            Author::Source(source) => source.to_string(),
            Author::Token(name) => self.directory.tokens().called(name),
        }
    }

    /// People, each with why they.
    pub(super) fn called(&self, called: &[Called], at: Timestamp) -> String {
        let said: Vec<String> = called.iter().map(|called| self.called_one(called, at)).collect();
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        format::list(self.locale, &said)
    }

    fn called_one(&self, called: &Called, at: Timestamp) -> String {
        let name = self.person(called.person);
        let person = name.as_str();
        match &called.why {
            Why::Named => message::CalledNamed { person }.render(self.locale),
            Why::OnCall { rota, offset: 0, until, .. } => {
                let until = self.time(*until, at);
                message::CalledOnCall { person, rota: rota.as_str(), until: &until }.render(self.locale)
            }
            Why::OnCall { rota, offset, .. } => {
                let number = i64::from(*offset);
                message::CalledNext { person, rota: rota.as_str(), number }.render(self.locale)
            }
            Why::Override { rota, of: Some(of), until, .. } => {
                let (of, until) = (self.person(*of), self.time(*until, at));
                message::CalledFor { person, of: &of, rota: rota.as_str(), until: &until }.render(self.locale)
            }
            Why::Override { rota, of: None, until, .. } => {
                let until = self.time(*until, at);
                message::CalledAlso { person, rota: rota.as_str(), until: &until }.render(self.locale)
            }
            Why::AllHands { team, until, .. } => {
                let known = self.directory.teams().get(team);
                let team = known.map_or(team.as_str(), |team| team.name.as_str());
                let until = self.time(*until, at);
                message::CalledAllHands { person, team, until: &until }.render(self.locale)
            }
            Why::Work { until, .. } => {
                message::CalledWork { person, until: &self.time(*until, at) }.render(self.locale)
            }
            Why::Member { team } => {
                let known = self.directory.teams().get(team);
                let team = known.map_or(team.as_str(), |team| team.name.as_str());
                message::CalledMember { person, team }.render(self.locale)
            }
        }
    }
}
