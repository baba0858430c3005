//! Channels: how each provider is reached.

use std::collections::BTreeMap;

use domain::blueprint::check::{is_id, is_phone_number};
use events::ChannelId;
use toml::Spanned;

use super::BootError;
use super::file::{Pushover, Snpp, Twilio, Value};
use super::option::Options;
use crate::channel::pushover::{EXPIRE_SECONDS_MAX, PushoverConfig, RETRY_SECONDS_MIN};
use crate::channel::snpp::{Login, SnppConfig};
use crate::channel::twilio::{Sender, TwilioConfig, VALIDITY_SECONDS};
use crate::channel::{RateLimit, Secret};

/// Pushover, when the file has its table or the environment its token.
pub(super) fn pushover(
    options: &Options<'_>,
    table: Option<Spanned<Pushover>>,
) -> Result<Option<PushoverConfig>, BootError> {
    const TABLE: &[&str] = &["channels", "pushover"];
    let stated = table.is_some();
    let at = table.as_ref().map_or(0, |table| table.span().start);
    let table = table.map(Spanned::into_inner).unwrap_or_default();
    let given = |value: Value, field: &str| options.given(value, &[TABLE, &[field]].concat());
    let Some(token) = options.secret(table.token, table.token_file, TABLE, "token")? else {
        let missing = options.missing(at, &[TABLE, &["token_file"]].concat(), "\"pushover.token\"");
        return if stated { Err(missing) } else { Ok(None) };
    };
    let mut config = PushoverConfig::new(token);
    if let Some(url) = given(table.base_url, "base_url") {
        config.base_url = url.url()?;
    }
    if let Some(retry) = given(table.retry, "retry") {
        config.retry_seconds =
            retry.seconds(RETRY_SECONDS_MIN, EXPIRE_SECONDS_MAX, "a length of time from 30s to 3h")?;
    }
    if let Some(expire) = given(table.expire, "expire") {
        config.expire_seconds =
            expire.seconds(RETRY_SECONDS_MIN, EXPIRE_SECONDS_MAX, "a length of time from 30s to 3h")?;
    }
    if let Some(timeout) = given(table.timeout, "timeout") {
        config.timeout = timeout.timeout()?;
    }
    rate(options, &mut config.rate, TABLE, table.per_second, table.burst)?;
    Ok(Some(config))
}

/// SMS channels in the order of the file.
pub(super) fn sms(
    options: &Options<'_>,
    tables: BTreeMap<String, Spanned<Twilio>>,
) -> Result<Vec<(ChannelId, TwilioConfig)>, BootError> {
    in_order(options, tables, twilio)
}

/// Pager channels in the order of the file.
pub(super) fn pager(
    options: &Options<'_>,
    tables: BTreeMap<String, Spanned<Snpp>>,
) -> Result<Vec<(ChannelId, SnppConfig)>, BootError> {
    in_order(options, tables, snpp)
}

