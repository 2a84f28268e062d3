use std::sync::Arc;
use std::time::Duration;

use bus_local::LocalBus;
use domain::{AlertChange, SilenceChange, Vital};
use durable_log::Bus;
use prometheus::Registry;
use tokio::time::{Instant, sleep};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::memory_log::{LossyBus, MemoryLog};
use super::screen::Client;
use super::world::{alert, sample, silence, subject};
use crate::wire::Close;
use crate::{Channel, Channels, Delivery, Hub, Interest, Viewer};

const PATIENCE: Duration = Duration::from_secs(10);

struct Live {
    log: Arc<MemoryLog>,
    hub: Arc<Hub>,
    _stop: DropGuard,
}

async fn live(bus: Arc<dyn Bus>) -> Live {
    let log = MemoryLog::new(Arc::clone(&bus));
    let shutdown = CancellationToken::new();
    let hub = Hub::start(log.clone(), bus, &Registry::new(), shutdown.clone()).await.unwrap();
    Live { log, hub, _stop: shutdown.drop_guard() }
}

impl Live {
    async fn viewer(&self) -> (Viewer, Client) {
        let (mut viewer, mut client) = (self.hub.viewer(), Client::default());
        client.read(&viewer.subscribe(Interest::new(Channels::ALL, None), None).await);
        (viewer, client)
    }

    /// A thousand viewers of one subject.
    async fn crowd(&self, number: u8) -> Vec<Viewer> {
        let mut crowd: Vec<_> = (0..1_000).map(|_| self.hub.viewer()).collect();
        for viewer in &mut crowd {
            viewer.subscribe(Interest::new(Channels::ALL, Some(vec![subject(number)])), None).await;
        }
        crowd
    }

    /// Reads until the end of the log is shown; answers how long that took.
    async fn shown(&self, viewer: &mut Viewer, client: &mut Client) -> Duration {
        let (head, since) = (self.log.head().to_string(), Instant::now());
        assert_eq!(read_until(viewer, client, |client| client.cursor.as_ref() == Some(&head)).await, None);
        since.elapsed()
    }
}

