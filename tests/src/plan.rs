//! What a house is made of: who lives in it, and how it reaches the world.

use std::net::SocketAddrV4;
use std::path::{Path, PathBuf};

use crate::household::{Household, OPERATORS_PAGER, OPERATORS_PUSH, SENDER};
use crate::stand_ins::{Provider, Ready};

/// What a house is made of.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Who lives in it.
    pub household: Household,
    /// A provider that is not where the stand-ins are.
    pub elsewhere: Option<(Provider, SocketAddrV4)>,
    /// More lines for `[channels.pushover]`.
    pub pushover: String,
    /// More lines for `[channels.sms.twilio-main]`.
    pub sms: String,
    /// More lines for `[channels.pager.snpp-main]`.
    pub pager: String,
    /// More lines for `[channels.voice.twilio-calls]`, which is there when people can be called.
    pub voice: String,
    /// More arguments for the stand-ins.
    pub stand_ins: Vec<String>,
    /// Where the data lies, when not in a new folder.
    pub data_dir: Option<PathBuf>,
    /// The node sees a wall clock that the story can step.
    pub has_own_wall_clock: bool,
}

impl From<Household> for Plan {
    fn from(household: Household) -> Self {
        Self {
            household,
            elsewhere: None,
            pushover: String::new(),
            sms: String::new(),
            pager: String::new(),
            voice: String::new(),
            stand_ins: Vec::new(),
            data_dir: None,
            has_own_wall_clock: false,
        }
    }
}

impl Plan {
    /// Providers have this long to answer.
    #[must_use]
    pub fn timeout(mut self, timeout: &str) -> Self {
        for lines in [&mut self.pushover, &mut self.sms, &mut self.pager, &mut self.voice] {
            *lines = format!("{lines}timeout = \"{timeout}\"\n");
        }
        self
    }
}

impl Plan {
    /// Twilio says nothing about a message after it took it, or not before the story is over.
    #[must_use]
    pub fn without_reports(mut self) -> Self {
        self.stand_ins.extend(["--twilio-step-ms".to_owned(), "3600000".to_owned()]);
        self
    }

    /// The node sees a wall clock that the story can step.
    #[must_use]
    pub const fn with_own_wall_clock(mut self) -> Self {
        self.has_own_wall_clock = true;
        self
    }

    /// The text of `hotpotato.toml`.
    pub fn boot(&self, listen: SocketAddrV4, data_dir: &Path, providers: &Ready) -> String {
        let at = |provider, usual: &str| match self.elsewhere {
            Some((moved, address)) if moved == provider && provider == Provider::Snpp => address.to_string(),
            Some((moved, address)) if moved == provider => format!("http://{address}"),
            _ => usual.to_owned(),
        };
        let twilio = at(Provider::Twilio, &providers.twilio);
        let voice = if self.household.has_calls() {
            format!(
                "[channels.voice.twilio-calls]\naccount_sid = \"{}\"\nauth_token_file = \"keys/twilio\"\n\
                 from = \"{SENDER}\"\nbase_url = \"{twilio}\"\nper_second = 1000\nburst = 1000\n{}",
                providers.twilio_account_sid, self.voice
            )
        } else {
            String::new()
        };
        format!(
            r#"listen = "{listen}"
public_url = "http://{listen}"
data_dir = "{}"

[operators]
pushover = ["{OPERATORS_PUSH}"]
pager = ["{OPERATORS_PAGER}@snpp-main"]

[channels.pushover]
token_file = "keys/pushover"
base_url = "{}"
per_second = 1000
burst = 1000
{}
[channels.sms.twilio-main]
account_sid = "{}"
auth_token_file = "keys/twilio"
from = "{SENDER}"
base_url = "{}"
per_second = 1000
burst = 1000
{}
[channels.pager.snpp-main]
protocol = "snpp"
address = "{}"
per_second = 1000
burst = 1000
{}
{voice}"#,
            data_dir.display(),
            at(Provider::Pushover, &providers.pushover),
            self.pushover,
            providers.twilio_account_sid,
            twilio,
            self.sms,
            at(Provider::Snpp, &providers.snpp),
            self.pager,
        )
    }
}
