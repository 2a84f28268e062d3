use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use domain::{Draft, Rejection, RejectionCode, Subject, Timestamp};

use crate::Calibration;
use crate::mapping::{Attribute, Mappings, Meaning, Target, attribute, fold};

/// Gathers what others measured into samples: what is about one subject at one moment becomes one of them.
pub struct Readings<'m> {
    mappings: &'m Mappings,
    /// The names of the attributes that somebody asks for.
    names: HashSet<&'m str>,
    most: usize,
    /// Where in `gathered` the sample is.
    places: HashMap<(Subject, Option<Timestamp>), usize>,
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
    /// None yet. No more than one beyond the `most` that a request may hold are gathered, of samples and refusals
    /// together: the one shows that there were too many.
    pub fn new(mappings: &'m Mappings, most: usize) -> Self {
        let (names, places) = (mappings.attributes().collect(), HashMap::new());
        Self { mappings, names, most, places, gathered: Vec::new(), unmapped: 0 }
    }

    /// Adds an attribute to others, if somebody asks for it; of two that are called the same the first counts.
    pub(crate) fn add_attribute<'a>(&self, others: &mut Vec<Attribute<'a>>, name: &str, value: Cow<'a, str>)
    where
        'm: 'a,
    {
        if let Some(&name) = self.names.get(fold(name).as_str())
            && others.iter().all(|(other, _)| *other != name)
        {
            others.push((name, value));
        }
    }

    /// Takes what a metric measured: no value if there is none that can be read, and NaN if there was nothing to
    /// measure, a share of no requests for one. Of several lists of attributes, the first that has a name counts.
    pub(crate) fn take(
        &mut self,
        metric: &str,
        attributes: &[&[Attribute<'_>]],
        at: Option<Timestamp>,
        value: Option<f64>,
    ) {
        if self.is_full() {
            return;
        }
        let Some(meaning) = self.mappings.meaning(&fold(metric), attributes) else {
            self.unmapped += 1;
            return;
        };
        if value.is_some_and(f64::is_nan) {
            return;
        }
        if let Err(rejection) = self.gather(metric, &meaning, attributes, at, value) {
            self.gathered.push(Gathered { draft: Err(rejection), readings: 1 });
        }
    }

    /// Whether anybody asked for a metric of this name. Of others, of which there are many, no more is read than how many
    /// `readings` they have.
    pub(crate) fn asks_for(&mut self, metric: &str, readings: usize) -> bool {
        if self.is_full() {
            return false;
        }
        let is_known = self.mappings.knows(&fold(metric));
        self.unmapped += if is_known { 0 } else { readings };
        is_known
    }

    /// Refuses all readings of a metric that have no one value.
    pub(crate) fn refuse_all(&mut self, metric: &str, readings: usize, reason: &str) {
        if readings > 0 {
            let rejection = Rejection::new(RejectionCode::WrongType, metric, "", reason);
            self.gathered.push(Gathered { draft: Err(rejection), readings });
        }
    }

    /// What has come together, in the order in which it came.
    pub fn finish(self) -> Vec<Gathered> {
        self.gathered.into_iter().map(Gathered::checked).collect()
    }

    fn is_full(&self) -> bool {
        self.gathered.len() > self.most
    }

    /// Adds a reading to its sample. One that is refused leaves the others of that moment as good as before.
    fn gather(
        &mut self,
        metric: &str,
        meaning: &Meaning<'_>,
        attributes: &[&[Attribute<'_>]],
        at: Option<Timestamp>,
        value: Option<f64>,
    ) -> Result<(), Rejection> {
        let missing = |value: &str, reason: &str| Rejection::new(RejectionCode::MissingField, metric, value, reason);
        let value = value.ok_or_else(|| missing("", "no value is there that can be read"))?;
        let subject = meaning.subject.iter().find_map(|name| attribute(attributes, name)).ok_or_else(|| {
            let reason = format!("the attribute {} says whom it is about", meaning.subject.join(" or "));
            missing(&value.to_string(), &reason)
        })?;
        let mut draft = Draft::begin(subject, at)?;
        match self.places.entry((draft.subject.clone(), at)) {
            Entry::Occupied(place) => {
                let known = &mut self.gathered[*place.get()];
                if let Ok(draft) = &mut known.draft {
                    add(draft, &meaning.target, meaning.calibration, value)?;
                    known.readings += 1;
                }
            }
            Entry::Vacant(place) => {
                add(&mut draft, &meaning.target, meaning.calibration, value)?;
                place.insert(self.gathered.len());
                self.gathered.push(Gathered { draft: Ok(draft), readings: 1 });
            }
        }
        Ok(())
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

/// Adds a reading, which is not NaN, to the sample that it belongs to.
pub(crate) fn add(
    draft: &mut Draft,
    target: &Target,
    calibration: Option<&Calibration>,
    value: f64,
) -> Result<(), Rejection> {
    let value = calibration.map_or(value, |calibration| calibration.score(value).get());
    match target {
        Target::Vital(vital) => draft.add_vital(*vital, value),
        Target::Signal(name) => draft.add_signal(name, value),
    }
}

#[cfg(test)]
mod requests;
#[cfg(test)]
mod tests;
