use sqlx::{Connection, PgConnection};

use crate::OpenError;
use crate::connect::Server;

/// Gives the log in the database at `url` another epoch, so that positions of the one before are void: for a log that
/// was restored from a backup, whose numbers mean other entries than those that readers have seen. Refused while
/// somebody has the log open, who would go on under the old epoch.
pub async fn new_epoch(url: &str) -> Result<(), OpenError> {
    let server = Server::new(url)?;
    let mut connection = server.keeper().await.map_err(server.failed("connecting"))?;
    let done = draw(&server, &mut connection).await;
    drop(connection.close().await);
    done
}

async fn draw(server: &Server, connection: &mut PgConnection) -> Result<(), OpenError> {
    let unfit = |what: String| OpenError::Unfit { server: server.name.clone(), what };
    let others: i64 = sqlx::query_scalar(OTHERS)
        .fetch_one(&mut *connection)
        .await
        .map_err(server.failed("looking who has it open"))?;
    if others > 0 {
        return Err(unfit(format!("services hold {others} connections to it: stop them first")));
    }
    let drawn = uuid::Uuid::new_v4().as_u64_pair().1.cast_signed();
    let updated = sqlx::query("UPDATE meta SET value = $1 WHERE key = 'epoch'")
        .bind(drawn)
        .execute(connection)
        .await
        .map_err(server.failed("writing its epoch"))?;
    match updated.rows_affected() {
        1 => Ok(()),
        _ => Err(unfit("no service has ever opened it".to_owned())),
    }
}

/// Connections of services: they all give this name.
const OTHERS: &str = "
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'iskra' AND pid <> pg_backend_pid()";
