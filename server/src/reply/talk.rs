//! What was said to whom by text message: guesses are limited, and two machines do not talk to each other for ever.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use events::{Span, Timestamp};

/// So many wrong codes in [`WRONG_WITHIN`] from one number, and nothing from there is heard for [`STOPPED_FOR`].
pub const WRONG_MAX: u32 = 5;
/// Wrong codes are counted over this long.
pub const WRONG_WITHIN: Span = Span::from_minutes(10);
/// So long a number is not heard. The links in its messages work all the same.
pub const STOPPED_FOR: Span = Span::from_minutes(60);
/// So many wrong codes in [`WRONG_WITHIN`] from all numbers together, and no code is taken for as long.
pub const WRONG_FROM_ALL_MAX: u32 = 50;
/// So often in a day a number is told what to write.
pub const HELPS_A_DAY_MAX: u32 = 5;
/// So often in a day a number is answered at all.
pub const ANSWERS_A_DAY_MAX: u32 = 50;

const DAY: Span = Span::from_minutes(24 * 60);
/// So many numbers are remembered. Only those of people of the house come so far.
const NUMBERS_MAX: usize = 10_000;

/// Who was told what.
#[derive(Debug, Default)]
pub struct Talks(Mutex<All>);

#[derive(Debug, Default)]
struct All {
    numbers: HashMap<String, Talk>,
    wrong: Tally,
}

#[derive(Debug, Default)]
struct Talk {
    wrong: Tally,
    stopped_until: Option<Timestamp>,
    helps: Tally,
    answers: Tally,
}

/// How often something happened since a moment.
#[derive(Debug, Default)]
struct Tally {
    since: Timestamp,
    count: u32,
}

impl Tally {
    fn add(&mut self, now: Timestamp, within: Span) -> u32 {
        if self.count == 0 || now.since(self.since) >= within {
            *self = Self { since: now, count: 0 };
        }
        self.count = self.count.saturating_add(1);
        self.count
    }

    fn is_full(&self, now: Timestamp, within: Span, most: u32) -> bool {
        self.count >= most && now.since(self.since) < within
    }
}

impl Talks {
    /// True while nothing from this number is heard.
    pub fn is_stopped(&self, number: &str, now: Timestamp) -> bool {
        self.with(number, |talk, _| talk.stopped_until.is_some_and(|until| now < until))
    }

    /// True while no code is taken from anybody.
    pub fn is_under_attack(&self, now: Timestamp) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.wrong.is_full(now, WRONG_WITHIN, WRONG_FROM_ALL_MAX)
    }

    /// One more wrong code from this number.
    pub fn wrong(&self, number: &str, now: Timestamp) {
        self.with(number, |talk, all| {
            all.add(now, WRONG_WITHIN);
            if talk.wrong.add(now, WRONG_WITHIN) >= WRONG_MAX {
                talk.wrong = Tally::default();
                talk.stopped_until = Some(now + STOPPED_FOR);
            }
        });
    }

    /// Counts an answer that does nothing but help; false when there were enough of them today.
    pub fn may_help(&self, number: &str, now: Timestamp) -> bool {
        self.may_answer(number, now)
            && self.with(number, |talk, _| talk.helps.add(now, DAY) <= HELPS_A_DAY_MAX)
    }

    /// Counts an answer; false when there were enough of them today.
    pub fn may_answer(&self, number: &str, now: Timestamp) -> bool {
        self.with(number, |talk, _| talk.answers.add(now, DAY) <= ANSWERS_A_DAY_MAX)
    }

    fn with<T>(&self, number: &str, act: impl FnOnce(&mut Talk, &mut Tally) -> T) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let All { numbers, wrong } = &mut *all;
        if numbers.len() >= NUMBERS_MAX && !numbers.contains_key(number) {
            numbers.clear();
        }
        act(numbers.entry(number.to_owned()).or_default(), wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: &str = "+393331234567";
    const BERND: &str = "+491701234567";

    fn at(minutes: u64) -> Timestamp {
        Timestamp::from_micros(1_795_317_000_000_000) + Span::from_minutes(minutes)
    }

    #[test]
    fn who_guesses_five_times_is_not_heard_for_an_hour_and_others_are() {
        let talks = Talks::default();
        for _ in 0..WRONG_MAX {
            assert!(!talks.is_stopped(ANNA, at(0)));
            talks.wrong(ANNA, at(0));
        }
        assert!(talks.is_stopped(ANNA, at(59)) && !talks.is_stopped(BERND, at(0)));
        assert!(!talks.is_stopped(ANNA, at(60)));
        // Whoever mistypes now and then is not stopped.
        for minutes in 0..60 {
            talks.wrong(BERND, at(minutes * 3));
            assert!(!talks.is_stopped(BERND, at(minutes * 3)), "{minutes}");
        }
    }

    #[test]
    fn many_numbers_that_guess_together_are_all_held_up() {
        let talks = Talks::default();
        for number in 0..WRONG_FROM_ALL_MAX {
            assert!(!talks.is_under_attack(at(1)));
            talks.wrong(&number.to_string(), at(1));
        }
        assert!(talks.is_under_attack(at(10)) && !talks.is_under_attack(at(11)));
    }

    #[test]
    fn help_comes_five_times_a_day_and_answers_end_too() {
        let talks = Talks::default();
        let helped = (0..20).filter(|_| talks.may_help(ANNA, at(0))).count();
        assert_eq!(helped, 5);
        assert!(talks.may_help(BERND, at(0)) && talks.may_help(ANNA, at(24 * 60)));
        let answered = (0..200).filter(|_| talks.may_answer(BERND, at(0))).count();
        assert_eq!(answered, 49, "one was a help");
    }

    #[test]
    fn only_so_many_numbers_are_remembered() {
        let talks = Talks::default();
        for number in 0..NUMBERS_MAX * 2 {
            talks.may_answer(&number.to_string(), at(0));
        }
        assert!(talks.0.lock().expect("no panic").numbers.len() <= NUMBERS_MAX);
    }
}
