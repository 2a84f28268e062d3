//! A master that changes.

use test_support::RedisServer;

use crate::helpers::{bus_at, check_carries, live, live_bus, metric, polling, soon, until};

/// A replica that has copied its master.
async fn replica_of(master: &RedisServer) -> RedisServer {
    let replica = RedisServer::start_with(&["--replicaof", "127.0.0.1", &master.port().to_string()])
        .await
        .expect("a replica starts");
    let copied = async {
        while !replica.ask("INFO replication").await.expect("the replica answers").contains("master_link_status:up") {}
    };
    soon("the replica follows", copied).await;
    replica
}

#[tokio::test]
async fn a_failover_is_followed_to_the_new_master() {
    let mut master = RedisServer::start().await.unwrap();
    let replica = replica_of(&master).await;
    let sentinel = RedisServer::start_sentinel(&master, "main").await.unwrap();
    let address = format!("redis+sentinel://127.0.0.1:{}/main", sentinel.port());
    let (one, other) = (live_bus(&address).await, live_bus(&address).await);
    check_carries(&one, &other, 1).await;
    let known =
        async { while !sentinel.ask("SENTINEL REPLICAS main").await.unwrap().contains(&replica.port().to_string()) {} };
    soon("the Sentinel knows the replica", known).await;

    master.kill().unwrap();
    polling(&one).await;
    polling(&other).await;
    until("both came back", || [&one, &other].iter().all(|bus| metric(bus, "iskra_bus_reconnects_total", "") == 1.0))
        .await;
    check_carries(&one, &other, 2).await;
    assert!(replica.ask("PUBSUB NUMSUB iskra:log").await.unwrap().contains(":2"));
}

#[tokio::test]
async fn a_replica_is_not_taken_for_the_master() {
    let master = RedisServer::start().await.unwrap();
    let replica = replica_of(&master).await;
    // It believes that the replica is a master, until it is told better.
    let sentinel = RedisServer::start_sentinel(&replica, "main").await.unwrap();
    let bus = bus_at(&format!("redis+sentinel://127.0.0.1:{}/main", sentinel.port()));
    until("it has tried", || bus.health().last_error.is_some()).await;
    let error = bus.health().last_error.unwrap();
    assert_eq!(error, format!("127.0.0.1:{} is not the master (any more)", replica.port()));
}

#[tokio::test]
async fn of_several_sentinels_one_that_lives_is_enough() {
    let master = RedisServer::start_with(&["--requirepass", "secret"]).await.unwrap();
    let sentinel = RedisServer::start_sentinel(&master, "main").await.unwrap();
    let mut dead = RedisServer::start_sentinel(&master, "main").await.unwrap();
    dead.kill().unwrap();
    let address = format!("redis+sentinel://:secret@127.0.0.1:{},127.0.0.1:{}/main", dead.port(), sentinel.port());
    live(&bus_at(&address)).await;
    // A Sentinel that wants a password gets that of the servers.
    sentinel.ask("CONFIG SET requirepass secret").await.unwrap();
    sentinel.ask("ACL SETUSER default >secret").await.unwrap();
    let refused = sentinel.ask("SENTINEL MASTERS").await.unwrap();
    assert!(refused.contains("NOAUTH"), "{refused}");
    live(&bus_at(&address)).await;

    let unknown = bus_at(&address.replace("/main", "/other"));
    let said = || unknown.health().last_error.unwrap_or_default();
    until("it has asked", || said().contains("knows no master of the name `other`")).await;
}
