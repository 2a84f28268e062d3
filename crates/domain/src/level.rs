use serde::{Deserialize, Serialize};

use crate::{Timestamp, Vital};

/// How a vital stands against its band. Worse is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Level {
    /// Inside the OK zone.
    Ok,
    /// Beyond a WARN edge.
    Warn,
    /// Beyond a BLOCK edge.
    Block,
}

impl Level {
    /// 0 OK, 1 WARN, 2 BLOCK: the value of the `iskra_level` metric.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// `OK`, `WARN` or `BLOCK`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warn => "WARN",
            Self::Block => "BLOCK",
        }
    }
}

/// How urgent an alert is. More urgent is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Priority {
    /// Within hours: WARN.
    P2,
    /// Within the hour: BLOCK.
    P1,
    /// Now: critical.
    P0,
}

impl Priority {
    /// From the most to the least urgent.
    pub const ALL: [Self; 3] = [Self::P0, Self::P1, Self::P2];

    /// `P0`, `P1` or `P2`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P0 => "P0",
            Self::P1 => "P1",
            Self::P2 => "P2",
        }
    }

    /// The level at which a band's edge of this priority stands.
    pub const fn level(self) -> Level {
        match self {
            Self::P0 | Self::P1 => Level::Block,
            Self::P2 => Level::Warn,
        }
    }
}

/// The side of the OK zone on which a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Side {
    /// Too little.
    Low,
    /// Too much.
    High,
}

/// The traffic light of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Light {
    /// All vitals OK.
    Green,
    /// Some WARN.
    Yellow,
    /// Some BLOCK.
    Red,
    /// Stale: nothing is known now.
    Black,
}

/// What the engine holds of one vital.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VitalVerdict {
    /// The true level of the latest judged value.
    pub level: Level,
    /// The priority of the outermost edge that the value is beyond; none while OK.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// On which side of the OK zone; none while OK.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// Since when this level, priority and side have held.
    pub since: Timestamp,
    /// The value that led here.
    pub value: f64,
    /// Whether no value has come for the staleness time: the level is what was last known.
    #[serde(default)]
    pub stale: bool,
}

/// What the engine holds of a subject as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verdict {
    /// Clarity, if it was ever judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clarity: Option<VitalVerdict>,
    /// Chaos, if it was ever judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chaos: Option<VitalVerdict>,
    /// Trust, if it was ever judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<VitalVerdict>,
    /// Pain, if it was ever judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pain: Option<VitalVerdict>,
    /// The hash of the rules by which it was judged.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub config_hash: String,
}

impl Verdict {
    /// The verdict on one vital.
    pub const fn get(&self, vital: Vital) -> Option<&VitalVerdict> {
        match vital {
            Vital::Clarity => self.clarity.as_ref(),
            Vital::Chaos => self.chaos.as_ref(),
            Vital::Trust => self.trust.as_ref(),
            Vital::Pain => self.pain.as_ref(),
        }
    }

    /// The place of the verdict on one vital.
    pub const fn get_mut(&mut self, vital: Vital) -> &mut Option<VitalVerdict> {
        match vital {
            Vital::Clarity => &mut self.clarity,
            Vital::Chaos => &mut self.chaos,
            Vital::Trust => &mut self.trust,
            Vital::Pain => &mut self.pain,
        }
    }

    /// The verdicts there are.
    pub fn present(&self) -> impl Iterator<Item = (Vital, &VitalVerdict)> {
        Vital::ALL.into_iter().filter_map(|vital| Some((vital, self.get(vital)?)))
    }

    /// The worst level of all vitals; OK when none was judged yet.
    pub fn level(&self) -> Level {
        self.present().map(|(_, verdict)| verdict.level).max().unwrap_or(Level::Ok)
    }

    /// Whether nothing is known now: no vital was ever judged, or every one is stale.
    pub fn is_stale(&self) -> bool {
        self.present().all(|(_, verdict)| verdict.stale)
    }

    /// The traffic light.
    pub fn light(&self) -> Light {
        if self.is_stale() {
            return Light::Black;
        }
        match self.level() {
            Level::Ok => Light::Green,
            Level::Warn => Light::Yellow,
            Level::Block => Light::Red,
        }
    }
}
