//! Stand-in providers as a program: prints one line of JSON when ready, then serves until SIGTERM or SIGINT.
//!
//! The end-to-end tests drive the built product with it from outside, through its control API.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use clap::Parser;
use serde::Serialize;
use simulations::stand_in::kannel::KannelOptions;
use simulations::stand_in::pushover::PushoverOptions;
use simulations::stand_in::snpp::{Login, SnppOptions};
use simulations::stand_in::tap::TapOptions;
use simulations::stand_in::twilio::TwilioOptions;
use simulations::stand_ins::{Addresses, StandIns, StandInsOptions};
use tokio::signal::unix::{SignalKind, signal};

/// Stand-ins for Pushover, Twilio, Kannel, an SNPP gateway, a TAP terminal, a mail server, ntfy and webhooks on loopback.
#[derive(Debug, Parser)]
struct Arguments {
    /// Loopback address to listen on.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Port of Pushover; 0: any free one.
    #[arg(long, default_value_t = 0)]
    pushover_port: u16,
    /// Port of Twilio; 0: any free one.
    #[arg(long, default_value_t = 0)]
    twilio_port: u16,
    /// Port of Kannel; 0: any free one.
    #[arg(long, default_value_t = 0)]
    kannel_port: u16,
    /// Port of the SNPP gateway; 0: any free one.
    #[arg(long, default_value_t = 0)]
    snpp_port: u16,
    /// Port of the TAP terminal; 0: any free one.
    #[arg(long, default_value_t = 0)]
    tap_port: u16,
    /// Port of the control API; 0: any free one.
    #[arg(long, default_value_t = 0)]
    control_port: u16,
    /// The only valid Pushover application token; default: any of 30 letters and digits.
    #[arg(long)]
    pushover_token: Option<String>,
    /// A valid Pushover user key, may be repeated; default: any of 30 letters and digits.
    #[arg(long = "pushover-user")]
    pushover_users: Vec<String>,
    /// Messages that Pushover takes in a month.
    #[arg(long, default_value_t = 10_000)]
    pushover_quota: u32,
    /// Milliseconds until a Pushover callback that was not answered 2xx is sent again.
    #[arg(long, default_value_t = 60_000)]
    pushover_callback_retry_ms: u64,
    /// Twilio account; default: a made-up one, printed.
    #[arg(long)]
    twilio_account_sid: Option<String>,
    /// Twilio authentication token; default: a made-up one, printed.
    #[arg(long)]
    twilio_auth_token: Option<String>,
    /// Milliseconds from one state of an SMS to the next.
    #[arg(long, default_value_t = 20)]
    twilio_step_ms: u64,
    /// Milliseconds from one report of Kannel to the next.
    #[arg(long, default_value_t = 20)]
    kannel_step_ms: u64,
    /// Text of the SNPP gateway's 220 line.
    #[arg(long)]
    snpp_banner: Option<String>,
    /// Makes the SNPP gateway ask for a login: USER or USER:PASSWORD.
    #[arg(long)]
    snpp_login: Option<String>,
    /// A valid pager ID, may be repeated; default: any.
    #[arg(long = "snpp-pager")]
    snpp_pagers: Vec<String>,
    /// Makes the SNPP gateway know level 1 only, or up to 3: two-way.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=3))]
    snpp_level: u8,
    /// Makes the TAP terminal ask for a password.
    #[arg(long)]
    tap_password: Option<String>,
    /// A valid pager ID at the TAP terminal, may be repeated; default: any.
    #[arg(long = "tap-pager")]
    tap_pagers: Vec<String>,
    /// Makes the TAP terminal seal its bytes with even parity, and refuse others.
    #[arg(long)]
    tap_even_parity: bool,
    /// Milliseconds until the TAP terminal's modem connects.
    #[arg(long, default_value_t = 20)]
    tap_dialling_ms: u64,
    /// Makes identifiers repeatable.
    #[arg(long)]
    seed: Option<u64>,
}

/// The line that says that all is ready.
#[derive(Debug, Serialize)]
struct Ready<'a> {
    #[serde(flatten)]
    addresses: &'a Addresses,
    pushover_token: Option<&'a str>,
    twilio_account_sid: &'a str,
    twilio_auth_token: &'a str,
    kannel_username: &'a str,
    kannel_password: &'a str,
}

impl Arguments {
    fn into_options(self) -> StandInsOptions {
        let pushover = PushoverOptions {
            app_token: self.pushover_token,
            users: (!self.pushover_users.is_empty()).then(|| self.pushover_users.into_iter().collect()),
            quota: self.pushover_quota,
            callback_retry: Duration::from_millis(self.pushover_callback_retry_ms),
        };
        let made_up = TwilioOptions::default();
        let twilio = TwilioOptions {
            account_sid: self.twilio_account_sid.unwrap_or(made_up.account_sid),
            auth_token: self.twilio_auth_token.unwrap_or(made_up.auth_token),
            step: Duration::from_millis(self.twilio_step_ms),
        };
        let step = Duration::from_millis(self.kannel_step_ms);
        let kannel = KannelOptions { step, ..KannelOptions::default() };
        let usual = SnppOptions::default();
        let snpp = SnppOptions {
            banner: self.snpp_banner.unwrap_or(usual.banner),
            login: self.snpp_login.as_deref().map(login),
            pagers: (!self.snpp_pagers.is_empty()).then(|| self.snpp_pagers.into_iter().collect()),
            level: self.snpp_level,
            ..SnppOptions::default()
        };
        let tap = TapOptions {
            password: self.tap_password,
            pagers: (!self.tap_pagers.is_empty()).then(|| self.tap_pagers.into_iter().collect()),
            even_parity: self.tap_even_parity,
            dialling: Duration::from_millis(self.tap_dialling_ms),
            ..TapOptions::default()
        };
        StandInsOptions {
            bind: self.bind,
            pushover_port: self.pushover_port,
            twilio_port: self.twilio_port,
            kannel_port: self.kannel_port,
            snpp_port: self.snpp_port,
            tap_port: self.tap_port,
            control_port: self.control_port,
            pushover,
            twilio,
            kannel,
            snpp,
            tap,
            seed: self.seed,
            ..StandInsOptions::default()
        }
    }
}

fn login(text: &str) -> Login {
    let (user, password) =
        text.split_once(':').map_or((text, None), |(user, password)| (user, Some(password)));
    Login { user: user.to_owned(), password: password.map(str::to_owned) }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Arguments::parse().into_options();
    let app_token = options.pushover.app_token.clone();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut stand_ins = StandIns::start(options).await?;
    let (twilio, kannel) = (stand_ins.twilio().options(), stand_ins.kannel().options());
    let ready = Ready {
        addresses: stand_ins.addresses(),
        pushover_token: app_token.as_deref(),
        twilio_account_sid: &twilio.account_sid,
        twilio_auth_token: &twilio.auth_token,
        kannel_username: &kannel.username,
        kannel_password: &kannel.password,
    };
    print_line(&serde_json::to_string(&ready)?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        () = stand_ins.stopped() => return Err("a stand-in stopped by itself: its socket failed".into()),
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this line is the program's interface")]
fn print_line(line: &str) {
    println!("{line}");
}
