//! All stand-ins at once, with one ledger and one control API.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::behaviour::Script;
use crate::control;
use crate::ledger::{Ledger, Provider};
use crate::mint::Mint;
use crate::moment;
use crate::report::Reporter;
use crate::stand_in::kannel::{Kannel, KannelOptions, SENDSMS};
use crate::stand_in::mail::Mail;
use crate::stand_in::ntfy::{Ntfy, NtfyOptions};
use crate::stand_in::pushover::{Pushover, PushoverOptions};
use crate::stand_in::snpp::{Snpp, SnppOptions};
use crate::stand_in::tap::{Tap, TapOptions};
use crate::stand_in::twilio::{Twilio, TwilioOptions};
use crate::stand_in::webhook::{Webhook, WebhookOptions};

/// Where the stand-ins listen and what they accept.
#[derive(Debug, Clone)]
pub struct StandInsOptions {
    /// The address to listen on; loopback.
    pub bind: IpAddr,
    /// Port of Pushover; 0: any free one.
    pub pushover_port: u16,
    /// Port of Twilio; 0: any free one.
    pub twilio_port: u16,
    /// Port of Kannel; 0: any free one.
    pub kannel_port: u16,
    /// Port of the SNPP gateway; 0: any free one.
    pub snpp_port: u16,
    /// Port of the TAP terminal; 0: any free one.
    pub tap_port: u16,
    /// Port of the mail server; 0: any free one.
    pub mail_port: u16,
    /// Port of ntfy; 0: any free one.
    pub ntfy_port: u16,
    /// Port of whoever takes webhooks; 0: any free one.
    pub webhook_port: u16,
    /// Port of the control API; 0: any free one.
    pub control_port: u16,
    /// What Pushover accepts.
    pub pushover: PushoverOptions,
    /// What Twilio accepts.
    pub twilio: TwilioOptions,
    /// What Kannel accepts.
    pub kannel: KannelOptions,
    /// What the SNPP gateway accepts.
    pub snpp: SnppOptions,
    /// What the TAP terminal accepts.
    pub tap: TapOptions,
    /// What ntfy accepts.
    pub ntfy: NtfyOptions,
    /// What whoever takes webhooks believes.
    pub webhook: WebhookOptions,
    /// Makes identifiers repeatable; `None`: from the clock.
    pub seed: Option<u64>,
}

impl Default for StandInsOptions {
    fn default() -> Self {
        Self {
            bind: Ipv4Addr::LOCALHOST.into(),
            pushover_port: 0,
            twilio_port: 0,
            kannel_port: 0,
            snpp_port: 0,
            tap_port: 0,
            mail_port: 0,
            ntfy_port: 0,
            webhook_port: 0,
            control_port: 0,
            pushover: PushoverOptions::default(),
            twilio: TwilioOptions::default(),
            kannel: KannelOptions::default(),
            snpp: SnppOptions::default(),
            tap: TapOptions::default(),
            ntfy: NtfyOptions::default(),
            webhook: WebhookOptions::default(),
            seed: None,
        }
    }
}

/// Where the stand-ins listen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// Base URL, like `http://127.0.0.1:4101`.
    pub pushover: String,
    /// Base URL, like `http://127.0.0.1:4102`.
    pub twilio: String,
    /// Where Kannel's `sendsms` is, like `http://127.0.0.1:4105/cgi-bin/sendsms`.
    pub kannel: String,
    /// Host and port, like `127.0.0.1:4103`.
    pub snpp: String,
    /// Host and port, like `127.0.0.1:4105`.
    pub tap: String,
    /// Host and port of the mail server, like `127.0.0.1:4106`.
    pub mail: String,
    /// Base URL of ntfy, like `http://127.0.0.1:4107`.
    pub ntfy: String,
    /// Base URL of whoever takes webhooks, like `http://127.0.0.1:4108`.
    pub webhook: String,
    /// Base URL of the control API, like `http://127.0.0.1:4104`.
    pub control: String,
}

/// The stand-ins could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A port is taken or may not be used.
    #[error("cannot listen on {bind} port {port} for {name}: {source}; choose another port or 0")]
    Listen {
        /// For what the port was meant.
        name: &'static str,
        /// The address.
        bind: IpAddr,
        /// The port.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// The address would let strangers in.
    #[error("{0} is not a loopback address; stand-ins listen on this machine only")]
    NotLoopback(IpAddr),
    /// There is no way to send reports.
    #[error("cannot build the HTTP client for reports: {0}")]
    Client(#[from] reqwest::Error),
}

/// Running stand-ins. Dropping this closes their ports.
#[derive(Debug)]
pub struct StandIns {
    parts: Parts,
    tasks: JoinSet<io::Result<()>>,
}

/// What the control API works on.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    pub ledger: Ledger,
    pub pushover: Pushover,
    pub twilio: Twilio,
    pub kannel: Kannel,
    pub snpp: Snpp,
    pub tap: Tap,
    pub mail: Mail,
    pub ntfy: Ntfy,
    pub webhook: Webhook,
    pub addresses: Addresses,
}

impl Parts {
    pub fn script(&self, provider: Provider) -> &Script {
        match provider {
            Provider::Pushover => self.pushover.script(),
            Provider::Twilio => self.twilio.script(),
            Provider::Kannel => self.kannel.script(),
            Provider::Snpp => self.snpp.script(),
            Provider::Tap => self.tap.script(),
            Provider::Mail => self.mail.script(),
            Provider::Ntfy => self.ntfy.script(),
            Provider::Webhook => self.webhook.script(),
        }
    }
}

