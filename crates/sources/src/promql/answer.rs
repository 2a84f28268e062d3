//! The answers of the query API: what Prometheus and those like it say to `/api/v1/query`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Error as _, IgnoredAny};
use serde_json::value::RawValue;

use crate::fold;

/// How much of what a server says is repeated.
const SHOWN: usize = 200;

/// An answer that can be used.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) series: Vec<Series>,
    pub(super) warnings: Vec<String>,
}

/// One series at one moment.
#[derive(Debug, PartialEq)]
pub(super) struct Series {
    /// Names, [folded](fold), and values.
    pub(super) labels: Vec<(String, String)>,
    /// None of a histogram.
    pub(super) value: Option<f64>,
}

/// Why an answer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// Something else answers there.
    #[error("this is no answer of the query API")]
    Malformed(#[from] serde_json::Error),
    /// The server could not answer, and says why.
    #[error("the server refuses the query: {0}")]
    Refused(String),
    /// A part of what it knows was away, and nobody can tell how much of the answer that is.
    #[error("the server answers from a part of its data only")]
    Partial,
    /// A matrix or a text.
    #[error("the query gives a {0}: it must give one number for each series now")]
    Kind(String),
    /// Not a number where one belongs.
    #[error("`{0}` is not a number")]
    NotANumber(String),
    /// Too many.
    #[error("the query gives {found} series, and at most {most} are taken: aggregate them")]
    TooMany {
        /// So many came.
        found: usize,
        /// So many are allowed.
        most: usize,
    },
}

#[derive(Deserialize)]
struct Body<'a> {
    status: String,
    #[serde(borrow, default)]
    data: Option<Data<'a>>,
    #[serde(default)]
    error: String,
    #[serde(default)]
    warnings: Vec<String>,
    /// What VictoriaMetrics says.
    #[serde(default, rename = "isPartial")]
    is_partial: bool,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(rename = "resultType")]
    kind: String,
    #[serde(borrow)]
    result: &'a RawValue,
}

#[derive(Deserialize)]
struct Element {
    metric: BTreeMap<String, String>,
    #[serde(default)]
    value: Option<Point>,
    #[serde(default)]
    histogram: Option<IgnoredAny>,
}

/// The moment that was asked for, and a number as a text: JSON has no NaN.
#[derive(Deserialize)]
struct Point(IgnoredAny, String);

pub(super) fn read(body: &[u8], most: usize) -> Result<Answer, AnswerError> {
    let body: Body<'_> = serde_json::from_slice(body)?;
    if body.status != "success" {
        return Err(AnswerError::Refused(shown(&body.error)));
    }
    let data = body.data.ok_or_else(|| serde_json::Error::missing_field("data"))?;
    if body.is_partial {
        return Err(AnswerError::Partial);
    }
    let series = match data.kind.as_str() {
        "vector" => vector(data.result, most)?,
        "scalar" => {
            let point: Point = serde_json::from_str(data.result.get())?;
            vec![Series { labels: Vec::new(), value: Some(point.number()?) }]
        }
        other => return Err(AnswerError::Kind(shown(other))),
    };
    Ok(Answer { series, warnings: body.warnings.iter().map(|warning| shown(warning)).collect() })
}

fn vector(result: &RawValue, most: usize) -> Result<Vec<Series>, AnswerError> {
    let elements: Vec<&RawValue> = serde_json::from_str(result.get())?;
    if elements.len() > most {
        return Err(AnswerError::TooMany { found: elements.len(), most });
    }
    elements.into_iter().map(series).collect()
}

fn series(element: &RawValue) -> Result<Series, AnswerError> {
    let element: Element = serde_json::from_str(element.get())?;
    let value = match (element.value, element.histogram) {
        (Some(point), _) => Some(point.number()?),
        (None, Some(_)) => None,
        (None, None) => return Err(serde_json::Error::missing_field("value").into()),
    };
    Ok(Series { labels: element.metric.into_iter().map(|(name, value)| (fold(&name), value)).collect(), value })
}

impl Point {
    fn number(&self) -> Result<f64, AnswerError> {
        self.1.parse().map_err(|_| AnswerError::NotANumber(shown(&self.1)))
    }
}

/// What a server says goes into the log: not all of it, and on one line.
fn shown(text: &str) -> String {
    let mut chars = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut shown: String = chars.by_ref().take(SHOWN).collect();
    if chars.next().is_some() {
        shown.push('…');
    }
    shown
}
