//! Too much at once, and too slowly.

use std::time::Duration;

use serde_json::json;
use test_support::Postgres;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::suite::{PATIENCE, Suite, eventually};

/// Tells a client to send the body.
pub(crate) const GO_ON: &[u8; 25] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// Sends the head of an upload, whose body is still to come.
async fn begin_upload(suite: &Suite) -> TcpStream {
    let address = suite.pulse.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/v1/samples HTTP/1.1\r\nHost: {address}\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// What is answered before the connection ends.
async fn answer(mut stream: TcpStream) -> String {
    let mut text = String::new();
    let read = timeout(PATIENCE, stream.read_to_string(&mut text)).await.expect("answered in time");
    // What was sent and not read may reset the connection after the answer.
    assert!(read.is_ok() || !text.is_empty(), "{read:?}");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_upload_takes_the_one_place_until_it_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &["--set", "ingest.max_in_flight=1"]).await;
    let mut slow = begin_upload(&suite).await;
    // Said when the server begins to read the body: the place is taken.
    let mut go_on = [0; GO_ON.len()];
    timeout(PATIENCE, slow.read_exact(&mut go_on)).await.expect("in time").unwrap();
    assert_eq!(go_on, *GO_ON);
    slow.write_all(b"{").await.unwrap();
    let post = async || {
        let request = suite.client.post(format!("{}/api/v1/samples", suite.pulse));
        request.json(&json!({"subject": "agent-7", "pain": 0.3})).send().await.unwrap()
    };
    let refused = post().await;
    assert_eq!(refused.status(), 503);
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_eq!(refused.json::<serde_json::Value>().await.unwrap()["code"], "overloaded");
    // Answered although its body never comes.
    let unread = answer(begin_upload(&suite).await).await;
    assert!(unread.starts_with("HTTP/1.1 503"), "{unread}");
    assert!(unread.to_lowercase().contains("retry-after: 1"), "{unread}");
    // What does not send samples is served all the same.
    suite.get("/api/v1/subjects").await;

    let cut = answer(slow).await;
    assert!(cut.starts_with("HTTP/1.1 408"), "{cut}");
    assert!(cut.contains("slow_upload"), "{cut}");
    assert_eq!(post().await.status(), 200, "the place is free again");
}

/// While the database stands still, the queue fills. Who comes then is told before a byte of the body is read.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_turns_away_who_has_not_sent_the_body() {
    let mut server = Postgres::start().await.unwrap();
    let storage = format!("storage.url={}", server.create_database().await.unwrap());
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &["--set", &storage]).await;
    suite.push_pain("agent-7", 0.3).await;
    server.pause().unwrap();
    let start = domain::Timestamp::from(std::time::SystemTime::now());
    let queued: Vec<_> = (0..5_u64)
        .map(|part| {
            let sample = |n| json!({"subject": "agent-7", "at": start.minus(Duration::from_micros(n)), "pain": 0.3});
            let samples: Vec<_> = (part * 10_000..(part + 1) * 10_000).map(sample).collect();
            tokio::spawn(suite.client.post(format!("{}/api/v1/samples", suite.pulse)).json(&samples).send())
        })
        .collect();
    let mut told = [0; 12];
    eventually("the queue is full", async || {
        let mut upload = begin_upload(&suite).await;
        timeout(PATIENCE, upload.read_exact(&mut told)).await.expect("in time").unwrap();
        (told == *b"HTTP/1.1 503").then_some(())
    })
    .await;
    server.resume().unwrap();
    for request in queued {
        let status = request.await.unwrap().unwrap().status();
        assert!(status == 200 || status == 503, "{status}");
    }
    eventually("there is room again", async || {
        let request = suite.client.post(format!("{}/api/v1/samples", suite.pulse));
        let answer = request.json(&json!({"subject": "agent-7", "pain": 0.3})).send().await.ok()?;
        answer.status().is_success().then_some(())
    })
    .await;
}
