//! Files that nobody writes on purpose, or only with bad ones: they may be wrong, but must not hurt.

use super::*;

/// Reads, checks and says everything; the point is that it returns.
fn endure(name: &str, text: &str) -> Reading {
    let reading = read_one(name, text).checked(Completeness::Whole);
    for mistake in reading.mistakes.iter().take(20) {
        for locale in i18n::Locale::ALL {
            assert!(!say(mistake, locale).contains('\n'));
        }
    }
    reading
}

#[test]
fn files_that_are_no_configuration() {
    for text in [
        "",
        "\u{feff}",
        "~",
        "\u{0}\u{1}\u{2}",
        "\u{1b}[31m",
        "%PDF-1.7",
        "---\n---\n",
        "{---",
        "...",
        "? ",
        "- - - -",
        "&a",
        "*a",
        "!",
        "|",
        "\"\\uD800\"",
        "people: {a: {name: \"\\uD800\"}}",
        "\u{2028}\u{2029}",
        "<<: *x",
        "people: &p {a: *p}",
    ] {
        for name in ["a.yaml", "a.json", "a.toml", "a"] {
            let reading = endure(name, text);
            assert_eq!(reading.blueprint.people.len(), 0, "{text:?}");
            assert!(!reading.is_sound(), "{name} {text:?}");
        }
    }
}

#[test]
fn very_large_and_very_deep_files() {
    let deep = ["[", "{a: ", "- ", "? ", "[{a: ", "people: {a: "].map(|piece| piece.repeat(50_000));
    let long = ["a: b\n", "#\n", "\r", "!", "&a ", "%", ":", "\"x\n", "a, ", "---\n", "a.", "[[", "[a]\n"];
    let long = long.map(|piece| piece.repeat(50_000));
    let many =
        "people: {a: {locale: []}}\nteams: {".to_owned() + &"a: {members: [b, c]}, ".repeat(50_000) + "}";
    let strangers = "people: {a: {}}\nteams: {t: {members: [".to_owned() + &"b, ".repeat(50_000) + "]}}";
    let lists = "people: {a: {}}\nteams: {t: {members: [".to_owned() + &"[], ".repeat(50_000) + "]}}";
    let routes = "routes:\n".to_owned() + &"- {when: {labels: {a: b}}, service: s}\n".repeat(50_000);
    for text in [many, strangers, lists, routes] {
        let reading = endure("a.yaml", &text);
        assert_eq!(reading.mistakes.len(), domain::blueprint::limit::MISTAKES_MAX + 1);
        assert!(!reading.is_sound());
    }
    for text in deep.iter().chain(&long) {
        for name in ["a.yaml", "a.toml"] {
            assert!(!endure(name, text).is_sound());
        }
    }
    let huge = endure("a.yaml", &"#".repeat(10 * 1024 * 1024));
    assert!(said(&huge)[0].starts_with("a.yaml: The file has more than 4194304 bytes."), "{:?}", said(&huge));
}

#[test]
fn an_alias_bomb_does_not_go_off() {
    use std::fmt::Write as _;
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        writeln!(bomb, "a{level}: &a{level} [{before}*a{}]", level - 1).expect("a string takes everything");
    }
    let reading = endure("a.yaml", &bomb);
    assert!(reading.mistakes.iter().all(|mistake| mistake.what == What::AliasRefused));
    assert_eq!(reading.mistakes.len(), 190, "one for each alias");
}

#[test]
fn editors_habits_make_no_difference() {
    let plain = read_one("a.yaml", HOUSE);
    for text in [format!("\u{feff}{HOUSE}"), HOUSE.replace('\n', "\r\n"), format!("---\n{HOUSE}...\n")] {
        let reading = read_one("a.yaml", &text);
        assert_eq!(said(&reading), [""; 0]);
        assert_eq!(reading.blueprint, plain.blueprint);
    }
    let windows = HOUSE.replace("locale: it ", "locale: xx ").replace('\n', "\r\n");
    assert!(said(&read_one("a.yaml", &format!("\u{feff}{windows}")))[0].starts_with("a.yaml:4:13: "));
}

/// The example, damaged in thousands of ways.
#[test]
fn damaged_files_are_endured() {
    let pieces = [
        "", "\"", "'", "{", "}", "[", "]", ":", "- ", "\n", "\t", "&", "*", "!", "|", ">", "#", "%", "\\",
        "\u{0}", "é", "? ", "---",
    ];
    let mut state: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut next = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(bound).expect("fits")).expect("fits")
    };
    let letters: Vec<char> = HOUSE.chars().collect();
    for _ in 0..600 {
        let mut damaged = letters.clone();
        for _ in 0..=next(3) {
            let at = next(damaged.len());
            let length = next(6).min(damaged.len() - at);
            damaged.splice(at..at + length, pieces[next(pieces.len())].chars());
        }
        let text: String = damaged.into_iter().collect();
        endure("a.yaml", &text);
        endure("a.toml", &text);
    }
}
