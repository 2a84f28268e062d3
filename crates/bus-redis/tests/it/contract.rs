//! The part of the log's contract that rests on a bus, with every batch going over Redis.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use bus_redis::RedisBus;
use durable_log::contract::Fixture;
use durable_log::{Batch, Bus, Clock, Epoch, Log, Subscription};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use test_support::RedisServer;

use crate::helpers::{File, live_bus};

durable_log::log_contract! { @tests OverRedis::new().await;
    following::a_follower_misses_nothing_though_the_bus_does,
    following::what_was_there_before_is_read_first,
    following::some_partitions_can_be_followed_alone,
    following::an_abandoned_wait_loses_nothing,
    following::after_an_error_it_goes_on_where_it_was,
    following::another_epoch_is_a_reset,
    following::a_log_that_lost_its_end_is_a_reset,
    following::what_was_pruned_is_passed_over,
    views::a_snapshot_and_what_follows_make_the_next_snapshot,
}

struct OverRedis {
    file: File,
    bus: Arc<TwoProcesses>,
}

/// What is published by one is read by the other.
struct TwoProcesses {
    _server: RedisServer,
    writing: Arc<RedisBus>,
    reading: Arc<RedisBus>,
}

impl OverRedis {
    async fn new() -> Self {
        let server = RedisServer::start().await.expect("Redis starts");
        let (writing, reading) = (live_bus(&server.url()).await, live_bus(&server.url()).await);
        Self { file: File::new(), bus: Arc::new(TwoProcesses { _server: server, writing, reading }) }
    }

    fn path(&self) -> PathBuf {
        self.file.path()
    }
}

#[async_trait]
impl Fixture for OverRedis {
    fn bus(&self) -> Arc<dyn Bus> {
        Arc::clone(&self.bus) as _
    }

    async fn open(&self, partitions: u16, clock: Clock, bus: Arc<dyn Bus>) -> Arc<dyn Log> {
        let options = SqliteOptions { clock, ..SqliteOptions::new(self.path(), partitions, bus) };
        SqliteLog::open(options).await.expect("the log opens")
    }

    fn another(&self) -> Box<dyn Fixture> {
        Box::new(Self { file: File::new(), bus: Arc::clone(&self.bus) })
    }
}

impl Bus for TwoProcesses {
    fn publish(&self, epoch: Epoch, batch: Arc<Batch>) {
        self.writing.publish(epoch, batch);
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        self.reading.subscribe()
    }
}
