use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One of the four scores by which a subject is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Vital {
    /// How clear and certain; too much of it is rigidity.
    Clarity,
    /// How unordered; some of it is creative.
    Chaos,
    /// How much it is relied upon; too much of it is blind.
    Trust,
    /// How much it hurts; none at all may mean that problems go unseen.
    Pain,
}

impl Vital {
    /// All four, in the order in which they are stored and shown.
    pub const ALL: [Self; 4] = [Self::Clarity, Self::Chaos, Self::Trust, Self::Pain];

    /// The name used in config, API, labels and the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clarity => "clarity",
            Self::Chaos => "chaos",
            Self::Trust => "trust",
            Self::Pain => "pain",
        }
    }

    /// The vital of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|vital| vital.name() == name)
    }

    /// Position in [`Vital::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Vital {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A number in [0, 1]; never NaN, never infinite, never negative zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Score(f64);

impl Score {
    /// The score, or nothing when `value` lies outside [0, 1] or is not a number.
    pub fn new(value: f64) -> Option<Self> {
        // Adding zero turns -0.0 into 0.0, so that equal scores are equal bytes.
        (0.0..=1.0).contains(&value).then_some(Self(value + 0.0))
    }

    /// The nearest score to `value`; 0 for NaN.
    pub fn clamped(value: f64) -> Self {
        Self::new(value.clamp(0.0, 1.0)).unwrap_or_default()
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Score {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        Self::new(value).ok_or_else(|| serde::de::Error::custom(format!("{value} is not within [0, 1]")))
    }
}

/// The vitals that a sample carries; any may be absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Vitals([Option<Score>; 4]);

impl Vitals {
    /// The score of `vital`, if it was sent.
    pub const fn get(&self, vital: Vital) -> Option<Score> {
        self.0[vital.index()]
    }

    /// Sets or clears one.
    pub const fn set(&mut self, vital: Vital, score: Option<Score>) {
        self.0[vital.index()] = score;
    }

    /// The vitals with `vital` set to `score`.
    #[must_use]
    pub const fn with(mut self, vital: Vital, score: Score) -> Self {
        self.set(vital, Some(score));
        self
    }

    /// Those that are present.
    pub fn present(&self) -> impl Iterator<Item = (Vital, Score)> + '_ {
        Vital::ALL.into_iter().filter_map(|vital| Some((vital, self.get(vital)?)))
    }

    /// Whether none is present.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

impl Serialize for Vitals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (vital, score) in self.present() {
            map.serialize_entry(vital.name(), &score)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Vitals {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scores = std::collections::BTreeMap::<Vital, Score>::deserialize(deserializer)?;
        Ok(scores.into_iter().fold(Self::default(), |vitals, (vital, score)| vitals.with(vital, score)))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Vitals {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let score = || {
            utoipa::openapi::ObjectBuilder::new()
                .schema_type(utoipa::openapi::schema::Type::Number)
                .minimum(Some(0.0))
                .maximum(Some(1.0))
        };
        let object = utoipa::openapi::ObjectBuilder::new().description(Some("Those that were measured"));
        Vital::ALL.into_iter().fold(object, |object, vital| object.property(vital.name(), score())).into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Vitals {}
