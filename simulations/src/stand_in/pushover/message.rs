//! What Pushover accepts as a message: <https://pushover.net/api#messages>.

use std::ops::RangeInclusive;

use super::PushoverOptions;
use super::emergency::Emergency;
use crate::behaviour::Behaviour;
use crate::fields::Fields;

const MESSAGE_CHARS_MAX: usize = 1024;
const TITLE_CHARS_MAX: usize = 250;
const URL_CHARS_MAX: usize = 512;
const URL_TITLE_CHARS_MAX: usize = 100;
const KEY_CHARS: usize = 30;
const USERS_MAX: usize = 50;
const PRIORITIES: RangeInclusive<i64> = -2..=2;
const RETRY_SECONDS_MIN: u64 = 30;
const EXPIRE_SECONDS_MAX: u64 = 10_800;

/// A message that would be delivered.
#[derive(Debug, Clone)]
pub struct Message {
    token: String,
    pub users: Vec<String>,
    text: String,
    rings: Option<Rings>,
    tags: Vec<String>,
    callback: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Rings {
    retry_seconds: u64,
    expire_seconds: u64,
}

/// Why a message is not accepted.
#[derive(Debug, Clone, Default)]
pub struct Mistakes {
    /// Fields that the answer calls `"invalid"`.
    pub invalid: Vec<&'static str>,
    /// Sentences for the answer's `errors`.
    pub errors: Vec<String>,
}

impl Mistakes {
    /// One mistake; an empty field name stands for none.
    pub fn of(field: &'static str, error: impl Into<String>) -> Self {
        let mut mistakes = Self::default();
        mistakes.add(field, error);
        mistakes
    }

    pub fn user() -> Self {
        Self::of("user", "user identifier is not a valid user, group, or subscribed user key")
    }

    pub fn receipt() -> Self {
        Self::of("receipt", "receipt not found; may be invalid or expired")
    }

    fn add(&mut self, field: &'static str, error: impl Into<String>) {
        if !field.is_empty() {
            self.invalid.push(field);
        }
        self.errors.push(error.into());
    }
}

impl Message {
    /// Reads a message and finds every mistake in it; a wrong token hides all others.
    pub fn read(fields: &Fields, options: &PushoverOptions) -> Result<Self, Mistakes> {
        let token = read_token(fields, options)?;
        let mut mistakes = Mistakes::default();
        let value = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();

        let users: Vec<String> = value("user").split(',').map(|user| user.trim().to_owned()).collect();
        if users.len() > USERS_MAX || !users.iter().all(|user| is_user(user, options)) {
            mistakes = Mistakes::user();
        }
        if value("message").is_empty() {
            mistakes.add("message", "message cannot be blank");
        }
        for (name, chars_max) in [
            ("message", MESSAGE_CHARS_MAX),
            ("title", TITLE_CHARS_MAX),
            ("url", URL_CHARS_MAX),
            ("url_title", URL_TITLE_CHARS_MAX),
        ] {
            if value(name).chars().count() > chars_max {
                mistakes.add(name, format!("{name} is too long, must be at most {chars_max} characters"));
            }
        }
        if value("html") == "1" && value("monospace") == "1" {
            mistakes.add("html", "html and monospace cannot be used together");
        }
        let rings = read_rings(fields, &mut mistakes);
        if !mistakes.errors.is_empty() {
            return Err(mistakes);
        }
        Ok(Self {
            token,
            users,
            text: value("message").to_owned(),
            rings,
            tags: value("tags")
                .split(',')
                .map(str::trim)
                .filter(|tag| !tag.is_empty())
                .map(str::to_owned)
                .collect(),
            callback: fields.get("callback").filter(|url| !url.is_empty()).cloned(),
        })
    }

    /// Returns whether it rings until somebody acts.
    pub const fn is_emergency(&self) -> bool {
        self.rings.is_some()
    }

    /// Starts to ring. `now` is in Unix seconds.
    pub fn emergency(self, receipt: &str, now: u64, behaviour: &Behaviour) -> Emergency {
        let rings = self.rings.unwrap_or(Rings { retry_seconds: RETRY_SECONDS_MIN, expire_seconds: 0 });
        Emergency {
            receipt: receipt.to_owned(),
            token: self.token,
            users: self.users,
            text: self.text,
            tags: self.tags,
            callback: self.callback,
            retry_seconds: rings.retry_seconds,
            sent_at: now,
            expires_at: now + rings.expire_seconds,
            acknowledgement: None,
            cancelled_at: None,
            called_back_at: None,
            behaviour: behaviour.clone(),
        }
    }
}

/// Returns the application token, if it is valid.
pub fn read_token(fields: &Fields, options: &PushoverOptions) -> Result<String, Mistakes> {
    let token = fields.get("token").map(String::as_str).unwrap_or_default();
    let is_valid = is_key(token) && options.app_token.as_deref().is_none_or(|wanted| wanted == token);
    if is_valid {
        Ok(token.to_owned())
    } else {
        Err(Mistakes::of("token", "application token is invalid, see https://pushover.net/api"))
    }
}

/// Returns whether messages to this user or group key are accepted.
pub fn is_user(user: &str, options: &PushoverOptions) -> bool {
    is_key(user) && options.users.as_ref().is_none_or(|users| users.contains(user))
}

fn is_key(text: &str) -> bool {
    text.len() == KEY_CHARS && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn read_rings(fields: &Fields, mistakes: &mut Mistakes) -> Option<Rings> {
    let priority = fields.get("priority").filter(|text| !text.is_empty());
    let priority = priority.map_or(Ok(0), |text| text.trim().parse::<i64>());
    let Some(priority) = priority.ok().filter(|priority| PRIORITIES.contains(priority)) else {
        mistakes.add("priority", "priority is invalid, must be between -2 and 2");
        return None;
    };
    if priority != 2 {
        return None;
    }
    let seconds = |name: &str| fields.get(name).and_then(|text| text.trim().parse::<u64>().ok());
    let retry_seconds = seconds("retry");
    match retry_seconds {
        None => mistakes.add("retry", "retry must be supplied with priority=2"),
        Some(seconds) if seconds < RETRY_SECONDS_MIN => {
            mistakes.add("retry", format!("retry must be at least {RETRY_SECONDS_MIN} seconds"));
        }
        Some(_) => {}
    }
    let expire_seconds = seconds("expire");
    match expire_seconds {
        None => mistakes.add("expire", "expire must be supplied with priority=2"),
        Some(seconds) if seconds == 0 || seconds > EXPIRE_SECONDS_MAX => {
            mistakes.add("expire", format!("expire must be between 1 and {EXPIRE_SECONDS_MAX} seconds"));
        }
        Some(_) => {}
    }
    Some(Rings { retry_seconds: retry_seconds?, expire_seconds: expire_seconds? })
}
