//! What a house is made of: who lives in it, and how it reaches the world.

use std::net::SocketAddrV4;
use std::path::{Path, PathBuf};

use crate::household::{Household, OPERATORS_PAGER, OPERATORS_PUSH, SENDER};
use crate::kannel::{INCOMING_KEY, USERNAME, sendsms};
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
    /// Who takes the SMS.
    pub sms_by: SmsBy,
    /// What a gateway says when it brings what people write; none where nobody is heard.
    pub incoming_key: Option<&'static str>,
    /// More lines for the table of whoever takes the SMS.
    pub sms: String,
    /// How much one number is sent, as TOML: as fast as it comes, since stories do not last for hours.
    pub pace: String,
    /// There is `[channels.sms.twilio-second]` as well, which is always where the stand-ins are.
    pub has_second_sms: bool,
    /// More lines for `[channels.pager.snpp-main]`.
    pub pager: String,
    /// More lines for `[channels.pager.tap-main]`, which is there when the household has a paging terminal.
    pub terminal: String,
    /// Whether the node asks the providers at its start if they would take a page.
    pub has_probes: bool,
    /// More lines for `[channels.voice.twilio-calls]`, which is there when people can be called.
    pub voice: String,
    /// More arguments for the stand-ins.
    pub stand_ins: Vec<String>,
    /// Where the data lies, when not in a new folder.
    pub data_dir: Option<PathBuf>,
    /// The node sees a wall clock that the story can step.
    pub has_own_wall_clock: bool,
    /// More tables of `hotpotato.toml`.
    pub more: String,
    /// More variables in the node's environment.
    pub environment: Vec<(String, String)>,
}

/// Who takes the SMS of a house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsBy {
    /// Twilio's stand-in, as `twilio-main`.
    Twilio,
    /// Kannel's stand-in, as `modem`.
    Kannel,
    /// A real Kannel on the house's own address, as `modem`, with this password.
    RealKannel(&'static str),
}

impl From<Household> for Plan {
    fn from(household: Household) -> Self {
        Self {
            household,
            elsewhere: None,
            pushover: String::new(),
            sms_by: SmsBy::Twilio,
            incoming_key: Some(INCOMING_KEY),
            sms: String::new(),
            pace: "\"none\"".to_owned(),
            has_second_sms: false,
            pager: String::new(),
            terminal: String::new(),
            has_probes: false,
            voice: String::new(),
            stand_ins: Vec::new(),
            data_dir: None,
            has_own_wall_clock: false,
            more: String::new(),
            environment: Vec::new(),
        }
    }
}

impl Plan {
    /// Providers have this long to answer.
    #[must_use]
    pub fn timeout(mut self, timeout: &str) -> Self {
        for lines in [&mut self.pushover, &mut self.sms, &mut self.pager, &mut self.terminal, &mut self.voice]
        {
            *lines = format!("{lines}timeout = \"{timeout}\"\n");
        }
        self
    }
}

impl Plan {
    /// One number is sent so much, as TOML.
    #[must_use]
    pub fn pace(mut self, pace: &str) -> Self {
        pace.clone_into(&mut self.pace);
        self
    }

    /// Nobody says anything about an SMS after taking it, or not before the story is over.
    #[must_use]
    pub fn without_reports(mut self) -> Self {
        for step in ["--twilio-step-ms", "--kannel-step-ms"] {
            self.stand_ins.extend([step.to_owned(), "3600000".to_owned()]);
        }
        self
    }

    /// The node asks the providers at its start if they would take a page.
    #[must_use]
    pub const fn with_probes(mut self) -> Self {
        self.has_probes = true;
        self
    }

    /// SMS go out this way.
    #[must_use]
    pub const fn sms_by(mut self, sms_by: SmsBy) -> Self {
        self.sms_by = sms_by;
        self
    }

    /// The secret of whoever takes the SMS.
    pub fn sms_secret<'a>(&'a self, providers: &'a Ready) -> &'a str {
        match self.sms_by {
            SmsBy::Twilio => &providers.twilio_auth_token,
            SmsBy::Kannel => &providers.kannel_password,
            SmsBy::RealKannel(password) => password,
        }
    }

