use domain::Language;
use serde_json::json;

use super::{block, code, comment};
use crate::gate::tests::{good, verdict};
use crate::throwaway::Throwaway;

#[test]
fn words_of_others_never_leave_their_span() {
    for (words, expected) in [
        ("plain", "`plain`"),
        ("a `b` c", "`` a `b` c ``"),
        ("``", "``` `` ```"),
        ("`", "`` ` ``"),
        ("", "`  `"),
        ("a\nb", "`a\\u{a}b`"),
        ("a\u{202e}b", "`a\\u{202e}b`"),
        ("@somebody [x](y) <img>", "`@somebody [x](y) <img>`"),
    ] {
        assert_eq!(code(words), expected, "{words:?}");
    }
    assert!(code(&"`a".repeat(400)).ends_with(" ``"), "cut within the span");
    assert_eq!(block("json", "a\n````\n"), "`````json\na\n````\n`````");
}

/// Takes away what stands in code, line by line, and looks at what is left.
fn outside_of_code(text: &str) -> String {
    let mut outside = String::new();
    let mut fence: Option<String> = None;
    for line in text.lines() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match &fence {
            Some(open) if *open == line => fence = None,
            Some(_) => {}
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => outside += &without_spans(line),
        }
    }
    assert_eq!(fence, None, "a block that does not end: {text}");
    outside
}

fn without_spans(line: &str) -> String {
    let mut rest = line;
    let mut outside = String::new();
    while let Some(start) = rest.find('`') {
        outside += &rest[..start];
        let ticks: String = rest[start..].chars().take_while(|c| *c == '`').collect();
        let inner = &rest[start + ticks.len()..];
        let mut at = 0;
        // The end is a run of just as many.
        let end = loop {
            let begin = at + inner[at..].find('`').unwrap_or_else(|| panic!("a span that does not end: {line}"));
            let run = inner[begin..].chars().take_while(|c| *c == '`').count();
            at = begin + run;
            if run == ticks.len() {
                break at;
            }
        };
        rest = &inner[end..];
    }
    outside + rest
}

#[test]
fn a_hostile_change_writes_nothing_into_the_comment() {
    let evil = "`` ` @everybody [x](http://evil.example.com) <script> ![](p) \u{202e}";
    let throwaway = Throwaway::new();
    let base = throwaway.commit(0);
    for path in ["```\n# x @everybody", "a`b`` <b>/c", "crates/`@x`/d.rs", "[a](b)/c"] {
        throwaway.write(path, "x\n");
    }
    throwaway
        .write(".iskra/artifacts/`@x`.json", "{}")
        .write(".iskra/artifacts/a.json", json!({ evil: 1, "lambda": evil }).to_string());
    let mut record = good();
    record["omega"]["structural_integrity"] = evil.into();
    record["delta"]["timestamp"] = evil.into();
    record["delta"][evil] = json!({ "timestamp": evil });
    throwaway.write(".iskra/artifacts/b.json", record.to_string()).commit(1);
    let with_artifact = comment(&verdict(&throwaway, &base), Language::En);
    std::fs::remove_dir_all(throwaway.path().join(".iskra")).unwrap();
    throwaway.commit(2);
    let with_draft = comment(&verdict(&throwaway, &base), Language::Ru);
    assert!(with_artifact.contains("everybody") && with_draft.contains("everybody"), "{with_artifact}{with_draft}");
    for text in [with_artifact, with_draft] {
        let outside = outside_of_code(&text);
        for word in ["@", "<", "http", "evil", "](", "everybody", "\u{202e}"] {
            assert!(!outside.contains(word), "{word:?} in {outside}");
        }
    }
}

#[test]
fn a_comment_says_what_is_wrong_and_what_to_do() {
    let throwaway = Throwaway::new();
    let base = throwaway.commit(0);
    throwaway.write("crates/a/b.rs", "x\ny\n").commit(1);
    let of_verdict = verdict(&throwaway, &base);
    let (base_id, head_id) = (of_verdict.measured.base.short(), of_verdict.measured.head.short());
    let english = comment(&of_verdict, Language::En);
    let beginning = format!(
        "## ∆DΩΛ: blocked, an artifact is missing\n\n\
         - **BLOCK** there is no new artifact in `.iskra/artifacts` among the changes\n\n\
         `{base_id}`…`{head_id}`: files 1, lines +2 −0 · `crates/a`\n\n\
         A draft was made from the change itself."
    );
    assert!(english.starts_with(&beginning), "{english}");
    assert!(english.contains("\n```json\n{\n  \"timestamp\"") && english.ends_with("}\n```\n"), "{english}");
    assert!(comment(&of_verdict, Language::Ru).starts_with("## ∆DΩΛ: заблокировано, нет артефакта\n"));
    let mut record = good();
    record["omega"]["completeness"] = json!(0.5);
    record["lambda"]["status"] = json!("BLOCK");
    throwaway.write(".iskra/artifacts/a.json", record.to_string()).commit(2);
    let english = comment(&verdict(&throwaway, &base), Language::En);
    let beginning = "## ∆DΩΛ: blocked\n\n\
                     - **BLOCK** `.iskra/artifacts/a.json`\n  \
                       - BLOCK, `lambda.status`: it says so of the change itself\n  \
                       - WARN `Ω001` (1:80) `$.omega.completeness is 0.5: ";
    assert!(english.starts_with(beginning), "{english}");
}

#[test]
fn a_comment_fits_into_one() {
    let throwaway = Throwaway::new();
    let base = throwaway.commit(0);
    let long = "`x".repeat(60);
    for number in 0..120 {
        throwaway.write(&format!("{number}{long}/{number}{long}"), "x\n");
    }
    for number in 0..40 {
        throwaway.write(
            &format!(".iskra/artifacts/{number}.json"),
            json!({ "n": number, "delta": [], "sift": 7 }).to_string(),
        );
        throwaway.write(&format!(".iskra/artifacts/{number}{long}.json"), "");
    }
    throwaway.commit(1);
    assert!(comment(&verdict(&throwaway, &base), Language::Ru).chars().count() < 60_000);
    std::fs::remove_dir_all(throwaway.path().join(".iskra")).unwrap();
    throwaway.commit(2);
    let text = comment(&verdict(&throwaway, &base), Language::Ru);
    assert!(text.chars().count() < 60_000 && !text.contains("```json"), "a large draft is only attached");
}
