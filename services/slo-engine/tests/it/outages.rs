use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::replica::{
    PARTITIONS, Replica, each_is_told_once, eventually, file, push_pain, the_events_are_those_of_a_replay,
};

/// Stands in for Alertmanager; answers its address, and the sets that it is handed.
async fn alertmanager() -> (String, watch::Receiver<Vec<Value>>) {
    let (keep, sets) = watch::channel(Vec::new());
    async fn take(State(keep): State<watch::Sender<Vec<Value>>>, Json(set): Json<Value>) {
        keep.send_modify(|sets| sets.push(set));
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/api/v2/alerts", post(take)).with_state(keep);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, sets)
}

/// How many of the sets hold an alert of this name.
fn hold(name: &str, sets: &[Value]) -> usize {
    let is_in = |set: &&Value| set.as_array().unwrap().iter().any(|alert| alert["labels"]["alertname"] == name);
    sets.iter().filter(is_in).count()
}

fn hold_it(sets: &[Value]) -> usize {
    hold("PainCriticalHigh", sets)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_hangs_ends_the_lease_and_the_pager_repeats_what_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    let (url, sets) = alertmanager().await;
    let settings = [("alertmanager.urls", url.as_str()), ("alertmanager.resend", "1s"), ("alertmanager.timeout", "1s")];
    let replica = Replica::start_with(folder.path(), &settings).await;
    replica.holds(PARTITIONS).await;
    let subjects = ["agent-7".to_owned()];
    push_pain(&*replica.log, &subjects, 0.95).await;
    eventually("it is handed over", async || (hold_it(&sets.borrow()) >= 1).then_some(())).await;
    eventually("all is well", async || (hold("Watchdog", &sets.borrow()) >= 1).then_some(())).await;

    // Another process that stands still in a transaction: nothing can be written any more, leases neither.
    let options = SqliteConnectOptions::new().filename(file(folder.path()));
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let complaint = eventually("the lease is over", async || replica.complaint().await).await;
    assert!(complaint.contains("the log does not say which partitions"), "{complaint}");
    assert_eq!(replica.metric("iskra_engine_partitions").await, Some(0.0));
    let (before, all) = (hold_it(&sets.borrow()), sets.borrow().len());
    eventually("it is handed over again", async || (hold_it(&sets.borrow()) >= before + 2).then_some(())).await;
    assert_eq!(sets.borrow().len() - all, hold_it(&sets.borrow()) - before, "it is in each set");
    // One may have been under way.
    assert_eq!(hold("Watchdog", &sets.borrow()[all + 1..]), 0, "not all is well");

    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    replica.holds(PARTITIONS).await;
    let barked = hold("Watchdog", &sets.borrow());
    eventually("all is well again", async || (hold("Watchdog", &sets.borrow()) > barked).then_some(())).await;
    let more: Vec<_> = (8..24).map(|n| format!("agent-{n}")).collect();
    push_pain(&*replica.log, &more, 0.95).await;
    each_is_told_once(&*replica.log, &[&subjects[..], &more].concat()).await;
    the_events_are_those_of_a_replay(&*replica.log).await;
    replica.stop().await;
}
