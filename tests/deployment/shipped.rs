//! The files of the repository.

use std::path::{Path, PathBuf};

/// A file or folder of the repository.
pub(super) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// Its text.
pub(super) fn text(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The files of a folder, in order, without those of its folders.
pub(super) fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// Copies a folder with all that is in it.
pub(super) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap().path();
        let there = to.join(entry.file_name().unwrap());
        match entry.is_dir() {
            true => copy(&entry, &there),
            false => drop(std::fs::copy(&entry, &there).unwrap()),
        }
    }
}

/// Writes other words into a file; each of those to be replaced must be there.
pub(super) fn rewrite<T: AsRef<str>>(file: &Path, words: &[(&str, T)]) {
    let mut text = std::fs::read_to_string(file).unwrap();
    for (old, new) in words {
        assert!(text.contains(old), "`{old}` is not in {}", file.display());
        text = text.replace(old, new.as_ref());
    }
    std::fs::write(file, text).unwrap();
}

/// What follows these words on a line of their own, of all lines that begin so.
pub(super) fn named<'a>(text: &'a str, words: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| line.trim_start().strip_prefix(words)).map(str::trim)
}
