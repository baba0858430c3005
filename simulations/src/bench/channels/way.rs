//! The ways of reaching people that are measured, and how each is written into a boot file and a contact.

use serde::Serialize;

use super::counterparts::Places;
use crate::ledger::{Entry, Provider};

/// A channel with its provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "they say who they are")]
pub enum Way {
    Pushover,
    TwilioSms,
    KannelSms,
    Snpp,
    Tap,
    Voice,
    Mail,
    Ntfy,
    Webhook,
    Exec,
}

/// The most that the configuration allows: so out of the way as can be.
const USAGE: &str = "per_second = 1000\nburst = 10000\npace = \"none\"\n";

impl Way {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Pushover,
        Self::TwilioSms,
        Self::KannelSms,
        Self::Snpp,
        Self::Tap,
        Self::Voice,
        Self::Mail,
        Self::Ntfy,
        Self::Webhook,
        Self::Exec,
    ];

    /// Its name, of letters and dashes; also what its person, service and alerts are called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pushover => "pushover",
            Self::TwilioSms => "twilio-sms",
            Self::KannelSms => "kannel-sms",
            Self::Snpp => "snpp",
            Self::Tap => "tap",
            Self::Voice => "voice",
            Self::Mail => "mail",
            Self::Ntfy => "ntfy",
            Self::Webhook => "webhook",
            Self::Exec => "exec",
        }
    }

    /// Its table in the boot file.
    pub fn table(self, places: &Places) -> String {
        let (kind, options) = match self {
            Self::Pushover => {
                ("pushover", format!("token_file = \"pushover.token\"\nbase_url = \"{}\"\n", places.pushover))
            }
            Self::TwilioSms => ("sms.twilio-sms", twilio(places, &places.twilio)),
            Self::KannelSms => (
                "sms.kannel-sms",
                format!(
                    "provider = \"kannel\"\nurl = \"{}\"\nusername = \"{}\"\npassword_file = \"kannel.password\"\n",
                    places.kannel, places.kannel_username
                ),
            ),
            Self::Snpp => ("pager.snpp", format!("protocol = \"snpp\"\naddress = \"{}\"\n", places.snpp)),
            Self::Tap => ("pager.tap", format!("protocol = \"tap\"\naddress = \"{}\"\n", places.tap)),
            Self::Voice => ("voice.voice", twilio(places, &places.voice)),
            Self::Mail => (
                "mail",
                format!("server = \"{}\"\ntls = \"none\"\nfrom = \"house@pager.example\"\n", places.mail),
            ),
            Self::Ntfy => ("ntfy", format!("base_url = \"{}\"\n", places.ntfy)),
            Self::Webhook => {
                ("webhook", "secret_file = \"webhook.secret\"\nallow = [\"127.0.0.1\"]\n".to_owned())
            }
            Self::Exec => ("exec", format!("command = {}\n", places.command)),
        };
        format!("[channels.{kind}]\n{options}{USAGE}\n")
    }

    /// A contact over it.
    pub fn contact(self, places: &Places) -> String {
        match self {
            Self::Pushover => "{ pushover: \"uQiRzpo4DXghDmr9QzzfQu27cmVRsG\" }".to_owned(),
            Self::TwilioSms => "{ sms: \"+4930123451\", via: twilio-sms }".to_owned(),
            Self::KannelSms => "{ sms: \"+4930123452\", via: kannel-sms }".to_owned(),
            Self::Snpp => "{ pager: \"7311\", via: snpp }".to_owned(),
            Self::Tap => "{ pager: \"7312\", via: tap }".to_owned(),
            Self::Voice => "{ voice: \"+4930123453\" }".to_owned(),
            Self::Mail => "{ mail: \"bench@pager.example\" }".to_owned(),
            Self::Ntfy => "{ ntfy: \"bench-Qx7vT2kM\" }".to_owned(),
            Self::Webhook => format!("{{ webhook: \"{}/pages\" }}", places.webhook),
            Self::Exec => "{ exec: \"room 7\" }".to_owned(),
        }
    }

    /// Where a call to a stand-in came from, as far as its provider and its words tell.
    pub fn of(entry: &Entry) -> Self {
        match entry.provider {
            Provider::Pushover => Self::Pushover,
            Provider::Twilio if entry.destination == "+4930123453" => Self::Voice,
            Provider::Twilio => Self::TwilioSms,
            Provider::Kannel => Self::KannelSms,
            Provider::Snpp => Self::Snpp,
            Provider::Tap => Self::Tap,
            Provider::Mail => Self::Mail,
            Provider::Ntfy => Self::Ntfy,
            Provider::Webhook => Self::Webhook,
        }
    }
}

fn twilio(places: &Places, base_url: &str) -> String {
    format!(
        "account_sid = \"{}\"\nauth_token_file = \"twilio.token\"\nfrom = \"+4930999999\"\nbase_url = \"{base_url}\"\n",
        places.twilio_account_sid
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> = Way::ALL.into_iter().map(Way::name).collect();
        assert_eq!(names.len(), Way::ALL.len());
    }
}
