//! How much of a span of time was inside the objectives, by the days that the engine has closed.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::{EventBody, Priority, Subject, Timestamp, Vital};
use durable_log::{AlertFilter, EventFilter};
use engine::BudgetNow;
use http_service::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::standing::{Looked, look, look_at_all};
use super::unreadable;
use crate::Dashboard;

const DAY: Duration = Duration::from_hours(24);
const DAY_MICROS: i64 = 86_400_000_000;
/// Longest report.
const LONGEST: Duration = Duration::from_hours(24 * 366);
/// The engine closes a day as soon as it may, but it may have been away: so long after the last day its account is
/// looked for.
const LATE: Duration = Duration::from_hours(24 * 31);
/// Most alerts of a report: beyond it the report says that it is not whole.
const MOST: u32 = 10_000;
/// Most accounts in one answer of the log, and most questions to it.
const PAGE: u32 = 50_000;
const QUESTIONS: u32 = 64;

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
    /// Up to here its days are over; those after it count for nothing yet.
    over_until: Timestamp,
    /// By subject and vital: of all that were ever measured by then.
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
    /// The share inside of what was measured, from 0 to 1; absent where nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    good_ratio: Option<f64>,
    /// Seconds in which nothing was measured, of the days that are over, from the first measurement ever on: they count
    /// neither way.
    unmeasured_seconds: f64,
    /// The share of the error budget that is left: 1 is all of it, less than 0 is overdrawn.
    remaining_ratio: f64,
    /// Absent where nothing was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    met: Option<bool>,
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
    let now = dashboard.log.now();
    let over_until = midnight_after(to).min(midnight_before(now)).max(from);
    let (mut ledgers, is_whole) = first_measured(&dashboard, subject.as_ref(), over_until).await?;
    let is_read = add_accounts(&dashboard, &mut ledgers, subject.as_ref(), (from, to)).await?;
    let (alerts, are_all) = opened(&dashboard, subject, (from, to)).await?;
    let shares = dashboard.rules.current().objectives.shares;
    let row = |((subject, vital), ledger): (_, Ledger)| ledger.row(subject, vital, shares, (from, over_until));
    let rows = ledgers.into_iter().map(row).collect();
    let truncated = !(is_whole && is_read && are_all);
    Ok(Json(OneReport { report: Report { from, to, over_until, rows, alerts, truncated } }))
}

/// What is known of a vital of a subject.
struct Ledger {
    /// When it was first measured; of a subject that is not looked at, the beginning of its first day within the span.
    since: Timestamp,
    good: f64,
    bad: f64,
}

type Ledgers = BTreeMap<(Subject, Vital), Ledger>;

/// Every vital that was ever measured before `until`, and whether these are all.
async fn first_measured(
    dashboard: &Dashboard,
    subject: Option<&Subject>,
    until: Timestamp,
) -> Result<(Ledgers, bool), Problem> {
    let (looked, is_more) = match subject {
        None => look_at_all(dashboard).await?,
        Some(subject) => match look(dashboard, subject).await {
            Ok(looked) => (vec![looked], false),
            Err(problem) if problem.status() == StatusCode::NOT_FOUND => (Vec::new(), false),
            Err(problem) => return Err(problem),
        },
    };
    let mut ledgers = Ledgers::new();
    for Looked { subject, view, .. } in looked {
        for BudgetNow { vital, measured_since, .. } in view.budgets() {
            if measured_since < until {
                ledgers.insert((subject.clone(), vital), Ledger::new(measured_since));
            }
        }
    }
    Ok((ledgers, !is_more))
}

/// Adds up the days that began within the span, and tells whether all of them were read. A day is accounted for when it
/// is over: the log is read in stretches of which each is expected to fit into one answer.
async fn add_accounts(
    dashboard: &Dashboard,
    ledgers: &mut Ledgers,
    subject: Option<&Subject>,
    (from, to): (Timestamp, Timestamp),
) -> Result<bool, Problem> {
    let end = to.plus(LATE).min(dashboard.log.now().plus(DAY));
    // Twice as many as one day brings, for those that come late.
    let a_day = 2 * u32::try_from(ledgers.len()).unwrap_or(u32::MAX).max(1);
    let stretch = DAY * (PAGE / a_day).clamp(1, 1_000);
    let (mut begin, mut is_whole) = (from, true);
    for _ in 0..QUESTIONS {
        if begin >= end {
            return Ok(is_whole);
        }
        let until = begin.plus(stretch).min(end);
        let (kinds, subject, limit) = (vec!["account"], subject.cloned(), PAGE);
        let filter =
            EventFilter { kinds, subject, from: Some(begin), until: Some(until), limit, ..EventFilter::default() };
        let events = dashboard.log.events(filter).await.map_err(unreadable)?;
        is_whole &= events.len() < PAGE as usize;
        for event in events {
            let EventBody::Account { vital, from: began, good, bad } = event.body else { continue };
            if (from..to).contains(&began) {
                let ledger = ledgers.entry((event.subject, vital)).or_insert_with(|| Ledger::new(began));
                (ledger.good, ledger.bad) = (ledger.good + good, ledger.bad + bad);
                ledger.since = ledger.since.min(began);
            }
        }
        begin = until;
    }
    Ok(is_whole && begin >= end)
}

/// How many alerts opened within the span, and whether all were counted.
async fn opened(
    dashboard: &Dashboard,
    subject: Option<Subject>,
    (from, to): (Timestamp, Timestamp),
) -> Result<(Opened, bool), Problem> {
    let filter = AlertFilter { subject, ended_since: Some(from), limit: MOST, ..AlertFilter::default() };
    let alerts = dashboard.log.alerts(filter).await.map_err(unreadable)?;
    let mut opened = Opened::default();
    for alert in alerts.iter().filter(|alert| (from..to).contains(&alert.opened_at)) {
        *match alert.priority {
            Priority::P0 => &mut opened.p0,
            Priority::P1 => &mut opened.p1,
            Priority::P2 => &mut opened.p2,
        } += 1;
    }
    Ok((opened, alerts.len() < MOST as usize))
}

impl Ledger {
    const fn new(since: Timestamp) -> Self {
        Self { since, good: 0.0, bad: 0.0 }
    }

    fn row(self, subject: Subject, vital: Vital, shares: [f64; 4], (from, over_until): (Timestamp, Timestamp)) -> Row {
        let Self { since, good, bad } = self;
        let objective = shares[vital.index()];
        let measured = good + bad;
        // Only days that began within the span count, and the one in which it was first measured.
        let begin = if since < from { midnight_after(from) } else { since };
        let span = over_until.since(begin);
        let good_ratio = (measured > 0.0).then(|| good / measured);
        let budget = (1.0 - objective) * measured;
        Row {
            subject,
            vital,
            objective,
            good_seconds: good,
            bad_seconds: bad,
            good_ratio,
            unmeasured_seconds: (span.as_secs_f64() - measured).max(0.0),
            remaining_ratio: if budget > 0.0 { 1.0 - bad / budget } else { 1.0 },
            met: good_ratio.map(|ratio| ratio >= objective),
        }
    }
}

/// The last moment before or at `at` at which a day (UTC) began.
fn midnight_before(at: Timestamp) -> Timestamp {
    let micros = at.as_micros();
    Timestamp::from_micros(micros - micros.rem_euclid(DAY_MICROS))
}

/// The first moment after or at `at` at which a day (UTC) begins.
fn midnight_after(at: Timestamp) -> Timestamp {
    match midnight_before(at) {
        midnight if midnight == at => at,
        midnight => midnight.plus(DAY),
    }
}
