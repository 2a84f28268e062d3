//! The shapes of the answers.

use domain::{
    Alert, Chorus, Experiment, Level, Light, Presence, Signals, Silence, StateNow, Subject, Timestamp, ToneNow, Verdict,
};
use durable_log::{Bucket, History, HistoryQuery, Resolution, SubjectNow};
use serde::Serialize;
use utoipa::ToSchema;

/// Every subject.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Subjects {
    /// By name.
    pub(super) subjects: Vec<SubjectBody>,
}

/// One subject.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneSubject {
    pub(super) subject: SubjectBody,
}

/// A subject at present.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Subject)]
pub(super) struct SubjectBody {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    light: Light,
    level: Level,
    /// Absent before the first sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Sample>)]
    latest: Option<domain::Sample>,
    /// Absent before the first judgement.
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict>,
    /// Absent before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<StateNow>,
    /// Absent before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    tone: Option<ToneNow>,
    /// Absent before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    chorus: Option<Chorus>,
    /// Those that are in force; absent without any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    silences: Vec<Silence>,
    /// One that runs, or one that is over on a subject that is simulated.
    #[serde(skip_serializing_if = "Option::is_none")]
    experiment: Option<Experiment>,
}

impl From<&SubjectNow> for SubjectBody {
    fn from(now: &SubjectNow) -> Self {
        let SubjectNow { subject, latest, verdict, presence } = now.clone();
        let Presence { state, tone, chorus, silences, experiment } = presence;
        let (light, level) = verdict.as_ref().map_or((Light::Black, Level::Ok), |v| (v.light(), v.level()));
        Self { subject, light, level, latest, verdict, state, tone, chorus, silences, experiment }
    }
}

/// One observation of a subject; only the vitals that were sent.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes how a sample is written; samples write themselves")]
pub(super) struct Sample {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    at: Timestamp,
    #[schema(minimum = 0, maximum = 1)]
    clarity: Option<f64>,
    #[schema(minimum = 0, maximum = 1)]
    chaos: Option<f64>,
    #[schema(minimum = 0, maximum = 1)]
    trust: Option<f64>,
    #[schema(minimum = 0, maximum = 1)]
    pain: Option<f64>,
    /// Other numbers and flags.
    #[schema(value_type = Option<Object>)]
    signals: Option<Signals>,
}

/// A part of a subject's past.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneHistory {
    history: HistoryBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = History)]
struct HistoryBody {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    from: Timestamp,
    to: Timestamp,
    #[serde(flatten)]
    points: Points,
    /// Whether there was more than `limit`.
    truncated: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "resolution", rename_all = "lowercase")]
enum Points {
    /// The samples themselves, oldest first.
    Raw {
        #[schema(value_type = Vec<Sample>)]
        samples: Vec<domain::Sample>,
    },
    /// Buckets that hold samples, oldest first.
    Buckets { step_seconds: f64, points: Vec<Point> },
}

/// A bucket of time; only the vitals that were measured in it.
#[derive(Debug, Serialize, ToSchema)]
struct Point {
    /// Its start.
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    clarity: Option<BucketBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chaos: Option<BucketBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trust: Option<BucketBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pain: Option<BucketBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Bucket)]
struct BucketBody {
    min: f64,
    max: f64,
    avg: f64,
    last: f64,
    count: u64,
}

impl From<Bucket> for BucketBody {
    fn from(Bucket { min, max, avg, last, count }: Bucket) -> Self {
        Self { min, max, avg, last, count }
    }
}

impl OneHistory {
    pub(super) fn new(query: HistoryQuery, history: History) -> Self {
        let points = match history.resolution {
            Resolution::Raw => Points::Raw { samples: history.samples },
            Resolution::Buckets => Points::Buckets {
                step_seconds: query.step.unwrap_or_default().as_secs_f64(),
                points: history.points.into_iter().map(Point::from).collect(),
            },
        };
        let HistoryQuery { subject, from, to, .. } = query;
        Self { history: HistoryBody { subject, from, to, points, truncated: history.truncated } }
    }
}

impl From<durable_log::HistoryPoint> for Point {
    fn from(point: durable_log::HistoryPoint) -> Self {
        let [clarity, chaos, trust, pain] = point.vitals.map(|bucket| bucket.map(BucketBody::from));
        Self { at: point.at, clarity, chaos, trust, pain }
    }
}

/// Alerts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Alerts {
    /// Latest opened first.
    pub(super) alerts: Vec<Alert>,
}

/// One alert.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneAlert {
    pub(super) alert: Alert,
}
