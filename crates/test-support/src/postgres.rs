mod database;
mod installation;
mod server;

use anyhow::Context as _;
pub use database::Database;
use server::Server;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// The superuser's address of a server that all test processes share.
pub const SHARED_POSTGRES: &str = "ISKRA_TEST_POSTGRES";

static SHARED: OnceCell<Postgres> = OnceCell::const_new();

/// A PostgreSQL server with its defaults for durability; one that was started here is killed when dropped, and when
/// this process ends in whatever way.
pub struct Postgres {
    url: String,
    /// None: it is somebody else's, and only lent.
    server: Option<Server>,
}

impl Postgres {
    /// Starts a server of its own on a free port, and waits until it answers.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_with(&[]).await
    }

    /// The same with further settings, such as `["shared_buffers=512MB"]`.
    pub async fn start_with(settings: &[&str]) -> anyhow::Result<Self> {
        let server = Server::start(settings).await?;
        Ok(Self { url: server.url(), server: Some(server) })
    }

    /// The server that all tests share: the one at [`SHARED_POSTGRES`], else one that this process starts at the first
    /// call. Nobody stops it, so that every test may count on it.
    pub async fn shared() -> anyhow::Result<&'static Self> {
        SHARED
            .get_or_try_init(async || match std::env::var(SHARED_POSTGRES) {
                Ok(url) => Ok(Self { url, server: None }),
                Err(_) => Self::start().await,
            })
            .await
    }

    /// An empty database of the server that all tests share, which goes with the test.
    pub async fn shared_database() -> anyhow::Result<Database> {
        let server = Self::shared().await?;
        Ok(Database::new(&server.url, server.create_database().await?))
    }

    /// The address of the superuser's database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its first process, whose children are all others; none when the server is somebody else's.
    pub fn process_id(&self) -> Option<u32> {
        self.server.as_ref().map(Server::process_id)
    }

    /// Makes an empty database with a name of its own; its address.
    pub async fn create_database(&self) -> anyhow::Result<String> {
        let name = format!("test_{}", Uuid::new_v4().simple());
        let mut connection = self.connect().await?;
        // The name is made here, of letters and digits.
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
        connection.close().await?;
        let mut url: url::Url = self.url.parse().context("the server's address")?;
        url.set_path(&name);
        Ok(url.into())
    }

    /// Whether databases of this server can use TimescaleDB.
    pub async fn has_timescale(&self) -> anyhow::Result<bool> {
        let mut connection = self.connect().await?;
        let loaded = "SELECT current_setting('shared_preload_libraries') LIKE '%timescaledb%'";
        Ok(sqlx::query_scalar(loaded).fetch_one(&mut connection).await?)
    }

    /// Kills it as a power cut would, and waits until nothing of it runs any more.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.own().kill().await
    }

    /// Stops it as an administrator does ("fast"): transactions are rolled back, connections told and closed.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        self.own().stop().await
    }

    /// Starts it again on the same port over the same data, after [`Self::kill`] or [`Self::stop`] or from running.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        self.own().restart().await
    }

    /// Stops it and starts it as a replica of nobody: what it answers stays as it was.
    pub async fn demote(&mut self) -> anyhow::Result<()> {
        self.own().demote().await
    }

    /// Stops every process of it in the midst of what it does: it still holds its connections and answers nothing.
    pub fn pause(&mut self) -> anyhow::Result<()> {
        self.own().pause()
    }

    /// Lets a paused one go on.
    pub fn resume(&mut self) -> anyhow::Result<()> {
        self.own().resume()
    }

    async fn connect(&self) -> anyhow::Result<PgConnection> {
        PgConnection::connect(&self.url).await.with_context(|| format!("cannot connect to {}", self.url))
    }

    fn own(&mut self) -> &mut Server {
        self.server.as_mut().expect("a lent server is never mutable: `shared` gives it away for reading")
    }
}

#[cfg(test)]
mod tests;
