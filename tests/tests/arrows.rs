//! The arrows between the rooms of the house, and the purity of its core.
//!
//! Cargo refuses an import that no manifest declares; this is what keeps the manifests from declaring too much.
//! A new arrow, or a new member, wants a decision record first.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Which of our members each one may import, in its library, its programs and its build script.
const ARROWS: [(&str, &[&str]); 9] = [
    ("events", &[]),
    ("domain", &["events"]),
    ("i18n", &[]),
    ("actors", &["events", "domain"]),
    ("adapters", &["events", "domain", "i18n"]),
    ("server", &["events", "domain", "i18n", "actors", "adapters", "simulations"]),
    ("simulations", &["events", "domain", "i18n", "actors", "adapters"]),
    ("tests", &[]),
    ("xtask", &[]),
];

/// The pure members.
const CORE: [&str; 2] = ["events", "domain"];

/// Crates that do I/O, wait, start threads, read a clock or draw lots.
const IMPURE_CRATES: [&str; 32] = [
    "async-std",
    "axum",
    "crossbeam",
    "dirs",
    "fastrand",
    "fs-err",
    "fs2",
    "getrandom",
    "hyper",
    "hyper-util",
    "libc",
    "memmap2",
    "mio",
    "nix",
    "notify",
    "quanta",
    "ractor",
    "rand",
    "rayon",
    "reqwest",
    "rusqlite",
    "rustix",
    "rustls",
    "smol",
    "socket2",
    "tempfile",
    "time",
    "tokio",
    "tokio-util",
    "tracing-subscriber",
    "ureq",
    "walkdir",
];

/// Paths and names that the core's sources never use.
const IMPURE_WORDS: [&str; 11] = [
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "tokio::",
    "rand::",
    "getrandom",
];

#[test]
fn members_import_only_what_the_architecture_allows() {
    let members = members();
    let known: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = members.keys().map(String::as_str).collect();
    assert_eq!(found, known, "the members of the workspace are not those of the architecture");
    for (name, allowed) in ARROWS {
        for dependency in members[name].iter().filter(|it| it.kind != "dev" && known.contains(&*it.name)) {
            assert!(
                allowed.contains(&dependency.name.as_str()),
                "`{name}` may not depend on `{}`: it may depend on {allowed:?}",
                dependency.name
            );
        }
    }
}

#[test]
fn actors_and_adapters_never_import_each_other_not_even_in_tests() {
    let members = members();
    for (name, other) in [("actors", "adapters"), ("adapters", "actors")] {
        assert!(
            members[name].iter().all(|dependency| dependency.name != other),
            "`{name}` depends on `{other}`: they meet in `server` and `simulations`, through the ports"
        );
    }
}

#[test]
fn tests_and_xtask_see_the_house_from_outside_only() {
    let members = members();
    for name in ["tests", "xtask"] {
        let ours = members[name].iter().find(|dependency| members.contains_key(&dependency.name));
        assert!(ours.is_none(), "`{name}` depends on `{}`", ours.map_or("", |it| &it.name));
    }
}

#[test]
fn the_core_depends_on_nothing_that_touches_the_world() {
    let members = members();
    for name in CORE {
        for dependency in members[name].iter().filter(|it| it.kind != "dev") {
            assert!(
                !IMPURE_CRATES.contains(&dependency.name.as_str()),
                "`{name}` is pure and may not depend on `{}`",
                dependency.name
            );
        }
    }
}

#[test]
fn the_core_takes_chrono_without_its_clock() {
    for (name, dependencies) in members().iter().filter(|(name, _)| CORE.contains(&name.as_str())) {
        for chrono in dependencies.iter().filter(|it| it.name == "chrono") {
            let clock = chrono.features.iter().find(|feature| ["clock", "now"].contains(&feature.as_str()));
            assert!(
                clock.is_none() && !chrono.default_features,
                "`{name}` must take chrono without its default features and without `clock` and `now`"
            );
        }
    }
}

