//! The past as a page replays it: how everything was at a moment, and what came after it, in the shapes of the stream.

mod bodies;

use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::{Event, Subject, Timestamp, limits};
use durable_log::{EventFilter, HistoryQuery, LogError, Order, Partition, PastQuery, partition_of};
use http_service::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

use self::bodies::{OnePast, PastBody, Start, Update, Updates};
use super::events::ALL_KINDS;
use super::{query, unreadable};
use crate::Dashboard;

/// Samples and events in an answer, of each: by default, and at most.
const LIMIT: u32 = 5_000;
const MOST: u32 = 20_000;
/// Subjects in an answer about all of them.
const SUBJECTS: u32 = 1_000;
/// The least time there is: spans are told here without their beginning and with their end, and to the log the other way.
const MICROSECOND: Duration = Duration::from_micros(1);

/// Which part of the past.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// Of whom. Without it of all, and without samples.
    #[param(value_type = Option<String>, example = "agent-7")]
    subject: Option<Subject>,
    /// The moment from which it goes on.
    #[param(example = "2026-01-01T00:00:00Z")]
    from: Timestamp,
    /// Until this moment, inclusive, or until now; without it only the moment `from` is answered.
    to: Option<Timestamp>,
    /// Merges the samples of so much time: seconds, or `10s`, `5m`, `1h`, `1d`. Without it they are told one by one.
    #[param(example = "10s")]
    step: Option<String>,
    /// Most samples (or buckets of them), and most events, up to 20,000; 5,000 without it.
    limit: Option<u32>,
}

