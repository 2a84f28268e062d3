use std::borrow::Cow;

use domain::{Vital, limits};

use crate::Calibration;

/// What `iskra.clarity` and the like begin with: they need no mapping.
const OURS: &str = "iskra_";
/// Longest name of one of those, in bytes. One that is a little too long for a signal is refused and told; what is
/// longer than this is nobody's, so that what is told of many readings stays small.
const LONGEST: usize = 4 * limits::SIGNAL_NAME_BYTES;
/// Which attributes name the subject of those, the first that is there.
const SUBJECTS: [&str; 2] = ["iskra_subject", "subject"];

/// Name and value of an attribute that somebody asks for; the name is [folded](fold).
pub(crate) type Attribute<'a> = (&'a str, Cow<'a, str>);

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
        own(metric).is_some() || self.0.iter().any(|mapping| mapping.metric == metric)
    }

    /// The names of all attributes that are looked at.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &str> {
        let of_mappings = self.0.iter().flat_map(|mapping| {
            let conditions = mapping.conditions.iter().map(|(name, _)| name.as_str());
            conditions.chain([mapping.subject.as_str()])
        });
        of_mappings.chain(SUBJECTS)
    }

    /// What a metric with these attributes means, none if nobody asked for it. All names are folded.
    pub(crate) fn meaning(&self, metric: &str, attributes: &[&[Attribute<'_>]]) -> Option<Meaning<'_>> {
        let holds = |(name, value): &(String, String)| attribute(attributes, name) == Some(value.as_str());
        let fits = |mapping: &&Mapping| mapping.metric == metric && mapping.conditions.iter().all(holds);
        if let Some(mapping) = self.0.iter().find(fits) {
            let Mapping { target, calibration, subject, .. } = mapping;
            let (target, calibration, subject) = (target.clone(), calibration.as_ref(), vec![subject.as_str()]);
            return Some(Meaning { target, calibration, subject });
        }
        Some(Meaning { target: own(metric)?, calibration: None, subject: SUBJECTS.to_vec() })
    }
}

/// What becomes of a metric that needs no mapping. Of all others that begin alike, as those by which Iskra itself is
/// watched, nobody asks for a sample.
fn own(metric: &str) -> Option<Target> {
    let name = metric.strip_prefix(OURS).filter(|name| name.len() <= LONGEST)?;
    match Vital::from_name(name) {
        Some(vital) => Some(Target::Vital(vital)),
        None => Some(Target::Signal(name.strip_prefix("signal_")?.into())),
    }
}

/// The value of an attribute. Of several lists the first that has it counts.
pub(crate) fn attribute<'a>(attributes: &[&'a [Attribute<'a>]], name: &str) -> Option<&'a str> {
    attributes.iter().copied().flatten().find(|(known, _)| *known == name).map(|(_, value)| &**value)
}

/// A name as all of them are compared: OpenTelemetry writes `gen_ai.agent.name` what Prometheus calls `gen_ai_agent_name`.
pub fn fold(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || c == ':' { c } else { '_' }).collect()
}
