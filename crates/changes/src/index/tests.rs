use domain::ArtifactStatus;

use super::{Index, What, sha256};

fn three() -> String {
    let mut index = Index::default();
    ["a.json", "b.json", "c.json"].map(|name| index.add("2026-01-02", name, sha256(b"{}"), ArtifactStatus::Ok)).concat()
}

fn broken(text: &str) -> (usize, What) {
    let broken = Index::read(text.as_bytes()).unwrap_err();
    (broken.line, broken.what)
}

#[test]
fn what_is_added_is_read_again() {
    let text = three();
    let index = Index::read(text.as_bytes()).unwrap();
    assert_eq!(index.lines().len(), 3);
    assert_eq!(index.whole(), text.len());
    assert_eq!(index.line("2026-01-02/b.json").unwrap().line, 2);
    assert_eq!(index.line("b.json"), None);
    let first = "{\"line\":1,\"day\":\"2026-01-02\",\"file\":\"2026-01-02/a.json\",\"sha256\":\"";
    assert!(text.starts_with(first), "{text}");
}

#[test]
fn nothing_can_be_changed_left_out_or_put_in() {
    let text = three();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (what, text, expected) in [
        ("a status", text.replacen("OK", "WARN", 1), (2, What::Chain)),
        ("a checksum", text.replacen("\"sha256\":\"4", "\"sha256\":\"5", 1), (2, What::Chain)),
        ("the first line", [lines[1], lines[2]].concat(), (1, What::Number)),
        ("a line between", [lines[0], lines[2]].concat(), (2, What::Number)),
        ("the order", [lines[1], lines[0], lines[2]].concat(), (1, What::Number)),
        ("a line twice", [lines[0], lines[0]].concat(), (2, What::Number)),
        ("an empty line", [lines[0], "\n", lines[1]].concat(), (2, What::Unreadable)),
        ("another field", text.replacen("\"line\":1", "\"x\":1,\"line\":1", 1), (1, What::Unreadable)),
        ("a way out", text.replacen("/a.json", "/../a.json", 1), (1, What::Name)),
        ("another day", text.replacen("\"file\":\"2026-01-02", "\"file\":\"2026-01-03", 1), (1, What::Name)),
    ] {
        assert_eq!(broken(&text), expected, "{what}");
    }
}

#[test]
fn a_line_that_was_being_written_is_none() {
    let text = three();
    let torn = &text[..text.len() - 5];
    let mut index = Index::read(torn.as_bytes()).unwrap();
    assert_eq!(index.lines().len(), 2);
    let mended =
        text[..index.whole()].to_owned() + &index.add("2026-01-02", "c.json", sha256(b"{}"), ArtifactStatus::Ok);
    assert_eq!(mended, text);
}

#[test]
fn a_file_is_archived_once() {
    let mut index = Index::default();
    let again = [0, 1].map(|_| index.add("2026-01-02", "a.json", sha256(b"{}"), ArtifactStatus::Ok)).concat();
    assert_eq!(broken(&again), (2, What::Repeated));
}

#[test]
fn the_sum_is_the_one_that_everybody_computes() {
    assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
