use std::time::Duration;

use domain::{Priority, Voice};
use serde::Deserialize;
use yaml_file::{Entries, Located, Scalar, present};

use super::{Formula, TextFile, Word};
use crate::rules::Interference;

/// `actions.yml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActionsFile {
    pub(crate) enabled: Scalar<bool>,
    pub(crate) actions: Entries<ActionFile>,
    pub(crate) exclusive: Vec<Located<Vec<Scalar<String>>>>,
    pub(crate) webhooks: Vec<WebhookFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActionFile {
    pub(crate) name: TextFile,
    pub(crate) does: TextFile,
    pub(crate) says: TextFile,
    pub(crate) when: Scalar<Formula>,
    pub(crate) priority: Scalar<Word<Priority>>,
    pub(crate) cooldown: Scalar<Duration>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) lasts: Option<Scalar<Duration>>,
    pub(crate) an_hour: Scalar<f64>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) outside: Option<Scalar<bool>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) dry_run: Option<Scalar<bool>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) obeys_veto: Option<Scalar<bool>>,
    #[serde(default)]
    pub(crate) voices: Vec<Scalar<Word<Voice>>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) experiments: Option<Scalar<Word<Interference>>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) parameters: Option<Entries<Scalar<f64>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookFile {
    pub(crate) url: Scalar<String>,
    pub(crate) secret: Scalar<String>,
    #[serde(default)]
    pub(crate) actions: Vec<Scalar<String>>,
}
