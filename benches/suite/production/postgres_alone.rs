//! What PostgreSQL can do by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::{Connection as _, PgConnection};
use tokio::task::JoinSet;

use super::servers::Servers;
use crate::samples::now;

/// As many as the log has writers.
const CONNECTIONS: i16 = 4;

/// The shape of the log's own table, in one piece.
const TABLE: &str = "
    CREATE TABLE alone (
        subject_id bigint           NOT NULL,
        at         timestamptz      NOT NULL,
        partition  smallint         NOT NULL,
        seq        bigint           NOT NULL,
        recorded   timestamptz      NOT NULL,
        clarity    double precision,
        chaos      double precision,
        trust      double precision,
        pain       double precision,
        signals    json,
        PRIMARY KEY (subject_id, at)
    );
    CREATE INDEX alone_by_seq ON alone (partition, seq)";

const INSERT: &str = "
    INSERT INTO alone (subject_id, at, partition, seq, recorded, clarity, chaos, trust, pain)
    SELECT subject, 'epoch'::timestamptz + at * interval '1 microsecond', $1, seq, now(), value, value, value, value
    FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::float8[]) AS new (subject, at, seq, value)";

/// Rows a second of PostgreSQL alone, in transactions of `size` rows, as durable as the suite's.
pub(crate) async fn postgres_alone(servers: &Servers, size: usize, length: Duration) -> anyhow::Result<f64> {
    let url = servers.postgres.create_database().await?;
    sqlx::raw_sql(TABLE).execute(&mut PgConnection::connect(&url).await?).await?;
    let rows = Arc::<AtomicU64>::default();
    let start = Instant::now();
    let mut writers = JoinSet::new();
    for writer in 0..CONNECTIONS {
        writers.spawn(write(PgConnection::connect(&url).await?, writer, size, start + length, rows.clone()));
    }
    while let Some(ended) = writers.join_next().await {
        ended??;
    }
    Ok(rows.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64())
}

async fn write(
    mut connection: PgConnection,
    writer: i16,
    size: usize,
    until: Instant,
    rows: Arc<AtomicU64>,
) -> anyhow::Result<()> {
    let (mut seq, mut last) = (0_i64, 0_i64);
    while Instant::now() < until {
        last = last.max(now().as_micros());
        let (mut subjects, mut times, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..size {
            (seq, last) = (seq + 1, last + 1);
            subjects.push(seq % 250 * i64::from(CONNECTIONS) + i64::from(writer));
            times.push(last);
            numbers.push(seq);
        }
        let insert = sqlx::query(INSERT).bind(writer).bind(subjects).bind(times).bind(numbers).bind(vec![0.5; size]);
        insert.execute(&mut connection).await?;
        rows.fetch_add(size as u64, Ordering::Relaxed);
    }
    Ok(())
}
