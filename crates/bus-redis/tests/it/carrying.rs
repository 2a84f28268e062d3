//! What the bus is for.

use std::sync::Arc;

use bus_redis::{RedisBus, RedisOptions};
use domain::{Command, SignalValue, Subject};
use durable_log::{Batch, Body, Bus, BusState, Cursor, Entry, Follower, Hint, Log, Partition};
use futures_util::FutureExt as _;
use test_support::RedisServer;

use crate::helpers::{
    EPOCH, File, ONLY, batch, bus_at, check_carries, follow_to, heads, hint, live, live_bus, lost, metric, polling,
    sample, samples, soon, until,
};

#[tokio::test]
async fn a_batch_reaches_the_readers_of_others_as_it_was() {
    let server = RedisServer::start().await.unwrap();
    let (one, other) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
    let mut readers = [other.subscribe(), other.subscribe()];
    let mut awkward = sample(-1);
    for (name, value) in
        [("least", 5e-324), ("third", 1.0 / 3.0), ("most", 9_007_199_254_740_992.0), ("\"ключ\"\n", -1e-7)]
    {
        awkward.signals.insert(name.into(), SignalValue::Number(value));
    }
    let subject = Subject::new("Ω:агент@7").unwrap();
    let command = Command::Acknowledge { alert: "0.1".into(), by: "a\"b\\c".into(), note: "\u{0}🕯️\r\n".into() };
    let entry = |seq, body| Entry { seq, recorded: sample(3).at, body };
    let entries = vec![entry(41, Body::Sample(awkward)), entry(42, Body::Command(subject, command))];
    let sent = Arc::new(Batch { partition: Partition(5), entries });
    one.publish(EPOCH, Arc::clone(&sent));
    let mut got = Vec::new();
    for reader in &mut readers {
        assert_eq!(reader.state(), BusState::Live);
        got.push(batch(reader).await);
        assert_eq!(got.last(), Some(&(EPOCH, Arc::clone(&sent))));
    }
    assert!(Arc::ptr_eq(&got[0].1, &got[1].1), "it is read once for all");
    until("Redis has confirmed it", || metric(&one, "iskra_bus_published_total", "") == 1.0).await;
    assert_eq!(metric(&other, "iskra_bus_received_total", ""), 1.0);
}

#[tokio::test]
async fn own_readers_get_a_batch_at_once_and_only_once() {
    let server = RedisServer::start().await.unwrap();
    let (one, other) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
    let mut reader = one.subscribe();
    let sent = samples(1, 1);
    one.publish(EPOCH, Arc::clone(&sent));
    let Some(Hint::Batch(_, got)) = reader.next().now_or_never() else { panic!("expected the batch at once") };
    assert!(Arc::ptr_eq(&got, &sent));
    // What the other sends comes after what this one sent itself.
    other.publish(EPOCH, samples(9, 1));
    assert_eq!(batch(&mut reader).await.1.first(), 9);
}

#[tokio::test]
async fn suites_with_other_prefixes_do_not_hear_each_other() {
    let server = RedisServer::start().await.unwrap();
    let options = RedisOptions { prefix: "another".into(), ..RedisOptions::new(server.url().parse().unwrap()) };
    let (one, other, stranger) =
        (live_bus(&server.url()).await, live_bus(&server.url()).await, RedisBus::connect(options));
    live(&stranger).await;
    let mut reader = other.subscribe();
    stranger.publish(EPOCH, samples(1, 1));
    let sent = server.ask("PUBSUB CHANNELS").await.unwrap();
    assert!(sent.contains("another:log") && sent.contains("iskra:log"), "{sent}");
    stranger.close().await;
    one.publish(EPOCH, samples(2, 1));
    assert_eq!(batch(&mut reader).await.1.first(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_for_a_message_is_announced_and_read_from_the_log() {
    const SAMPLES: u64 = 1_500;
    let server = RedisServer::start().await.unwrap();
    let (one, other) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
    let file = File::new();
    let (writing, reading) = (file.open(&one).await, file.open(&other).await);
    let start = Cursor::start(reading.heads().await.unwrap().epoch, 1);
    let mut follower = Follower::new(Arc::clone(&reading) as _, &*other, start);
    let mut reader = other.subscribe();
    writing.append((0..SAMPLES.cast_signed()).map(sample).collect()).await.unwrap();
    let first = hint(&mut reader, "something comes", |hint| match hint {
        Hint::Heads(heads) => (heads.seq(ONLY) > 0).then_some(heads.seq(ONLY)),
        Hint::Batch(..) => Some(0),
        Hint::Lost => None,
    });
    assert_eq!(first.await, SAMPLES);
    follow_to(&mut follower, SAMPLES).await;
    assert_eq!(metric(&one, "iskra_bus_dropped_total", "too_large"), 1.0);
    assert_eq!(metric(&other, "iskra_bus_received_total", ""), 0.0);
}

#[tokio::test]
async fn beats_go_on_telling_how_far_the_log_reaches() {
    let server = RedisServer::start().await.unwrap();
    let (one, other) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
    one.publish(EPOCH, samples(1, 17));
    let mut early = other.subscribe();
    heads(&mut early, 17).await;
    heads(&mut early, 17).await;
    // Also those who have only heard of it tell it.
    one.close().await;
    let late = live_bus(&server.url()).await;
    heads(&mut late.subscribe(), 17).await;
}

#[tokio::test]
async fn closing_sends_what_is_queued() {
    let server = RedisServer::start().await.unwrap();
    let (one, other) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
    let mut reader = other.subscribe();
    let mut own = one.subscribe();
    for n in 1..=500 {
        one.publish(EPOCH, samples(n, 1));
    }
    one.close().await;
    for n in 1..=500 {
        assert_eq!(batch(&mut reader).await.1.first(), n);
    }
    polling(&one).await;
    assert_eq!(own.state(), BusState::Polling);
    one.publish(EPOCH, samples(501, 1));
    while batch(&mut own).await.1.first() < 501 {}
    one.close().await;
}

#[tokio::test]
async fn a_bus_that_is_let_go_ends() {
    let server = RedisServer::start().await.unwrap();
    let bus = live_bus(&server.url()).await;
    let mut reader = bus.subscribe();
    drop(bus);
    lost(&mut reader).await;
    assert_eq!(reader.state(), BusState::Polling);
    assert!(reader.next().now_or_never().is_none());
    let gone = async { while server.ask("PUBSUB NUMSUB iskra:log").await.unwrap().contains(":1") {} };
    soon("the connection is gone", gone).await;
}

#[tokio::test]
async fn it_starts_without_redis_and_finds_it_later() {
    let mut server = RedisServer::start().await.unwrap();
    server.kill().unwrap();
    let (one, other) = (bus_at(&server.url()), bus_at(&server.url()));
    until("it has tried", || one.health().last_error.is_some()).await;
    assert_eq!(one.subscribe().state(), BusState::Polling);
    let error = one.health().last_error.unwrap();
    assert!(error.starts_with(&format!("cannot connect to 127.0.0.1:{}", server.port())), "{error}");
    server.restart().await.unwrap();
    live(&one).await;
    live(&other).await;
    check_carries(&one, &other, 1).await;
}