/// The present as it was at `from`, and what came after it, to be replayed like the stream.
#[utoipa::path(
    get, path = "/api/v1/past", tag = "past", params(Params),
    responses(
        (status = OK, body = OnePast, description = "How it was, and what happened until `until`"),
        (status = BAD_REQUEST, body = Problem, description = "A parameter that is not allowed"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn past(
    State(dashboard): State<Dashboard>,
    Query(params): Query<Params>,
) -> Result<Json<OnePast>, Problem> {
    let span = Span::new(params, dashboard.log.now())?;
    let history_from = history_from(&dashboard, span.subject.as_ref()).await.map_err(unreadable)?;
    let query = PastQuery { subject: span.subject.clone(), at: span.from, limit: SUBJECTS };
    let mut past = dashboard.log.past(query).await.map_err(unreadable)?;
    past.silence(&silences(&dashboard, &span).await.map_err(unreadable)?);
    let start = Start::from(past);
    let Span { from, to, .. } = span;
    let (updates, until) =
        if from < to { span.updates(&dashboard).await.map_err(unreadable)? } else { (Vec::new(), to) };
    let truncated = until < to;
    Ok(Json(OnePast { past: PastBody { from, to, until, history_from, start, updates, truncated } }))
}

/// The parameters, once they make sense.
struct Span {
    subject: Option<Subject>,
    from: Timestamp,
    to: Timestamp,
    step: Option<Duration>,
    limit: u32,
}

impl Span {
    fn new(params: Params, now: Timestamp) -> Result<Self, Problem> {
        let Params { subject, from, to, step, limit } = params;
        let (to, bad) = (to.unwrap_or(from), |code, detail| Problem::new(StatusCode::BAD_REQUEST, code, detail));
        if from > to {
            return Err(bad("bad_range", format!("`from` ({from}) is not after `to` ({to})")));
        }
        if subject.is_none() && step.is_some() {
            let detail = "`step` merges samples, which are only told of one `subject`";
            return Err(bad("bad_step", detail.to_owned()));
        }
        let step = step.as_deref().map(query::step).transpose()?;
        // What is still to come cannot be told, and must not be passed over.
        let to = to.min(now).max(from);
        Ok(Self { subject, from, to, step, limit: query::limit(limit, LIMIT, MOST)? })
    }

    /// What happened, and how far that reaches.
    async fn updates(&self, dashboard: &Dashboard) -> Result<(Vec<Update>, Timestamp), LogError> {
        let mut updates = Updates::default();
        let (events, until) = self.events(dashboard).await?;
        updates.add_events(events);
        // Only so far: a bucket that went on beyond would be told neither here nor in the next answer.
        let until = match &self.subject {
            Some(subject) => self.samples(dashboard, subject, until, &mut updates).await?,
            None => until,
        };
        Ok((updates.until(until), until))
    }

    async fn samples(
        &self,
        dashboard: &Dashboard,
        subject: &Subject,
        until: Timestamp,
        updates: &mut Updates,
    ) -> Result<Timestamp, LogError> {
        let (from, to) = (self.from.plus(MICROSECOND), until.plus(MICROSECOND));
        let query = HistoryQuery { subject: subject.clone(), from, to, step: self.step, limit: self.limit };
        let history = dashboard.log.history(query).await?;
        // A bucket is told at its end: not before all of it has happened.
        let end = |at: Timestamp| at.plus(self.step.unwrap_or_default()).minus(MICROSECOND).min(until);
        let last = match self.step {
            None => history.samples.last().map(|sample| sample.at),
            Some(_) => history.points.last().map(|point| end(point.at)),
        };
        updates.add_samples(history.samples);
        for point in history.points {
            updates.add_merged(subject.clone(), self.from.max(point.at), end(point.at), &point);
        }
        Ok(last.filter(|_| history.truncated).unwrap_or(until))
    }

    /// The events, and how far they reach: a moment is told whole or not at all.
    async fn events(&self, dashboard: &Dashboard) -> Result<(Vec<Event>, Timestamp), LogError> {
        let between = |from: Timestamp, to: Timestamp, limit| EventFilter {
            kinds: ALL_KINDS.to_vec(),
            subject: self.subject.clone(),
            from: Some(from),
            until: Some(to.plus(MICROSECOND)),
            order: Order::OldestFirst,
            limit,
            ..EventFilter::default()
        };
        let filter = between(self.from.plus(MICROSECOND), self.to, self.limit + 1);
        let mut events = dashboard.log.events(filter).await?;
        let Some(cut) = events.get(self.limit as usize).map(|event| event.at) else { return Ok((events, self.to)) };
        events.retain(|event| event.at < cut);
        if !events.is_empty() {
            return Ok((events, cut.minus(MICROSECOND)));
        }
        // More at one moment than was wanted: else nobody could ever go on from here.
        Ok((dashboard.log.events(between(cut, cut, u32::MAX)).await?, cut))
    }
}

/// What was told of silences that may still be in force when the span begins, oldest first.
async fn silences(dashboard: &Dashboard, span: &Span) -> Result<Vec<Event>, LogError> {
    let filter = EventFilter {
        kinds: vec!["silence"],
        subject: span.subject.clone(),
        from: Some(span.from.minus(limits::LONGEST_SILENCE)),
        until: Some(span.from.plus(MICROSECOND)),
        order: Order::OldestFirst,
        limit: u32::MAX,
        ..EventFilter::default()
    };
    dashboard.log.events(filter).await
}

/// The moment from which on everything is still there, if anything was pruned.
async fn history_from(dashboard: &Dashboard, subject: Option<&Subject>) -> Result<Option<Timestamp>, LogError> {
    let count = dashboard.log.partitions();
    let partitions = match subject {
        Some(subject) => vec![partition_of(subject, count)],
        None => (0..count).map(Partition).collect(),
    };
    let mut since = None;
    for partition in partitions {
        let first = dashboard.log.read(partition, 0, 1).await?;
        since = since.max(match first.first() {
            Some(entry) => (entry.seq > 1).then_some(entry.recorded),
            // All that there was is gone.
            None if dashboard.log.heads().await?.seq(partition) > 0 => Some(dashboard.log.now()),
            None => None,
        });
    }
    Ok(since)
}
