//! How much of a span of time was inside the objectives, by the days that the engine has closed.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::{EventBody, Priority, Subject, Timestamp, Vital};
use durable_log::{AlertFilter, EventFilter};
use http_service::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::unreadable;
use crate::Dashboard;

const DAY: Duration = Duration::from_hours(24);
/// Longest report.
const LONGEST: Duration = Duration::from_hours(24 * 366);
/// Most accounts of one day, and most alerts of a report: beyond it the report says that it is not whole.
const MOST: u32 = 10_000;

/// Of when and whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// Days that begin at this moment or later.
    #[param(example = "2026-01-01T00:00:00Z")]
    from: Timestamp,
    /// Days that begin before this moment.
    #[param(example = "2026-02-01T00:00:00Z")]
    to: Timestamp,
    /// Only this subject.
    #[param(value_type = Option<String>, example = "agent-7")]
    subject: Option<Subject>,
}

/// A report.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneReport {
    report: Report,
}

#[derive(Debug, Serialize, ToSchema)]
struct Report {
    from: Timestamp,
    to: Timestamp,
    /// By subject and vital.
    rows: Vec<Row>,
    /// Alerts that opened, by priority.
    alerts: Opened,
    /// Whether something was left out because there was too much of it.
    truncated: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportRow)]
struct Row {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    vital: Vital,
    /// The share of the time that it should be inside its OK zone, from 0 to 1, by the rules of now.
    objective: f64,
    /// Seconds inside.
    good_seconds: f64,
    /// Seconds outside.
    bad_seconds: f64,
    /// The share inside of what was measured, from 0 to 1.
    good_ratio: f64,
    /// Seconds in which nothing was measured: they count neither way.
    unmeasured_seconds: f64,
    /// The share of the error budget that is left: 1 is all of it, less than 0 is overdrawn.
    remaining_ratio: f64,
    met: bool,
}

#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = ReportAlerts)]
struct Opened {
    #[serde(rename = "P0")]
    p0: u64,
    #[serde(rename = "P1")]
    p1: u64,
    #[serde(rename = "P2")]
    p2: u64,
}

/// How the objectives were met over some days.
#[utoipa::path(
    get, path = "/api/v1/slo/report", tag = "rules", params(Params),
    responses(
        (status = OK, body = OneReport, description = "By subject and vital; only days that are over"),
        (status = BAD_REQUEST, body = Problem, description = "A span that is not allowed"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn report(
    State(dashboard): State<Dashboard>,
    Query(params): Query<Params>,
) -> Result<Json<OneReport>, Problem> {
    let Params { from, to, subject } = params;
    if from >= to || to.since(from) > LONGEST {
        let detail = format!("`from` ({from}) lies before `to` ({to}), by at most 366 days");
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_range", detail));
    }
    let mut sums: BTreeMap<(Subject, Vital), (f64, f64)> = BTreeMap::new();
    let mut truncated = false;
    let mut day = from;
    // A day is accounted for by the first sample after it, whenever that comes: the log is read up to now.
    let end = dashboard.log.now().plus(DAY);
    while day < end {
        let until = day.plus(DAY);
        let filter = EventFilter {
            kinds: vec!["account"],
            subject: subject.clone(),
            from: Some(day),
            until: Some(until),
            limit: MOST,
        };
        let events = dashboard.log.events(filter).await.map_err(unreadable)?;
        truncated |= events.len() >= MOST as usize;
        let is_over = events.is_empty() && day >= to.plus(DAY);
        for event in events {
            let EventBody::Account { vital, from: began, good, bad } = event.body else { continue };
            if (from..to).contains(&began) {
                let sum = sums.entry((event.subject, vital)).or_default();
                (sum.0, sum.1) = (sum.0 + good, sum.1 + bad);
            }
        }
        if is_over {
            break;
        }
        day = until;
    }
    let filter = AlertFilter { state: None, subject, ended_since: Some(from), after: None, limit: MOST };
    let alerts = dashboard.log.alerts(filter).await.map_err(unreadable)?;
    truncated |= alerts.len() >= MOST as usize;
    let mut opened = Opened::default();
    for alert in alerts.iter().filter(|alert| (from..to).contains(&alert.opened_at)) {
        *match alert.priority {
            Priority::P0 => &mut opened.p0,
            Priority::P1 => &mut opened.p1,
            Priority::P2 => &mut opened.p2,
        } += 1;
    }
    let shares = dashboard.rules.current().objectives.shares;
    let span = to.since(from).as_secs_f64();
    let rows = sums.into_iter().map(|((subject, vital), (good, bad))| row(subject, vital, shares, (good, bad), span));
    Ok(Json(OneReport { report: Report { from, to, rows: rows.collect(), alerts: opened, truncated } }))
}

fn row(subject: Subject, vital: Vital, shares: [f64; 4], (good, bad): (f64, f64), span: f64) -> Row {
    let objective = shares[vital.index()];
    let measured = good + bad;
    let good_ratio = if measured > 0.0 { good / measured } else { 1.0 };
    let budget = (1.0 - objective) * measured;
    Row {
        subject,
        vital,
        objective,
        good_seconds: good,
        bad_seconds: bad,
        good_ratio,
        unmeasured_seconds: (span - measured).max(0.0),
        remaining_ratio: if budget > 0.0 { 1.0 - bad / budget } else { 1.0 },
        met: good_ratio >= objective,
    }
}
