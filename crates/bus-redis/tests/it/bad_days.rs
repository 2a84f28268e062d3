//! Redis dies, hangs, forgets, or is shared with strangers.

use std::sync::Arc;

use durable_log::{Bus, BusState, Cursor, Follower, Log};
use test_support::RedisServer;

use crate::helpers::{
    EPOCH, File, batch, bus_at, check_carries, follow_to, heads, live, live_bus, lost, metric, polling, sample,
    samples, until,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_readers_still_get_everything_and_afterwards_live_on() {
    let mut server = RedisServer::start().await.unwrap();
    let (one, other) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
    let file = File::new();
    let (writing, reading) = (file.open(&one).await, file.open(&other).await);
    let start = Cursor::start(reading.heads().await.unwrap().epoch, 1);
    let mut follower = Follower::new(Arc::clone(&reading) as _, &*other, start);
    let mut reader = other.subscribe();
    let append = async |range: std::ops::Range<i64>| {
        for n in range {
            writing.append(vec![sample(n)]).await.unwrap();
        }
    };
    append(0..20).await;
    follow_to(&mut follower, 20).await;
    assert_eq!(follower.state(), BusState::Live);

    server.kill().unwrap();
    polling(&one).await;
    polling(&other).await;
    assert_eq!(follower.state(), BusState::Polling);
    assert!(other.health().last_error.is_some());
    assert_eq!(metric(&other, "iskra_bus_connected", ""), 0.0);
    append(20..40).await;
    follow_to(&mut follower, 40).await;

    while futures_util::FutureExt::now_or_never(reader.next()).is_some() {}
    server.restart().await.unwrap();
    lost(&mut reader).await;
    live(&one).await;
    live(&other).await;
    assert_eq!(follower.state(), BusState::Live);
    let before = metric(&other, "iskra_bus_received_total", "");
    append(40..60).await;
    follow_to(&mut follower, 60).await;
    until("the batches come by Redis", || metric(&other, "iskra_bus_received_total", "") == before + 20.0).await;
    assert_eq!(metric(&other, "iskra_bus_connected", ""), 1.0);
    assert_eq!(metric(&other, "iskra_bus_reconnects_total", ""), 1.0);
    assert!(metric(&one, "iskra_bus_dropped_total", "disconnected") >= 19.0);
}

#[tokio::test]
async fn a_redis_that_hangs_is_noticed_though_its_connections_stay_open() {
    let server = RedisServer::start().await.unwrap();
    let (one, other) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
    server.pause().unwrap();
    let mut reader = other.subscribe();
    polling(&one).await;
    polling(&other).await;
    lost(&mut reader).await;
    server.resume().unwrap();
    live(&one).await;
    live(&other).await;
    check_carries(&one, &other, 1).await;
}

#[tokio::test]
async fn a_redis_that_takes_messages_and_delivers_none_is_noticed() {
    // What is published ends in a list.
    let swapped = ["--rename-command", "PUBLISH", "DELIVER", "--rename-command", "LPUSH", "PUBLISH"];
    let server = RedisServer::start_with(&swapped).await.unwrap();
    let bus = bus_at(&server.url());
    until("the silence is noticed", || bus.health().last_error.is_some()).await;
    assert!(!bus.health().is_connected);
    assert!(bus.health().last_error.unwrap().starts_with("nothing was heard"));
    assert!(server.ask("LLEN iskra:log").await.unwrap().as_str() > ":1");
}

#[tokio::test]
async fn a_cut_connection_is_made_anew() {
    let server = RedisServer::start().await.unwrap();
    let (one, other) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
    let mut reader = other.subscribe();
    server.ask("CLIENT KILL TYPE pubsub").await.unwrap();
    lost(&mut reader).await;
    until("both came back", || [&one, &other].iter().all(|bus| metric(bus, "iskra_bus_reconnects_total", "") == 1.0))
        .await;
    check_carries(&one, &other, 1).await;
}

#[tokio::test]
async fn forgetting_all_keys_harms_nothing() {
    let server = RedisServer::start().await.unwrap();
    let (one, other) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
    server.flush().await.unwrap();
    check_carries(&one, &other, 1).await;
    assert_eq!(metric(&one, "iskra_bus_reconnects_total", ""), 0.0);
}

#[tokio::test]
async fn what_finds_no_room_is_dropped_and_counted_and_told_by_the_heads() {
    const BATCHES: u64 = 5_000;
    let server = RedisServer::start().await.unwrap();
    let (one, other) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
    let mut reader = other.subscribe();
    // Without a wait between: the one thread of this test sends nothing meanwhile.
    for n in 1..=BATCHES {
        one.publish(EPOCH, samples(n, 1));
    }
    assert_eq!(metric(&one, "iskra_bus_dropped_total", "queue_full"), 5_000.0 - 1_024.0);
    assert_eq!(batch(&mut reader).await.1.first(), 1);
    heads(&mut reader, BATCHES).await;
}

#[tokio::test]
async fn a_reader_that_is_too_slow_is_told() {
    let server = RedisServer::start().await.unwrap();
    let (one, other) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
    let mut reader = other.subscribe();
    for n in 1..=2_000 {
        one.publish(EPOCH, samples(n, 1));
        if n % 500 == 0 {
            until("they came", || metric(&other, "iskra_bus_received_total", "") == n as f64).await;
        }
    }
    lost(&mut reader).await;
    assert!(batch(&mut reader).await.1.first() > 900);
    heads(&mut reader, 2_000).await;
}

#[tokio::test]
async fn strangers_on_the_channel_only_make_readers_look_at_the_log() {
    let server = RedisServer::start().await.unwrap();
    let (one, other) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
    for garbage in [
        "hello",
        "\"\"",
        "\"\\xff\\x00\\n\"",
        "\"iskra1 beef batch 7 0 1 1\\n[[1,{}]]\"",
        "\"iskra2 beef beat 7:1\"",
        "\"iskra1 beef batch 7 0 1 18446744073709551615\\n[]\"",
    ] {
        let mut reader = other.subscribe();
        server.ask(&format!("PUBLISH iskra:log {garbage}")).await.unwrap();
        lost(&mut reader).await;
    }
    assert_eq!(metric(&other, "iskra_bus_dropped_total", "not_understood"), 6.0);
    assert_eq!(metric(&other, "iskra_bus_reconnects_total", ""), 0.0);
    check_carries(&one, &other, 1).await;
}

#[tokio::test]
async fn a_password_is_used_and_never_told() {
    let server = RedisServer::start_with(&["--requirepass", "hunter2@/"]).await.unwrap();
    let address = |password: &str| server.url().replace("://", &format!("://:{password}@"));
    let bus = live_bus(&address("hunter2%40%2F")).await;
    assert!(!format!("{:?}", bus.health()).contains("hunter2"));
    for (address, answer) in [(address("hunter3"), "WRONGPASS"), (server.url(), "NOAUTH")] {
        let bus = bus_at(&address);
        until("it was refused", || bus.health().last_error.is_some()).await;
        let error = bus.health().last_error.unwrap();
        assert!(error.contains(answer) && !error.contains("hunter"), "{error}");
        assert!(!bus.health().is_connected);
    }
}

#[tokio::test]
async fn a_user_needs_few_rights_and_is_told_which_are_missing() {
    let server = RedisServer::start().await.unwrap();
    let rights = "ACL SETUSER iskra on >secret resetchannels &iskra:log -@all +hello +subscribe";
    server.ask(rights).await.unwrap();
    let address = server.url().replace("://", "://iskra:secret@");
    let bus = bus_at(&address);
    until("it was refused", || bus.health().last_error.is_some()).await;
    let error = bus.health().last_error.unwrap();
    assert!(error.contains("no permissions to run the 'publish' command"), "{error}");
    server.ask("ACL SETUSER iskra +publish").await.unwrap();
    live(&bus).await;
    let other = live_bus(&address).await;
    check_carries(&bus, &other, 1).await;
}
