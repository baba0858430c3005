//! Files on disk, the keys that they name, and the way through a directory and back.

use std::fs;
use std::path::PathBuf;

use domain::blueprint::export::blueprint;
use domain::directory::{Directory, key_sha256};
use domain::plan::Plan;
use events::PersonId;

use super::*;

const KEY: &str = "kX7pQ2mN9vR4tY6wZ1aB3c";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, bytes).expect("a file");
        path
    }

    /// What is said about one file, without the folder's name.
    fn said(&self, path: &PathBuf) -> Vec<String> {
        let folder = format!("{}/", self.0.path().display());
        let reading = load(std::slice::from_ref(path));
        said(&reading).into_iter().map(|line| line.replace(&folder, "")).collect()
    }
}

fn source(key_file: &str) -> String {
    format!("sources: {{ s: {{ kind: generic, key_file: {key_file} }} }}\n")
}

#[test]
fn a_key_is_read_beside_the_file_that_names_it() {
    let folder = Folder::new();
    folder.put("conf/keys/k", format!("\u{feff}  {KEY}\r\n"));
    let path = folder.put("conf/house.yaml", source("keys/k"));
    let reading = load(&[path]);
    assert_eq!(said(&reading), [""; 0]);
    let source = &reading.blueprint.sources["s"];
    assert_eq!((source.key_file.as_str(), source.key_sha256.clone()), ("keys/k", Some(key_sha256(KEY))));
}

#[test]
fn keys_that_are_none() {
    let folder = Folder::new();
    folder.put("short", "secret");
    folder.put("odd", "kX7pQ2mN9vR4tY6wZ1aB3c/+=");
    folder.put("empty", " \n");
    folder.put("large", vec![b'x'; 5_000]);
    folder.put("binary", [0xFF, 0xFE, 0x00]);
    for (key_file, expected) in [
        (
            "short",
            "house.yaml:1:42: warning: sources.s.key_file: The key in short has only 6 characters and may be guessed.",
        ),
        (
            "odd",
            "house.yaml:1:42: warning: sources.s.key_file: The key in odd has characters that cannot stand in an address",
        ),
        ("empty", "house.yaml:1:42: sources.s.key_file: empty holds no key."),
        ("large", "house.yaml:1:42: sources.s.key_file: large has more than 4096 bytes"),
        ("binary", "house.yaml:1:42: sources.s.key_file: The key cannot be read from binary: not UTF-8."),
        ("missing", "house.yaml:1:42: sources.s.key_file: The key cannot be read from missing: No such file"),
        (".", "house.yaml:1:42: sources.s.key_file: The key cannot be read from .: Is a directory"),
    ] {
        let path = folder.put("house.yaml", source(key_file));
        let said = folder.said(&path);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with(expected), "{said:?}");
        assert!(!said[0].contains("secret"), "a key is never printed");
    }
}

#[test]
fn two_sources_with_one_key() {
    let folder = Folder::new();
    folder.put("k", KEY);
    let text = "sources:\n  a: { kind: generic, key_file: k }\n  b: { kind: generic, key_file: k }\n";
    let path = folder.put("house.yaml", text);
    let reading = examine(&[path], Completeness::Part);
    let said = said(&reading);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].contains("house.yaml:3:33: sources.b.key_file: The source \"a\" has the same key."),
        "{said:?}"
    );
}

#[test]
fn files_that_cannot_be_read() {
    let folder = Folder::new();
    let binary = folder.put("binary.yaml", [0x00, 0xFF, 0xFE]);
    let large = folder.put("large.yaml", vec![b'#'; 10 * 1024 * 1024]);
    for (path, expected) in [
        (&binary, "binary.yaml: This is not a text file in UTF-8."),
        (&large, "large.yaml: The file has more than 4194304 bytes."),
        (&folder.0.path().join("gone.yaml"), "gone.yaml: The file cannot be read: No such file"),
    ] {
        let said = folder.said(path);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with(expected), "{said:?}");
    }
}

#[test]
fn the_example_is_planned_applied_exported_and_read_again() {
    let folder = Folder::new();
    folder.put("keys/prometheus", KEY);
    folder.put("keys/dc-a", "another-key-of-some-length");
    let house = folder.put("house.yaml", HOUSE);
    let first = examine(&[house], Completeness::Whole);
    assert!(first.is_sound(), "{:?}", said(&first));

    let mut minted = 0;
    let mut mint = || {
        minted += 1;
        PersonId::from_bytes([minted; 16])
    };
    let mut directory = Directory::default();
    let plan = Plan::between(&directory, &first.blueprint, &mut mint);
    assert_eq!(plan.changes.len(), 10);
    for change in &plan.changes {
        change.imagine(&mut directory);
    }
    assert!(Plan::between(&directory, &first.blueprint, &mut mint).is_empty());

    let exported = folder.put("export.yaml", write_yaml(&blueprint(&directory)));
    let again = examine(&[exported], Completeness::Whole);
    assert!(again.is_sound(), "{:?}", said(&again));
    assert_eq!(Plan::between(&directory, &again.blueprint, &mut mint), Plan::default());
    assert_eq!(minted, 3);
}