#[test]
fn sources_of_the_core_name_no_file_socket_thread_clock_or_lot() {
    let mut found = Vec::new();
    for member in CORE {
        let folder = root().join(member).join("src");
        let sources = production_sources(&folder);
        assert!(!sources.is_empty(), "there are no sources in {}", folder.display());
        for (path, text) in sources {
            let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
            found.extend(
                impurities(&text).into_iter().map(|(line, word)| format!("{shown}:{line}: `{word}`")),
            );
        }
    }
    assert!(found.is_empty(), "the core is pure, but its sources name:\n{}", found.join("\n"));
}

#[test]
fn the_scan_finds_impure_words_with_their_lines() {
    let text = "use std::fs;\nfn f() {\n    let a = Instant::now();\n}\nuse std::{\n    io,\n    net::{self, IpAddr},\n};\n";
    let code = production_code(text);
    assert_eq!(impurities(&code), [(1, "std::fs"), (3, "Instant::now"), (5, "std::net")]);
}

#[test]
fn the_scan_passes_over_comments_texts_tests_and_longer_names() {
    let text = r##"
        //! Not `std::fs`.
        /* nor /* nested */ tokio::spawn */ /*/ tokio::spawn */
        const TEXT: &str = "std::fs \" // tokio::";
        const RAW: &str = r#"a "quoted" std::net"#;
        const CHARS: [char; 3] = ['"', '\'', '/'];
        fn longer<'a>(operand: &'a str) -> &'a str { operand::same(operand) }
        #[cfg(test)]
        #[expect(dead_code, reason = "…")]
        mod tests {
            fn f() { let brace = '}'; std::fs::read("}"); }
        }
        #[cfg(test)]
        use std::thread;
    "##;
    assert_eq!(impurities(&production_code(text)), []);
    let after = format!("{text}\nfn f() {{ tokio::spawn(); }}");
    let line = after.lines().count();
    assert_eq!(impurities(&production_code(&after)), [(line, "tokio::")]);
}

// What Cargo says.

/// A dependency that one of our members declares.
struct Dependency {
    name: String,
    /// `normal`, `build` or `dev`.
    kind: String,
    features: Vec<String>,
    default_features: bool,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("the workspace is where it was built")
}

/// Our members by name, with what their manifests declare.
fn members() -> BTreeMap<String, Vec<Dependency>> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let packages = metadata["packages"].as_array().expect("cargo metadata lists packages");
    packages.iter().map(|package| (text(&package["name"]), dependencies(package))).collect()
}

fn dependencies(package: &Value) -> Vec<Dependency> {
    let declared = package["dependencies"].as_array().expect("a package lists its dependencies");
    (declared.iter())
        .map(|it| Dependency {
            name: text(&it["name"]),
            kind: it["kind"].as_str().unwrap_or("normal").to_owned(),
            features: it["features"].as_array().into_iter().flatten().map(text).collect(),
            default_features: it["uses_default_features"].as_bool().unwrap_or(true),
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("cargo metadata gives a text here").to_owned()
}

// What the sources say.

/// The Rust files below a folder, without those that are only there for tests, reduced to production code.
fn production_sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut tests = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources can be read") {
            let path = entry.expect("a folder of sources can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file can be read");
                tests.extend(test_modules(&path, &text));
                files.push((path, production_code(&text)));
            }
        }
    }
    files.retain(|(path, _)| !tests.iter().any(|module| path.with_extension("").starts_with(module)));
    files.sort();
    files
}

/// The paths, without `.rs`, of the modules that a file declares as `#[cfg(test)] mod name;`.
fn test_modules(path: &Path, text: &str) -> Vec<PathBuf> {
    let is_crate_root = path.ends_with("src/lib.rs") || path.ends_with("src/main.rs");
    let folder = if is_crate_root { path.with_file_name("") } else { path.with_extension("") };
    let code = without_comments_and_texts(text);
    let items = code.split(CFG_TEST).skip(1).map(|after| &after[..item_length(after)]);
    items
        .filter_map(|item| item.trim_end().strip_suffix(';')?.rsplit_once("mod "))
        .map(|(_, name)| folder.join(name.trim()))
        .collect()
}

