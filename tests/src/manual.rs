//! The configuration that our documentation shows: what is documented is what is tested.

use std::path::Path;

/// Everything in `docs/NAME` that is fenced as this language, with these words put in place of others.
///
/// # Panics
/// When there is nothing of the language, or one of the words is not there.
pub fn configuration(name: &str, language: &str, changes: &[(&str, &str)]) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut found = fenced(&text, language);
    assert!(!found.is_empty(), "docs/{name} shows something in {language}");
    for (from, to) in changes {
        assert!(found.contains(from), "docs/{name} says {from:?} in {language}");
        found = found.replace(from, to);
    }
    found
}

fn fenced(text: &str, language: &str) -> String {
    let mut parts = text.split("```").skip(1).step_by(2);
    let mut found = String::new();
    for block in parts.by_ref() {
        let (first, rest) = block.split_once('\n').unwrap_or((block, ""));
        if first.trim() == language {
            found.push_str(rest);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_one_language_are_found() {
        let text = "a\n```x\n1\n```\nb ```c``` d\n```y\n2\n```\n```x\n3\n```\n";
        assert_eq!(fenced(text, "x"), "1\n3\n");
        assert_eq!(fenced(text, "z"), "");
    }
}
