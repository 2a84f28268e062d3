//! Those who send samples: the examples of docs/producers.md as they stand there, and the Python client with its own tests.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use domain::Timestamp;
use serde_json::Value;
use tokio::process::Command;

use crate::suite::Suite;

#[expect(clippy::print_stderr, reason = "an example tells its reader what goes on")]
mod example;
mod metrics;
mod promql;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What stands in docs/producers.md between the fences of a language, one after the other.
fn examples_in(language: &str) -> String {
    let page = std::fs::read_to_string(root().join("docs/producers.md")).unwrap();
    let (open, close) = (format!("```{language}\n"), "```");
    let blocks = page.split(&open).skip(1).map(|after| after.split(close).next().unwrap());
    let text = blocks.collect::<Vec<_>>().join("\n");
    assert!(!text.is_empty(), "the page has examples in {language}");
    text
}

/// Runs a program in an empty folder, where a producer would run, and expects it to succeed.
async fn run(program: &str, arguments: &[&str], suite: &Suite) {
    let folder = tempfile::tempdir().unwrap();
    let programs = Path::new(env!("CARGO_BIN_EXE_iskra")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let outcome = Command::new(program)
        .args(arguments)
        .current_dir(folder.path())
        .env("ISKRA_URL", &suite.pulse)
        .env("PYTHONPATH", root().join("clients/python/src"))
        .env("PATH", path)
        .kill_on_drop(true)
        .output()
        .await
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(outcome.status.success(), "{program}: {}\n{}", told(&outcome.stdout), told(&outcome.stderr));
}

async fn clarities(suite: &Suite, subject: &str) -> Vec<Value> {
    let history = suite.get(&format!("/api/v1/subjects/{subject}/history")).await;
    let samples = history["history"]["samples"].as_array().expect("samples");
    samples.iter().map(|sample| sample["clarity"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_do_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    run("bash", &["-euo", "pipefail", "-c", &examples_in("sh")], &suite).await;
    run("python3", &["-c", &examples_in("python")], &suite).await;
    run("node", &["--input-type=module", "--eval", &examples_in("javascript")], &suite).await;
    assert_eq!(examples_in("rust"), include_str!("producers/example.rs"), "the page shows what is compiled here");
    let at = Timestamp::from(SystemTime::now()).to_string();
    for repeated in [false, true] {
        let report = example::report(&suite.client, &suite.pulse, &example::sample(&at)).await.unwrap();
        assert_eq!(report["duplicate"], u64::from(repeated));
    }
    assert_eq!(clarities(&suite, "from-curl").await.len(), 3);
    for subject in ["from-terminal", "from-python", "from-javascript", "from-rust"] {
        assert_eq!(clarities(&suite, subject).await, [0.8], "{subject}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_python_client_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let tests = root().join("clients/python");
    let tests = tests.to_str().unwrap();
    run("python3", &["-m", "unittest", "discover", "--start-directory", tests, "--top-level-directory", tests], &suite)
        .await;
}
