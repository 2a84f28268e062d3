//! Requests that the server refuses.

use std::sync::Arc;

use bus_local::SilentBus;
use durable_log::{Log as _, LogError, Outcome, Partition};
use durable_log_postgres::PostgresLog;
use futures_util::future::join_all;
use sqlx::{Connection, PgConnection};

use crate::fixture::{PostgresFixture, sample};

/// In one thread, so that all of them wait when the writer wakes: they are one group.
#[tokio::test]
async fn a_request_that_is_refused_again_and_again_harms_no_other() {
    const BAD: usize = 7;
    let fixture = PostgresFixture::new();
    let log = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    let mut connection = PgConnection::connect(fixture.url().await).await.unwrap();
    sqlx::raw_sql(REFUSE_THE_BAD).execute(&mut connection).await.unwrap();
    let names = (0..20).map(|n| if n == BAD { "bad".to_owned() } else { format!("agent-{n}") });
    let calls = names.map(|name| log.append(vec![sample(&name, 0)]));
    let outcomes = join_all(calls).await;
    let refused = |n: &usize| matches!(outcomes[*n], Err(LogError::Store { .. }));
    assert_eq!((0..20).filter(refused).collect::<Vec<_>>(), [BAD], "{outcomes:?}");
    let stored = outcomes.into_iter().filter_map(Result::ok).flat_map(|appended| appended.outcomes);
    let expected = (1..=19).map(|seq| Outcome::Accepted { partition: Partition(0), seq });
    assert_eq!(stored.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    assert!(log.append(vec![sample("bad", 0)]).await.is_err(), "it is bad by itself");
}

const REFUSE_THE_BAD: &str = "
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON subjects FOR EACH ROW WHEN (NEW.name = 'bad') EXECUTE FUNCTION refuse()";
