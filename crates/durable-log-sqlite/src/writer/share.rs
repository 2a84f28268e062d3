use std::time::Duration;

use durable_log::{Clock, Member, Partition, divide};
use log_writer::{Failure, json};
use sqlx::{Row, SqliteConnection};

use crate::read::time;

/// Says that `me` lives for another `ttl`, and answers which partitions it has now.
pub(super) async fn share(
    connection: &mut SqliteConnection,
    clock: &Clock,
    me: Member,
    ttl: Duration,
) -> Result<Vec<Partition>, Failure> {
    share_all(connection, clock, me, ttl).await.map_err(Failure::before_commit("sharing the partitions"))
}

async fn share_all(
    connection: &mut SqliteConnection,
    clock: &Clock,
    me: Member,
    ttl: Duration,
) -> sqlx::Result<Vec<Partition>> {
    // Not behind what others have recorded, whatever the clock of this process says: else their time never comes.
    let recorded = sqlx::query("SELECT max(recorded) AS recorded FROM heads").fetch_one(&mut *connection).await?;
    let now = clock.not_before(time(&recorded, "recorded")?);
    let id = me.0.cast_signed();
    sqlx::query(DELETE_DEAD_MEMBERS).bind(now.as_micros()).execute(&mut *connection).await?;
    sqlx::query(UPSERT_MEMBER).bind(id).bind(now.plus(ttl).as_micros()).execute(&mut *connection).await?;
    let members: Vec<i64> = sqlx::query_scalar("SELECT member FROM members").fetch_all(&mut *connection).await?;
    let living: Vec<_> = members.into_iter().map(|member| Member(member.cast_unsigned())).collect();
    let holders = holders(connection).await?;
    let mine = divide(me, &living, &holders);
    let before = (0..).map(Partition).zip(&holders).filter(|(_, holder)| **holder == Some(me)).map(|(mine, _)| mine);
    if !mine.iter().copied().eq(before) {
        sqlx::query(DELETE_SHARES).bind(id).execute(&mut *connection).await?;
        let numbers: Vec<u16> = mine.iter().map(|partition| partition.0).collect();
        sqlx::query(UPSERT_SHARES).bind(json(&numbers)).bind(id).execute(connection).await?;
    }
    Ok(mine)
}

/// Who holds each partition; nobody does when its member does not live any more.
async fn holders(connection: &mut SqliteConnection) -> sqlx::Result<Vec<Option<Member>>> {
    let rows = sqlx::query(SELECT_HOLDERS).fetch_all(connection).await?;
    let holder = |row| Ok(Row::try_get::<Option<i64>, _>(row, 0)?.map(|member| Member(member.cast_unsigned())));
    rows.iter().map(holder).collect()
}

/// Forgets the member; what it held is free.
pub(super) async fn leave(connection: &mut SqliteConnection, me: Member) -> Result<(), Failure> {
    for delete in ["DELETE FROM members WHERE member = ?", DELETE_SHARES] {
        let deleted = sqlx::query(delete).bind(me.0.cast_signed()).execute(&mut *connection).await;
        deleted.map_err(Failure::before_commit("leaving"))?;
    }
    Ok(())
}

const DELETE_DEAD_MEMBERS: &str = "DELETE FROM members WHERE until <= ?";

const UPSERT_MEMBER: &str = "
    INSERT INTO members (member, until) VALUES (?, ?)
    ON CONFLICT (member) DO UPDATE SET until = excluded.until";

const SELECT_HOLDERS: &str = "
    SELECT members.member FROM heads
    LEFT JOIN shares USING (partition) LEFT JOIN members USING (member)
    ORDER BY partition";

const DELETE_SHARES: &str = "DELETE FROM shares WHERE member = ?";

const UPSERT_SHARES: &str = "
    INSERT INTO shares (partition, member) SELECT value, ?2 FROM json_each(?1) WHERE true
    ON CONFLICT (partition) DO UPDATE SET member = excluded.member";
