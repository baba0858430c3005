//! What providers tell us. Nothing is believed that is not signed, comes to an address that only its provider knows, or is
//! confirmed by its provider when asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use adapters::channel::Secret;
use events::ChannelId;

pub mod kannel;
pub mod pushover;
pub mod twilio;
pub mod voice;

/// So many messages are remembered, so that one which comes twice is heard once.
const MESSAGES_KEPT_MAX: usize = 1_000;
/// The longest id of a message: Twilio's have 34 characters, a gateway's up to 64 and its channel's name.
const ID_CHARS_MAX: usize = 160;

/// By what providers are known that call us.
#[derive(Debug, Default)]
pub struct CallbackKeys {
    /// What Twilio signs its callbacks with, one for each configured account.
    pub twilio: Vec<Secret>,
    /// What stands in the addresses to which gateways bring what people write, by channel.
    pub gateways: BTreeMap<ChannelId, Secret>,
}

/// The ids of the messages that came last.
#[derive(Debug, Default)]
pub struct Heard(Mutex<VecDeque<String>>);

impl Heard {
    /// True the first time that a message comes. What has no id, or none that is one, comes for the first time.
    pub fn is_new(&self, id: &str) -> bool {
        if id.is_empty() || id.len() > ID_CHARS_MAX {
            return true;
        }
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.iter().any(|known| known == id) {
            return false;
        }
        if heard.len() >= MESSAGES_KEPT_MAX {
            heard.pop_front();
        }
        heard.push_back(id.to_owned());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_heard_once_and_few_are_remembered() {
        let heard = Heard::default();
        assert!(heard.is_new("SM1") && !heard.is_new("SM1"));
        assert!(heard.is_new("") && heard.is_new(""));
        for number in 0..MESSAGES_KEPT_MAX {
            assert!(heard.is_new(&format!("SMX{number}")));
        }
        assert!(heard.is_new("SM1"), "forgotten by now");
        let long = "x".repeat(ID_CHARS_MAX + 1);
        assert!(heard.is_new(&long) && heard.is_new(&long), "not kept");
    }
}
