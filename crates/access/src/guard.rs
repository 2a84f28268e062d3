mod scribe;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use domain::Timestamp;
use serde::Deserialize;
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::scribe::Scribe;
use crate::failures::Failures;
use crate::rate::Rate;
use crate::table::{Held, Table};
use crate::{
    AccessStore, Act, ActFilter, Caller, Denied, Outcome, Presented, SESSION_LASTS, Secret, Session, StoreError,
};

/// How often tokens and sessions are read anew. With [`READING`] and a moment to close, a revocation holds within 5 s.
const READ_EVERY: Duration = Duration::from_secs(2);
/// How long the store may take to answer: after that the last known table goes on.
const READING: Duration = Duration::from_secs(2);
/// What is not in the table may be younger than it: it is read at once, but not more often than this, whoever asks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// Refusals that are written down, each second and at once: nobody shall fill the store by being refused.
const REFUSALS: (u32, u32) = (1, 60);

/// Whether anybody is asked who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Nobody is; only for a machine's own address.
    Open,
    /// Nobody is, though the network can reach it: somebody else stands in front.
    OpenToNetwork,
    /// Everybody is.
    Locked,
}

impl Mode {
    /// Its word, as the settings have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::OpenToNetwork => "open-to-network",
            Self::Locked => "locked",
        }
    }
}

/// Knows who may what. Cheap to clone.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    mode: Mode,
    per_second: NonZeroU32,
    store: Arc<dyn AccessStore>,
    /// The table in force.
    table: RwLock<Arc<Table>>,
    /// Changes whenever the table was read, or could not be: time may have ended something all the same.
    read: watch::Sender<()>,
    /// When the table was last read.
    looked: Arc<Mutex<Option<Instant>>>,
    failures: Failures,
    scribe: Scribe,
    refusals: Rate,
    closing: CancellationToken,
    tasks: TaskTracker,
}

impl Access {
    /// Reads the table, where it is needed, and keeps it up to date. Acts of the audit are kept for `retention`.
    pub async fn start(
        mode: Mode,
        per_second: NonZeroU32,
        retention: Duration,
        store: Arc<dyn AccessStore>,
    ) -> Result<Self, StoreError> {
        let access = Self::new(mode, per_second, retention, store);
        if access.is_locked() {
            access.look(Instant::now()).await?;
            access.0.tasks.spawn(access.clone().keep_reading());
        }
        Ok(access)
    }

    /// Asks nobody who they are, and writes down what they do.
    pub fn open(retention: Duration, store: Arc<dyn AccessStore>) -> Self {
        Self::new(Mode::Open, NonZeroU32::MAX, retention, store)
    }

    fn new(mode: Mode, per_second: NonZeroU32, retention: Duration, store: Arc<dyn AccessStore>) -> Self {
        let (closing, tasks) = (CancellationToken::new(), TaskTracker::new());
        let scribe = Scribe::start(store.clone(), retention, closing.clone(), &tasks);
        tasks.close();
        Self(Arc::new(Inner {
            mode,
            per_second,
            store,
            table: RwLock::default(),
            read: watch::Sender::new(()),
            looked: Arc::default(),
            failures: Failures::default(),
            scribe,
            refusals: Rate::new(REFUSALS.0, REFUSALS.1, Instant::now()),
            closing,
            tasks,
        }))
    }

    /// Whether everybody is asked who they are.
    pub fn is_locked(&self) -> bool {
        self.0.mode == Mode::Locked
    }

    /// Lets in whoever shows the text of a token, or says why not. A right one costs about a microsecond and is let in
    /// whatever others at its address do. A wrong one may be younger than the table, so the store is asked, unless the
    /// address has failed too often.
    pub async fn token(&self, text: &str, from: IpAddr) -> Result<Caller, Denied> {
        let asked = Instant::now();
        let Some(shown) = Presented::token(text) else { return Err(self.malformed(from)) };
        let mut found = self.find_token(&shown);
        if matches!(found, Err(Denied::Unknown)) {
            if let Some(wait) = self.0.failures.wait(from, asked) {
                return Err(Denied::TooManyFailures(wait));
            }
            self.look_or_tell(asked).await;
            found = self.find_token(&shown);
        }
        let held = found.map_err(|denied| self.failed(from, denied))?;
        self.let_in(held, None)
    }

    /// Somebody at this address has shown what is no credential at all.
    pub fn malformed(&self, from: IpAddr) -> Denied {
        self.failed(from, Denied::Malformed)
    }

    /// The same for the text of a session. One that is over is no attack: it does not count as a failed attempt.
    pub async fn session(&self, text: &str) -> Result<Caller, Denied> {
        let asked = Instant::now();
        let shown = Presented::session(text).ok_or(Denied::Malformed)?;
        let mut found = self.find_session(&shown);
        if matches!(found, Err(Denied::Unknown)) {
            // It may have begun a moment ago at another service.
            self.look_or_tell(asked).await;
            found = self.find_session(&shown);
        }
        let (held, session) = found?;
        self.let_in(held, Some(session))
    }

    /// The same for what is in the table, without a look at the store and without counting: for what asks for nothing.
    pub fn glance(&self, token: Option<&str>, session: Option<&str>) -> Caller {
        let by_token = token.and_then(Presented::token).and_then(|shown| self.find_token(&shown).ok());
        if let Some(held) = by_token {
            return Caller::known(held, None, self.clone());
        }
        let by_session = session.and_then(Presented::session).and_then(|shown| self.find_session(&shown).ok());
        by_session.map_or(Caller::stranger(), |(held, session)| Caller::known(held, Some(session), self.clone()))
    }

