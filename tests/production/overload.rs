//! Three times as many samples as can be stored: what is too much is turned away unread, memory stays as it is, and what
//! was acknowledged is kept. How much can be stored is up to a narrow wire to the database: so it is too much for any
//! machine, and little enough for a slow one to send.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use anyhow::ensure;
use domain::Timestamp;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use super::controls;
use super::stack::{Plan, Production};

/// Few are served at a time, others wait a moment.
const BOUNDS: &[(&str, &str)] = &[("storage.queue", "4"), ("ingest.max_in_flight", "4")];
const NO_BOUNDS: &[(&str, &str)] = &[("storage.queue", "1000000"), ("ingest.max_in_flight", "1000000")];
/// What gets through to the database.
const BYTES_PER_SECOND: u32 = 2_000_000;
/// Samples in one request, and signals in each of them: what waits takes room.
const BATCH: i64 = 50;
const SIGNALS: usize = 32;
/// How long it is found out how much can be stored.
const MEASURING: Duration = Duration::from_secs(2);
/// Offered, in terms of that, and for how long.
const TIMES: f64 = 3.0;
const STORM: Duration = Duration::from_secs(4);
/// How long it may take at most until a queue without bounds has taken too much memory.
const LONGEST_STORM: Duration = Duration::from_secs(30);
/// How much more memory a service may ever have used after the storm than before it.
const FLAT_MIB: u64 = 16;
/// How soon a sample is stored, judged and paged afterwards.
const RECOVERY: Duration = Duration::from_secs(5);
/// Requests that were turned away before anything of them was read.
const UNREAD: &str = "iskra_ingest_overloaded_total";

#[tokio::test(flavor = "multi_thread")]
async fn overload_is_turned_away_and_passes() {
    let mut suite = Production::start(Plan { pulses: 1, engines: 1, settings: BOUNDS, ..Plan::default() }).await;
    suite.pulse_wires[0].narrow(BYTES_PER_SECOND);
    let rate = TIMES * capacity(&suite).await;
    let storm = Storm::rage(&suite, rate, |lasted, _| lasted < STORM).await;
    storm.was_turned_away().unwrap();
    storm.took_no_memory().unwrap();
    let recovered = suite.works_again("overload").await;
    assert!(recovered < RECOVERY, "it took {recovered:?}");
    suite.check_all().await;
    drop(suite);

    let suite = Production::start(Plan { pulses: 1, engines: 1, settings: NO_BOUNDS, ..Plan::default() }).await;
    suite.pulse_wires[0].narrow(BYTES_PER_SECOND);
    let storm = Storm::rage(&suite, rate, |lasted, more_mib| lasted < LONGEST_STORM && more_mib <= FLAT_MIB).await;
    controls::goes_red("a door without bounds", "turned away unread", storm.was_turned_away());
    controls::goes_red("a queue without bounds", "MiB more", storm.took_no_memory());
}

/// How many requests can be stored in a second: by producers that wait for their answers, as many as are served.
async fn capacity(suite: &Production) -> f64 {
    let (start, batches, pulse) = (Instant::now(), Batches::new(), &suite.pulses[0].url);
    let producer = async || {
        let mut stored = 0.0;
        while start.elapsed() < MEASURING {
            let status = suite.book.send(&suite.client, pulse, &batches.next()).await;
            assert_eq!(status.expect("it always answers"), 200);
            stored += 1.0;
        }
        stored
    };
    let stored: (f64, f64, f64, f64) = tokio::join!(producer(), producer(), producer(), producer());
    let capacity = (stored.0 + stored.1 + stored.2 + stored.3) / start.elapsed().as_secs_f64();
    println!("{capacity:.0} requests/s can be stored");
    capacity
}

/// What was offered, and what became of it.
struct Storm {
    offered: u32,
    taken: u32,
    refused: u32,
    unread: f64,
    /// How much more memory each service has used at most.
    more_mib: Vec<(String, u64)>,
}

impl Storm {
    /// Sends so many requests a second, whatever becomes of those before, as long as it `goes_on`: it is told how long
    /// it has lasted and how much more memory some service has used.
    async fn rage(suite: &Production, rate: f64, goes_on: impl Fn(Duration, u64) -> bool) -> Self {
        let before: Vec<u64> = suite.services().map(|service| service.memory().1).collect();
        // The kernel counts coarsely: the most ever used may seem a little less later.
        let more = || suite.services().zip(&before).map(|(service, before)| service.memory().1.saturating_sub(*before));
        let mut due = interval(Duration::from_secs_f64(1.0 / rate));
        due.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let (start, batches, mut requests, mut offered) = (Instant::now(), Batches::new(), JoinSet::new(), 0);
        while goes_on(start.elapsed(), more().max().unwrap_or_default()) {
            due.tick().await;
            let (book, client, pulse) = (suite.book.clone(), suite.client.clone(), suite.pulses[0].url.clone());
            let body = batches.next();
            requests.spawn(async move { book.send(&client, &pulse, &body).await });
            offered += 1;
        }
        let more_mib = suite.services().map(|service| service.name.clone()).zip(more()).collect();
        let (mut taken, mut refused) = (0, 0);
        for status in requests.join_all().await {
            match status.map(|status| status.as_u16()) {
                Some(200) => taken += 1,
                Some(429 | 503) => refused += 1,
                // Its producer has given it up.
                None => {}
                Some(other) => panic!("answered {other}"),
            }
        }
        let unread = suite.pulses[0].metric(UNREAD, "").await.expect("it answers");
        println!("overload: {taken} of {offered} requests taken, {refused} refused, {unread} of them unread");
        println!("overload: memory, more at most: {more_mib:?} MiB");
        Self { offered, taken, refused, unread, more_mib }
    }

    /// Whoever was too much was told at once, and the others were served.
    fn was_turned_away(&self) -> anyhow::Result<()> {
        let Self { offered, taken, refused, unread, .. } = self;
        ensure!(*unread > 0.0, "none of {offered} requests were turned away unread");
        ensure!(taken + refused == *offered, "{taken} taken and {refused} refused are not all of {offered}");
        ensure!(*taken > 0 && *refused > 0, "{taken} taken, {refused} refused");
        Ok(())
    }

    fn took_no_memory(&self) -> anyhow::Result<()> {
        for (name, more) in &self.more_mib {
            ensure!(*more <= FLAT_MIB, "{name} used {more} MiB more");
        }
        Ok(())
    }
}

/// Requests with large samples of one subject: so one writer writes them all. Each is at a moment of its own.
struct Batches(AtomicI64);

impl Batches {
    fn new() -> Self {
        Self(Timestamp::from(SystemTime::now()).as_micros().into())
    }

    fn next(&self) -> Vec<Value> {
        let first = self.0.fetch_add(BATCH, Ordering::Relaxed);
        let name = |number| format!("a_signal_with_a_name_{number}");
        let signals: Value = (0..SIGNALS).map(|number| (name(number), Value::from(first))).collect();
        let at = |index: i64| Timestamp::from_micros(first + index).to_string();
        (0..BATCH).map(|index| json!({"subject": "storm", "at": at(index), "pain": 0.3, "signals": signals})).collect()
    }
}