/// Reads one channel's table: its name, where it stands, what it says.
type ReadTable<T, C> = fn(&Options<'_>, &str, usize, T) -> Result<C, BootError>;

fn in_order<T, C>(
    options: &Options<'_>,
    tables: BTreeMap<String, Spanned<T>>,
    read: ReadTable<T, C>,
) -> Result<Vec<(ChannelId, C)>, BootError> {
    let mut tables: Vec<_> = tables.into_iter().collect();
    tables.sort_by_key(|(_, table)| table.span().start);
    let mut channels = Vec::with_capacity(tables.len());
    for (name, table) in tables {
        let at = table.span().start;
        if !is_id(&name) {
            return Err(BootError::BadValue {
                place: options.place(at),
                option: "the channel's name".to_owned(),
                text: name,
                expected: "up to 63 of a-z, 0-9, - and _",
                example: "twilio-main",
            });
        }
        channels.push((name.as_str().into(), read(options, &name, at, table.into_inner())?));
    }
    Ok(channels)
}

fn twilio(options: &Options<'_>, name: &str, at: usize, table: Twilio) -> Result<TwilioConfig, BootError> {
    let path = ["channels", "sms", name];
    let option = |field| [&path[..], &[field]].concat();
    let given = |value: Value, field| options.given(value, &option(field));
    let sid = given(table.account_sid, "account_sid");
    let sid = options.required(sid, at, &option("account_sid"), "\"AC…\"")?;
    // It becomes part of an address.
    let sid = sid.parsed("letters and digits", "\"AC…\"", |text| {
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| text.to_owned())
    })?;
    let token = options.secret(table.auth_token, table.auth_token_file, &path, "auth_token")?;
    let token: Secret =
        token.ok_or_else(|| options.missing(at, &option("auth_token_file"), "\"twilio.token\""))?;
    let from = given(table.from, "from");
    let service = given(table.messaging_service_sid, "messaging_service_sid");
    let sender = match (from, service) {
        (_, Some(service)) => Sender::MessagingService(service.text),
        (Some(from), None) => Sender::From(from.parsed(
            "a phone number or a name of up to 11 letters",
            "\"+4930123456\"",
            sender,
        )?),
        (None, None) => return Err(options.missing(at, &option("from"), "\"+4930123456\"")),
    };
    let mut config = TwilioConfig::new(&sid, token, sender);
    if let Some(url) = given(table.base_url, "base_url") {
        config.base_url = url.url()?;
    }
    if let Some(validity) = given(table.validity_period, "validity_period") {
        let (min, max) = VALIDITY_SECONDS.into_inner();
        config.validity_seconds = validity.seconds(min, max, "a length of time from 1s to 10h")?;
    }
    if let Some(timeout) = given(table.timeout, "timeout") {
        config.timeout = timeout.timeout()?;
    }
    rate(options, &mut config.rate, &path, table.per_second, table.burst)?;
    Ok(config)
}

/// A number in E.164 form, a short code, or a name of up to 11 letters, digits and spaces.
fn sender(text: &str) -> Option<String> {
    let name = (1..=11).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | b'+' | b'&'));
    (is_phone_number(text) || name).then(|| text.to_owned())
}

fn snpp(options: &Options<'_>, name: &str, at: usize, table: Snpp) -> Result<SnppConfig, BootError> {
    let path = ["channels", "pager", name];
    let option = |field| [&path[..], &[field]].concat();
    let given = |value: Value, field| options.given(value, &option(field));
    if let Some(protocol) = given(table.protocol, "protocol").filter(|protocol| protocol.text != "snpp") {
        return Err(BootError::NotBuilt {
            place: protocol.place,
            what: format!("the paging protocol {:?}", protocol.text),
            remedy: "use protocol = \"snpp\"",
        });
    }
    let address = given(table.address, "address");
    let address = options.required(address, at, &option("address"), "\"pager.example:444\"")?;
    let address = address.parsed("a host and a port", "\"pager.example:444\"", |text| {
        let (host, port) = text.rsplit_once(':')?;
        port.parse::<u16>().ok()?;
        (!host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic())).then(|| text.to_owned())
    })?;
    let mut config = SnppConfig::new(&address);
    let password = options.secret(table.password, table.password_file, &path, "password")?;
    config.login = given(table.login, "login").map(|login| Login { id: login.text, password });
    if let Some(timeout) = given(table.timeout, "timeout") {
        config.timeout = timeout.timeout()?;
    }
    if let Some(chars_max) = given(table.chars_max, "chars_max") {
        config.chars_max = chars_max.parsed("a number from 20 to 2000", "240", |text| {
            text.parse().ok().filter(|chars| (20..=2_000).contains(chars))
        })?;
    }
    rate(options, &mut config.rate, &path, table.per_second, table.burst)?;
    Ok(config)
}

fn rate(
    options: &Options<'_>,
    rate: &mut RateLimit,
    table: &[&str],
    per_second: Value,
    burst: Value,
) -> Result<(), BootError> {
    if let Some(given) = options.given(per_second, &[table, &["per_second"]].concat()) {
        rate.per_second = given.parsed("a number above 0 and up to 1000", "1", |text| {
            text.parse().ok().filter(|rate: &f64| *rate > 0.0 && *rate <= 1_000.0)
        })?;
    }
    if let Some(given) = options.given(burst, &[table, &["burst"]].concat()) {
        rate.burst = given.parsed("a number from 1 to 10000", "5", |text| {
            text.parse().ok().filter(|burst| (1..=10_000).contains(burst))
        })?;
    }
    Ok(())
}