const CFG_TEST: &str = "#[cfg(test)]";

/// The code with comments, texts and the items of tests blanked; every line keeps its number.
fn production_code(text: &str) -> String {
    let mut code = without_comments_and_texts(text);
    while let Some(start) = code.find(CFG_TEST) {
        let end = start + CFG_TEST.len() + item_length(&code[start + CFG_TEST.len()..]);
        code.replace_range(start..end, &blanked(&code[start..end]));
    }
    code
}

/// Where the item that starts here ends: at its closing brace, or at a semicolon before any brace.
fn item_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(c, '}' | ';') {
            return at + 1;
        }
    }
    code.len()
}

/// Blanks comments and the literals of texts and characters, so that words and braces in them do not count.
fn without_comments_and_texts(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after_a_name = code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let length = blank_length(rest, after_a_name);
        if length > 0 {
            code.push_str(&blanked(&rest[..length]));
            rest = &rest[length..];
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    code
}

/// How long the comment or literal is that starts here; 0 if none does.
fn blank_length(rest: &str, after_a_name: bool) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return comment_length(rest);
    }
    if rest.starts_with('"') {
        return quoted_length(rest, '"');
    }
    // 'a' and '\n' are characters, 'a without a closing quote is a lifetime.
    if rest.starts_with('\'') && (rest[1..].starts_with('\\') || rest.chars().nth(2) == Some('\'')) {
        return quoted_length(rest, '\'');
    }
    if !after_a_name {
        return raw_length(rest);
    }
    0
}

/// The length of a block comment, with those nested in it.
fn comment_length(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(step) = rest[at..].find(['/', '*']) {
        at += step;
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += 1;
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn quoted_length(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a raw text, `r#"…"#` with any number of `#`; 0 if none starts here.
fn raw_length(rest: &str) -> usize {
    let after_prefix = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r')).unwrap_or(rest);
    let opened = after_prefix.trim_start_matches('#');
    if after_prefix.len() == rest.len() || !opened.starts_with('"') {
        return 0;
    }
    let hashes = &after_prefix[..after_prefix.len() - opened.len()];
    let closing = format!("\"{hashes}");
    let start = rest.len() - opened.len() + 1;
    rest[start..].find(&closing).map_or(rest.len(), |at| start + at + closing.len())
}

/// Spaces in place of everything but the ends of lines.
fn blanked(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

/// The impure words in code, each with its line, counted from 1.
fn impurities(code: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let words = IMPURE_WORDS.iter().filter(|word| names(line, word));
        found.extend(words.map(|word| (number + 1, *word)));
    }
    for (start, _) in code.match_indices("std::{") {
        let number = code[..start].matches('\n').count() + 1;
        let list = start + "std::".len();
        let imported = top_level_names(&code[list..list + item_length(&code[list..])]);
        let words = IMPURE_WORDS
            .iter()
            .filter(|word| word.strip_prefix("std::").is_some_and(|it| imported.contains(&it)));
        found.extend(words.map(|word| (number, *word)));
    }
    found
}

/// Whether a line names a word as such, not as a part of a longer name.
fn names(line: &str, word: &str) -> bool {
    let part_of_a_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].ends_with(part_of_a_name);
        let after = !word.ends_with(':') && line[at + word.len()..].starts_with(part_of_a_name);
        !before && !after
    })
}

/// The first names in `{a, b::c, d::{e}}`: `a`, `b`, `d`.
fn top_level_names(list: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut names = Vec::new();
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 1 && matches!(c, '{' | ',') {
            let name = list[at + 1..].trim_start();
            let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
            names.push(&name[..end]);
        }
    }
    names
}
