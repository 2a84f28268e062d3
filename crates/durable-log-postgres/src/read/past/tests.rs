use sqlx::AssertSqlSafe;
use test_support::Postgres;

use super::*;

const FILL: &str = r#"
    INSERT INTO subjects SELECT n, 'agent-' || n, 0 FROM generate_series(1, 100) AS n;
    INSERT INTO entries (partition, seq, recorded, kind, subject_id, id, what, at, body)
    SELECT 0, n, moment, 'event', 7, n::text, CASE WHEN n % 2 = 0 THEN 'alert' ELSE 'levels' END, moment,
        ('{"change":"opened","alert":{"id":"' || n / 20 || '"}}')::json
    FROM generate_series(1, 50000) AS n, LATERAL (SELECT 'epoch'::timestamptz + n * interval '1 s' AS moment) AS at;
    INSERT INTO alerts
    SELECT n::text, 7, 'resolved', 'epoch'::timestamptz + n * interval '20 s', 'epoch'::timestamptz + n * interval '21 s', '{}'
    FROM generate_series(1, 2500) AS n;
    ANALYZE entries; ANALYZE alerts"#;

/// However much there is, each is found by its index and nothing is passed through.
#[tokio::test]
async fn indexes_answer_however_long_the_past_is() {
    let url = Postgres::shared_database().await.unwrap();
    crate::migrate(&url).await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(FILL).execute(&mut connection).await.unwrap();
    let at = Moment(domain::Timestamp::from_millis(25_000_000));
    let explain = |statement: &str| AssertSqlSafe(format!("EXPLAIN {statement}"));
    let told = sqlx::query_scalar(explain(SELECT_TOLD)).bind(vec![7_i64]).bind(at).bind("levels");
    let all = sqlx::query_scalar(explain(SELECT_ALERTS)).bind(at).bind(100_i64);
    let one = sqlx::query_scalar(explain(SELECT_ALERTS_OF_ONE)).bind(at).bind(100_i64).bind("agent-7");
    for (select, index) in [(told, "entries_by_subject"), (all, "entries_by_alert"), (one, "entries_by_alert")] {
        let plan: Vec<String> = select.fetch_all(&mut connection).await.unwrap();
        assert!(plan.iter().any(|step| step.contains(index)), "{index}: {plan:#?}");
        assert!(!plan.iter().any(|step| step.contains("Seq Scan on entries")), "{plan:#?}");
    }
}
