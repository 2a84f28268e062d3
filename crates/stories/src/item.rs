//! What is compared: a name and what more is said of it, as in `pain_critical_high@2 to SRE by slack`.

use std::fmt;

/// Something that was expected, or was.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub(crate) name: String,
    details: Vec<(Detail, Value)>,
}

/// What is said of an item besides its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The step of its chain: `@2`.
    Step,
    /// Who is told, what a voice does: `to SRE`.
    To,
    /// By which way, by whom, by what: `by slack`.
    By,
    /// What kind: `as conflict`.
    As,
    /// How urgent: `at P0`.
    At,
    /// Of two voices: `led by kayn`.
    LedBy,
    /// A value: `: true`.
    Is,
    /// Of a vital.
    Level,
    /// Of a vital: P0.
    Priority,
    /// Of a vital: low.
    Side,
    /// Of a vital.
    Stale,
}

/// The value of a detail.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Text(String),
    Number(f64),
    Range(f64, f64),
}

impl Item {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), details: Vec::new() }
    }

    #[must_use]
    pub(crate) fn with(mut self, detail: Detail, value: impl Into<String>) -> Self {
        self.details.push((detail, Value::Text(value.into())));
        self
    }

    /// With a detail before all others.
    #[must_use]
    pub(crate) fn with_first(mut self, detail: Detail, value: impl Into<String>) -> Self {
        self.details.insert(0, (detail, Value::Text(value.into())));
        self
    }

    #[must_use]
    pub(crate) fn with_number(mut self, number: f64) -> Self {
        self.details.push((Detail::Is, Value::Number(number)));
        self
    }

    #[must_use]
    pub(crate) fn with_range(mut self, from: f64, to: f64) -> Self {
        self.details.push((Detail::Is, Value::Range(from, to)));
        self
    }

    /// Reads a name and those of `details` that follow it, in their order.
    pub(crate) fn parse(text: &str, details: &[Detail]) -> Self {
        let mut rest = text;
        let mut found = Vec::new();
        for detail in details.iter().rev() {
            if let Some((before, value)) = rest.rsplit_once(detail.separator()) {
                found.push((*detail, Value::Text(value.trim().to_owned())));
                rest = before;
            }
        }
        found.reverse();
        Self { name: rest.trim().to_owned(), details: found }
    }

    /// The text of a detail, if it is there.
    pub(crate) fn detail(&self, wanted: Detail) -> Option<&str> {
        self.details.iter().find_map(|(detail, value)| match value {
            Value::Text(text) if *detail == wanted => Some(text.as_str()),
            _ => None,
        })
    }

    /// Whether `actual` has this name and everything that is said here; it may say more.
    pub(crate) fn is_met_by(&self, actual: &Self) -> bool {
        self.name == actual.name
            && self.details.iter().all(|(detail, expected)| {
                actual.details.iter().any(|(other, value)| detail == other && expected.is_met_by(value))
            })
    }

    /// The same item with no more details than `expected` has, so that both are read side by side.
    #[must_use]
    pub(crate) fn as_far_as(&self, expected: &Self) -> Self {
        let is_asked = |detail: &Detail| expected.details.iter().any(|(asked, _)| asked == detail);
        let details = self.details.iter().filter(|(detail, _)| is_asked(detail)).cloned().collect();
        Self { name: self.name.clone(), details }
    }
}

impl Value {
    fn is_met_by(&self, actual: &Self) -> bool {
        match (self, actual) {
            (Self::Range(from, to), Self::Number(number)) => (from..=to).contains(&number),
            _ => self == actual,
        }
    }
}

impl Detail {
    const fn separator(self) -> &'static str {
        match self {
            Self::Step => "@",
            Self::To => " to ",
            Self::By => " by ",
            Self::As => " as ",
            Self::At => " at ",
            Self::LedBy => " led by ",
            Self::Is | Self::Level => ": ",
            Self::Priority | Self::Side | Self::Stale => " ",
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        // An empty text says that something is not so: of a level, that it is not stale.
        let is_said = |value: &Value| *value != Value::Text(String::new());
        for (detail, value) in self.details.iter().filter(|(_, value)| is_said(value)) {
            write!(f, "{}{value}", detail.separator())?;
        }
        Ok(())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{}", thousandths(*number)),
            // A single number was made a range of half a thousandth on both sides.
            Self::Range(from, to) if to - from < 0.001_001 => write!(f, "{}", thousandths((from + to) / 2.0)),
            Self::Range(from, to) => write!(f, "{from}..{to}"),
        }
    }
}

fn thousandths(number: f64) -> f64 {
    (number * 1_000.0).round() / 1_000.0
}
