//! Channels: which there are, and how each provider is reached.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use domain::blueprint::check::is_id;
use events::ChannelId;
use events::event::alert::PaceLimit;
use events::event::person::ChannelKind;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::Text;
use super::option::{Options, variable};
use super::table::Table;
use super::{BootError, pace};
use crate::channel::{Medium, Plan, kinds, media};
use crate::line::Line;

/// One channel of the boot configuration.
#[derive(Clone, Debug)]
pub struct ChannelPlan {
    /// Its name; that of its kind when it has none of its own.
    pub id: ChannelId,
    /// What kind of contact methods it serves.
    pub kind: ChannelKind,
    /// How its provider is reached.
    pub plan: Arc<dyn Plan>,
    /// How much one address is sent.
    pub pace: Vec<PaceLimit>,
}

impl ChannelPlan {
    /// A channel with this configuration.
    pub fn new(id: &str, kind: ChannelKind, plan: impl Plan) -> Self {
        Self { id: id.into(), kind, plan: Arc::new(plan), pace: pace::usual(kind) }
    }

    /// Its configuration, when it is of this type.
    pub fn of<C: Plan>(&self) -> Option<&C> {
        let plan: &dyn Any = &*self.plan;
        plan.downcast_ref()
    }
}

type Values = BTreeMap<String, Vec<Spanned<Text>>>;

/// Every channel, in the order of the file. `[channels.sms]` with options of its own is a channel called `sms`;
/// `[channels.sms.main]` is one called `main`. One without a table is there when the environment has one of its
/// options.
pub(super) fn channels(options: &Options<'_>) -> Result<Vec<ChannelPlan>, BootError> {
    let root = options.tree()?;
    let mut found = Vec::new();
    if let Some(all) = root.get_ref().get("channels") {
        for (name, value) in table(options, "channels", all)? {
            let known = ChannelKind::parse(name.get_ref()).and_then(|kind| media(kind).next());
            let Some(medium) = known else {
                return Err(unknown_kind(options, name.get_ref(), name.span().start));
            };
            of_kind(options, medium.kind, value, &mut found)?;
        }
    }
    found.sort_by_key(|(at, _)| *at);
    let mut channels: Vec<ChannelPlan> = found.into_iter().map(|(_, channel)| channel).collect();
    for kind in kinds() {
        let own = variable(&["channels", kind.as_str(), ""]);
        let is_missing = channels.iter().all(|channel| channel.kind != kind);
        if is_missing && options.variables().any(|name| name.starts_with(&own)) {
            channels.push(channel(options, kind, None, 0, Values::new())?);
        }
    }
    Ok(channels)
}

fn of_kind(
    options: &Options<'_>,
    kind: ChannelKind,
    value: &Spanned<DeValue<'_>>,
    found: &mut Vec<(usize, ChannelPlan)>,
) -> Result<(), BootError> {
    let entries = table(options, kind.as_str(), value)?;
    let (mut own, mut has_named) = (Values::new(), false);
    for (name, value) in entries {
        if let DeValue::Table(_) = value.get_ref() {
            has_named = true;
            let values = values(options, table(options, name.get_ref(), value)?)?;
            let at = value.span().start;
            found.push((at, channel(options, kind, Some(name.get_ref()), at, values)?));
        } else {
            own.insert(name.get_ref().to_string(), texts(options, value)?);
        }
    }
    if !own.is_empty() || !has_named {
        let at = value.span().start;
        found.push((at, channel(options, kind, None, at, own)?));
    }
    Ok(())
}

fn channel(
    options: &Options<'_>,
    kind: ChannelKind,
    name: Option<&str>,
    at: usize,
    values: Values,
) -> Result<ChannelPlan, BootError> {
    if let Some(name) = name.filter(|name| !is_id(name)) {
        return Err(BootError::BadValue {
            place: options.place(at),
            option: "the channel's name".to_owned(),
            text: name.to_owned(),
            expected: "up to 63 of a-z, 0-9, - and _",
            example: "twilio-main",
        });
    }
    let path = ["channels", kind.as_str()].into_iter().chain(name).map(str::to_owned).collect();
    let mut table = Table::new(options, path, at, values);
    let medium = medium(&table, kind)?;
    table.only(medium.options)?;
    let pace = pace::read(&table, kind)?;
    let plan = (medium.read)(&mut table)?;
    Ok(ChannelPlan { id: name.unwrap_or(kind.as_str()).into(), kind, plan, pace })
}

/// The way of reaching people that a table names, or the usual one of its kind.
fn medium(table: &Table<'_>, kind: ChannelKind) -> Result<&'static Medium, BootError> {
    let usual = || media(kind).next().ok_or_else(|| table.missing("provider", "\"twilio\""));
    let Some(named) = table.given("protocol").or_else(|| table.given("provider")) else { return usual() };
    media(kind).find(|medium| medium.provider == named.text).ok_or_else(|| {
        let known: Vec<String> = media(kind).map(|medium| format!("\"{}\"", medium.provider)).collect();
        BootError::Malformed {
            place: named.place,
            why: format!("{} is {:?}, but must be {}", named.option, named.text, known.join(" or ")),
        }
    })
}

pub(super) fn unknown_kind(options: &Options<'_>, name: &str, at: usize) -> BootError {
    let known: Vec<String> = kinds().map(|kind| format!("`{kind}`")).collect();
    BootError::Malformed {
        place: options.place(at),
        why: format!("unknown field `{}`, expected one of {}", Line::new(name), known.join(", ")),
    }
}

type Entries<'t, 'i> = &'t DeTable<'i>;

fn table<'t, 'i>(
    options: &Options<'_>,
    name: &str,
    value: &'t Spanned<DeValue<'i>>,
) -> Result<Entries<'t, 'i>, BootError> {
    match value.get_ref() {
        DeValue::Table(table) => Ok(table),
        _ => Err(BootError::Malformed {
            place: options.place(value.span().start),
            why: format!("`{}` is not a table; write [channels.{}]", Line::new(name), Line::new(name)),
        }),
    }
}

fn values(options: &Options<'_>, entries: Entries<'_, '_>) -> Result<Values, BootError> {
    let value = |(name, value): (&Spanned<std::borrow::Cow<'_, str>>, _)| {
        Ok((name.get_ref().to_string(), texts(options, value)?))
    };
    entries.iter().map(value).collect()
}

/// A value as text; an array as several.
fn texts(options: &Options<'_>, value: &Spanned<DeValue<'_>>) -> Result<Vec<Spanned<Text>>, BootError> {
    let text = match value.get_ref() {
        DeValue::Array(values) => {
            let mut all = Vec::new();
            for value in values {
                all.extend(texts(options, value)?);
            }
            return Ok(all);
        }
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Datetime(_) | DeValue::Table(_) => {
            return Err(BootError::Malformed {
                place: options.place(value.span().start),
                why: "expected text, a number, true, false or a list of these".to_owned(),
            });
        }
    };
    Ok(vec![Spanned::new(value.span(), Text(text))])
}
