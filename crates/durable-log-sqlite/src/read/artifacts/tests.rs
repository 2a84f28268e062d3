use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use super::*;

/// However many there are, none is passed through that is not wanted.
#[tokio::test]
async fn an_index_answers_however_many_artifacts_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("iskra.db");
    crate::migrate(&path).await.unwrap();
    let mut connection = SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
    let all = ArtifactFilter { limit: 20, ..ArtifactFilter::default() };
    let (subject, id) = (Some(Subject::new("agent-7").unwrap()), Some("1-2.x".to_owned()));
    let after = Some((domain::Timestamp::from_micros(1), "1-2.artifact".to_owned()));
    let by_id = "SEARCH artifacts USING INDEX sqlite_autoindex_artifacts_1 (id=?)";
    let by_link = "SEARCH artifact_links USING PRIMARY KEY (about=? AND kind=?)";
    for (filter, expected) in [
        (
            ArtifactFilter { after, ..all.clone() },
            &["SEARCH artifacts USING INDEX artifacts_by_time ((at,id)<(?,?))"][..],
        ),
        (
            ArtifactFilter { subject: subject.clone(), ..all.clone() },
            &["SEARCH artifacts USING INDEX artifacts_by_subject (subject_id=?)"],
        ),
        (ArtifactFilter { alert: id.clone(), ..all.clone() }, &[by_id, by_link]),
        (ArtifactFilter { event: id, subject, ..all }, &[by_id, by_link]),
    ] {
        let explain = format!("EXPLAIN QUERY PLAN {}", select(&filter).sql().as_str());
        let rows = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_all(&mut connection).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        for step in expected {
            assert!(plan.iter().any(|planned| planned == step), "{step}: {plan:#?}");
        }
        assert!(!plan.iter().any(|step| step.starts_with("SCAN artifact")), "{plan:#?}");
    }
}
