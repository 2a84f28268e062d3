//! What is not a record at all.

use domain::ArtifactStatus;

use crate::{Code, MAX_BYTES, MAX_DEPTH, Place, Severity, check, read};

/// What is told of bytes that are no record: where, and why.
fn told(bytes: &[u8]) -> String {
    let checked = check(bytes);
    assert_eq!(checked.status, ArtifactStatus::Block);
    let [finding] = &checked.findings[..] else { panic!("one finding: {:?}", checked.findings) };
    assert_eq!((finding.code, finding.severity), (Code::Shape, Severity::Block));
    assert!(!finding.message.ru.is_empty() && !finding.allowed.ru.is_empty());
    assert_eq!(read(bytes).unwrap_err().message, finding.message);
    let place = finding.place.map_or(String::new(), |Place { line, column }| format!("{line}:{column} "));
    format!("{place}{}", finding.message.en)
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    let deep = |levels: usize| [b"[".repeat(levels), b"]".repeat(levels)].concat();
    for (bytes, expected) in [
        (&b""[..], "1:1 ends too early: the rest is missing"),
        (b"{\n  \"delta\": {\"pain\": {\"from\": 0.1", "2:32 $.delta.pain: ends too early: the rest is missing"),
        (b"{\"sift\": {\"fact\": \"half", "1:23 $.sift.fact: ends too early: the rest is missing"),
        (b"{} {}", "1:4 not JSON: trailing characters"),
        (b"{\"a\": NaN}", "1:7 $.a: not JSON: expected value"),
        (b"[1, -Infinity]", "1:6 $[1]: not JSON: invalid number"),
        (b"{'a': 1}", "1:2 not JSON: key must be a string"),
        (b"{\"a\": 1e400}", "1:11 $.a: not JSON: number out of range"),
        (b"{\"a\": [0, 123456789012345678901]}", "1:31 $.a[1]: a number that does not fit into 64 bits"),
        (b"{\"a\": -9223372036854775809}", "1:26 $.a: a number that does not fit into 64 bits"),
        (b"{\"a\": \"\\ud800\"}", "1:14 $.a: not JSON: unexpected end of hex escape"),
        (b"{\"a\": \"\\udc00\"}", "1:13 $.a: not JSON: lone leading surrogate in hex escape"),
        (b"{\"a\": \"\t\"}", "1:8 $.a: not JSON: control character (\\u0000-\\u001F) found while parsing a string"),
        (b"{\"delta\": {\n\"x\": 1, \"\\u0078\": 2}}", "2:16 $.delta.x: the key \"x\" is there twice"),
        ("{\"я\": 1, \"я\": 2}".as_bytes(), "1:12 $.я: the key \"я\" is there twice"),
        ("{\"ключ\": tru}".as_bytes(), "1:13 $.ключ: not JSON: expected ident"),
        (b"\xef\xbb\xbf{}", "1:1 begins with a byte order mark, which JSON has not"),
        (b"{\"a\":\n \"\xd0\xaf\xff\"}", "2:4 not UTF-8"),
        (b"\xff\xfe{\0}\0", "1:1 not UTF-8"),
        (&deep(MAX_DEPTH + 1), &format!("1:66 ${}: nested deeper than 64", "[0]".repeat(64))),
        (&b"[".repeat(MAX_BYTES), &format!("1:65 ${}: nested deeper than 64", "[0]".repeat(64))),
        (&b" ".repeat(MAX_BYTES + 1), "larger than the 1048576 bytes that a record has at most"),
    ] {
        assert_eq!(told(bytes), expected, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]));
    }
    assert!(read(&deep(MAX_DEPTH)).is_ok());
    assert!(read(br#"{"a": [18446744073709551615, -9223372036854775808, 1e18, "\ud83d\ude00"]}"#).is_ok());
}

#[test]
fn findings_know_their_place_in_the_text() {
    let text = "{\n  \"sift\": 1,\n  \"ключ\": [{}, {\"timestamp\": \"now\"}],\n  \"delta\": { \"pain\": { \"from\": 2 } },\n  \
        \"omega\": {}, \"lambda\": {}\n}";
    let checked = check(text.as_bytes());
    let places: Vec<_> = checked
        .findings
        .iter()
        .map(|finding| {
            let Place { line, column } = finding.place.unwrap();
            format!("{line}:{column} {}", finding.path)
        })
        .collect();
    assert_eq!(places, ["4:32 $.delta.pain.from", "1:1 $.dimension", "2:11 $.sift", "3:30 $.ключ[1].timestamp"]);
}

#[test]
fn a_thousand_findings_are_told_and_the_rest_counted() {
    let many = "{\"timestamp\": 1},".repeat(60_000);
    let text = format!("[{}{{}}]", many);
    assert!(text.len() < MAX_BYTES);
    let checked = check(text.as_bytes());
    assert_eq!((checked.findings.len(), checked.left_off), (1_000, 59_001));
    assert_eq!(checked.status, ArtifactStatus::Block);
}

#[test]
fn a_long_key_is_not_repeated_in_full() {
    let key = "k".repeat(500_000);
    let many = "{\"timestamp\":1},".repeat(30_000);
    let checked = check(format!("{{\"{key}\": [{many}0]}}").as_bytes());
    let longest = checked.findings.iter().map(|finding| finding.path.to_string().len()).max();
    assert!(longest < Some(200), "{longest:?}");
}
