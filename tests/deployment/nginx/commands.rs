//! The command line from outside: by TLS, below a path, and with a token where the door asks for one.

use std::process::{Command, Output};

use super::door::{Behind, Door};
use crate::cli::{Printed, iskra};

/// A door that asks who one is, as a locked suite does.
const ASKS: &str = r#"limit_conn connections 512;
        default_type application/problem+json;
        if ($http_authorization = "") { return 401 '{"detail":"this needs a token"}'; }
        if ($http_authorization = "Bearer iskra_7_old") { return 401 '{"detail":"the token was revoked"}'; }
        if ($http_authorization = "Bearer iskra_7_guest") { return 403 '{"detail":"it lacks the scope","scope":"operate"}'; }"#;

/// What a command says from outside, to whom it shows a token, and whose certificate it believes.
struct Outside<'a> {
    url: &'a str,
    believes: Option<&'a std::path::Path>,
    variables: &'a [(&'a str, &'a str)],
}

impl Outside<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = iskra(&std::env::temp_dir(), arguments);
        command.env("ISKRA_URL", self.url).env_remove("ISKRA_TOKEN").env_remove("ISKRA_TOKEN_FILE");
        command.envs(self.believes.map(|file| ("SSL_CERT_FILE", file))).envs(self.variables.iter().copied());
        command
    }

    /// How it ended, and all that it said.
    fn run(&self, arguments: &[&str]) -> (bool, String) {
        let Output { status, stdout, stderr } =
            tokio::task::block_in_place(|| self.command(arguments).output().unwrap());
        let said = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert!(!said.contains("iskra_7"), "a token is printed: {said}");
        (status.success(), said)
    }
}

const PUSH: &[&str] = &["push", "--subject", "agent-7", "--pain", "0.3"];
const LIST: &[&str] = &["silence", "list"];
const TAIL: &[&str] = &["tail", "--json"];
const STOP: &[&str] = &["experiment", "stop", "0-7.experiment", "--by", "Ann"];

#[tokio::test(flavor = "multi_thread")]
async fn commands_come_in_by_tls_below_a_path_and_show_their_token() {
    let door = Door::start(Behind::Pulse, &[("limit_conn connections 512;", ASKS)]).await;
    let (url, ca) = (format!("{}/pulse/", door.url), door.ca());
    let outside = |variables| Outside { url: &url, believes: Some(&ca), variables };

    let ann = outside(&[("ISKRA_TOKEN", "iskra_7_ann")]);
    assert_eq!(ann.run(PUSH), (true, "1 stored, 0 there already, 0 refused\n".to_owned()));
    assert_eq!(ann.run(LIST), (true, "no silences\n".to_owned()));
    let mut tail = ann.command(TAIL).spawn().unwrap();
    let lines = Printed::by(&mut tail);
    lines.line(|line| line.contains(r#""type":"snapshot""#));
    assert!(ann.run(&["push", "--subject", "agent-8", "--pain", "0.4"]).0);
    lines.line(|line| line.contains(r#""subject":"agent-8""#));
    tail.kill().unwrap();
    tail.wait().unwrap();

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "iskra_7_ann\n").unwrap();
    let file = file.to_str().unwrap();
    let both = [("ISKRA_TOKEN_FILE", file), ("ISKRA_TOKEN", "iskra_7_ann")];
    assert!(outside(&both[..1]).run(LIST).0);
    assert_eq!(
        outside(&both).run(LIST).1,
        "iskra: ISKRA_TOKEN and ISKRA_TOKEN_FILE are both set: which one is meant?\n"
    );

    for command in [PUSH, LIST, TAIL, STOP] {
        for (variables, said) in [
            (&[][..], "asks who you are: set ISKRA_TOKEN to a token, or ISKRA_TOKEN_FILE"),
            (&[("ISKRA_TOKEN", "iskra_7_old")], "does not accept the token of ISKRA_TOKEN: the token was revoked"),
            (&[("ISKRA_TOKEN", "iskra_7_guest")], "it lacks the scope; `iskra token create NAME --scope operate`"),
        ] {
            let (is_well, all) = outside(variables).run(command);
            assert!(!is_well && all.contains(said), "{command:?} does not say `{said}`: {all}");
        }
    }

    // Somebody else's certificate is no reason to show them anything, and neither is somebody else's word.
    let (is_well, said) = Outside { believes: None, ..ann }.run(LIST);
    assert!(!is_well && said.contains("certificate"), "{said}");
    let plain = format!("{}/pulse/", door.plain);
    for command in [PUSH, LIST, TAIL] {
        let (is_well, said) = Outside { url: &plain, ..outside(&[]) }.run(command);
        assert!(!is_well && said.contains("sends us to https://iskra.example.com/pulse/"), "{said}");
    }
}
