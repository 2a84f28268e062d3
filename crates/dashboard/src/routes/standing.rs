//! How a subject stands by the rules, and why: worked out from what its engine has saved, at most a second ago.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use domain::{Chorus, Subject, Timestamp, ToneNow, Verdict, Vitals};
use durable_log::{Log, Partition};
use engine::{BudgetNow, RuleNow, View};
use http_service::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::unreadable;
use crate::Dashboard;

/// Subjects in an answer about all of them.
const MOST: usize = 1_000;

/// Of what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OfRule {
    /// Of whom.
    #[param(value_type = String, example = "agent-7")]
    subject: Subject,
    /// Only this rule, or those whose names begin so.
    #[param(example = "pain_critical_high")]
    rule: Option<String>,
}

/// Of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OfSubject {
    /// Only of this subject; without it of all, at most 1,000.
    #[param(value_type = Option<String>, example = "agent-7")]
    subject: Option<Subject>,
}

/// Why it fired, and why not.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneExplanation {
    explanation: Explanation,
}

#[derive(Debug, Serialize, ToSchema)]
struct Explanation {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    /// As of when.
    at: Timestamp,
    /// The rules in force.
    config_hash: String,
    /// The latest judged values.
    vitals: Vitals,
    verdict: Verdict,
    /// Each rule, in the order in which they are looked at.
    rules: Vec<RuleNow>,
}

/// Objectives.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Slo {
    slo: Vec<SubjectBudgets>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SubjectBudgets {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    /// As of when.
    at: Timestamp,
    /// One for each vital that was ever measured.
    budgets: Vec<BudgetNow>,
}

/// Voices.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Voices {
    voices: Vec<SubjectVoices>,
}

#[derive(Debug, Serialize, ToSchema)]
struct SubjectVoices {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    chorus: Chorus,
    #[serde(skip_serializing_if = "Option::is_none")]
    tone: Option<ToneNow>,
}

/// Why each rule fired on a subject, and why it did not: values, how long they have held, cooldowns, what holds back.
#[utoipa::path(
    get, path = "/api/v1/explain", tag = "rules", params(OfRule),
    responses(
        (status = OK, body = OneExplanation, description = "How each rule stands"),
        (status = NOT_FOUND, body = Problem, description = "The subject was never judged, or there is no such rule"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn explain(
    State(dashboard): State<Dashboard>,
    Query(of): Query<OfRule>,
) -> Result<Json<OneExplanation>, Problem> {
    let (at, view) = view(&dashboard, &of.subject).await?;
    let mut rules = view.explain();
    if let Some(wanted) = &of.rule {
        rules.retain(|rule| rule.rule.starts_with(wanted.as_str()));
        if rules.is_empty() {
            return Err(Problem::not_found(format!("no rule's name begins with `{wanted}`")));
        }
    }
    let explanation = Explanation {
        subject: of.subject,
        at,
        config_hash: dashboard.rules.current().hash.clone(),
        vitals: view.vitals(),
        verdict: view.verdict().clone(),
        rules,
    };
    Ok(Json(OneExplanation { explanation }))
}

/// Objectives over time: how much of each error budget is left, and how fast it burns.
#[utoipa::path(
    get, path = "/api/v1/slo", tag = "rules", params(OfSubject),
    responses(
        (status = OK, body = Slo, description = "By subject"),
        (status = NOT_FOUND, body = Problem, description = "The subject was never judged"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn slo(State(dashboard): State<Dashboard>, Query(of): Query<OfSubject>) -> Result<Json<Slo>, Problem> {
    let views = match of.subject {
        Some(subject) => {
            let (at, view) = view(&dashboard, &subject).await?;
            vec![(subject, at, view)]
        }
        None => views(&dashboard).await?,
    };
    let budgets = |(subject, at, view): (_, _, View)| SubjectBudgets { subject, at, budgets: view.budgets() };
    Ok(Json(Slo { slo: views.into_iter().map(budgets).collect() }))
}

/// The voices of subjects, as of the last time that they changed noticeably.
#[utoipa::path(
    get, path = "/api/v1/voices", tag = "rules", params(OfSubject),
    responses((status = OK, body = Voices, description = "By subject; only those of which something was told"))
)]
pub(super) async fn voices(State(dashboard): State<Dashboard>, Query(of): Query<OfSubject>) -> Json<Voices> {
    let subjects = match of.subject {
        Some(subject) => dashboard.hub.subject(&subject).into_iter().collect(),
        None => dashboard.hub.subjects(),
    };
    let voices = subjects.iter().filter_map(|now| {
        let (subject, presence) = (now.subject.clone(), now.presence.clone());
        Some(SubjectVoices { subject, chorus: presence.chorus?, tone: presence.tone })
    });
    Json(Voices { voices: voices.take(MOST).collect() })
}

async fn view(dashboard: &Dashboard, subject: &Subject) -> Result<(Timestamp, View), Problem> {
    let Some((_, saved)) = dashboard.log.subject_state(subject).await.map_err(unreadable)? else {
        return Err(Problem::not_found(format!("the subject `{subject}` was never judged")));
    };
    restored(dashboard, dashboard.log.now(), subject.clone(), &saved)
}

async fn views(dashboard: &Dashboard) -> Result<Vec<(Subject, Timestamp, View)>, Problem> {
    let log: &Arc<dyn Log> = &dashboard.log;
    let mut all = Vec::new();
    for partition in (0..log.partitions()).map(Partition) {
        let state = log.engine_state(partition).await.map_err(unreadable)?;
        for (subject, saved) in state.subjects.into_iter().take(MOST - all.len()) {
            let (at, view) = restored(dashboard, log.now(), subject.clone(), &saved)?;
            all.push((subject, at, view));
        }
    }
    all.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    Ok(all)
}

fn restored(
    dashboard: &Dashboard,
    now: Timestamp,
    subject: Subject,
    saved: &str,
) -> Result<(Timestamp, View), Problem> {
    match View::new(dashboard.rules.current(), subject, now, saved) {
        Ok(view) => Ok((now, view)),
        Err(error) => {
            let status = axum::http::StatusCode::SERVICE_UNAVAILABLE;
            Err(Problem::new(status, "state_unreadable", "what the engine saved cannot be read").because(error))
        }
    }
}