    fn sms_table(&self, listen: SocketAddrV4, twilio: &str, kannel: &str, providers: &Ready) -> String {
        let modem = |url: &str, username: &str| {
            format!(
                "[channels.sms.modem]\nprovider = \"kannel\"\nurl = \"{url}\"\nusername = \"{username}\"\n\
                 password_file = \"keys/sms\"{}",
                if self.incoming_key.is_some() { "\nincoming_key_file = \"keys/incoming\"" } else { "" }
            )
        };
        match self.sms_by {
            SmsBy::Twilio => format!(
                "[channels.sms.twilio-main]\naccount_sid = \"{}\"\nauth_token_file = \"keys/sms\"\n\
                 base_url = \"{twilio}\"",
                providers.twilio_account_sid
            ),
            SmsBy::Kannel => modem(kannel, &providers.kannel_username),
            SmsBy::RealKannel(_) => modem(&sendsms(*listen.ip()), USERNAME),
        }
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
            Some((moved, address)) if moved == provider && provider == Provider::Kannel => {
                format!("http://{address}/cgi-bin/sendsms")
            }
            Some((moved, address))
                if moved == provider && matches!(provider, Provider::Snpp | Provider::Tap) =>
            {
                address.to_string()
            }
            Some((moved, address)) if moved == provider => format!("http://{address}"),
            _ => usual.to_owned(),
        };
        let second_sms = if self.has_second_sms {
            sms("twilio-second", providers, &providers.twilio, &self.pace)
        } else {
            String::new()
        };
        let terminal = if self.household.has_terminal() {
            format!(
                "[channels.pager.tap-main]\nprotocol = \"tap\"\naddress = \"{}\"\nper_second = 1000\n\
                 burst = 1000\n{}",
                at(Provider::Tap, &providers.tap),
                self.terminal
            )
        } else {
            String::new()
        };
        let twilio = at(Provider::Twilio, &providers.twilio);
        let voice = if self.household.has_calls() {
            format!(
                "[channels.voice.twilio-calls]\naccount_sid = \"{}\"\nauth_token_file = \"keys/sms\"\n\
                 from = \"{SENDER}\"\nbase_url = \"{twilio}\"\nper_second = 1000\nburst = 1000\npace = {}\n{}",
                providers.twilio_account_sid, self.pace, self.voice
            )
        } else {
            String::new()
        };
        format!(
            r#"listen = "{listen}"
public_url = "http://{listen}"
data_dir = "{}"
probe_every = "{}"

[operators]
pushover = ["{OPERATORS_PUSH}"]
pager = ["{OPERATORS_PAGER}@snpp-main"]

[channels.pushover]
token_file = "keys/pushover"
base_url = "{}"
callback = true
per_second = 1000
burst = 1000
{}
{}
from = "{SENDER}"
per_second = 1000
burst = 1000
pace = {}
{}
{second_sms}
[channels.pager.snpp-main]
protocol = "snpp"
address = "{}"
per_second = 1000
burst = 1000
{}
{}
{terminal}{voice}"#,
            data_dir.display(),
            if self.has_probes { "24h" } else { "never" },
            at(Provider::Pushover, &providers.pushover),
            self.pushover,
            self.sms_table(listen, &twilio, &at(Provider::Kannel, &providers.kannel), providers),
            self.pace,
            self.sms,
            at(Provider::Snpp, &providers.snpp),
            self.pager,
            self.more,
        )
    }
}

/// An account at Twilio as a channel of SMS.
fn sms(name: &str, providers: &Ready, base_url: &str, pace: &str) -> String {
    format!(
        r#"[channels.sms.{name}]
account_sid = "{}"
auth_token_file = "keys/sms"
from = "{SENDER}"
base_url = "{base_url}"
per_second = 1000
burst = 1000
pace = {pace}
"#,
        providers.twilio_account_sid,
    )
}
