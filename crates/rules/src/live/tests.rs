use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::FILES;
use crate::files::shipped;

/// Another meaning for each file.
const CHANGES: [(&str, &str, &str); 6] = [
    ("slo-thresholds-matrix.yml", "minimum_hold: 5s", "minimum_hold: 6s"),
    ("signals.yml", "for: 15m", "for: 16m"),
    ("voices-triggers.yml", "expiry: 10m", "expiry: 11m"),
    ("actions.yml", "enabled: true", "enabled: false"),
    ("states.yml", "dwell: 5s", "dwell: 6s"),
    ("escalation.yml", "after: 4h", "after: 5h"),
];

/// As an editor does it: the file is replaced as a whole.
fn write(folder: &Path, name: &str, text: &str) {
    let new = folder.join("new");
    std::fs::write(&new, text).unwrap();
    std::fs::rename(new, folder.join(name)).unwrap();
}

/// Whether the next two looks find a change at rest.
fn sees_a_change(live: &LiveRules) -> bool {
    assert!(!live.has_changed(), "a first look sees a change that may go on");
    live.has_changed()
}

#[test]
fn each_file_is_read_again_when_it_changes_and_refused_when_it_is_wrong() {
    for (name, from, to) in CHANGES {
        let folder = tempfile::tempdir().unwrap();
        let live = LiveRules::load_folder(folder.path()).unwrap();
        let built_in = live.current();
        assert_eq!(*built_in, Rules::built_in());
        assert!(!sees_a_change(&live), "{name}");

        let changed = shipped(name).replacen(from, to, 1);
        assert_ne!(changed, shipped(name));
        write(folder.path(), name, &changed);
        assert!(sees_a_change(&live), "{name}");
        let own = live.reload().unwrap();
        assert_ne!(own.hash, built_in.hash, "{name}");
        assert!(!sees_a_change(&live), "{name}");

        write(folder.path(), name, &changed.replacen(to, "what: [", 1));
        assert!(sees_a_change(&live), "{name}");
        let error = live.reload().unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
        assert!(Arc::ptr_eq(&own, &live.current()), "{name}");
        assert_eq!(*live.refused().unwrap().error, *error);
        assert!(!sees_a_change(&live), "told once: {name}");

        std::fs::remove_file(folder.path().join(name)).unwrap();
        assert!(sees_a_change(&live), "{name}");
        assert_eq!(live.reload().unwrap().hash, built_in.hash, "without it, the built-in one counts: {name}");
        assert_eq!(live.refused(), None);
    }
}

#[test]
fn what_is_wrong_first_is_told_in_one_line_without_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let live = LiveRules::load_folder(folder.path()).unwrap();
    let brief = || {
        let error = live.reload().unwrap_err();
        assert_eq!(live.refused().unwrap().brief, error.brief());
        error.brief()
    };
    write(folder.path(), "states.yml", &format!("# Mine.\n{}: 5s\n", "dwel".repeat(200)));
    let long = brief();
    assert_eq!((long.file.as_str(), long.line, long.column), ("states.yml", 2, 1));
    assert!(long.hint.is_some_and(|hint| hint.starts_with("known are ")));
    assert!(long.message.ends_with('…') && long.message.chars().count() == 201, "{}", long.message);

    let webhooks = "webhooks:\n  - { name: mine, url: 'https://ann:pass1234@example.com/', secret: 'pass 1234' }\n";
    write(folder.path(), "states.yml", shipped("states.yml"));
    write(folder.path(), "actions.yml", &shipped("actions.yml").replacen("webhooks: []\n", webhooks, 1));
    let secret = brief();
    assert_eq!(secret.file, "actions.yml");
    assert!(!secret.message.contains("1234"), "{}", secret.message);

    let path = folder.path().to_owned();
    drop(folder);
    let (file, message) = (path.file_name().unwrap().to_str().unwrap().into(), brief().message);
    let gone = Brief { file, line: 0, column: 0, message, hint: None };
    assert_eq!(brief(), gone);
    assert!(gone.message.starts_with("No such file"), "{}", gone.message);
}

#[test]
fn a_mistake_in_one_file_keeps_a_good_change_of_another_one_out() {
    let folder = tempfile::tempdir().unwrap();
    let live = LiveRules::load_folder(folder.path()).unwrap();
    write(folder.path(), "states.yml", &shipped("states.yml").replace("dwell: 5s", "dwell: 6s"));
    write(folder.path(), "actions.yml", "enabled: perhaps\n");
    live.reload().unwrap_err();
    assert_eq!(*live.current(), Rules::built_in());
    std::fs::remove_file(folder.path().join("actions.yml")).unwrap();
    assert_eq!(live.reload().unwrap().states.dwell.as_secs(), 6);
}

#[test]
fn a_file_that_is_still_being_written_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let live = LiveRules::load_folder(folder.path()).unwrap();
    let text = shipped("actions.yml");
    let (half, rest) = text.split_at(text.find("  stabilize_system:").unwrap());
    write(folder.path(), "actions.yml", half);
    assert!(!live.has_changed());
    write(folder.path(), "actions.yml", &format!("{half}{rest}"));
    assert!(!live.has_changed());
    assert!(live.has_changed());
}

#[test]
fn equal_rules_stay_the_same_object() {
    let folder = tempfile::tempdir().unwrap();
    let live = LiveRules::load_folder(folder.path()).unwrap();
    let first = live.current();
    for name in FILES {
        write(folder.path(), name, &format!("# A remark.\n{}", shipped(name)));
    }
    assert!(Arc::ptr_eq(&first, &live.reload().unwrap()));
}

#[test]
fn the_files_of_the_rules_in_force_are_those_that_were_read_last() {
    let folder = tempfile::tempdir().unwrap();
    let live = LiveRules::load_folder(folder.path()).unwrap();
    let place = |live: &LiveRules| live.loaded().files.place_of_edge("pain_warn_low").unwrap();
    let (file, line) = place(&live);
    assert_eq!(file, FILES[0]);
    assert_eq!(shipped(file).lines().nth(line - 1), Some("      warn: \"< 0.20\""));
    write(folder.path(), file, &format!("# A remark.\n{}", shipped(file)));
    assert_eq!(place(&live), (file, line), "nobody has read it yet");
    live.reload().unwrap();
    assert_eq!(place(&live), (file, line + 1));
    write(folder.path(), file, "what: [");
    live.reload().unwrap_err();
    assert_eq!(place(&live), (file, line + 1), "what is refused is not in force");
}

#[test]
fn a_folder_that_is_gone_is_refused_and_not_taken_for_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "states.yml", &shipped("states.yml").replace("dwell: 5s", "dwell: 6s"));
    let live = LiveRules::load_folder(folder.path()).unwrap();
    let path = folder.path().to_owned();
    drop(folder);
    assert!(sees_a_change(&live));
    let error = live.reload().unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot read {}: No such file", path.display())), "{error}");
    assert_eq!(live.current().states.dwell.as_secs(), 6);
}

#[test]
fn built_in_rules_never_change() {
    let live = LiveRules::built_in();
    assert!(!live.has_changed() && !live.has_changed());
    assert!(Arc::ptr_eq(&live.current(), &live.reload().unwrap()));
}
