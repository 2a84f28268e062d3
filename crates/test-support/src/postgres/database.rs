use std::ops::Deref;

use anyhow::Context as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// A database by its address; it is dropped with this, whoever is still connected to it.
pub struct Database {
    server: String,
    url: String,
}

impl Database {
    pub(super) fn new(server: &str, url: String) -> Self {
        Self { server: server.to_owned(), url }
    }
}

impl Deref for Database {
    type Target = str;

    fn deref(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, url) = (self.server.clone(), self.url.clone());
        // The test's own runtime cannot wait here. That the server went first is as good.
        let dropped = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(drop_database(&server, &url))
        });
        drop(dropped.join());
    }
}

async fn drop_database(server: &str, url: &str) -> anyhow::Result<()> {
    let (_, name) = url.rsplit_once('/').context("an address ends with the database")?;
    let mut connection = PgConnection::connect(server).await?;
    // The name was made here, of letters and digits.
    sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).execute(&mut connection).await?;
    Ok(connection.close().await?)
}
