//! The program that starts the shared servers for a whole run of tests.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers as well")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{Connection as _, PgConnection};
use test_support::DEADLINE;

/// Runs a shell's `script` behind it, and answers the first line that this prints: the server's address.
fn start(script: &str) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_test-servers"))
        .args(["sh", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    (child, url.trim().to_owned())
}

async fn gone(url: &str) {
    let start = Instant::now();
    while PgConnection::connect(url).await.is_ok() {
        assert!(start.elapsed() < DEADLINE, "the server still runs");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn the_command_finds_the_server_and_its_exit_code_is_handed_on() {
    let (mut child, url) = start("echo $ISKRA_TEST_POSTGRES; read -r answer; exit 7");
    PgConnection::connect(&url).await.unwrap().close().await.unwrap();
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(7));
    gone(&url).await;
}

#[tokio::test]
async fn asked_to_end_it_ends_the_command_and_the_server() {
    // Not one that reads: waiting closes its input, and it might end by that first.
    let (mut child, url) = start("echo $ISKRA_TEST_POSTGRES; exec sleep 600");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(128 + 15));
    gone(&url).await;
}

#[tokio::test]
async fn killed_it_leaves_no_server_behind() {
    let (mut child, url) = start("echo $ISKRA_TEST_POSTGRES; exec cat");
    PgConnection::connect(&url).await.unwrap().close().await.unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    gone(&url).await;
}
