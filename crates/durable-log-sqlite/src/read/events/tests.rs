use domain::{Subject, Timestamp};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use super::*;

#[tokio::test]
async fn an_index_answers_however_many_entries_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("iskra.db");
    crate::migrate(&path).await.unwrap();
    let mut connection = SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
    let all = EventFilter { limit: 50, ..EventFilter::default() };
    let subject = Some(Subject::new("agent-7").unwrap());
    let at = Some(Timestamp::from_micros(0));
    for (filter, index) in [
        (all.clone(), "INDEX entries_by_what (what=?)"),
        (EventFilter { from: at, until: at, ..all.clone() }, "INDEX entries_by_what (what=? AND at>? AND at<?)"),
        (EventFilter { subject: subject.clone(), ..all.clone() }, "INDEX entries_by_subject (subject_id=? AND what=?)"),
        (
            EventFilter { subject: subject.clone(), from: at, until: at, ..all.clone() },
            "INDEX entries_by_subject (subject_id=? AND what=? AND at>? AND at<?)",
        ),
        (EventFilter { subject, until: at, ..all }, "INDEX entries_by_subject (subject_id=? AND what=? AND at<?)"),
    ] {
        let explain = format!("EXPLAIN QUERY PLAN {}", select(&["seam", "voice"], &filter, None).sql().as_str());
        let rows = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_all(&mut connection).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        assert_eq!(plan.iter().filter(|step| step.ends_with(index)).count(), 2, "{plan:#?}");
        assert!(!plan.iter().any(|step| step.starts_with("SCAN entries")), "{plan:#?}");
        let sorted = plan.iter().filter(|step| step.contains("B-TREE")).count();
        assert_eq!(sorted, 1, "the latest of each kind come in order, and only these are sorted: {plan:#?}");
    }
}

#[tokio::test]
async fn an_index_finds_the_last_of_each_step() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("iskra.db");
    crate::migrate(&path).await.unwrap();
    let mut connection = SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
    let filter = EventFilter {
        subject: Some(Subject::new("agent-7").unwrap()),
        from: Some(Timestamp::from_millis(0)),
        until: Some(Timestamp::from_millis(90_000)),
        step: Some(Duration::from_secs(90)),
        limit: 50,
        ..EventFilter::default()
    };
    let explain = format!("EXPLAIN QUERY PLAN {}", select(&["chorus"], &filter, None).sql().as_str());
    let rows = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_all(&mut connection).await.unwrap();
    let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
    let look = "INDEX entries_by_subject (subject_id=? AND what=? AND at>? AND at<?)";
    assert!(plan.iter().any(|step| step.ends_with(look)), "{plan:#?}");
    assert!(plan.iter().any(|step| step.ends_with("INDEX entries_by_id (id=?)")), "{plan:#?}");
    assert!(!plan.iter().any(|step| step.starts_with("SCAN entries")), "{plan:#?}");
}
