//! What a crowd that resumes reads from the log.

use std::sync::Arc;

use bus_local::SilentBus;
use domain::Vital;
use durable_log::{Epoch, Partition, partition_of};
use futures_util::future::join_all;

use super::memory_log::MemoryLog;
use super::world::{sample, subject};
use crate::bites::Bites;

const ENTRIES: u64 = 1_234;

fn log() -> (Arc<MemoryLog>, Partition) {
    let log = MemoryLog::slow(Arc::new(SilentBus));
    log.store((0..ENTRIES).map(|at| sample(1, at as i64, &[(Vital::Pain, 0.2)])).collect());
    (log, partition_of(&subject(1), 3))
}

/// Everything from `after` to `until`, bite by bite.
async fn read(bites: &Bites, log: &MemoryLog, partition: Partition, mut after: u64, until: u64) -> Vec<u64> {
    let mut seqs = Vec::new();
    while after < until {
        let bite = bites.get(log, Epoch(7), partition, (after, until)).await.unwrap();
        seqs.extend(bite.entries(after, until).map(|entry| entry.seq));
        after = bite.through().min(until);
    }
    seqs
}

#[tokio::test]
async fn wherever_one_left_off_all_that_was_missed_is_read_once() {
    let (log, partition) = log();
    let bites = Bites::default();
    for (after, until) in
        [(0, ENTRIES), (499, 501), (500, 1_000), (1_000, 1_100), (7, 8), (1_000, ENTRIES), (900, 1_001)]
    {
        let expected: Vec<u64> = (after + 1..=until).collect();
        assert_eq!(read(&bites, &log, partition, after, until).await, expected, "{after} to {until}");
    }
}

#[tokio::test]
async fn a_crowd_reads_no_more_than_one() {
    let (log, partition) = log();
    let bites = Bites::default();
    let crowd = (0..200).map(|viewer| read(&bites, &log, partition, viewer, ENTRIES));
    let read = join_all(crowd).await;
    assert!(read.iter().zip(0..).all(|(seqs, after)| seqs.len() as u64 == ENTRIES - after));
    assert_eq!(log.reads(), 3, "three bites hold all of it");
}

#[tokio::test]
async fn a_bite_that_was_not_full_is_read_again_when_more_is_there() {
    let (log, partition) = log();
    let bites = Bites::default();
    assert_eq!(read(&bites, &log, partition, 1_200, ENTRIES).await.len(), 34);
    log.store((0..10).map(|at| sample(1, at, &[(Vital::Pain, 0.2)])).collect());
    assert_eq!(read(&bites, &log, partition, 1_200, ENTRIES + 10).await.len(), 44);
    assert_eq!(log.reads(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_was_read_a_while_ago_is_let_go_of() {
    let (log, partition) = log();
    let bites = Bites::default();
    read(&bites, &log, partition, 0, 100).await;
    bites.forget();
    read(&bites, &log, partition, 0, 100).await;
    assert_eq!(log.reads(), 1);
    tokio::time::advance(std::time::Duration::from_secs(11)).await;
    bites.forget();
    read(&bites, &log, partition, 0, 100).await;
    assert_eq!(log.reads(), 2);
}
