//! Which providers a node can send over: the configured channels of each kind, in their order.

use std::collections::BTreeMap;

use events::ChannelId;
use events::event::person::ChannelKind;

/// The configured channels of each kind, in the order of the boot configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Providers {
    by_kind: BTreeMap<ChannelKind, Vec<ChannelId>>,
    /// On whom they depend, where that is known.
    depends_on: BTreeMap<ChannelId, String>,
}

impl Providers {
    /// One more, after those that are there.
    pub fn add(&mut self, kind: ChannelKind, id: ChannelId) {
        self.by_kind.entry(kind).or_default().push(id);
    }

    /// Without this company or machine, the channel reaches nobody.
    pub fn depends(&mut self, id: ChannelId, on: String) {
        self.depends_on.insert(id, on);
    }

    /// Who must work so that an address of this kind is reached by the provider that is tried first. Two that depend on
    /// the same fail together.
    pub fn first_depends_on(&self, kind: ChannelKind, named: Option<&ChannelId>) -> String {
        let first = named.or_else(|| self.of(kind).first());
        let on = first.and_then(|id| self.depends_on.get(id)).cloned();
        on.unwrap_or_else(|| format!("{kind} {}", first.map_or("", ChannelId::as_str)))
    }

    /// All of a kind, in order.
    pub fn of(&self, kind: ChannelKind) -> &[ChannelId] {
        self.by_kind.get(&kind).map(Vec::as_slice).unwrap_or_default()
    }

    /// Those that reach an address of this kind, in the order in which they are tried: the one that the contact method
    /// names first, and the others of the kind where they reach the same address; empty when none is configured.
    pub fn reaching(&self, kind: ChannelKind, named: Option<&ChannelId>) -> Vec<ChannelId> {
        let others = self.of(kind).iter().filter(|id| Some(*id) != named);
        let all = named.into_iter().chain(others).cloned();
        if kind.is_shared() { all.collect() } else { all.take(1).collect() }
    }

    /// The one to send over when `planned` is its turn: another node, or this one before its configuration changed, may
    /// have known one that is not here. What a contact method names itself is never exchanged.
    pub fn present(&self, kind: ChannelKind, named: Option<&ChannelId>, planned: ChannelId) -> ChannelId {
        let here = self.of(kind);
        if here.contains(&planned) || named == Some(&planned) {
            return planned;
        }
        here.first().cloned().unwrap_or(planned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn providers() -> Providers {
        let mut providers = Providers::default();
        for (kind, id) in [
            (ChannelKind::SMS, "twilio"),
            (ChannelKind::PAGER, "north"),
            (ChannelKind::SMS, "kannel"),
            (ChannelKind::PAGER, "south"),
        ] {
            providers.add(kind, id.into());
        }
        providers
    }

    #[test]
    fn what_reaches_the_same_address_stands_in_and_what_does_not_stays_away() {
        for (kind, named, expected) in [
            (ChannelKind::SMS, None, &["twilio", "kannel"][..]),
            (ChannelKind::SMS, Some("kannel"), &["kannel", "twilio"]),
            (ChannelKind::SMS, Some("gone"), &["gone", "twilio", "kannel"]),
            (ChannelKind::PAGER, None, &["north"]),
            (ChannelKind::PAGER, Some("south"), &["south"]),
            (ChannelKind::MAIL, None, &[]),
        ] {
            let named = named.map(ChannelId::from);
            let found = providers().reaching(kind, named.as_ref());
            let found: Vec<&str> = found.iter().map(ChannelId::as_str).collect();
            assert_eq!(found, expected, "{kind} via {named:?}");
        }
    }

    #[test]
    fn whoever_depends_on_the_same_is_one() {
        let mut providers = providers();
        providers.add(ChannelKind::VOICE, "calls".into());
        for id in ["twilio", "calls"] {
            providers.depends(id.into(), "api.twilio.com".to_owned());
        }
        let on =
            |kind, named: Option<&str>| providers.first_depends_on(kind, named.map(ChannelId::from).as_ref());
        assert_eq!(on(ChannelKind::SMS, None), on(ChannelKind::VOICE, None));
        assert_ne!(on(ChannelKind::SMS, Some("kannel")), on(ChannelKind::VOICE, None));
        assert_eq!(on(ChannelKind::PAGER, None), on(ChannelKind::PAGER, Some("north")), "the first is meant");
        assert_ne!(on(ChannelKind::PAGER, None), on(ChannelKind::PAGER, Some("south")));
        assert_ne!(on(ChannelKind::MAIL, None), on(ChannelKind::PUSHOVER, None), "neither is configured");
    }

    #[test]
    fn what_is_not_here_any_more_is_exchanged_unless_a_contact_names_it() {
        let present = |named: Option<&str>, planned: &str| {
            let named = named.map(ChannelId::from);
            providers().present(ChannelKind::SMS, named.as_ref(), planned.into()).to_string()
        };
        assert_eq!(present(None, "kannel"), "kannel");
        assert_eq!(present(None, "renamed"), "twilio");
        assert_eq!(present(Some("renamed"), "renamed"), "renamed", "the channel says that it is not there");
        assert_eq!(Providers::default().present(ChannelKind::SMS, None, "sms".into()), "sms".into());
    }
}
