//! Members of the log divide its partitions, one at a time.

use std::sync::Arc;
use std::time::Duration;

use durable_log::{Clock, LogError, Member, Partition, divide};
use sqlx::{Connection, PgConnection, Row};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::connect::in_time;
use crate::error::reading;
use crate::moment::Moment;
use crate::open::Shared;
use crate::read::time;

/// Where members call. It has a connection of its own, so that whoever is alive can say so however much is written.
pub(crate) struct Shares {
    shared: Arc<Shared>,
    closing: CancellationToken,
    /// None before the first call and after a failure or a call that was given up.
    connection: Mutex<Option<PgConnection>>,
}

impl Shares {
    pub(crate) fn new(shared: Arc<Shared>, closing: CancellationToken) -> Self {
        Self { shared, closing, connection: Mutex::new(None) }
    }

    /// Says that `me` lives for another `ttl`, and answers which partitions it has now.
    pub(crate) async fn share(&self, me: Member, ttl: Duration) -> Result<Vec<Partition>, LogError> {
        let work = async |connection: &mut PgConnection, clock: &Clock| share(connection, clock, me, ttl).await;
        self.alone(work).await.map_err(reading("sharing the partitions"))
    }

    /// Forgets the member; what it held is free.
    pub(crate) async fn leave(&self, me: Member) -> Result<(), LogError> {
        let work = async |connection: &mut PgConnection, _: &Clock| {
            sqlx::query("DELETE FROM members WHERE member = $1").bind(id(me)).execute(&mut *connection).await?;
            sqlx::query(DELETE_SHARES).bind(id(me)).execute(connection).await.map(drop)
        };
        self.alone(work).await.map_err(reading("leaving"))
    }

    pub(crate) async fn close(&self) {
        if let Some(connection) = self.connection.lock().await.take() {
            drop(connection.close().await);
        }
    }

    /// Does `work` in a transaction beside which no other member does any.
    async fn alone<T>(&self, work: impl AsyncFnOnce(&mut PgConnection, &Clock) -> sqlx::Result<T>) -> sqlx::Result<T> {
        let mut place = self.connection.lock().await;
        if self.closing.is_cancelled() {
            return Err(sqlx::Error::PoolClosed);
        }
        let mut connection = match place.take() {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        let done = async {
            sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
            let row = sqlx::query(LOCK).fetch_one(&mut connection).await?;
            self.shared.hear(time(&row, "now")?, row.try_get("timeline")?);
            // Not behind what others have recorded: else they take this member for dead.
            self.shared.clock.not_before(time(&row, "recorded")?);
            let done = work(&mut connection, &self.shared.clock).await?;
            sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
            sqlx::Result::Ok(done)
        };
        let done = in_time(done).await?;
        *place = Some(connection);
        Ok(done)
    }

    /// A member that is stopped in the middle of a transaction must not keep others from saying that they live.
    async fn connect(&self) -> sqlx::Result<PgConnection> {
        let mut connection = self.shared.server.writer().await?;
        let limits = "SET idle_in_transaction_session_timeout = '500ms'; SET lock_timeout = '1s'";
        sqlx::raw_sql(limits).execute(&mut connection).await?;
        Ok(connection)
    }
}

async fn share(
    connection: &mut PgConnection,
    clock: &Clock,
    me: Member,
    ttl: Duration,
) -> sqlx::Result<Vec<Partition>> {
    let now = clock.now();
    sqlx::query(DELETE_DEAD_MEMBERS).bind(Moment(now)).execute(&mut *connection).await?;
    sqlx::query(UPSERT_MEMBER).bind(id(me)).bind(Moment(now.plus(ttl))).execute(&mut *connection).await?;
    let member = |id: i64| Member(id.cast_unsigned());
    let living: Vec<i64> = sqlx::query_scalar("SELECT member FROM members").fetch_all(&mut *connection).await?;
    let living: Vec<_> = living.into_iter().map(member).collect();
    let holders: Vec<Option<i64>> = sqlx::query_scalar(SELECT_HOLDERS).fetch_all(&mut *connection).await?;
    let holders: Vec<_> = holders.into_iter().map(|holder| holder.map(member)).collect();
    let mine = divide(me, &living, &holders);
    let before = (0..).map(Partition).zip(&holders).filter(|(_, holder)| **holder == Some(me)).map(|(mine, _)| mine);
    if !mine.iter().copied().eq(before) {
        sqlx::query(DELETE_SHARES).bind(id(me)).execute(&mut *connection).await?;
        let numbers: Vec<i16> = mine.iter().map(|partition| partition.0.cast_signed()).collect();
        sqlx::query(UPSERT_SHARES).bind(numbers).bind(id(me)).execute(connection).await?;
    }
    Ok(mine)
}

const fn id(member: Member) -> i64 {
    member.0.cast_signed()
}

/// One row that all members lock, until their commit.
const LOCK: &str = "
    SELECT clock_timestamp() AS now, (SELECT max(recorded) FROM heads) AS recorded, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS timeline
    FROM meta WHERE key = 'partitions' FOR UPDATE";

const DELETE_DEAD_MEMBERS: &str = "DELETE FROM members WHERE until <= $1";

const UPSERT_MEMBER: &str = "
    INSERT INTO members (member, until) VALUES ($1, $2) ON CONFLICT (member) DO UPDATE SET until = excluded.until";

const SELECT_HOLDERS: &str = "
    SELECT members.member FROM heads
    LEFT JOIN shares USING (partition) LEFT JOIN members USING (member)
    ORDER BY partition";

const DELETE_SHARES: &str = "DELETE FROM shares WHERE member = $1";

const UPSERT_SHARES: &str = "
    INSERT INTO shares (partition, member) SELECT unnest($1::smallint[]), $2
    ON CONFLICT (partition) DO UPDATE SET member = excluded.member";
