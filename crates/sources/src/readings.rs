use std::collections::HashMap;

use domain::{Draft, Rejection, RejectionCode, Timestamp};

use crate::Calibration;
use crate::mapping::{Mappings, Target, attribute, fold};

/// Gathers what others measured into samples: what is about one subject at one moment becomes one of them.
pub struct Readings<'m> {
    mappings: &'m Mappings,
    drafts: HashMap<(String, Option<Timestamp>), usize>,
    gathered: Vec<Gathered>,
    /// Readings that nobody asked for.
    pub unmapped: usize,
}

/// A sample, or why it is none, and of how many readings.
#[derive(Debug, PartialEq)]
pub struct Gathered {
    /// The sample.
    pub draft: Result<Draft, Rejection>,
    /// How many readings went into it.
    pub readings: usize,
}

impl<'m> Readings<'m> {
    /// None yet.
    pub fn new(mappings: &'m Mappings) -> Self {
        Self { mappings, drafts: HashMap::new(), gathered: Vec::new(), unmapped: 0 }
    }

    /// Takes the value of a metric. The names of the attributes are [folded](fold); of two that are called the same the first counts.
    pub fn take(&mut self, metric: &str, attributes: &[(String, String)], at: Option<Timestamp>, value: f64) {
        let Some(meaning) = self.mappings.meaning(&fold(metric), attributes) else {
            self.unmapped += 1;
            return;
        };
        let Some(subject) = meaning.subject.iter().find_map(|name| attribute(attributes, name)) else {
            let reason = format!("the attribute {} says whom it is about", meaning.subject.join(" or "));
            self.refuse(Rejection::new(RejectionCode::MissingField, metric, &value.to_string(), reason));
            return;
        };
        let place = *self.drafts.entry((subject.clone(), at)).or_insert_with(|| {
            self.gathered.push(Gathered { draft: Draft::begin(subject, at), readings: 0 });
            self.gathered.len() - 1
        });
        let gathered = &mut self.gathered[place];
        gathered.readings += 1;
        if let Ok(draft) = &mut gathered.draft
            && let Err(rejection) = add(draft, &meaning.target, meaning.calibration, value)
        {
            // The others of that moment are as good as before.
            gathered.readings -= 1;
            self.refuse(rejection);
        }
    }

    /// Whether anybody asked for a metric of this name. Of others, of which there are many, no more is read than how many
    /// `readings` they have.
    pub fn asks_for(&mut self, metric: &str, readings: usize) -> bool {
        let is_known = self.mappings.knows(&fold(metric));
        self.unmapped += if is_known { 0 } else { readings };
        is_known
    }

    /// Refuses all readings of a metric that have no one value.
    pub fn refuse_all(&mut self, metric: &str, readings: usize, reason: &str) {
        let rejection = Rejection::new(RejectionCode::WrongType, metric, "", reason);
        self.gathered.push(Gathered { draft: Err(rejection), readings });
    }

    /// What has come together, in the order in which it came.
    pub fn finish(self) -> Vec<Gathered> {
        let is_used = |each: &Gathered| each.readings > 0;
        self.gathered.into_iter().filter(is_used).map(Gathered::checked).collect()
    }

    fn refuse(&mut self, rejection: Rejection) {
        self.gathered.push(Gathered { draft: Err(rejection), readings: 1 });
    }
}

impl Gathered {
    fn checked(self) -> Self {
        let draft = self.draft.and_then(|draft| match draft.vitals.is_empty() {
            false => Ok(draft),
            true => {
                let reason =
                    "signals go with at least one of clarity, chaos, trust, pain of the same subject and moment";
                Err(Rejection::new(RejectionCode::MissingField, "", draft.subject.as_str(), reason))
            }
        });
        Self { draft, ..self }
    }
}

/// Adds a reading to the sample that it belongs to.
pub(crate) fn add(
    draft: &mut Draft,
    target: &Target,
    calibration: Option<&Calibration>,
    value: f64,
) -> Result<(), Rejection> {
    let value = match calibration {
        Some(calibration) if !value.is_nan() => calibration.score(value).get(),
        _ => value,
    };
    match target {
        Target::Vital(vital) => draft.add_vital(*vital, value),
        Target::Signal(name) => draft.add_signal(name, value),
    }
}

#[cfg(test)]
mod requests;
#[cfg(test)]
mod tests;
