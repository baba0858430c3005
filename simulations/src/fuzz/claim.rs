//! Claims that many targets make.

/// Characters that turn the direction of what follows: Unicode's property `Bidi_Control`.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Nothing in the text ends a line, or pretends that it is another text.
pub(super) fn is_one_line(text: &str, what: &str) {
    let odd = text
        .chars()
        .find(|letter| letter.is_control() || turns(*letter) || matches!(letter, '\u{2028}' | '\u{2029}'));
    assert_eq!(odd, None, "{what} is one line of text: {text:?}");
}

/// As [`is_one_line`], for texts that may have several, and tabs.
pub(super) fn is_plain(text: &str, what: &str) {
    text.split(['\n', '\t']).for_each(|line| is_one_line(line, what));
}

/// The text has at most so many characters.
pub(super) fn is_within(text: &str, chars_max: usize, what: &str) {
    let chars = text.chars().count();
    assert!(chars <= chars_max, "{what} has {chars} characters, at most {chars_max} are allowed: {text:?}");
}

/// What is wrong is said, in one line.
pub(super) fn is_said(message: &str) {
    assert!(!message.trim().is_empty(), "an error says what is wrong");
    let odd = message.chars().find(|letter| letter.is_control());
    assert_eq!(odd, None, "an error is one line: {message:?}");
}
