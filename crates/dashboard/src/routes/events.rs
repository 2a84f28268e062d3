//! What the engine concluded in the past, besides alerts.

use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::{Event, EventBody, Seam, Subject, Timestamp};
use durable_log::{EventFilter, LogError};
use http_service::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::query::{self, shown};
use super::unreadable;
use crate::Dashboard;

/// Events in an answer: by default, and at most.
const LIMIT: u32 = 100;
const MOST: u32 = 1_000;
/// Every kind. The first ones are listed when none is named: levels and choruses are many, and alerts have a place of
/// their own.
pub(super) const ALL_KINDS: [&str; 15] = [
    "signal",
    "voice",
    "conflict",
    "action",
    "symbol",
    "tone",
    "seam",
    "bifurcation",
    "silence",
    "experiment",
    "artifact",
    "account",
    "levels",
    "chorus",
    "alert",
];
const UNNAMED: usize = 12;

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// Kinds, with commas: signal, voice, conflict, action, symbol, tone, seam, bifurcation, silence, experiment,
    /// artifact, account, levels, chorus, alert; all but the last three without it.
    #[param(example = "voice,action")]
    kinds: Option<String>,
    /// Only those of this subject.
    #[param(value_type = Option<String>, example = "agent-7")]
    subject: Option<Subject>,
    /// Only those from this moment on.
    from: Option<Timestamp>,
    /// Only those before this moment.
    to: Option<Timestamp>,
    /// Of each kind only the last within each step of this length: seconds, or `10s`, `5m`, `1h`, `1d`. With a subject and
    /// `from`, which lie at most 1,000 steps before `to`.
    #[param(example = "90s")]
    step: Option<String>,
    /// Which come first: `desc`, the latest, as without it, or `asc`, the oldest.
    #[param(inline)]
    order: Option<Order>,
    /// Goes on after the event with this id: the last one of the answer before, asked for in the same way.
    #[param(example = "2-118.voice.kayn")]
    after: Option<String>,
    /// Most events, up to 1,000; 100 without it.
    limit: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Order {
    Asc,
    #[default]
    Desc,
}

impl From<Order> for durable_log::Order {
    fn from(order: Order) -> Self {
        match order {
            Order::Asc => Self::OldestFirst,
            Order::Desc => Self::LatestFirst,
        }
    }
}

/// Events.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Events {
    /// In the order that was asked for.
    events: Vec<Event>,
}

/// Transitions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Seams {
    /// In the order that was asked for.
    seams: Vec<SubjectSeam>,
}

/// A transition of a subject.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubjectSeam {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    #[serde(flatten)]
    seam: Seam,
}

/// What the engine concluded: voices, actions, symbols, tones, transitions and more.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "events", params(Params),
    responses(
        (status = OK, body = Events, description = "In the order that was asked for"),
        (status = BAD_REQUEST, body = Problem, description = "A parameter that is not allowed"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn list(
    State(dashboard): State<Dashboard>,
    Query(params): Query<Params>,
) -> Result<Json<Events>, Problem> {
    let kinds = match &params.kinds {
        None => ALL_KINDS[..UNNAMED].to_vec(),
        Some(kinds) => kinds.split(',').map(kind).collect::<Result<_, _>>()?,
    };
    Ok(Json(Events { events: params.read(&dashboard, kinds).await? }))
}

/// Transitions from one state to another.
#[utoipa::path(
    get, path = "/api/v1/seams", tag = "events", params(Params),
    responses(
        (status = OK, body = Seams, description = "In the order that was asked for"),
        (status = BAD_REQUEST, body = Problem, description = "A parameter that is not allowed"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn seams(
    State(dashboard): State<Dashboard>,
    Query(params): Query<Params>,
) -> Result<Json<Seams>, Problem> {
    if params.kinds.is_some() || params.after.is_some() {
        let detail = "`kinds` and `after` belong to /api/v1/events, where seams with the ids of their events are too";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_kind", detail));
    }
    let events = params.read(&dashboard, vec!["seam"]).await?.into_iter();
    let seams = events.filter_map(|event| match event.body {
        EventBody::Seam { seam } => Some(SubjectSeam { subject: event.subject, seam }),
        _ => None,
    });
    Ok(Json(Seams { seams: seams.collect() }))
}

impl Params {
    async fn read(self, dashboard: &Dashboard, kinds: Vec<&'static str>) -> Result<Vec<Event>, Problem> {
        let limit = query::limit(self.limit, LIMIT, MOST)?;
        let (step, until) = self.step(dashboard.log.now())?;
        let filter = EventFilter {
            kinds,
            subject: self.subject,
            from: self.from,
            until,
            step,
            order: self.order.unwrap_or_default().into(),
            after: self.after,
            limit,
        };
        dashboard.log.events(filter).await.map_err(|error| match error {
            LogError::NoSuchEvent(id) => query::nothing_after("no_such_event", "event", &id),
            error => unreadable(error),
        })
    }

    /// The step, and where the last one ends: without `to`, now.
    fn step(&self, now: Timestamp) -> Result<(Option<Duration>, Option<Timestamp>), Problem> {
        let Some(step) = self.step.as_deref().map(query::step).transpose()? else { return Ok((None, self.to)) };
        let until = self.to.unwrap_or(now);
        let (Some(from), Some(_)) = (self.from, &self.subject) else {
            let detail = "`step` needs `subject` and `from`: of one subject the last event of each step is told";
            return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_step", detail));
        };
        if until.since(from) > step * MOST {
            let detail = format!("from `from` to `to` there are at most {MOST} steps: make `step` longer");
            return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_step", detail));
        }
        Ok((Some(step), Some(until)))
    }
}

fn kind(name: &str) -> Result<&'static str, Problem> {
    ALL_KINDS.into_iter().find(|kind| *kind == name.trim()).ok_or_else(|| {
        let detail = format!("`kinds` are of {}; there is no `{}`", ALL_KINDS.join(", "), shown(name));
        Problem::new(StatusCode::BAD_REQUEST, "bad_kind", detail)
    })
}
