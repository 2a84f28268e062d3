//! What is wrong, as a word that can be searched for.

use std::fmt;
use std::str::FromStr;

use domain::Text;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The code of a finding, written with the Greek letter Δ (U+0394).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// `Δ001`: what changed.
    Delta,
    /// `D001`: how deep and complex.
    Dimension,
    /// `Ω001`: how complete and how sure.
    Omega,
    /// `Λ001`: what follows.
    Lambda,
    /// `ΔDΩΛ001`: the checksum.
    Checksum,
    /// `ΔDΩΛ002`: a timestamp.
    Timestamp,
    /// `ΔDΩΛ003`: a field that is not there.
    Missing,
    /// `ΔDΩΛ004`: not JSON, a wrong type, or a status that is none.
    Shape,
}

/// A text is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode;

impl Code {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 8] = [
        Self::Delta,
        Self::Dimension,
        Self::Omega,
        Self::Lambda,
        Self::Checksum,
        Self::Timestamp,
        Self::Missing,
        Self::Shape,
    ];

    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delta => "\u{394}001",
            Self::Dimension => "D001",
            Self::Omega => "\u{3a9}001",
            Self::Lambda => "\u{39b}001",
            Self::Checksum => "\u{394}D\u{3a9}\u{39b}001",
            Self::Timestamp => "\u{394}D\u{3a9}\u{39b}002",
            Self::Missing => "\u{394}D\u{3a9}\u{39b}003",
            Self::Shape => "\u{394}D\u{3a9}\u{39b}004",
        }
    }

    /// What it stands for.
    pub fn meaning(self) -> Text {
        match self {
            Self::Delta => Text::new("delta: a figure of the change", "delta: показатель изменения"),
            Self::Dimension => Text::new("dimension: a figure of the depth", "dimension: показатель глубины"),
            Self::Omega => Text::new("omega: completeness and confidence", "omega: полнота и уверенность"),
            Self::Lambda => Text::new("lambda: what follows", "lambda: что следует"),
            Self::Checksum => Text::new("the checksum is another", "контрольная сумма не совпадает"),
            Self::Timestamp => Text::new("a timestamp is not ISO 8601", "время записано не по ISO 8601"),
            Self::Missing => Text::new("a field is missing", "нет обязательного поля"),
            Self::Shape => Text::new(
                "not JSON, a wrong type, or a status that is none",
                "не JSON, не тот тип или неизвестный статус",
            ),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = with_greek_letters(text);
        Self::ALL.into_iter().find(|code| code.name() == text).ok_or(UnknownCode)
    }
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Code::ALL.map(Code::name).join(", ");
        write!(f, "expected one of {names}")
    }
}

impl std::error::Error for UnknownCode {}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The same text with the letters that look alike made one: people write ∆ (U+2206, increment) for Δ (U+0394), and Ω (U+2126,
/// ohm) for Ω (U+03A9).
pub fn with_greek_letters(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{2206}' => '\u{394}',
            '\u{2126}' => '\u{3a9}',
            other => other,
        })
        .collect()
}
