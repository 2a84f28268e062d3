//! `iskra load`: what it counts is so, and what is missing it tells.

mod door;
mod thief;

use std::path::Path;
use std::process::{Child, Command};
use std::time::Instant;

use axum::http::StatusCode;
use serde_json::{Value, json};

use self::door::Door;
use self::thief::Thief;
use crate::cli::{iskra, run};
use crate::suite::{PATIENCE, Suite, eventually};

/// What one load is: 1,500 samples that are measured after 500 that are not.
const SMALL: [&str; 8] = ["--rate", "500", "--for", "3s", "--warm-up", "1s", "--viewers", "20"];
const MEASURED: u64 = 1_500;
const ALL: u64 = 2_000;
const VIEWERS: u64 = 20;
/// Ten requests that are measured after ten that are not, of ten samples each.
const QUICK: [&str; 10] = ["--rate", "100", "--batch", "10", "--for", "1s", "--warm-up", "1s", "--patience", "500ms"];
const NOBODY_LOOKS: [&str; 2] = ["--viewers", "0"];

/// Starts a load that tells what it found as JSON.
fn start(url: &str, more: &[&str]) -> Child {
    iskra(Path::new("/"), &[&["load", "--url", url, "--json"], more].concat()).spawn().unwrap()
}

/// The exit code of a load that ends, and its report.
fn report(load: Child) -> (i32, Value) {
    let output = load.wait_with_output().unwrap();
    let told = serde_json::from_slice::<Value>(&output.stdout);
    let told = told.unwrap_or_else(|_| panic!("no report: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), told["load"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_comes_to_every_viewer_and_wakes_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    // Of another producer: none of the load's.
    suite.push_pain("agent-7", 0.3).await;
    let dashboards = ["--dashboard", &suite.pulse, "--dashboard", &suite.seams, "--dashboard", &suite.voices];
    let (code, told) = report(start(&suite.pulse, &[&SMALL[..], &dashboards, &["--watch", "3"]].concat()));
    assert_eq!((code, &told["no_gap"]), (0, &json!(true)), "{told:#}");
    let samples = &told["samples"];
    assert_eq!(samples["acknowledged"], ALL, "{told:#}");
    assert_eq!([&samples["rejected"], &samples["unknown"], &samples["unsent"]], [0, 0, 0], "{told:#}");
    assert_eq!(told["delivered"]["samples"], ALL * VIEWERS, "{told:#}");
    let latency = &told["latency_ms"];
    assert_eq!(latency["due_to_acknowledged"]["count"], MEASURED, "{told:#}");
    assert_eq!(latency["due_to_seen"]["count"], MEASURED * VIEWERS, "{told:#}");
    assert_eq!(latency["due_to_seen_by_watchers"]["count"], MEASURED * 3, "{told:#}");
    assert_eq!(latency["connecting"]["count"], VIEWERS, "{told:#}");
    assert!(told["tool"]["cpu_seconds"].as_f64().unwrap() > 0.0, "{told:#}");

    let stored = suite.get("/api/v1/subjects?limit=1000").await;
    let subjects = stored["subjects"].as_array().unwrap();
    let judged: Vec<_> =
        subjects.iter().filter(|each| each["subject"].as_str().unwrap().starts_with("load-")).collect();
    assert_eq!(judged.len(), 100, "{stored}");
    assert!(judged.iter().all(|each| each["light"] == "green"), "{stored}");
    assert!(suite.alerts("").await.is_empty());
    let silences = suite.get("/api/v1/silences?limit=1000").await;
    let muted = silences["silences"].as_array().unwrap();
    assert!(muted.len() == 100 && muted.iter().all(|silence| silence["rule"] == "stale"), "{silences}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suite_that_is_killed_and_comes_back_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    // Each viewer looks at three subjects of ten; some at the last and the first ones.
    let load = start(&suite.pulse, &[&SMALL[..], &["--look-at", "30"]].concat());
    eventually("the load has begun", async || {
        let stored = suite.get("/api/v1/subjects").await;
        (!stored["subjects"].as_array()?.is_empty()).then_some(())
    })
    .await;
    let port = suite.pulse_port();
    suite.kill();
    let _suite = Suite::start_at(&port, folder.path(), &[]).await;
    let (code, told) = report(load);
    assert_eq!((code, &told["no_gap"]), (0, &json!(true)), "{told:#}");
    assert_eq!(told["samples"]["acknowledged"], ALL, "{told:#}");
    assert_eq!(told["delivered"]["samples"], ALL * VIEWERS * 3 / 10, "{told:#}");
    assert!(told["delivered"]["connections_lost"].as_u64().unwrap() >= VIEWERS, "{told:#}");
    assert!(told["samples"]["requests_broken"].as_u64().unwrap() > 0, "{told:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_gets_lost_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let thief = Thief::before(&suite.pulse).await;
    let small = [&SMALL[..], &["--watch", "20", "--patience", "2s", "--no-mute"]].concat();
    let (code, told) = report(start(thief.url(), &small));
    let stolen = thief.stolen();
    assert!(stolen > 0, "nothing was stolen");
    assert_eq!((code, &told["no_gap"]), (1, &json!(false)), "{told:#}");
    assert_eq!(told["samples"]["acknowledged"], ALL, "{told:#}");
    let missing = &told["missing"];
    assert_eq!([&missing["viewers_short"], &missing["samples_short"]], [1, stolen], "{told:#}");
    assert_eq!(missing["watchers_unseen"], stolen, "{told:#}");
    assert_eq!(missing["viewers_with_broken_chain"], 1, "{told:#}");
    assert_eq!(missing["examples"][0]["subject"].as_str().unwrap().split('-').next(), Some("load"), "{told:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_taken_nothing_is_good() {
    let door = Door::open(0, StatusCode::SERVICE_UNAVAILABLE).await;
    let flags = [&QUICK[..], &NOBODY_LOOKS, &["--no-mute"]].concat();
    let (code, told) = report(start(door.url(), &flags));
    assert_eq!((code, &told["no_gap"]), (1, &json!(false)), "{told:#}");
    assert_eq!([&told["samples"]["acknowledged"], &told["samples"]["unknown"]], [0, 200], "{told:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_took_at_least_so_long() {
    // Half of what is measured.
    let door = Door::open(15, StatusCode::SERVICE_UNAVAILABLE).await;
    let flags = [&QUICK[..], &NOBODY_LOOKS, &["--no-mute"]].concat();
    let (code, told) = report(start(door.url(), &flags));
    assert_eq!((code, &told["samples"]["unknown"]), (0, &json!(50)), "{told:#}");
    let took = &told["latency_ms"]["due_to_acknowledged"];
    assert_eq!(took["count"], 100, "{told:#}");
    assert!(took["p99"].as_f64().unwrap() >= 500.0, "{told:#}");
    let reached = told["samples"]["reached_per_second"].as_f64().unwrap() * told["measured_seconds"].as_f64().unwrap();
    assert!((reached - 50.0).abs() < 0.01, "{told:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_fails_mutes_what_it_has_sent() {
    let door = Door::open(1, StatusCode::FORBIDDEN).await;
    let flags = [&QUICK[..], &NOBODY_LOOKS].concat();
    assert_eq!(start(door.url(), &flags).wait_with_output().unwrap().status.code(), Some(1));
    let muted = door.muted();
    assert!(muted.contains(&"load-1".to_owned()), "{muted:?}");

    // It has no sockets, so that no viewer is let in, and nothing is sent.
    let door = Door::open(usize::MAX, StatusCode::OK).await;
    let flags = [&QUICK[..], &["--viewers", "1"]].concat();
    assert_eq!(start(door.url(), &flags).wait_with_output().unwrap().status.code(), Some(1));
    assert_eq!((door.requests(), door.asked_to_mute()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_of_less_than_a_second_mutes_every_subject_of_its_batches() {
    let door = Door::open(usize::MAX, StatusCode::OK).await;
    let short = ["--rate", "100", "--batch", "30", "--for", "500ms", "--warm-up", "0s"];
    let (code, told) = report(start(door.url(), &[&short[..], &NOBODY_LOOKS].concat()));
    assert_eq!((code, &told["samples"]["acknowledged"]), (0, &json!(60)), "{told:#}");
    let mut muted = door.muted();
    muted.sort_unstable();
    let mut sent: Vec<_> = (1..=60).map(|number| format!("load-{number}")).collect();
    sent.sort_unstable();
    assert_eq!(muted, sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_the_muting_too() {
    let door = Door::that_never_mutes().await;
    let load = start(door.url(), &[&QUICK[..], &NOBODY_LOOKS].concat());
    let interrupt = || {
        let sent = Command::new("kill").args(["-INT", &load.id().to_string()]).status();
        assert!(sent.unwrap().success());
    };
    eventually("samples are sent", async || (door.requests() > 0).then_some(())).await;
    interrupt();
    eventually("it mutes", async || (door.asked_to_mute() > 0).then_some(())).await;
    interrupt();
    let interrupted = Instant::now();
    let output = load.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(interrupted.elapsed() < PATIENCE, "it went on muting: {said}");
    assert!(output.status.code() == Some(130) && said.contains("subjects were not muted"), "{said}");
}

#[test]
fn a_suite_elsewhere_is_not_loaded_by_mistake() {
    let (code, _, said) = run(Path::new("/"), &["load", "--url", "http://192.0.2.1:3001"]);
    assert!(code == 1 && said.contains("65000 samples") && said.contains("--yes"), "{said}");
    let (code, _, said) = run(Path::new("/"), &["load", "--dashboard", "https://iskra.example.com/seams"]);
    assert!(code == 1 && said.contains("iskra.example.com") && said.contains("--yes"), "{said}");
}
