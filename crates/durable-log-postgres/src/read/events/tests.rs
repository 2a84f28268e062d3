use sqlx::{AssertSqlSafe, Connection, PgConnection};
use test_support::Postgres;

use super::*;

/// Nearly all are symbols, a seam is rare; and most speak of one subject.
const FILL: &str = "
    INSERT INTO subjects SELECT n, 'agent-' || n, 0 FROM generate_series(1, 1000) AS n;
    INSERT INTO entries (partition, seq, recorded, kind, subject_id, id, what, at, body)
    SELECT 0, n, 'epoch'::timestamptz + n / 3 * interval '1 s', 'event',
        CASE WHEN n % 10 = 0 THEN 1 + n % 1000 ELSE 7 END, n::text,
        CASE WHEN n % 1009 = 0 THEN 'seam' ELSE 'symbol' END, 'epoch'::timestamptz + n / 3 * interval '1 s', '{}'
    FROM generate_series(1, 100000) AS n;
    ANALYZE entries";

#[tokio::test]
async fn an_index_answers_however_many_entries_there_are() {
    let url = Postgres::shared_database().await.unwrap();
    crate::migrate(&url).await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(FILL).execute(&mut connection).await.unwrap();
    for (subject, from, until, limit, after) in [
        (None, None, None, 50, None),
        (None, Some(10_000), Some(20_000), 50, None),
        (None, None, Some(20_000), 1_000, None),
        (None, None, None, 50, Some(9_000)),
        (Some("agent-7"), None, None, 50, None),
        (Some("agent-11"), None, None, 50, None),
        (Some("agent-7"), Some(10_000), Some(20_000), 1_000, None),
        (Some("agent-7"), None, None, 50, Some(9_000)),
    ] {
        let moment =
            |seconds: Option<i64>| seconds.map(|seconds| Moment(domain::Timestamp::from_millis(seconds * 1_000)));
        for statement in [SELECT_LATEST, SELECT_OLDEST] {
            let explain = format!("EXPLAIN {statement}");
            let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(explain))
                .bind(vec!["seam", "symbol"])
                .bind(subject)
                .bind(moment(from))
                .bind(moment(until))
                .bind(moment(after))
                .bind(0_i16)
                .bind(27_000_i64)
                .bind(limit)
                .fetch_all(&mut connection)
                .await
                .unwrap();
            let index = if subject.is_some() { "entries_by_subject" } else { "entries_by_what" };
            assert!(plan.iter().any(|step| step.contains(index)), "{plan:#?}");
            assert!(!plan.iter().any(|step| step.contains("Seq Scan on entries")), "{plan:#?}");
        }
    }
}

#[tokio::test]
async fn an_index_finds_the_last_of_each_step() {
    let url = Postgres::shared_database().await.unwrap();
    crate::migrate(&url).await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(FILL).execute(&mut connection).await.unwrap();
    for statement in [SELECT_LATEST_OF_STEPS, SELECT_OLDEST_OF_STEPS] {
        let explain = format!("EXPLAIN (ANALYZE, COSTS off, TIMING off) {statement}");
        let moment = |seconds: i64| Moment(domain::Timestamp::from_millis(seconds * 1_000));
        let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(explain))
            .bind(vec!["symbol"])
            .bind("agent-7")
            .bind(moment(10_000))
            .bind(moment(20_000))
            .bind(None::<Moment>)
            .bind(None::<i16>)
            .bind(None::<i64>)
            .bind(1_000_i64)
            .bind(100_000_000_i64)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let looks = "Index Scan Backward using entries_by_subject on entries (actual rows=4 loops=100)";
        assert!(plan.iter().any(|step| step.contains(looks)), "{plan:#?}");
    }
}