/// Reads until `is_done`; the close that came instead, if one did.
async fn read_until(viewer: &mut Viewer, client: &mut Client, is_done: impl Fn(&Client) -> bool) -> Option<Close> {
    let reading = async {
        while !is_done(client) {
            match viewer.next().await {
                Delivery::Frames(frames) => client.read(&frames),
                Delivery::Close(close) => return Some(close),
            }
        }
        None
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("it comes in time")
}

#[tokio::test]
async fn what_is_committed_reaches_the_viewer() {
    let live = live(Arc::new(LocalBus::new())).await;
    let (mut viewer, mut client) = live.viewer().await;
    live.log.store(vec![sample(1, 1, &[(Vital::Pain, 0.95)])]);
    let head = live.log.head().to_string();
    assert_eq!(read_until(&mut viewer, &mut client, |client| client.cursor.as_ref() == Some(&head)).await, None);
    assert_eq!(live.hub.cursor(), live.log.head());
    assert_eq!(live.hub.subjects().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_bus_that_loses_messages_makes_no_gap() {
    let live = live(Arc::new(LossyBus(LocalBus::new(), 0.into()))).await;
    let (mut viewer, mut client) = live.viewer().await;
    for at in 0..100 {
        live.log.store(vec![sample(1, at, &[(Vital::Pain, 0.3)]), sample(2, at, &[(Vital::Pain, 0.4)])]);
        tokio::task::yield_now().await;
    }
    let head = live.log.head().to_string();
    // Reading checks the chain.
    assert_eq!(read_until(&mut viewer, &mut client, |client| client.cursor.as_ref() == Some(&head)).await, None);
    assert_eq!(live.hub.cursor(), live.log.head());
}

/// How long what waits for nothing may take.
const AT_ONCE: Duration = Duration::from_millis(2);

#[tokio::test(start_paused = true)]
async fn before_a_crowd_what_comes_soon_after_a_frame_waits_for_more_and_after_silence_nothing_waits() {
    let live = live(Arc::new(LocalBus::new())).await;
    let _crowd = live.crowd(1).await;
    let (mut viewer, mut client) = live.viewer().await;
    let store = |at| live.log.store(vec![sample(1, at, &[(Vital::Pain, 0.3)])]);
    store(1);
    assert!(live.shown(&mut viewer, &mut client).await < AT_ONCE);
    sleep(Duration::from_millis(3)).await;
    store(2);
    sleep(Duration::from_millis(8)).await;
    assert_ne!(live.hub.cursor(), live.log.head(), "the second waits for a third");
    store(3);
    assert!(live.shown(&mut viewer, &mut client).await > AT_ONCE);
    sleep(Duration::from_millis(50)).await;
    store(4);
    assert!(live.shown(&mut viewer, &mut client).await < AT_ONCE);
}

#[tokio::test(start_paused = true)]
async fn nothing_waits_for_a_crowd_that_is_not_told() {
    let live = live(Arc::new(LocalBus::new())).await;
    let _crowd = live.crowd(2).await;
    let (mut viewer, mut client) = live.viewer().await;
    for at in 1..=3 {
        live.log.store(vec![sample(1, at, &[(Vital::Pain, 0.3)])]);
        assert!(live.shown(&mut viewer, &mut client).await < AT_ONCE);
        sleep(Duration::from_millis(3)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_behind_does_not_wait() {
    let live = live(Arc::new(LocalBus::new())).await;
    let _crowd = live.crowd(1).await;
    let (mut viewer, mut client) = live.viewer().await;
    for at in 0..5 {
        live.log.store((0..1_000).map(|index| sample(1, 1_000 * at + index, &[(Vital::Pain, 0.3)])).collect());
    }
    assert!(live.shown(&mut viewer, &mut client).await < AT_ONCE);
}

#[tokio::test(start_paused = true)]
async fn silence_is_filled_with_signs_of_life() {
    let live = live(Arc::new(LocalBus::new())).await;
    let (mut viewer, mut client) = live.viewer().await;
    assert_eq!(read_until(&mut viewer, &mut client, |client| client.heartbeats == 3).await, None);
}

#[tokio::test(start_paused = true)]
async fn when_the_log_begins_anew_viewers_are_sent_away_and_newcomers_see_the_new_one() {
    let live = live(Arc::new(LocalBus::new())).await;
    live.log.store(vec![sample(1, 1, &[(Vital::Pain, 0.95)])]);
    let (mut viewer, mut client) = live.viewer().await;
    live.log.begin_anew();
    assert_eq!(read_until(&mut viewer, &mut client, |_| false).await, Some(Close::LogBeginsAnew));
    let again = async {
        while live.hub.cursor() != live.log.head() || !live.hub.is_live() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, again).await.expect("the hub reads the new log");
    let (mut viewer, mut client) = live.viewer().await;
    live.log.store(vec![sample(3, 1, &[(Vital::Pain, 0.3)])]);
    let head = live.log.head().to_string();
    assert_eq!(read_until(&mut viewer, &mut client, |client| client.cursor.as_ref() == Some(&head)).await, None);
}

#[tokio::test]
async fn at_the_end_viewers_are_sent_away_and_the_hub_is_not_live() {
    let Live { log: _log, hub, _stop } = live(Arc::new(LocalBus::new())).await;
    let mut viewer = hub.viewer();
    drop(_stop);
    let mut client = Client::default();
    assert_eq!(read_until(&mut viewer, &mut client, |_| false).await, Some(Close::Restart));
    assert!(!hub.is_live());
}

#[tokio::test]
async fn one_waits_for_what_becomes_of_an_alert() {
    let live = live(Arc::new(LocalBus::new())).await;
    let wait = live.hub.wait_for_alert("a", |alert| alert.resolved_at.is_some(), PATIENCE);
    let happen = async {
        live.log.store(vec![alert(1, 1, "a", AlertChange::Opened)]);
        live.log.store(vec![alert(1, 2, "a", AlertChange::Resolved)]);
    };
    let (resolved, ()) = tokio::join!(wait, happen);
    assert_eq!(resolved.expect("it ends").id, "a");
    assert!(live.hub.alert("a").is_none(), "it fires no more");
}

#[tokio::test(start_paused = true)]
async fn one_does_not_wait_for_ever() {
    let live = live(Arc::new(LocalBus::new())).await;
    live.log.store(vec![alert(1, 1, "a", AlertChange::Opened)]);
    let opened = live.hub.wait_for_alert("a", |_| true, PATIENCE).await;
    assert!(opened.is_some());
    let acknowledged = live.hub.wait_for_alert("a", |alert| alert.acknowledged.is_some(), PATIENCE).await;
    assert!(acknowledged.is_none());
}

#[tokio::test]
async fn one_waits_for_a_silence_and_viewers_of_alerts_see_it() {
    let live = live(Arc::new(LocalBus::new())).await;
    let agent = subject(1);
    let wait = live.hub.wait_for_silences(&agent, |all| !all.is_empty(), PATIENCE);
    let happen = async { live.log.store(vec![silence(1, 1, SilenceChange::Created)]) };
    let (is_there, _) = tokio::join!(wait, happen);
    assert!(is_there);

    let snapshot = async |channels: Channels| {
        let frames = live.hub.viewer().subscribe(Interest::new(channels, None), None).await;
        let mut frames = frames.iter().map(|frame| serde_json::from_slice::<serde_json::Value>(frame).unwrap());
        frames.find(|frame| frame["type"] == "snapshot").unwrap()["subjects"][0]["silences"].clone()
    };
    assert_eq!(snapshot(Channels::ALL).await[0]["by"], "Ann");
    let others = Channels::ALL.without(Channels::from_iter([Channel::Alerts]));
    assert!(snapshot(others).await.is_null(), "it would stay as it was");

    let wait = live.hub.wait_for_silences(&agent, <[_]>::is_empty, PATIENCE);
    let happen = async { live.log.store(vec![silence(1, 2, SilenceChange::Ended)]) };
    let (is_over, _) = tokio::join!(wait, happen);
    assert!(is_over);
    assert!(snapshot(Channels::ALL).await.is_null());
}

#[tokio::test(start_paused = true)]
async fn one_does_not_wait_for_a_silence_for_ever() {
    let live = live(Arc::new(LocalBus::new())).await;
    assert!(!live.hub.wait_for_silences(&subject(1), |_| true, PATIENCE).await, "nothing is known of the subject");
}
