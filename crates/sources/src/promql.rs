use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::time::Duration;

use domain::{Draft, Rejection, RejectionCode, Timestamp};
use url::Url;

use crate::readings::add;
use crate::{Calibration, Target};

mod answer;
#[cfg(test)]
mod tests;

pub use answer::AnswerError;
use answer::{Answer, Series};

/// A server that is asked for readings: one of the `promql` sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Promql {
    /// What logs and metrics call it.
    pub name: String,
    /// Where paths of the query API go behind: ends with `/`.
    pub url: Url,
    /// How often it is asked.
    pub every: Duration,
    /// How far its moments lie behind the whole multiples of `every`. No two sources have the same, so that two of them can
    /// each bring some vitals of a subject: they are different samples.
    pub offset: Duration,
    /// What the server wants to see.
    pub credentials: Option<Credentials>,
    /// What it is asked.
    pub queries: Vec<Query>,
    pub(crate) about: About,
}

/// What a server wants to see. Secrets are named by their environment variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// `Authorization: Bearer`, with the value of this variable.
    Token(String),
    /// `Authorization: Basic`.
    Basic {
        /// The name of the user.
        user: String,
        /// The variable that holds the password.
        password: String,
    },
}

/// One query, and what becomes of each series of its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// In PromQL.
    pub text: String,
    pub(crate) target: Target,
    pub(crate) calibration: Option<Calibration>,
}

/// Whom the series are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The label of this name, folded, says so.
    Label(String),
    /// This subject, all of them.
    Subject(String),
}

/// What a server answered for one moment, as far as it is known.
pub struct Polled<'p> {
    source: &'p Promql,
    at: Timestamp,
    /// By subject, so that every replica makes the same of the same answers.
    drafts: BTreeMap<String, Draft>,
    refused: Vec<Rejection>,
    /// What the server said beside its answers.
    pub warnings: Vec<String>,
}

impl Promql {
    /// The latest of its moments that is not after `now`.
    pub fn latest(&self, now: Timestamp) -> Timestamp {
        let (every, offset) = (micros(self.every).max(1), micros(self.offset));
        let whole = (now.as_micros() - offset).div_euclid(every) * every;
        Timestamp::from_micros(whole + offset)
    }

    /// Nothing yet of the moment `at`.
    pub const fn polled(&self, at: Timestamp) -> Polled<'_> {
        Polled { source: self, at, drafts: BTreeMap::new(), refused: Vec::new(), warnings: Vec::new() }
    }

    /// The variable of its secret, if it has one.
    pub fn secret(&self) -> Option<&str> {
        self.credentials.as_ref().map(|credentials| match credentials {
            Credentials::Token(variable) | Credentials::Basic { password: variable, .. } => variable.as_str(),
        })
    }
}

impl Polled<'_> {
    /// Takes the body of the answer to `query`, which may hold at most `most` series. What cannot be part of a sample is
    /// refused by itself; an answer that cannot be used keeps the whole moment back.
    pub fn take(&mut self, query: &Query, body: &[u8], most: usize) -> Result<(), AnswerError> {
        let Answer { series, warnings } = answer::read(body, most)?;
        self.warnings.extend(warnings);
        let mut values: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for each in series {
            match self.reading(&each) {
                Ok((subject, value)) => values.entry(subject).or_default().push(value),
                Err((code, reason)) => self.refuse(query, code, "", &reason),
            }
        }
        for (subject, values) in values {
            self.add(query, &subject, &values);
        }
        Ok(())
    }

    /// What has come together: samples, and why others are none. Of whom no vital was measured there is nothing to say.
    pub fn finish(self) -> Vec<Result<Draft, Rejection>> {
        let drafts = self.drafts.into_values().filter(|draft| !draft.vitals.is_empty());
        drafts.map(Ok).chain(self.refused.into_iter().map(Err)).collect()
    }

    fn reading(&self, series: &Series) -> Result<(String, f64), (RejectionCode, String)> {
        let subject = match &self.source.about {
            About::Subject(subject) => subject.clone(),
            About::Label(name) => {
                let label = series.labels.iter().find(|(label, _)| label == name);
                label.map(|(_, subject)| subject.clone()).ok_or_else(|| {
                    (RejectionCode::MissingField, format!("no label `{name}` says whom the series is about"))
                })?
            }
        };
        let value = series.value.ok_or_else(|| {
            (RejectionCode::WrongType, "a histogram has no one value: ask for a quantile or an average".to_owned())
        })?;
        Ok((subject, value))
    }

    /// Which of several series is meant cannot be known: none of them is taken. NaN is how PromQL says that there is nothing
    /// to tell, a share of no requests for one.
    fn add(&mut self, query: &Query, subject: &str, values: &[f64]) {
        let &[value] = values else {
            let reason = format!("{} series of one query are about `{subject}`: aggregate them to one", values.len());
            return self.refuse(query, RejectionCode::RepeatedField, subject, &reason);
        };
        if value.is_nan() {
            return;
        }
        let draft = match self.drafts.entry(subject.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => match Draft::begin(place.key(), Some(self.at)) {
                Ok(draft) => place.insert(draft),
                Err(rejection) => return self.refused.push(rejection),
            },
        };
        if let Err(mut rejection) = add(draft, &query.target, query.calibration.as_ref(), value) {
            rejection.reason += &format!("; `{subject}` has {value}");
            self.refused.push(rejection);
        }
    }

    fn refuse(&mut self, query: &Query, code: RejectionCode, value: &str, reason: &str) {
        self.refused.push(Rejection::new(code, query.target.field(), value, reason));
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
