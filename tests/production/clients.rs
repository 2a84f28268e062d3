//! A client that reads slowly and one that does not read at all, beside one that is well.

use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use domain::Timestamp;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::stack::{Plan, Production};
use crate::suite::{PATIENCE, eventually};

/// Room for so little at a client that the server notices soon.
const NARROW_BYTES: u32 = 4 * 1024;
/// Signals of each sample, and samples in one request: much to send to whoever wants everything.
const SIGNALS: usize = 32;
const BATCH: i64 = 100;
/// From one frame that the slow client reads to the next.
const SLOWNESS: Duration = Duration::from_millis(300);

/// A client with little room, subscribed to everything.
async fn connect(service: &str) -> WebSocketStream<TcpStream> {
    let address: SocketAddr = service.strip_prefix("http://").unwrap().parse().unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(NARROW_BYTES).unwrap();
    let stream = socket.connect(address).await.unwrap();
    let (mut socket, _) = client_async(format!("ws://{address}/ws"), stream).await.unwrap();
    socket.send(Message::text(json!({"type": "subscribe"}).to_string())).await.unwrap();
    socket
}

/// The next frame, if there is one.
async fn next(socket: &mut WebSocketStream<TcpStream>) -> Option<Value> {
    loop {
        match tokio::time::timeout(PATIENCE, socket.next()).await.expect("a frame in time")? {
            Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).expect("a frame is JSON")),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// One request with large samples of now.
fn bulky() -> Vec<Value> {
    let now = Timestamp::from(SystemTime::now()).as_micros();
    let signals: Value =
        (0..SIGNALS).map(|number| (format!("a_signal_with_a_long_name_{number}"), Value::from(now))).collect();
    let at = |index: i64| Timestamp::from_micros(now + index).to_string();
    (0..BATCH).map(|index| json!({"subject": "bulky", "at": at(index), "pain": 0.3, "signals": signals})).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_and_stuck_clients_harm_nobody_but_themselves() {
    let mut suite = Production::start(Plan { pulses: 1, engines: 1, settings: &[] }).await;
    let seams = suite.seams.url.clone();
    let mut stuck = connect(&seams).await;
    let mut slow = connect(&seams).await;
    let started = Instant::now();
    let load = suite.load();
    let mut bulk = JoinSet::new();
    let (book, client, doors) = (suite.book.clone(), suite.client.clone(), suite.doors());
    bulk.spawn(async move {
        loop {
            book.deliver(&client, &doors, 0, &bulky()).await;
        }
    });

    // The slow one is told that it lags; what it missed comes merged, and the chain holds.
    let (mut cursor, mut lagged, mut seen, mut merged) = (Value::Null, false, 0, 0);
    while merged == 0 {
        assert!(started.elapsed() < PATIENCE, "the slow client is not found slow");
        tokio::time::sleep(SLOWNESS).await;
        let frame = next(&mut slow).await.expect("a slow client is kept");
        match frame["type"].as_str().unwrap() {
            "lagged" => lagged = true,
            "update" => {
                assert_eq!(frame["prev"], cursor, "the chain is broken: {frame}");
                seen += frame["samples"].as_array().map_or(0, Vec::len);
                for subject in frame["merged"].as_array().unwrap_or(&Vec::new()) {
                    assert!(lagged, "it is told before");
                    merged += subject["vitals"]["pain"]["count"].as_u64().unwrap();
                }
            }
            _ => {}
        }
        if !frame["cursor"].is_null() {
            cursor = frame["cursor"].clone();
        }
    }
    println!("the slow client: {seen} samples one by one, then {merged} merged, after {:?}", started.elapsed());

    // By now the slow one reads no more either.
    eventually("the stuck clients are closed", async || {
        let closed = suite.seams.metric("iskra_hub_closes_total", "code=\"4101\"").await?;
        (closed >= 2.0).then_some(())
    })
    .await;
    println!("stuck clients were closed {:?} after they connected", started.elapsed());
    while next(&mut stuck).await.is_some() {}

    drop(bulk);

    // Those who were well all the while have missed nothing: this is what the audit of their chains says.
    load.stop().await;
    suite.works_again("slow and stuck clients").await;
    suite.check_all().await;
}
