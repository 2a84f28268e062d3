//! PostgreSQL and Redis, and what they say of themselves.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use sqlx::{Connection as _, PgConnection};
use test_support::{Postgres, RedisServer};

use crate::Bench;
use crate::process::Process;

/// Of the log: all sections work with so many.
pub(crate) const PARTITIONS: u16 = 4;
/// The one setting that is not a default: that of 128 MB is for a machine that does much else.
const MEMORY: &str = "shared_buffers=512MB";

/// Servers of their own with a database that holds an empty log.
pub(crate) struct Servers {
    pub(crate) postgres: Postgres,
    pub(crate) redis: RedisServer,
    /// Its address.
    pub(crate) database: String,
}

impl Servers {
    /// Starts them, and makes the tables: over TimescaleDB if `with_timescale`.
    pub(crate) async fn start(bench: &Bench, with_timescale: bool) -> anyhow::Result<Self> {
        let postgres = Postgres::start_with(&[MEMORY]).await?;
        let database = postgres.create_database().await?;
        let servers = Self { postgres, redis: RedisServer::start().await?, database };
        if with_timescale {
            sqlx::raw_sql("CREATE EXTENSION timescaledb").execute(&mut servers.connect().await?).await?;
        }
        let mut migrate = Command::new(&bench.iskra);
        migrate.args(["migrate", "--set", &format!("storage.url={}", servers.database), "--set", "log.filter=warn"]);
        let migrate = migrate.current_dir(bench.folder.path()).env_remove("ISKRA_CONFIG").stdout(Stdio::null());
        anyhow::ensure!(migrate.status()?.success(), "`iskra migrate` has failed");
        Ok(servers)
    }

    /// What a service needs to work with them.
    pub(crate) fn settings(&self) -> Vec<String> {
        vec![
            format!("storage.url={}", self.database),
            format!("storage.partitions={PARTITIONS}"),
            "storage.migrate=false".to_owned(),
            format!("bus.redis={}", self.redis.url()),
            "host_probe.enabled=false".to_owned(),
            "log.filter=warn".to_owned(),
        ]
    }

    /// A connection to the database.
    pub(crate) async fn connect(&self) -> anyhow::Result<PgConnection> {
        PgConnection::connect(&self.database).await.context("connecting to PostgreSQL")
    }

    /// CPU time that all processes of PostgreSQL have used.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        let id = self.postgres.process_id().context("it was started here")?;
        Process { id }.cpu_of_family()
    }

    /// How many samples are stored.
    pub(crate) async fn stored(&self) -> anyhow::Result<u64> {
        let count: i64 =
            sqlx::query_scalar("SELECT count(*) FROM samples").fetch_one(&mut self.connect().await?).await?;
        Ok(count.cast_unsigned())
    }

    /// Bytes that were ever written to the write-ahead log.
    pub(crate) async fn wal_bytes(&self) -> anyhow::Result<u64> {
        let bytes = sqlx::query_scalar::<_, i64>("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
        Ok(bytes.fetch_one(&mut self.connect().await?).await?.cast_unsigned())
    }

    /// For people: versions, and what durability and speed rest on.
    pub(crate) async fn describe(&self) -> anyhow::Result<String> {
        let mut connection = self.connect().await?;
        let mut texts = Vec::new();
        for name in ["server_version", "synchronous_commit", "fsync", "shared_buffers", "data_directory"] {
            let setting = sqlx::query_scalar::<_, String>("SELECT current_setting($1)").bind(name);
            texts.push(setting.fetch_one(&mut connection).await?);
        }
        let [version, commit, fsync, memory, data] = &texts[..] else { anyhow::bail!("five were asked for") };
        let disk = file_system(Path::new(data))?;
        Ok(format!(
            "PostgreSQL {version}: synchronous_commit {commit}, fsync {fsync}, shared_buffers {memory}, data on {disk}; \
            Redis {}; {PARTITIONS} partitions; all processes on this machine",
            self.redis_version().await?
        ))
    }

    async fn redis_version(&self) -> anyhow::Result<String> {
        let told = self.redis.ask("INFO server").await?;
        let version = told.lines().find_map(|line| line.strip_prefix("redis_version:"));
        Ok(version.context("Redis tells its version")?.trim().to_owned())
    }
}

/// The kind of file system that a folder lies on: one in memory would make every figure void.
fn file_system(folder: &Path) -> anyhow::Result<String> {
    let mounts = std::fs::read_to_string("/proc/mounts")?;
    let mounts = mounts.lines().map(|line| line.split(' ').skip(1));
    let mounts = mounts.filter_map(|mut words| Some((words.next()?, words.next()?)));
    let holding = mounts.filter(|(mount, _)| folder.starts_with(mount));
    let (_, kind) = holding.max_by_key(|(mount, _)| mount.len()).context("every folder is mounted somewhere")?;
    anyhow::ensure!(kind != "tmpfs", "{} lies in memory: set TMPDIR to a folder on a disk", folder.display());
    Ok(kind.to_owned())
}