impl StandIns {
    /// Starts all stand-ins; they answer as soon as this returns.
    ///
    /// # Errors
    /// [`StartError`] when a port cannot be had.
    pub async fn start(options: StandInsOptions) -> Result<Self, StartError> {
        let bind = options.bind;
        if !bind.is_loopback() {
            return Err(StartError::NotLoopback(bind));
        }
        let pushover_listener = listen("pushover", bind, options.pushover_port).await?;
        let twilio_listener = listen("twilio", bind, options.twilio_port).await?;
        let kannel_listener = listen("kannel", bind, options.kannel_port).await?;
        let snpp_listener = listen("snpp", bind, options.snpp_port).await?;
        let tap_listener = listen("tap", bind, options.tap_port).await?;
        let mail_listener = listen("mail", bind, options.mail_port).await?;
        let ntfy_listener = listen("ntfy", bind, options.ntfy_port).await?;
        let webhook_listener = listen("webhook", bind, options.webhook_port).await?;
        let control_listener = listen("control", bind, options.control_port).await?;
        let addresses = Addresses {
            pushover: format!("http://{}", address("pushover", &pushover_listener)?),
            twilio: format!("http://{}", address("twilio", &twilio_listener)?),
            kannel: format!("http://{}{SENDSMS}", address("kannel", &kannel_listener)?),
            snpp: address("snpp", &snpp_listener)?,
            tap: address("tap", &tap_listener)?,
            mail: address("mail", &mail_listener)?,
            ntfy: format!("http://{}", address("ntfy", &ntfy_listener)?),
            webhook: format!("http://{}", address("webhook", &webhook_listener)?),
            control: format!("http://{}", address("control", &control_listener)?),
        };

        let ledger = Ledger::default();
        let reporter = Reporter::new(ledger.clone())?;
        let mint = Arc::new(Mint::new(options.seed.unwrap_or_else(moment::unix_ms)));
        let parts = Parts {
            pushover: Pushover::new(options.pushover, ledger.clone(), Arc::clone(&mint), reporter.clone()),
            twilio: Twilio::new(options.twilio, ledger.clone(), Arc::clone(&mint), reporter.clone()),
            kannel: Kannel::new(options.kannel, ledger.clone(), Arc::clone(&mint), reporter),
            snpp: Snpp::new(options.snpp, ledger.clone()),
            tap: Tap::new(options.tap, ledger.clone()),
            mail: Mail::new(ledger.clone()),
            ntfy: Ntfy::new(options.ntfy, ledger.clone(), mint),
            webhook: Webhook::new(options.webhook, ledger.clone()),
            ledger,
            addresses,
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(parts.pushover.clone().serve(pushover_listener));
        tasks.spawn(parts.twilio.clone().serve(twilio_listener));
        tasks.spawn(parts.kannel.clone().serve(kannel_listener));
        tasks.spawn(parts.snpp.clone().serve(snpp_listener));
        tasks.spawn(parts.tap.clone().serve(tap_listener));
        tasks.spawn(parts.mail.clone().serve(mail_listener));
        tasks.spawn(parts.ntfy.clone().serve(ntfy_listener));
        tasks.spawn(parts.webhook.clone().serve(webhook_listener));
        tasks.spawn(control::serve(parts.clone(), control_listener));
        Ok(Self { parts, tasks })
    }

    /// Returns where they listen.
    pub const fn addresses(&self) -> &Addresses {
        &self.parts.addresses
    }

    /// Returns what arrived.
    pub const fn ledger(&self) -> &Ledger {
        &self.parts.ledger
    }

    /// Returns the Pushover stand-in.
    pub const fn pushover(&self) -> &Pushover {
        &self.parts.pushover
    }

    /// Returns the Twilio stand-in.
    pub const fn twilio(&self) -> &Twilio {
        &self.parts.twilio
    }

    /// Returns the Kannel stand-in.
    pub const fn kannel(&self) -> &Kannel {
        &self.parts.kannel
    }

    /// Returns the SNPP stand-in.
    pub const fn snpp(&self) -> &Snpp {
        &self.parts.snpp
    }

    /// Returns the TAP stand-in.
    pub const fn tap(&self) -> &Tap {
        &self.parts.tap
    }

    /// Returns the mail stand-in.
    pub const fn mail(&self) -> &Mail {
        &self.parts.mail
    }

    /// Returns the ntfy stand-in.
    pub const fn ntfy(&self) -> &Ntfy {
        &self.parts.ntfy
    }

    /// Returns the webhook stand-in.
    pub const fn webhook(&self) -> &Webhook {
        &self.parts.webhook
    }

    /// Returns the script of a provider.
    pub fn script(&self, provider: Provider) -> &Script {
        self.parts.script(provider)
    }

    /// Waits until a stand-in stops by itself, which none does unless its socket fails.
    pub async fn stopped(&mut self) {
        self.tasks.join_next().await;
    }
}

async fn listen(name: &'static str, bind: IpAddr, port: u16) -> Result<TcpListener, StartError> {
    TcpListener::bind((bind, port)).await.map_err(|source| StartError::Listen { name, bind, port, source })
}

fn address(name: &'static str, listener: &TcpListener) -> Result<String, StartError> {
    let unknown = |source| StartError::Listen { name, bind: Ipv4Addr::UNSPECIFIED.into(), port: 0, source };
    listener.local_addr().map(|address| address.to_string()).map_err(unknown)
}
