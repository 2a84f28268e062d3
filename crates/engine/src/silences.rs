//! What people have asked not to be told of for a while. How an alert fares under a silence is in `watch.rs`.

use std::sync::Arc;

use domain::{Silence, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The silences of a subject that are in force, in the order in which they began. Most subjects have none, and whoever
/// looks at a subject holds them beside it: so they are shared, and a clone costs nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Silences(Option<Arc<Vec<Silence>>>);

impl Silences {
    /// None at all.
    pub(crate) const NONE: &'static Self = &Self(None);

    pub(crate) fn all(&self) -> &[Silence] {
        self.0.as_ref().map_or(&[], |all| all.as_slice())
    }

    /// The one that mutes the alerts of `rule`; of several the one that lasts longest.
    pub(crate) fn of(&self, rule: &str) -> Option<&Silence> {
        self.all().iter().filter(|silence| silence.mutes(rule)).max_by_key(|silence| silence.until)
    }

    /// When the first of them is over.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.all().iter().map(|silence| silence.until).min()
    }

    pub(crate) fn add(&mut self, silence: Silence) {
        self.edit(|all| all.push(silence));
    }

    /// Takes the first of those out that are as `is_wanted`.
    pub(crate) fn remove(&mut self, is_wanted: impl Fn(&Silence) -> bool) -> Option<Silence> {
        let place = self.all().iter().position(is_wanted)?;
        Some(self.edit(|all| all.remove(place)))
    }

    fn edit<T>(&mut self, change: impl FnOnce(&mut Vec<Silence>) -> T) -> T {
        let mut all = self.all().to_vec();
        let result = change(&mut all);
        self.0 = (!all.is_empty()).then(|| Arc::new(all));
        result
    }
}

impl Serialize for Silences {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Silences {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = Vec::deserialize(deserializer)?;
        Ok(Self((!all.is_empty()).then(|| Arc::new(all))))
    }
}
