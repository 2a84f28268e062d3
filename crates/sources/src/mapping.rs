use domain::Vital;

use crate::Calibration;

/// What `iskra.clarity` and the like begin with: they need no mapping.
const OURS: &str = "iskra_";
/// Which attributes name the subject of those, the first that is there.
const SUBJECTS: [&str; 2] = ["iskra_subject", "subject"];

/// What becomes of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A vital.
    Vital(Vital),
    /// A signal of this name.
    Signal(Box<str>),
}

impl Target {
    /// The field of a sample.
    pub(crate) fn field(&self) -> String {
        match self {
            Self::Vital(vital) => vital.name().to_owned(),
            Self::Signal(name) => format!("signals.{name}"),
        }
    }
}

/// What a metric of somebody else means. Names are [folded](fold).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mapping {
    pub(crate) metric: String,
    /// Attributes, and what they must be.
    pub(crate) conditions: Vec<(String, String)>,
    /// The attribute that names the subject.
    pub(crate) subject: String,
    pub(crate) target: Target,
    /// From the reading to a score; without it the reading is taken as it is.
    pub(crate) calibration: Option<Calibration>,
}

/// All mappings of `config/sources.yml`; the first that fits counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mappings(pub(crate) Vec<Mapping>);

/// What one reading means.
#[derive(Debug, PartialEq)]
pub(crate) struct Meaning<'m> {
    pub(crate) target: Target,
    pub(crate) calibration: Option<&'m Calibration>,
    /// The attributes that may name the subject.
    pub(crate) subject: Vec<&'m str>,
}

impl Mappings {
    /// Whether metrics of this name mean anything, whatever their attributes are.
    pub(crate) fn knows(&self, metric: &str) -> bool {
        metric.starts_with(OURS) || self.0.iter().any(|mapping| mapping.metric == metric)
    }

    /// What a metric with these attributes means, none if nobody asked for it. All names are folded.
    pub(crate) fn meaning(&self, metric: &str, attributes: &[(String, String)]) -> Option<Meaning<'_>> {
        let holds = |(name, value): &(String, String)| attribute(attributes, name) == Some(value);
        let fits = |mapping: &&Mapping| mapping.metric == metric && mapping.conditions.iter().all(holds);
        if let Some(mapping) = self.0.iter().find(fits) {
            let Mapping { target, calibration, subject, .. } = mapping;
            let (target, calibration, subject) = (target.clone(), calibration.as_ref(), vec![subject.as_str()]);
            return Some(Meaning { target, calibration, subject });
        }
        let name = metric.strip_prefix(OURS)?;
        let target = match Vital::from_name(name) {
            Some(vital) => Target::Vital(vital),
            None => Target::Signal(name.strip_prefix("signal_")?.into()),
        };
        Some(Meaning { target, calibration: None, subject: SUBJECTS.to_vec() })
    }
}

/// The value of an attribute.
pub(crate) fn attribute<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a String> {
    attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// A name as all of them are compared: OpenTelemetry writes `gen_ai.agent.name` what Prometheus calls `gen_ai_agent_name`.
pub fn fold(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || c == ':' { c } else { '_' }).collect()
}
