//! Samples that come late, or again, when the past they belong to was put away.

use std::sync::Arc;
use std::time::Duration;

use bus_local::SilentBus;
use durable_log::contract::ManualClock;
use durable_log::{Log, Outcome};
use durable_log_postgres::{PostgresLog, PostgresOptions};

use crate::fixture::{PostgresFixture, sample};

const DAY: i64 = 86_400;
const RETENTION: Duration = Duration::from_hours(365 * 24);

/// A log and its clock, which stands at the start.
async fn open(fixture: &PostgresFixture) -> (Arc<PostgresLog>, ManualClock) {
    let clock = ManualClock::at(sample("agent-7", 0).at);
    let options = PostgresOptions { clock: Some(clock.clock()), ..fixture.options(Arc::new(SilentBus)).await };
    (PostgresLog::open(options).await.unwrap(), clock)
}

on_both_stores! { a_producer_may_send_two_months_again }

/// Each is looked up by itself: a look at all of them for each would take longer than a writer may.
async fn a_producer_may_send_two_months_again(fixture: &PostgresFixture) {
    const EACH_DAY: i64 = 2_000;
    let (log, clock) = open(fixture).await;
    let all: Vec<_> = (0..60 * EACH_DAY).map(|n| sample("agent-7", n / EACH_DAY * DAY + n % EACH_DAY)).collect();
    for part in all.chunks(10_000) {
        log.append(part.to_vec()).await.unwrap();
    }
    clock.set(sample("agent-7", 100 * DAY).at);
    log.prune(RETENTION, 1_000).await.unwrap();
    let again = log.append(all.into_iter().step_by(12).collect()).await.unwrap().outcomes;
    assert_eq!(again, vec![Outcome::Duplicate; 10_000]);
}

/// What only TimescaleDB does with the past.
#[cfg(has_timescale)]
mod put_away {
    use domain::{Sample, Score, Vital, Vitals};
    use durable_log::Partition;
    use sqlx::{AssertSqlSafe, Connection, PgConnection};
    use tokio::time::timeout;

    use super::*;

    /// Far more than it may take.
    const DEADLINE: Duration = Duration::from_secs(30);
    const SUBJECTS: usize = 50;

    fn of_all(seconds: i64) -> Vec<Sample> {
        (0..SUBJECTS).map(|n| sample(&format!("agent-{n}"), seconds)).collect()
    }

    /// The chunks of samples, the oldest first, and whether they are compressed.
    async fn chunks(connection: &mut PgConnection) -> Vec<(String, bool)> {
        let chunks = "SELECT format('%I.%I', chunk_schema, chunk_name), is_compressed
            FROM timescaledb_information.chunks WHERE hypertable_name = 'samples' ORDER BY range_start";
        sqlx::query_as(chunks).fetch_all(connection).await.unwrap()
    }

    /// How many samples of the only chunk, which is compressed, are not.
    async fn beside_the_compressed(connection: &mut PgConnection) -> i64 {
        let chunks = chunks(connection).await;
        let [(chunk, true)] = chunks.as_slice() else { panic!("one, compressed: {chunks:?}") };
        let count = format!("SELECT count(*) FROM ONLY {chunk}");
        sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(connection).await.unwrap()
    }

    /// Also where the server lets nobody unpack more than a row: nothing is unpacked onto the disk.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_comes_late_is_new_or_known_or_in_conflict_and_is_compressed_later() {
        let fixture = PostgresFixture::with_timescale();
        let mut connection = PgConnection::connect(fixture.url().await).await.unwrap();
        sqlx::raw_sql(UNPACK_ONE_ROW).execute(&mut connection).await.unwrap();
        let (log, clock) = open(&fixture).await;
        for second in 0..100 {
            log.append(of_all(2 * second)).await.unwrap();
        }
        clock.set(sample("agent-7", 20 * DAY).at);
        log.prune(RETENTION, 1_000).await.unwrap();
        assert_eq!(beside_the_compressed(&mut connection).await, 0);

        let new = log.append(of_all(101)).await.unwrap().outcomes;
        assert!(new.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })), "{new:?}");
        assert_eq!(log.append(of_all(100)).await.unwrap().outcomes, [Outcome::Duplicate; SUBJECTS]);
        let mut others = of_all(100);
        for other in &mut others {
            other.vitals = Vitals::default().with(Vital::Pain, Score::clamped(0.9));
        }
        assert_eq!(log.append(others).await.unwrap().outcomes, [Outcome::Conflict; SUBJECTS]);
        assert_eq!(beside_the_compressed(&mut connection).await, SUBJECTS as i64);

        log.prune(RETENTION, 1_000).await.unwrap();
        assert_eq!(beside_the_compressed(&mut connection).await, 0);
        assert_eq!(log.append(of_all(101)).await.unwrap().outcomes, [Outcome::Duplicate; SUBJECTS]);
        let entries = log.read(Partition(0), 0, 100_000).await.unwrap();
        assert_eq!(entries.len(), 101 * SUBJECTS);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_chunk_that_is_in_use_does_not_keep_the_others_from_being_compressed() {
        let fixture = PostgresFixture::with_timescale();
        let (log, clock) = open(&fixture).await;
        log.append((0..3).map(|day| sample("agent-7", day * DAY)).collect()).await.unwrap();
        let mut reader = PgConnection::connect(fixture.url().await).await.unwrap();
        let first = chunks(&mut reader).await.swap_remove(0).0;
        sqlx::raw_sql(AssertSqlSafe(format!("BEGIN; LOCK {first} IN ACCESS SHARE MODE")))
            .execute(&mut reader)
            .await
            .unwrap();
        clock.set(sample("agent-7", 20 * DAY).at);
        log.prune(RETENTION, 1_000).await.unwrap();
        let mut others = PgConnection::connect(fixture.url().await).await.unwrap();
        let compressed = async |connection: &mut PgConnection| -> Vec<bool> {
            chunks(connection).await.into_iter().map(|(_, is_compressed)| is_compressed).collect()
        };
        assert_eq!(compressed(&mut others).await, [false, true, true]);
        sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();
        log.prune(RETENTION, 1_000).await.unwrap();
        assert_eq!(compressed(&mut others).await, [true, true, true]);
    }

    /// A summary of ten seconds is a small thing, and there are half a million of them in two months.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn summing_up_looks_at_what_came_and_not_at_all_between() {
        let fixture = PostgresFixture::with_timescale();
        let (log, _) = open(&fixture).await;
        for day in 0..60 {
            log.append(vec![sample("agent-7", day * DAY)]).await.unwrap();
        }
        let summed_up = async { while log.roll_up().await.unwrap() {} };
        timeout(DEADLINE, summed_up).await.expect("it is summed up");
    }

    const UNPACK_ONE_ROW: &str = "DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET timescaledb.max_tuples_decompressed_per_dml_transaction = 1', current_database());
    END $$";
}
