//! Whose link a token is. It belongs to one person, one alert and one generation of paging.

use adapters::link::LinkKey;
use domain::alert::Alert;
use domain::directory::Directory;
use events::{AlertId, PersonId};

/// So many earlier generations are looked through; a token that is older is simply not known.
const GENERATIONS_BACK_MAX: u32 = 200;

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// It is this person's.
    By(PersonId),
    /// It proves nothing.
    None(Doubt),
}

/// Why a token proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It was signed before paging for the alert began anew.
    EarlierRound,
    /// It was not signed for this alert, or not for anybody who still belongs to the house.
    Unknown,
}

impl Proof {
    /// Tries everybody who was paged about the alert. Whoever is no longer part of the house proves nothing. Takes as
    /// long for whoever was paged first as for whoever was paged last.
    pub(super) fn find(
        key: &LinkKey,
        id: AlertId,
        alert: &Alert,
        directory: &Directory,
        token: &str,
    ) -> Self {
        let mut people = alert.people_paged();
        people.retain(|person| directory.people().contains_key(person));
        let signed = |generation| {
            let mine = people.iter().filter(|&&person| key.verify(id, person, generation, token));
            mine.copied().last()
        };
        if let Some(person) = signed(alert.generation()) {
            return Self::By(person);
        }
        let first = alert.generation().saturating_sub(GENERATIONS_BACK_MAX).max(1);
        let is_earlier = (first..alert.generation()).any(|generation| signed(generation).is_some());
        Self::None(if is_earlier { Doubt::EarlierRound } else { Doubt::Unknown })
    }
}
