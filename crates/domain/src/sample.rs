use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::{Subject, Timestamp, Vitals};

/// What a producer sends besides vitals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SignalValue {
    /// True or false.
    Flag(bool),
    /// A finite number.
    Number(f64),
}

/// Signals by name, in the order of their names; empty ones cost nothing.
pub type Signals = BTreeMap<Box<str>, SignalValue>;

/// One checked observation of a subject. `(subject, at)` identifies it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Who was observed.
    pub subject: Subject,
    /// When it was observed, by the producer's clock (or by the server's, if the producer gave none).
    pub at: Timestamp,
    /// At least one vital.
    pub vitals: Vitals,
    /// Everything else that was measured.
    pub signals: Signals,
}

impl Serialize for Sample {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("subject", &self.subject)?;
        map.serialize_entry("at", &self.at)?;
        for (vital, score) in self.vitals.present() {
            map.serialize_entry(vital.name(), &score)?;
        }
        if !self.signals.is_empty() {
            map.serialize_entry("signals", &self.signals)?;
        }
        map.end()
    }
}
