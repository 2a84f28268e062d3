use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use durable_log::Log;
use prometheus::Registry;
use rules::{Rules, Webhook};
use settings::Secrets;
use tokio::sync::Semaphore;

use crate::bag::Bag;
use crate::door::Door;
use crate::fault::Fault;
use crate::message::Message;
use crate::metrics::Metrics;
use crate::secrets::{self, Key};

/// Most actions that are on their way at once: what a crowd of failing webhooks may cost us.
const ON_THEIR_WAY: usize = 256;

/// How long webhooks are tried.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long one may take to answer.
    pub timeout: Duration,
    /// The longest wait before the second attempt; it doubles with each.
    pub first_wait: Duration,
    /// The longest wait between two attempts, unless a webhook asks for more.
    pub longest_wait: Duration,
    /// The longest wait that a webhook may ask for.
    pub longest_asked: Duration,
    /// The age at which an action is given up: nobody should act on what is long past.
    pub give_up: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(60),
            longest_asked: Duration::from_secs(600),
            give_up: Duration::from_secs(3_600),
        }
    }
}

/// Tells webhooks of actions. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Courier {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) patience: Patience,
    pub(crate) places: Arc<Semaphore>,
    pub(crate) metrics: Metrics,
    rules: Arc<dyn Fn() -> Arc<Rules> + Send + Sync>,
    secrets: Secrets,
    client: reqwest::Client,
    doors: Arc<Mutex<HashMap<String, Arc<Door>>>>,
}

/// Why there is no courier.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// Another courier uses the registry.
    #[error("the courier's metrics cannot be registered")]
    Metrics(#[from] prometheus::Error),
    /// The HTTP client cannot be made.
    #[error("the courier's HTTP client cannot be made")]
    Client(#[from] reqwest::Error),
}

impl Courier {
    /// A courier that has nothing to bring. Before each attempt it asks for the `rules` in force. The process must have a
    /// TLS provider (`rustls`) by now.
    pub fn new(
        log: Arc<dyn Log>,
        rules: impl Fn() -> Arc<Rules> + Send + Sync + 'static,
        secrets: Secrets,
        patience: Patience,
        registry: &Registry,
    ) -> Result<Self, CourierError> {
        // A redirect would carry the action to an address that nobody has approved of. Proxies of the environment are
        // used: where services may not reach the outside by themselves, they are the way there.
        let client = reqwest::Client::builder()
            .timeout(patience.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("iskra/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            log,
            patience,
            places: Arc::new(Semaphore::new(ON_THEIR_WAY)),
            metrics: Metrics::new(registry)?,
            rules: Arc::new(rules),
            secrets,
            client,
            doors: Arc::default(),
        })
    }

    /// An empty bag, for the actions of one partition.
    pub fn bag(&self) -> Bag {
        Bag::new(self.clone())
    }

    pub(crate) fn rules(&self) -> Arc<Rules> {
        (self.rules)()
    }

    /// The one door of a webhook, for all who stand before it.
    pub(crate) fn door(&self, url: &str) -> Arc<Door> {
        let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(door) = doors.get(url) {
            return door.clone();
        }
        // Those where nobody stands are forgotten, so that only webhooks in use are remembered.
        doors.retain(|_, door| Arc::strong_count(door) > 1);
        doors.entry(url.to_owned()).or_insert_with(|| Arc::new(Door::new(url))).clone()
    }

    /// The keys of this name. They may stand in a file, and a file may be slow: other errands go on meanwhile.
    async fn keys(&self, name: &str) -> Result<Vec<Key>, Fault> {
        let (secrets, name) = (self.secrets.clone(), name.to_owned());
        let keys = tokio::task::spawn_blocking(move || secrets::keys(&secrets, &name)).await;
        keys.expect("reading keys does not panic").map_err(|error| Fault::passing(&error))
    }

    /// Tries once.
    pub(crate) async fn post(&self, webhook: &Webhook, message: &Message) -> Result<(), Fault> {
        let keys = self.keys(&webhook.secret).await?;
        let now = self.log.now();
        let timer = self.metrics.seconds.start_timer();
        let answer = message.sign(self.client.post(&webhook.url), &keys, now).send().await;
        timer.observe_duration();
        match answer {
            Ok(response) => Fault::of(response.status(), response.headers(), now).map_or(Ok(()), Err),
            Err(error) if error.is_builder() => Err(Fault::lasting(&error.without_url())),
            Err(error) => Err(Fault::passing(&error.without_url())),
        }
    }
}
