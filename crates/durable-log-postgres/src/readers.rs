use durable_log::LogError;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, Postgres};
use sqlx::{Connection, PgConnection, PgPool};

use crate::connect::{PATIENCE, PING, READING, Server, within};
use crate::error::reading;

/// The connections for reading.
pub(crate) struct Readers(PgPool);

impl Readers {
    pub(crate) fn new(server: &Server, most: u32) -> Self {
        Self::with(server.reading(), most)
    }

    /// The same over connections that are opened otherwise.
    pub(crate) fn with(options: PgConnectOptions, most: u32) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(most.max(1))
            .acquire_timeout(PATIENCE)
            // One that waited is tried first, but not for so long that the others of a dead server could not be.
            .test_before_acquire(false)
            .before_acquire(|connection, _| {
                Box::pin(async move { within(PING, connection.ping()).await.map(|()| true) })
            })
            .connect_lazy_with(options);
        Self(pool)
    }

    /// Lends a connection to `work`, for as long as a read may take.
    pub(crate) async fn read<T>(
        &self,
        doing: &'static str,
        work: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>,
    ) -> Result<T, LogError> {
        let read = async {
            let mut lent = Lent(Some(self.0.acquire().await?));
            let connection = lent.0.as_mut().expect("it is only taken below");
            let done = within(READING, work(connection)).await?;
            lent.0 = None;
            Ok(done)
        };
        read.await.map_err(reading(doing))
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }
}

/// A connection that goes back only when its work is done. One that was given up in the middle is cut: the pool would
/// wait for what it was asked, and that may never come.
struct Lent(Option<PoolConnection<Postgres>>);

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}