    /// Begins a session for whoever has shown a token. None if that was revoked meanwhile.
    pub async fn begin_session(&self, caller: &Caller) -> Result<Option<(Secret, Session)>, StoreError> {
        let Some(held) = caller.held() else { return Ok(None) };
        let (secret, now) = (Secret::of_session(), now());
        let longest = now.plus(SESSION_LASTS);
        let session = Session {
            id: secret.id.clone(),
            token: held.token.id.clone(),
            digest: secret.digest,
            created_at: now,
            expires_at: held.token.expires_at.map_or(longest, |end| end.min(longest)),
        };
        let is_kept = self.0.store.begin_session(session.clone()).await?;
        self.look_or_tell(Instant::now()).await;
        Ok(is_kept.then_some((secret, session)))
    }

    /// Ends a session; its sockets here are told at once.
    pub async fn end_session(&self, session: &Session) -> Result<(), StoreError> {
        self.0.store.end_session(&session.id).await?;
        self.look_or_tell(Instant::now()).await;
        Ok(())
    }

    /// Writes down what somebody did: in the log at once, in the store soon.
    /// Of what is refused, more than a few are left out.
    pub fn record(&self, act: Act) {
        if act.outcome != Outcome::Refused || self.0.refusals.allows(Instant::now()) {
            self.0.scribe.record(act);
        }
    }

    /// What was done, the latest first.
    pub async fn acts(&self, filter: ActFilter) -> Result<Vec<Act>, StoreError> {
        self.0.store.acts(filter).await
    }

    /// Writes what is queued for the audit, and closes the store.
    pub async fn close(&self) {
        self.0.closing.cancel();
        self.0.tasks.wait().await;
        self.0.store.close().await;
    }

    /// Waits until a token, or a session of it, is over. Cancel-safe.
    pub(crate) async fn until_over(&self, token: &str, session: Option<&str>) {
        let mut read = self.0.read.subscribe();
        while self.table().holds(token, session, now()).is_ok() {
            // The sender lives as long as `self`.
            if read.changed().await.is_err() {
                return;
            }
        }
    }

    fn table(&self) -> Arc<Table> {
        self.0.table.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn find_token(&self, shown: &Presented<'_>) -> Result<Arc<Held>, Denied> {
        self.table().token(shown, now()).cloned()
    }

    fn find_session(&self, shown: &Presented<'_>) -> Result<(Arc<Held>, Arc<Session>), Denied> {
        self.table().session(shown, now()).map(|(held, session)| (held.clone(), session.clone()))
    }

    fn let_in(&self, held: Arc<Held>, session: Option<Arc<Session>>) -> Result<Caller, Denied> {
        match held.rate.allows(Instant::now()) {
            true => Ok(Caller::known(held, session, self.clone())),
            false => Err(Denied::TooManyRequests),
        }
    }

    fn failed(&self, from: IpAddr, denied: Denied) -> Denied {
        let now = Instant::now();
        match self.0.failures.note(from, now) {
            true => denied,
            false => Denied::TooManyFailures(self.0.failures.wait(from, now).unwrap_or_default()),
        }
    }

    /// Reads the table for as long as the process lives.
    async fn keep_reading(self) {
        let mut ticks = interval(READ_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_away = false;
        loop {
            tokio::select! {
                biased;
                () = self.0.closing.cancelled() => return,
                _ = ticks.tick() => {}
            }
            let looked = self.look(Instant::now()).await;
            match &looked {
                Err(error) if !is_away => tracing::warn!(
                    "tokens cannot be read, the last known ones go on: {error}: {}",
                    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
                ),
                Ok(()) if is_away => tracing::info!("tokens are read again"),
                _ => {}
            }
            is_away = looked.is_err();
        }
    }

    async fn look_or_tell(&self, asked: Instant) {
        if let Err(error) = self.look(asked).await {
            tracing::debug!("tokens cannot be read: {error}");
        }
    }

    /// Reads the table, unless somebody has done so since `asked`. What was begun is brought to its end though the caller
    /// goes away: else those who come and go would ask the store more often than is good for it.
    async fn look(&self, asked: Instant) -> Result<(), StoreError> {
        let mut looked = self.0.looked.clone().lock_owned().await;
        if looked.is_some_and(|last| last > asked) {
            return Ok(());
        }
        let access = self.clone();
        let look = self.0.tasks.spawn(async move {
            if let Some(last) = *looked {
                sleep_until(last + BETWEEN_LOOKS).await;
            }
            *looked = Some(Instant::now());
            access.read().await
        });
        look.await.unwrap_or_else(|panic| Err(StoreError { doing: "reading tokens", source: panic.into() }))
    }

    async fn read(&self) -> Result<(), StoreError> {
        let late = || StoreError { doing: "reading tokens", source: "it does not answer".into() };
        let read = timeout(READING, self.0.store.credentials(now())).await.unwrap_or_else(|_| Err(late()));
        let read = read.map(|credentials| {
            let table = Table::new(credentials, self.0.per_second, &self.table(), Instant::now());
            *self.0.table.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(table);
        });
        // Also when nothing was read: time may have ended something.
        self.0.read.send_replace(());
        read
    }
}

/// The machine's clock: what it says may be a little off, the ends of tokens may be so too.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::default().plus(since)
}
