//! Everything together, on free ports.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use bus_local::SilentBus;
use durable_log::Log as _;
use durable_log_postgres::{PostgresLog, PostgresOptions};
use reqwest::Client;
use rules::Rules;
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection, SqlSafeStr};
use tempfile::TempDir;
use test_support::{Alertmanager, Notified, Postgres, RedisServer, WebhookReceiver, free_port, use_tls};

use super::ledger::{Book, Load};
use super::service::Service;
use super::watcher::{Return, Watched, Watcher};
use super::wire::Wire;
use super::{Audit, careless, pages};
use crate::suite::{PATIENCE, becomes_good, eventually};
use crate::viewer::Way;

/// Of the log: each engine of two gets two.
pub(crate) const PARTITIONS: u16 = 4;

/// How many of each, and what else is set.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) pulses: usize,
    pub(crate) engines: usize,
    pub(crate) settings: &'static [(&'static str, &'static str)],
    /// Whether a pager that tells everything once stands beside the one that does its best.
    pub(crate) careless_pager: bool,
}

/// The running suite with its servers, its producers and its viewers; all of it ends when dropped.
pub(crate) struct Production {
    pub(crate) pulses: Vec<Service>,
    pub(crate) engines: Vec<Service>,
    /// From each pulse to the database, and from each engine.
    pub(crate) pulse_wires: Vec<Wire>,
    pub(crate) engine_wires: Vec<Wire>,
    pub(crate) seams: Service,
    pub(crate) voices: Service,
    /// Whatever else a test has started.
    pub(crate) more: Vec<Service>,
    /// Where samples may be sent.
    pub(crate) doors: Vec<String>,
    pub(crate) postgres: Postgres,
    pub(crate) redis: RedisServer,
    pub(crate) alertmanager: Alertmanager,
    pub(crate) receiver: WebhookReceiver,
    pub(crate) client: Client,
    pub(crate) book: Book,
    pub(crate) watchers: Vec<(String, Watcher)>,
    /// Whoever begins anew after a lost connection: the proof that the others do not.
    pub(crate) forgetful: Option<Watcher>,
    audit: Audit,
    /// What the first watcher had seen when everything was everywhere: an alert may end in any moment after it.
    whole: Watched,
    database: String,
    settings: Vec<(String, String)>,
    hurt: usize,
    folder: TempDir,
    _alone: File,
}

