use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use domain::{Action, Command, Delivery, Subject};
use durable_log::LogError;
use futures_util::future::join_all;
use rules::Webhook;
use tokio::time::{sleep, timeout};

use crate::courier::Courier;
use crate::door::Door;
use crate::fault::chain;
use crate::message::Message;

/// One action, to all who want it.
pub(crate) struct Errand {
    pub(crate) courier: Courier,
    pub(crate) subject: Subject,
    pub(crate) action: Action,
}

/// How it ended with one webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Delivered,
    Failed,
    /// Other rules have come in force, which do not know it.
    NotWanted,
    /// Actions were switched off: not now.
    SwitchedOff,
}

impl Errand {
    /// Answers whether the log knows what became of the action; if not, it remains pending.
    pub(crate) async fn run(self) -> bool {
        match self.deliver().await {
            Some(delivery) => self.tell(delivery).await,
            None => false,
        }
    }

    /// All are tried to their end, also when one has failed.
    async fn deliver(&self) -> Option<Delivery> {
        let message = Message::new(&self.subject, &self.action);
        let rules = self.courier.rules();
        let wanting = rules.actions.webhooks.iter().filter(|webhook| self.is_wanted_by(webhook));
        let urls: BTreeSet<&str> = wanting.map(|webhook| webhook.url.as_str()).collect();
        let outcomes = join_all(urls.into_iter().map(|url| self.bring(url, &message))).await;
        if outcomes.contains(&Outcome::SwitchedOff) {
            return None;
        }
        let is_delivered = outcomes.contains(&Outcome::Delivered) && !outcomes.contains(&Outcome::Failed);
        Some(if is_delivered { Delivery::Delivered } else { Delivery::Failed })
    }

    /// Tries until one webhook has taken the action, or will not.
    async fn bring(&self, url: &str, message: &Message) -> Outcome {
        let Courier { patience, metrics, .. } = &self.courier;
        let door = self.courier.door(url);
        let mut longest = patience.first_wait;
        loop {
            let turn = door.turn().await;
            if self.age() >= patience.give_up {
                return self.fail(&door, "it is too long ago");
            }
            let rules = self.courier.rules();
            if !rules.actions.is_enabled {
                return Outcome::SwitchedOff;
            }
            let mut webhooks = rules.actions.webhooks.iter();
            let Some(webhook) = webhooks.find(|webhook| webhook.url == url && self.is_wanted_by(webhook)) else {
                return Outcome::NotWanted;
            };
            let answer = self.courier.post(webhook, message).await;
            drop(turn);
            door.note(answer.as_ref().err().map(|fault| fault.why.as_str()));
            let Err(fault) = answer else {
                metrics.delivered.inc();
                return Outcome::Delivered;
            };
            let wait = jittered(longest).max(fault.asked.unwrap_or_default().min(patience.longest_asked));
            longest = (longest * 2).min(patience.longest_wait);
            if fault.is_lasting || self.age() + wait >= patience.give_up {
                return self.fail(&door, &fault.why);
            }
            metrics.retried.inc();
            sleep(wait).await;
        }
    }

    fn is_wanted_by(&self, webhook: &Webhook) -> bool {
        webhook.actions.is_empty() || webhook.actions.contains(&self.action.action)
    }

    fn age(&self) -> Duration {
        self.courier.log.now().since(self.action.at)
    }

    fn fail(&self, door: &Door, why: &str) -> Outcome {
        let (Action { id, action, .. }, host) = (&self.action, &door.host);
        tracing::warn!(
            action.id = id, subject = %self.subject, host,
            "action `{action}` of `{}` is not delivered to the webhook at `{host}`: {why}", self.subject
        );
        self.courier.metrics.failed.inc();
        Outcome::Failed
    }

    /// Writes what became of it into the log, and answers whether it could.
    async fn tell(&self, delivery: Delivery) -> bool {
        let Courier { log, patience, .. } = &self.courier;
        let mut longest = patience.first_wait;
        loop {
            let command = Command::Deliver { action: self.action.id.clone(), delivery };
            match timeout(patience.timeout, log.append_command(self.subject.clone(), command)).await {
                Ok(Ok(_)) => return true,
                Ok(Err(LogError::Closed)) => return false,
                // To write it twice does no harm.
                Ok(Err(error)) => tracing::debug!("a delivery cannot be written yet: {}", chain(&error)),
                Err(_) => tracing::debug!("a delivery cannot be written yet: the log does not answer"),
            }
            sleep(jittered(longest)).await;
            longest = (longest * 2).min(patience.longest_wait);
        }
    }
}

/// A random wait up to `longest`, so that those who failed together do not come back together.
fn jittered(longest: Duration) -> Duration {
    // The standard library seeds each hasher anew: enough randomness for a wait.
    let random = u32::try_from(RandomState::new().hash_one(()) >> 32).expect("32 bits are left");
    longest.mul_f64(f64::from(random) / f64::from(u32::MAX))
}
