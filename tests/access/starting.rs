//! What is refused before anything starts, and the tokens of the command line.

use std::process::Command;

use super::locked::Locked;

#[test]
fn nothing_starts_open_to_the_network() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["up", "--bind", "0.0.0.0"][..], &["serve", "pulse", "--set", "bind=::"]] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_iskra")).args(arguments).current_dir(folder.path()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("iskra token create") && said.contains("open-to-network"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_made_listed_and_revoked() {
    let it = Locked::start().await;
    let text = |output: std::process::Output| {
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, list, _) = text(it.iskra(&["token", "list"]));
    assert_eq!((code, list.as_str()), (0, "no tokens: `iskra token create NAME` makes one\n"));

    let (code, token, said) = text(it.iskra(&["token", "create", "Ann", "--expires", "90d"]));
    assert!(code == 0 && token.starts_with("iskra_") && token.lines().count() == 1, "{token}");
    assert!(said.contains("`Ann` may read, operate; it expires at "), "{said}");
    let (id, secret) = token.trim().strip_prefix("iskra_").unwrap().split_once('_').unwrap();
    let (_, list, _) = text(it.iskra(&["token", "list"]));
    assert!(
        list.starts_with(&format!("{id}  Ann  read, operate  made 20")) && list.contains(" by root  expires 20"),
        "{list}"
    );
    let (_, json, _) = text(it.iskra(&["token", "list", "--json"]));
    for told in [&list, &json, &said] {
        assert!(!told.contains(secret), "{told}");
    }
    // Nor does the store know it.
    let file = std::fs::read(it.database()).unwrap();
    assert!(!file.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()));

    it.token("Ann", "read", &[]);
    let (code, _, said) = text(it.iskra(&["token", "revoke", "Ann"]));
    assert!(code == 1 && said.contains("several tokens have the name `Ann`") && said.contains(id), "{said}");
    let (code, told, _) = text(it.iskra(&["token", "revoke", id]));
    assert_eq!(
        (code, told.as_str()),
        (0, format!("{id}  Ann is revoked: it is closed out within five seconds\n").as_str())
    );
    let (code, told, _) = text(it.iskra(&["token", "revoke", "Ann"]));
    assert!(code == 0 && !told.contains(id), "the other one by its name: {told}");
    let (code, _, said) = text(it.iskra(&["token", "revoke", "Ann"]));
    assert!(code == 1 && said.contains("there is no token `Ann` that is not over"), "{said}");
    for wrong in [&["token", "create", " "][..], &["token", "create", "Ann", "--scope", "admin"]] {
        assert_ne!(text(it.iskra(wrong)).0, 0, "{wrong:?}");
    }
}
