//! What looks for secrets in the repository sees them, and leaves alone what is none.

use std::path::Path;
use std::process::Command;

use super::shipped;

/// What is said of a folder: the places where secrets are, none if there are none.
fn found_in(folder: &Path) -> Vec<String> {
    let output = Command::new(shipped::path("scripts/find-secrets")).arg(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let places: Vec<_> = said.lines().skip(1).map(str::to_owned).collect();
    assert_eq!(output.status.success(), places.is_empty(), "{said}");
    places
}

#[test]
fn the_repository_holds_none() {
    assert_eq!(found_in(&shipped::path(".")), Vec::<String>::new());
}

#[test]
fn each_kind_is_seen_and_what_is_none_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let random = "k3Jx90aQpLmZ71bVtR5uYw28NcEeHdGfSs46oOiIqAB";
    // Put together here, so that this file itself holds none.
    let secrets = [
        format!("iskra_{}_{random}", "k3"),
        format!("whsec{}{}", "_", &random[..32]),
        format!("-----BEGIN {} KEY-----", "EC PRIVATE"),
        format!("key: AKIA{}", "ABCDEFGHIJKLMNOP"),
        format!("ghp_{}", &random[..36]),
        format!("xoxb-{}", "123456789012-abc"),
        format!("url: postgres://iskra:{}@db.example.com/iskra", &random[..24]),
    ];
    for (number, secret) in secrets.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{number}.txt")), format!("first\n{secret}\n")).unwrap();
    }
    let innocent = "iskra_pager_last_success_timestamp_seconds\nwhsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n\
                    postgres://iskra:secret@db.example.com/iskra\n-----BEGIN CERTIFICATE-----\n\
                    postgres://iskra:$(<the-file-with-the-password)@db.example.com/iskra\n";
    std::fs::write(folder.path().join("innocent.txt"), innocent).unwrap();
    for arguments in [&["init", "--quiet"][..], &["add", "--all"]] {
        assert!(Command::new("git").args(arguments).current_dir(folder.path()).status().unwrap().success());
    }
    let expected: Vec<_> = (0..secrets.len()).map(|number| format!("{number}.txt:2")).collect();
    assert_eq!(found_in(folder.path()), expected);
}
