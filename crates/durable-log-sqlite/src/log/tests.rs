use bus_local::SilentBus;
use domain::{Score, Signals, Timestamp, Vital, Vitals};
use durable_log::Outcome;
use sqlx::SqliteConnection;

use super::*;

fn samples(call: i64) -> Vec<Sample> {
    let sample = |n| Sample {
        subject: Subject::new("agent-7").unwrap(),
        at: Timestamp::from_micros(call * 1_000 + n),
        vitals: Vitals::default().with(Vital::Pain, Score::clamped(0.3)),
        signals: Signals::new(),
    };
    (0..100).map(sample).collect()
}

/// A log whose file may not grow beyond `pages`, as if the disk were full then.
async fn log_of(pages: &'static str, options: SqliteOptions) -> Arc<SqliteLog> {
    let mut opened = open(&options).await.unwrap();
    opened.connect = opened.connect.pragma("max_page_count", pages);
    opened.connection = SqliteConnection::connect_with(&opened.connect).await.unwrap();
    SqliteLog::start(opened, options)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_loses_nothing_and_is_forgotten_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions::new(folder.path().join("iskra.db"), 1, Arc::new(SilentBus));
    let log = log_of("60", options.clone()).await;
    let mut stored = 0;
    let error = loop {
        match log.append(samples(stored)).await {
            Ok(_) => stored += 1,
            Err(error) => break error,
        }
    };
    assert!(stored > 0, "there was room at first");
    let LogError::Store { source, .. } = &error else { panic!("expected a failure of the store: {error:?}") };
    assert!(source.to_string().contains("full"), "{source}");
    for _ in 0..3 {
        assert!(matches!(log.append(samples(stored)).await, Err(LogError::Store { .. })));
    }
    let seqs = |entries: Vec<Entry>| entries.iter().map(|entry| entry.seq).collect::<Vec<_>>();
    let there = (1..=stored.unsigned_abs() * 100).collect::<Vec<_>>();
    assert_eq!(seqs(log.read(Partition(0), 0, 100_000).await.unwrap()), there);

    assert_eq!(log.prune(Duration::ZERO, 300).await.unwrap(), 300, "deleting needs no room");
    let outcomes = log.append(samples(stored)).await.unwrap().outcomes;
    let last = stored.unsigned_abs() * 100 + 100;
    assert_eq!(outcomes.last(), Some(&Outcome::Accepted { partition: Partition(0), seq: last }));
    log.close().await;
    let log = SqliteLog::open(options).await.unwrap();
    assert_eq!(seqs(log.read(Partition(0), 0, 100_000).await.unwrap()), (301..=last).collect::<Vec<_>>());
}
