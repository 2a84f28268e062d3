//! What is released depends on nothing but what is in it.

use std::path::Path;
use std::process::Command;

use super::shipped;

/// The archive of a program, packed at some moment, with these rights on it.
fn packed(folder: &Path, mode: &str) -> Vec<u8> {
    let program = folder.join("program");
    std::fs::write(&program, "the program\n").unwrap();
    assert!(Command::new("chmod").arg(mode).arg(&program).status().unwrap().success());
    let mut pack = Command::new(shipped::path("scripts/pack-release"));
    pack.arg(&program).arg(folder.join("out")).arg("iskra-v0-test").env("SOURCE_DATE_EPOCH", "1767225600");
    let output = pack.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(folder.join("out/iskra-v0-test.tar.gz")).unwrap()
}

#[test]
fn the_same_files_make_the_same_archive() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = packed(one.path(), "700");
    assert!(first == packed(other.path(), "666"), "two archives of the same differ");

    let list = Command::new("tar").arg("tvzf").arg(one.path().join("out/iskra-v0-test.tar.gz")).output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    for needed in
        ["iskra", "LICENSE", "SECURITY.md", "config/iskra.yml", "deploy/nginx/nginx.conf", "docs/operations.md"]
    {
        assert!(list.contains(&format!(" iskra-v0-test/{needed}\n")), "{needed} is not in {list}");
    }
    assert!(list.lines().all(|line| line.contains(" 0/0 ") && line.contains(" 2026-01-01 ")), "{list}");
}
