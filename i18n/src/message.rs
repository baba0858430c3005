//! What a message is, and the macro that declares messages.

use fluent::FluentArgs;

use crate::Locale;

pub mod calendar;
pub mod change;
pub mod channel;
pub mod command;
pub mod contact;
pub mod demo;
pub(crate) mod format;
pub mod heartbeat;
pub mod ledger;
pub mod mistake;
pub mod notify;
pub mod page;
pub mod reply;
pub mod route;
pub mod timeline;
pub mod token;
pub mod voice;
pub mod web;
pub mod words;

#[cfg(test)]
mod parity;

/// Something the house can say, with what it needs to say it.
///
/// Fields mean the same everywhere:
///
/// | field | holds |
/// | --- | --- |
/// | `code` | the five characters that name an alert for people, `K7M2Q` |
/// | `id` | an alert's id or code as somebody typed it |
/// | `summary` | what is wrong, as the source says it |
/// | `person`, `people` | a display name; several, joined by [`format::list`](crate::format::list) |
/// | `service`, `source`, `rota`, `team`, `contact` | the thing's name |
/// | `role`, `label` | what a token allows, as `team:sysadmin`; what it is for, in somebody's words |
/// | `severity`, `channel`, `way`, `status`, `state`, `reason`, `kind` | a text from [`words`], in the same language |
/// | `when`, `from`, `to` | a local time from [`format`](crate::format) |
/// | `until`, `retry` | the same, for the moment something ends or is tried again |
/// | `span`, `every` | a length of time from [`format::span`](crate::format::span) |
/// | `link`, `url` | an address, whole |
/// | `step`, `round`, `number`, `layer` | counted from 1 |
///
/// In [`timeline::SeverityChanged`] `from` and `to` are severities.
pub trait Message {
    /// The message's id in the Fluent files.
    const ID: &'static str;

    /// Says it. Never fails: a translation that cannot be used gives a poorer text, not none.
    fn render(&self, locale: Locale) -> String;
}

/// What a message hands to Fluent.
trait Arguments {
    fn arguments(&self) -> FluentArgs<'_>;
}

/// A message as declared in Rust, for the tests that compare it with the Fluent files.
#[cfg(test)]
struct Declared {
    id: &'static str,
    variables: &'static [&'static str],
    /// Says it with every text the letter `x` and every number the one given.
    render: fn(Locale, i64) -> Result<String, crate::bundle::FormatError>,
}

/// Values for messages in tests.
#[cfg(test)]
trait Sample {
    fn sample(number: i64) -> Self;
}

#[cfg(test)]
impl Sample for &str {
    fn sample(_number: i64) -> Self {
        "x"
    }
}

#[cfg(test)]
impl Sample for i64 {
    fn sample(number: i64) -> Self {
        number
    }
}

/// Declares the messages of one file, each as
/// `/// doc` `Name = "fluent-id"` and, if it has any, its fields `<'a> { text: &'a str, count: i64 }`, then `;`.
macro_rules! messages {
    ($(
        $(#[$meta:meta])*
        $name:ident = $id:literal $(<$life:lifetime>)? $({ $($field:ident: $kind:ty),* $(,)? })?;
    )*) => {
        $($crate::message::message! {
            $(#[$meta])* $name = $id $(<$life>)? $({ $($field: $kind),* })?
        })*

        #[cfg(test)]
        pub(super) const DECLARED: &[super::Declared] = &[$(super::Declared {
            id: $id,
            variables: &[$($(stringify!($field)),*)?],
            render: |locale, number| {
                let _ = number;
                let message = $name $({ $($field: super::Sample::sample(number)),* })?;
                $crate::bundle::format(locale, $id, &super::Arguments::arguments(&message))
            },
        }),*];
    };
}

/// Declares one message.
macro_rules! message {
    ($(#[$meta:meta])* $name:ident = $id:literal) => {
        $(#[$meta])*
        #[doc = concat!("\n\nIn the Fluent files: `", $id, "`.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name;

        impl super::Arguments for $name {
            fn arguments(&self) -> fluent::FluentArgs<'_> {
                fluent::FluentArgs::new()
            }
        }

        $crate::message::message! { @said $name, $id }
    };
    ($(#[$meta:meta])* $name:ident = $id:literal $(<$life:lifetime>)? { $($field:ident: $kind:ty),* }) => {
        $(#[$meta])*
        #[doc = concat!("\n\nIn the Fluent files: `", $id, "`.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name $(<$life>)? {
            $(
                #[doc = concat!("`$", stringify!($field), "` in the Fluent files; see the table at [`Message`](crate::Message).")]
                pub $field: $kind,
            )*
        }

        impl $(<$life>)? super::Arguments for $name $(<$life>)? {
            fn arguments(&self) -> fluent::FluentArgs<'_> {
                let mut arguments = fluent::FluentArgs::new();
                $(arguments.set(stringify!($field), self.$field);)*
                arguments
            }
        }

        $crate::message::message! { @said $name $(<$life>)?, $id }
    };
    (@said $name:ident $(<$life:lifetime>)?, $id:literal) => {
        impl $(<$life>)? super::Message for $name $(<$life>)? {
            const ID: &'static str = $id;

            fn render(&self, locale: $crate::Locale) -> String {
                $crate::bundle::render(locale, $id, &super::Arguments::arguments(self))
            }
        }
    };
}

pub(crate) use {message, messages};
