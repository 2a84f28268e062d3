use sqlx::{AssertSqlSafe, Connection};

use super::*;

/// However much there is, each is found by its index and nothing is passed through.
#[tokio::test]
async fn indexes_answer_however_long_the_past_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("iskra.db");
    crate::migrate(&path).await.unwrap();
    let mut connection = SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
    for (statement, expected) in [
        (SELECT_SUBJECTS, &["earlier USING PRIMARY KEY (subject_id=? AND at<?)"][..]),
        (SELECT_TOLD, &["INDEX entries_by_subject (subject_id=? AND what=? AND at<?)", "what=? AND at>?)"]),
        (
            SELECT_ALERTS,
            &[
                "INDEX entries_by_alert (<expr>=? AND at<?)",
                "INDEX alerts_firing (opened_at<?)",
                "INDEX alerts_resolved (resolved_at>?)",
            ],
        ),
        (
            SELECT_ALERTS_OF_ONE,
            &["INDEX entries_by_alert (<expr>=? AND at<?)", "INDEX alerts_by_subject (subject_id=? AND opened_at<?)"],
        ),
    ] {
        let explain = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")));
        let rows = explain.fetch_all(&mut connection).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        for index in expected {
            assert!(plan.iter().any(|step| step.ends_with(index)), "{index}: {plan:#?}");
        }
        assert!(
            !plan.iter().any(|step| step.starts_with("SCAN entries") || step.starts_with("SCAN alerts")),
            "{plan:#?}"
        );
    }
}
