//! What people have silenced at the Alertmanagers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use regex::Regex;
use serde::Deserialize;
use tokio::time::MissedTickBehavior;
use url::Url;

use crate::payload::below;

/// The silences that are in force, as far as is known. Cheap to clone; all clones are one.
#[derive(Clone, Default)]
pub(crate) struct Silences(Arc<Mutex<Vec<Arc<Vec<Silence>>>>>);

/// One of them.
#[derive(Debug)]
pub(crate) struct Silence {
    pub(crate) from: Timestamp,
    matchers: Vec<Matcher>,
}

#[derive(Debug)]
struct Matcher {
    name: String,
    value: Value,
    is_equal: bool,
}

#[derive(Debug)]
enum Value {
    Text(String),
    Pattern(Regex),
    /// One that Alertmanager understands and we do not: it may be anything.
    Unknown,
}

/// As Alertmanager's API v2 writes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Written {
    starts_at: Timestamp,
    status: Status,
    matchers: Vec<WrittenMatcher>,
}

#[derive(Deserialize)]
struct Status {
    state: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenMatcher {
    name: String,
    value: String,
    is_regex: bool,
    is_equal: Option<bool>,
}

impl Silences {
    /// Those of every Alertmanager; of one that does not answer those that it had.
    pub(crate) fn known(&self) -> Vec<Arc<Vec<Silence>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks all of them every `interval`, for ever. Paging never waits for an answer.
    pub(crate) async fn follow(self, urls: Vec<Url>, client: reqwest::Client, interval: Duration) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).resize_with(urls.len(), Arc::default);
        let mut turns = tokio::time::interval(interval);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            turns.tick().await;
            for (index, url) in urls.iter().enumerate() {
                match ask(&client, url).await {
                    Ok(silences) => {
                        self.0.lock().unwrap_or_else(PoisonError::into_inner)[index] = Arc::new(silences);
                    }
                    // Its sender says so where it matters.
                    Err(error) => tracing::debug!("silences cannot be read: {}", error.without_url()),
                }
            }
        }
    }
}

async fn ask(client: &reqwest::Client, url: &Url) -> reqwest::Result<Vec<Silence>> {
    let answer = client.get(below(url, "api/v2/silences")).send().await?.error_for_status()?;
    let written: Vec<Written> = answer.json().await?;
    Ok(written.into_iter().filter(|silence| silence.status.state == "active").map(Silence::from).collect())
}

impl Silence {
    /// Whether it mutes an alert with these labels.
    pub(crate) fn matches(&self, labels: &BTreeMap<&'static str, String>) -> bool {
        self.matchers.iter().all(|matcher| {
            // A label that is not there is an empty one.
            let found = labels.get(matcher.name.as_str()).map_or("", String::as_str);
            matcher.value.is(found).is_none_or(|is| is == matcher.is_equal)
        })
    }
}

impl Value {
    /// None where it cannot be told.
    fn is(&self, found: &str) -> Option<bool> {
        match self {
            Self::Text(text) => Some(text == found),
            Self::Pattern(pattern) => Some(pattern.is_match(found)),
            Self::Unknown => None,
        }
    }
}

impl From<Written> for Silence {
    fn from(written: Written) -> Self {
        let matchers = written.matchers.into_iter().map(|WrittenMatcher { name, value, is_regex, is_equal }| {
            let value = match is_regex {
                false => Value::Text(value),
                true => Regex::new(&format!("^(?:{value})$")).map_or(Value::Unknown, Value::Pattern),
            };
            Matcher { name, value, is_equal: is_equal.unwrap_or(true) }
        });
        Self { from: written.starts_at, matchers: matchers.collect() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::payload::labels;
    use crate::tests::critical_pain;

    #[test]
    fn a_silence_mutes_what_alertmanager_would_mute() {
        let mutes = |matchers: &[(&str, &str, bool, bool)]| {
            let matcher = |(name, value, is_regex, is_equal): &(&str, &str, bool, bool)| json!({ "name": name, "value": value, "isRegex": is_regex, "isEqual": is_equal });
            let matchers: Vec<_> = matchers.iter().map(matcher).collect();
            let status = json!({ "state": "active" });
            let silence = json!({ "startsAt": "2026-01-01T00:00:00Z", "status": status, "matchers": matchers });
            Silence::from(serde_json::from_value::<Written>(silence).unwrap()).matches(&labels(&critical_pain(), 2, 0))
        };
        assert!(mutes(&[("subject", "agent-7", false, true)]));
        assert!(!mutes(&[("subject", "agent-8", false, true)]));
        assert!(!mutes(&[("subject", "agent-7", false, false)]));
        assert!(mutes(&[("subject", "agent-8", false, false), ("priority", "P0", false, true)]));
        assert!(!mutes(&[("subject", "agent-7", false, true), ("priority", "P1", false, true)]));
        assert!(mutes(&[("subject", "agent-.*", true, true)]));
        assert!(!mutes(&[("subject", "agent", true, true)]), "a pattern means the whole");
        assert!(!mutes(&[("instance", "db.*", true, true)]));
        assert!(mutes(&[("instance", "", false, true)]), "what is not there is empty");
        assert!(mutes(&[("escalation", "2", false, true)]) && !mutes(&[("escalation", "3", false, true)]));
    }
}
