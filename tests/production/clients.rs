//! A client that reads slowly and one that does not read at all, beside one that is well.

use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use anyhow::ensure;
use domain::Timestamp;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async, connect_async};

use super::controls;
use super::stack::{Plan, Production};
use crate::suite::{PATIENCE, within};

/// Room at a client: little, so that the server notices soon, but more than a segment of the loopback, for which TCP
/// would wait in timers.
const NARROW_BYTES: u32 = 128 * 1024;
/// Signals of each sample, and samples in one request: much to send to whoever wants everything.
const SIGNALS: usize = 32;
const BATCH: i64 = 100;

/// From one request to the next: so that the disk of the test's database fills slowly.
const PACE: Duration = Duration::from_millis(40);
/// What everybody is sent before it is looked at how much memory the service needs without the two of them.
const WARM_UP_MIB: u64 = 4;
/// How much more it may ever have used with them, less than what they do not read.
const FLAT_MIB: u64 = 5;

/// Until megabytes of buffers on the way are full, and then the time that the server gives a stuck client.
const LONG: Duration = Duration::from_secs(60);

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
        match timeout(PATIENCE, socket.next()).await.expect("a frame in time")? {
            Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).expect("a frame is JSON")),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// Reads what comes until the server ends it.
async fn ended(socket: &mut WebSocketStream<TcpStream>) {
    let end = async { while next(socket).await.is_some() {} };
    timeout(PATIENCE, end).await.expect("the server ends it");
}

/// Does not read until the server notices, and then sees what comes: after so many samples, so many merged ones.
async fn until_merged(suite: &Production, slow: &mut WebSocketStream<TcpStream>) -> (usize, u64) {
    let start = Instant::now();
    let (mut reader, mut noticed) = (Reader::default(), 0.0);
    while start.elapsed() < LONG {
        noticed = within(LONG, "the slow client is noticed", async || {
            suite.seams.metric("iskra_hub_merges_total", "").await.filter(|merges| *merges > noticed)
        })
        .await;
        // What was sent since then is merged; if it comes one by one, it was another client that was noticed.
        let since = Timestamp::from(SystemTime::now()).to_string();
        while reader.newest < since {
            let merged = reader.read(&next(slow).await.expect("a slow client is kept"));
            if merged > 0 {
                return (reader.seen, merged);
            }
        }
    }
    panic!("nothing is merged for a slow client")
}

/// What a client has seen so far.
#[derive(Default)]
struct Reader {
    cursor: Value,
    is_told: bool,
    seen: usize,
    /// When the newest of the samples that came one by one was made.
    newest: String,
}

impl Reader {
    /// Takes a frame in, and says how many samples are merged in it.
    fn read(&mut self, frame: &Value) -> u64 {
        let mut merged = 0;
        match frame["type"].as_str().unwrap() {
            "lagged" => self.is_told = true,
            "update" => {
                assert_eq!(frame["prev"], self.cursor, "the chain is broken: {frame}");
                let list = |of: &Value| of.as_array().cloned().unwrap_or_default();
                for sample in list(&frame["samples"]).iter().filter(|sample| sample["subject"] == "bulky") {
                    self.seen += 1;
                    self.newest = sample["at"].as_str().expect("a sample has its time").to_owned();
                }
                merged = list(&frame["merged"])
                    .iter()
                    .filter_map(|subject| subject["vitals"]["pain"]["count"].as_u64())
                    .sum();
            }
            _ => {}
        }
        if !frame["cursor"].is_null() {
            self.cursor = frame["cursor"].clone();
        }
        assert!(merged == 0 || self.is_told, "it is told before");
        merged
    }
}

/// One request with large samples of now.
fn bulky() -> Vec<Value> {
    let now = Timestamp::from(SystemTime::now()).as_micros();
    // The longest that a name may be.
    let name = |number: usize| format!("a_signal_with_{number:_>50}");
    let signals: Value = (0..SIGNALS).map(|number| (name(number), Value::from(now))).collect();
    let at = |index: i64| Timestamp::from_micros(now + index).to_string();
    (0..BATCH).map(|index| json!({"subject": "bulky", "at": at(index), "pain": 0.3, "signals": signals})).collect()
}

/// Much to send to whoever wants everything; it ends when dropped.
fn bulk(suite: &Production) -> JoinSet<()> {
    let (book, client, doors) = (suite.book.clone(), suite.client.clone(), suite.doors.clone());
    let mut bulk = JoinSet::new();
    bulk.spawn(async move {
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            pace.tick().await;
            book.deliver(&client, &doors, 0, &bulky()).await;
        }
    });
    bulk
}

/// What a queue without bounds would hold for a client that does not read, in MiB: it counts what comes for one that
/// does.
async fn unbounded(service: String, held: watch::Sender<u64>) {
    let (mut socket, _) = connect_async(format!("{}/ws", service.replacen("http", "ws", 1))).await.unwrap();
    socket.send(Message::text(json!({"type": "subscribe"}).to_string())).await.unwrap();
    let mut bytes = 0;
    while let Some(Ok(message)) = socket.next().await {
        bytes += message.len() as u64;
        held.send_replace(bytes / 1024 / 1024);
    }
}

fn is_flat(more_mib: u64) -> anyhow::Result<()> {
    ensure!(more_mib <= FLAT_MIB, "{more_mib} MiB more for clients that do not read");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_and_stuck_clients_harm_nobody_but_themselves() {
    let mut suite = Production::start(Plan { pulses: 1, engines: 1, ..Plan::default() }).await;
    let seams = suite.seams.url.clone();
    let load = suite.load();
    let (held, mut unbounded_mib) = watch::channel(0);
    let reading = tokio::spawn(unbounded(seams.clone(), held));
    let much = bulk(&suite);
    let warm = timeout(LONG, unbounded_mib.wait_for(|mib| *mib >= WARM_UP_MIB));
    let unread_before = *warm.await.expect("in time").expect("it reads");
    let (_, before) = suite.seams.memory();
    let mut slow = connect(&seams).await;

    let (seen, merged) = until_merged(&suite, &mut slow).await;
    println!("the slow client got {seen} samples one by one, then {merged} merged");
    drop(much);
    slow.close(None).await.unwrap();
    ended(&mut slow).await;

    let closes = async || suite.seams.metric("iskra_hub_closes_total", "code=\"4101\"").await;
    let closed = closes().await.expect("seams answers");
    let started = Instant::now();
    let mut stuck = connect(&seams).await;
    let much = bulk(&suite);
    within(LONG, "the stuck client is closed", async || (closes().await? > closed).then_some(())).await;
    println!("the stuck client was closed {:?} after it connected", started.elapsed());
    drop(much);
    ended(&mut stuck).await;
    reading.abort();

    let more_mib = suite.seams.memory().1 - before;
    let unbounded_mib = *unbounded_mib.borrow() - unread_before;
    println!("they cost {more_mib} MiB, without bounds it would be {unbounded_mib} MiB");
    is_flat(more_mib).unwrap();
    controls::goes_red("a hub without bounds", "MiB more", is_flat(unbounded_mib));

    // Those who were well all the while have missed nothing: this is what the audit of their chains says.
    load.stop().await;
    suite.works_again("slow and stuck clients").await;
    suite.check_all().await;
}