impl Production {
    pub(crate) async fn start(plan: Plan) -> Self {
        use_tls();
        let alone = alone();
        let folder = tempfile::tempdir().unwrap();
        let receiver = WebhookReceiver::start().await.unwrap();
        // One that it finds free again when it comes back.
        let address = format!("127.0.0.1:{}", free_port().unwrap());
        let (postgres, redis, alertmanager) =
            tokio::join!(Postgres::start(), RedisServer::start(), Alertmanager::start_at(&address, receiver.url()));
        let (postgres, redis, alertmanager) = (postgres.unwrap(), redis.unwrap(), alertmanager.unwrap());
        let database = postgres.create_database().await.unwrap();
        if postgres.has_timescale().await.unwrap() {
            let mut connection = PgConnection::connect(&database).await.unwrap();
            sqlx::raw_sql("CREATE EXTENSION timescaledb").execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
        let client = Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let mut alertmanagers = alertmanager.url();
        if plan.careless_pager {
            alertmanagers = format!("{alertmanagers},{}", careless::once_pager(&client, &alertmanager.url()).await);
        }
        let (partitions, redis_url) = (PARTITIONS.to_string(), redis.url());
        let settings = [
            ("storage.partitions", partitions.as_str()),
            ("bus.redis", &redis_url),
            ("alertmanager.urls", &alertmanagers),
            // Long enough for the longest outage here, short enough to be seen.
            ("alertmanager.resend", "5s"),
            ("alertmanager.timeout", "2s"),
            ("host_probe.enabled", "false"),
            ("log.format", "json"),
        ];
        let text = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
        let settings: Vec<_> = settings.into_iter().chain(plan.settings.iter().copied()).map(text).collect();
        let over = |database: &str, service: &str, name: &str| {
            let settings = [&settings[..], &[text(("storage.url", database))]].concat();
            Service::start(&client, folder.path(), service, name, &settings)
        };
        let wired = async |service: &str, count: usize| {
            let (mut services, mut wires) = (Vec::new(), Vec::new());
            for number in 1..=count {
                let wire = Wire::to(&database).await;
                services.push(over(wire.url(), service, &format!("{service}-{number}")));
                wires.push(wire);
            }
            (services, wires)
        };
        let (pulses, pulse_wires) = wired("pulse", plan.pulses).await;
        let (engines, engine_wires) = wired("slo-engine", plan.engines).await;
        let [seams, voices] = ["seams", "voices"].map(|service| over(&database, service, service));
        let mut production = Self {
            audit: Audit::new(PARTITIONS, &Arc::new(Rules::built_in())),
            whole: Watched::default(),
            watchers: Vec::new(),
            forgetful: None,
            book: Book::default(),
            hurt: 0,
            folder,
            more: Vec::new(),
            doors: pulses.iter().map(|pulse| pulse.url.clone()).collect(),
            settings,
            _alone: alone,
            pulses,
            engines,
            pulse_wires,
            engine_wires,
            seams,
            voices,
            postgres,
            redis,
            alertmanager,
            receiver,
            client,
            database,
        };
        for service in production.services() {
            service.ready().await;
        }
        let dashboards = [&production.pulses[0], &production.seams, &production.voices];
        let dashboards = dashboards.map(|service| (service.name.clone(), Way::to(&service.url)));
        let forgetful = dashboards[1].1.clone();
        production.watch(dashboards.into(), forgetful).await;
        production
    }

    /// Watches these dashboards instead of those that were watched before, when nothing has been sent yet.
    pub(crate) async fn watch(&mut self, dashboards: Vec<(String, Way)>, forgetful: Way) {
        self.watchers.clear();
        for (name, way) in dashboards {
            self.watchers.push((name, Watcher::start(way, Return::Resuming).await));
        }
        self.forgetful = Some(Watcher::start(forgetful, Return::Forgetful).await);
    }

    /// Starts one more service over the same database, and waits until it is ready.
    pub(crate) async fn add(&mut self, service: &str, name: &str) {
        let database = [("storage.url".to_owned(), self.database.clone())];
        let settings = [&self.settings[..], &database].concat();
        let started = Service::start(&self.client, self.folder.path(), service, name, &settings);
        started.ready().await;
        self.more.push(started);
    }

    pub(crate) fn services(&self) -> impl Iterator<Item = &Service> {
        self.pulses.iter().chain(&self.engines).chain([&self.seams, &self.voices]).chain(&self.more)
    }

    /// Begins to send samples.
    pub(crate) fn load(&self) -> Load {
        Load::start(&self.book, &self.client, &self.doors)
    }

    /// Stores a critical sample of a subject of its own, and answers who it is.
    pub(crate) async fn hurt(&mut self) -> String {
        self.hurt += 1;
        let subject = format!("hurt-{}", self.hurt);
        self.feel(&subject, 0.95).await;
        subject
    }

    /// Stores a sample of `subject` with this pain.
    pub(crate) async fn feel(&self, subject: &str, pain: f64) {
        let body = [Self::sample(subject, pain)];
        let delivered = self.book.deliver(&self.client, &self.doors, self.hurt, &body);
        tokio::time::timeout(PATIENCE, delivered).await.expect("a sample is taken in the end");
    }

    /// A sample of `subject`, of now, with this pain.
    pub(crate) fn sample(subject: &str, pain: f64) -> Value {
        let at = domain::Timestamp::from(std::time::SystemTime::now()).to_string();
        json!({"subject": subject, "at": at, "pain": pain})
    }

    /// Waits until people are told of `subject`.
    pub(crate) async fn paged(&self, subject: &str, status: &str) {
        let is_it = |page: &Notified| {
            page.is("PainCriticalHigh", status) && page.labels["subject"] == *subject && !careless::told_it(page)
        };
        self.receiver.wait_for(is_it).await.unwrap_or_else(|error| panic!("{subject}: {error:#}"));
    }

    /// What people were told by the pager that does its best.
    pub(crate) fn notified(&self) -> Vec<Notified> {
        self.receiver.notified().into_iter().filter(|page| !careless::told_it(page)).collect()
    }

    /// What people were told by the one that tells everything once.
    pub(crate) fn carelessly_notified(&self) -> Vec<Notified> {
        self.receiver.notified().into_iter().filter(careless::told_it).collect()
    }

    /// How long it takes until everything works: a sample is taken, judged and paged. Then the pain is let go, so that
    /// there is an end to be told as well.
    pub(crate) async fn works_again(&mut self, what: &str) -> Duration {
        let start = Instant::now();
        let subject = self.hurt().await;
        let taken = start.elapsed();
        self.paged(&subject, "firing").await;
        let paged = start.elapsed();
        println!("{what}: samples taken after {taken:?}, people paged after {paged:?}");
        self.feel(&subject, 0.3).await;
        paged
    }

    /// Reads the log on while samples stream in: whatever was acknowledged by now is there, unaltered, and every
    /// conclusion is right.
    pub(crate) async fn check(&mut self, what: &str) {
        let ledger = self.book.ledger();
        self.read_on().await.unwrap_or_else(|error| panic!("{what}: {error:#}"));
        self.audit.holds(&ledger).unwrap_or_else(|error| panic!("{what}: {error:#}"));
    }

    /// Reads the log on to where it ends now: an error is something that must not be.
    pub(crate) async fn read_on(&mut self) -> anyhow::Result<()> {
        let log = self.log().await;
        let read = self.audit.read(&*log).await;
        log.close().await;
        read
    }

    /// The same at the end, when nobody sends any more: now nothing is missing anywhere, and nobody was told too much.
    pub(crate) async fn check_all(&mut self) {
        let log = self.log().await;
        becomes_good("everything is everywhere", async || {
            // What it finds is final: this does not get better.
            self.audit.read_to_the_end(&*log).await.unwrap();
            let ledger = self.book.ledger();
            self.audit.holds(&ledger)?;
            self.audit.invents_nothing(&ledger)?;
            for (place, (name, watcher)) in self.watchers.iter().enumerate() {
                let watched = watcher.watched();
                watched.is_whole(self.audit.stored(), self.audit.alerts()).context(name.clone())?;
                if place == 0 {
                    self.whole = watched;
                }
            }
            pages::are_right(self.audit.alerts(), &self.notified())
        })
        .await;
        log.close().await;
        println!("the audit has read {}", self.audit.summary());
    }

    /// What the audit has found so far.
    pub(crate) const fn audit(&self) -> &Audit {
        &self.audit
    }

    /// What the first watcher had seen when that was so.
    pub(crate) const fn whole(&self) -> &Watched {
        &self.whole
    }

    /// Does something to the database that no service does.
    pub(crate) async fn meddle(&self, sql: impl SqlSafeStr) {
        let mut connection = PgConnection::connect(&self.database).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The tables that the migrations have made.
    pub(crate) async fn tables(&self) -> Vec<String> {
        let mut connection = PgConnection::connect(&self.database).await.unwrap();
        let tables = "SELECT relname::text FROM pg_class \
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname !~ '^_sqlx'";
        let tables = sqlx::query_scalar(tables).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        tables
    }

    /// The log, as any reader sees it.
    pub(crate) async fn log(&self) -> Arc<PostgresLog> {
        let options = PostgresOptions::new(&self.database, PARTITIONS, Arc::new(SilentBus));
        eventually("the log can be read", async || PostgresLog::open(options.clone()).await.ok()).await
    }
}

/// One suite at a time: several would find the machine exhausted, which is not what is tested. Not every program that
/// runs tests can be told so; others wait here.
fn alone() -> File {
    let file = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("production.lock")).unwrap();
    tokio::task::block_in_place(|| file.lock()).unwrap();
    file
}
